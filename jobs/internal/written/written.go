// Package written builds the document of each answer, once for the terminal, the spreadsheet and the page: its sentences for people stand here.
package written

import (
	"fmt"

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
func title(p published.PartnerName, month, rulebook string, rules *scoring.Rulebook, track string) string {
	text := fmt.Sprintf("%s, %s, rulebook %s", p, month, rulebook)
	if len(rules.Tracks) > 1 {
		text += ", " + track + " track"
	}
	return text
}

// titleMonth writes a month for people and as flags take it: June 2024 (2024-06).
func titleMonth(m scoring.Month) string { return wording.Month(m) + " (" + m.String() + ")" }

// money writes an amount, rounded to cents; nil: it is not known.
func money[T scoring.USD | scoring.Fixed6](a *T) string { return wording.Known(a, wording.Cents[T]) }

// orDash writes a value where there is one.
func orDash[T fmt.Stringer](value *T) string {
	if value == nil {
		return "–"
	}
	return (*value).String()
}

// yesOr says that something counts, or why not.
func yesOr(counts bool, why string) string {
	if counts {
		return "yes"
	}
	return "no, " + why
}
