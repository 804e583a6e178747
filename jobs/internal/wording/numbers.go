// Package wording writes numbers, money, months, points and metrics for people, and the sentences that several commands say: each once, so
// that the terminal, the page and the messages cannot differ. Words do so in a language; what is a function alone writes English, for messages.
package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"partnerscore/scoring"
)

// Count writes a number of things in English: 1 row, 1,234 rows.
func Count(n int64, one string) string { return Counted(n, one, one+"s") }

// Counted writes a number of things whose plural is another word: 1 person, 1,234 people.
func Counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return scoring.Grouped(n) + " " + many
}

// Figures writes numbers in one language.
type Figures struct{ Calendar }

// People writes a number of people.
func (w Figures) People(n int64) string { return w.Counted(n, "%s person", "%s people") }

// Grouped writes a count.
func (w Figures) Grouped(n int64) string { return w.Number(scoring.Grouped(n)) }

// SignedCount writes a number with its sign; 0 has none.
func (w Figures) SignedCount(n int64) string {
	if n > 0 {
		return "+" + w.Grouped(n)
	}
	return w.Grouped(n)
}

// Points writes points with their noun: 1 point, 12.50 points.
func (w Figures) Points(h scoring.Hundredths) string { return w.Phrase(h.InWords()) }

// WholePoints writes whole points with their noun.
func (w Figures) WholePoints(n int64) string { return w.Points(scoring.Hundredths(n * hundred)) }

// hundred is the hundredths of a point.
const hundred = 100

// SignedPoints writes points with their sign; 0 has none.
func (w Figures) SignedPoints(h scoring.Hundredths) string {
	if h > 0 {
		return "+" + w.Number(h.String())
	}
	return w.Number(h.String())
}

// millionths are the numbers that are integers in millionths.
type millionths interface{ scoring.USD | scoring.Fixed6 }

const (
	micro = 1_000_000 // of one
	cent  = micro / 100
)

// Cents writes an amount in English with thousands separators, rounded half away from zero to cents: tables for people need no millionths.
func Cents[T millionths](amount T) string {
	half := T(cent / 2)
	if amount < 0 {
		half = -half
	}
	return scoring.USD((amount + half) / cent * cent).String()
}

// Cents writes an amount like the function.
func (w Figures) Cents(amount scoring.USD) string { return w.Number(Cents(amount)) }

// InUSD writes an amount within a sentence: without cents when they are zero.
func (w Figures) InUSD(amount scoring.USD) string {
	return w.Say("%s USD", scoring.Numeral(strings.TrimSuffix(Cents(amount), ".00")))
}

// UpToCents returns an amount that must be reached, rounded up to cents: less would not do.
func UpToCents(amount scoring.USD) scoring.USD {
	if rest := amount % cent; rest > 0 {
		return amount + cent - rest
	}
	return amount
}

// Plain writes a number without decimals when they are zero.
func (w Figures) Plain(f scoring.Fixed6) string {
	return w.Number(strings.TrimSuffix(scoring.USD(f).String(), ".00"))
}

// Percent writes a percentage with as many decimals as it has.
func (w Figures) Percent(f scoring.Fixed6) string {
	return w.Say("%s %%", scoring.Numeral(strings.TrimSuffix(strings.TrimRight(scoring.USD(f).String(), "0"), ".")))
}

// Whole writes a count that is published as a number of millionths.
func (w Figures) Whole(f scoring.Fixed6) string { return w.Grouped(int64(f) / micro) }

// Known writes a value that may not be known.
func Known[T any](w Words, value *T, write func(T) string) string {
	if value == nil {
		return w.NotKnown()
	}
	return write(*value)
}

// Sentence starts a text with a capital letter.
func Sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// Label writes an id for people: bad_amount becomes "bad amount".
func Label[T ~string](id T) string { return strings.ReplaceAll(string(id), "_", " ") }
