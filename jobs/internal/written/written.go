// Package written builds the document of each answer, once for the terminal, the spreadsheet and the page: its sentences for people stand here.
package written

import (
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// optional writes a number plainly, nothing for none.
func optional[T interface{ Decimal() string }](number *T) string {
	if number == nil {
		return ""
	}
	return (*number).Decimal()
}

// title names a partner, a month and the rules, with the track where the rules have several.
func title(w wording.Words, p published.PartnerName, month, rulebook string, rules *scoring.Rulebook, track string) string {
	if len(rules.Tracks) > 1 {
		return w.Say("%s, %s, rulebook %s, %s track", p, month, rulebook, track)
	}
	return w.Say("%s, %s, rulebook %s", p, month, rulebook)
}

// titleMonth writes a month for people and as flags take it: June 2024 (2024-06).
func titleMonth(w wording.Words, m scoring.Month) string {
	return w.Month(m) + " (" + m.String() + ")"
}

// money writes an amount, rounded to cents; nil: it is not known.
func money[T scoring.USD | scoring.Fixed6](w wording.Words, a *T) string {
	return wording.Known(w, a, func(amount T) string { return w.Number(wording.Cents(amount)) })
}

// orDash writes a value where there is one.
func orDash[T any](w wording.Words, value *T) string {
	if value == nil {
		return "–"
	}
	return w.Say("%s", *value)
}

// yesOr says that something counts, or why not.
func yesOr(w wording.Words, counts bool, why scoring.Phrase) string {
	if counts {
		return w.Say("yes")
	}
	return w.Say("no, %s", why)
}
