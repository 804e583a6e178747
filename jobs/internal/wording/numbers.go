// Package wording writes numbers, money, months, points and metrics for people, and the sentences that several commands say: each once, so
// that the terminal, the page and the messages cannot differ.
package wording

import (
	"strings"

	"partnerscore/scoring"
)

// Count writes a number of things: 1 row, 1,234 rows.
func Count(n int64, one string) string { return Counted(n, one, one+"s") }

// Counted writes a number of things whose plural is another word: 1 person, 1,234 people.
func Counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return scoring.Grouped(n) + " " + many
}

// People writes a number of people.
func People(n int64) string { return Counted(n, "person", "people") }

// SignedCount writes a number with its sign; 0 has none.
func SignedCount(n int64) string {
	if n > 0 {
		return "+" + scoring.Grouped(n)
	}
	return scoring.Grouped(n)
}

// Points writes points with their noun: 1 point, 12.50 points.
func Points(h scoring.Hundredths) string {
	if h == 100 {
		return "1 point"
	}
	return h.String() + " points"
}

// SignedPoints writes points with their sign; 0 has none.
func SignedPoints(h scoring.Hundredths) string {
	if h > 0 {
		return "+" + h.String()
	}
	return h.String()
}

// millionths are the numbers that are integers in millionths.
type millionths interface{ scoring.USD | scoring.Fixed6 }

const (
	micro = 1_000_000 // of one
	cent  = micro / 100
)

// Cents writes an amount with thousands separators, rounded half away from zero to cents: tables for people need no millionths.
func Cents[T millionths](amount T) string {
	half := T(cent / 2)
	if amount < 0 {
		half = -half
	}
	return scoring.USD((amount + half) / cent * cent).String()
}

// InUSD writes an amount within a sentence: without cents when they are zero.
func InUSD(amount scoring.USD) string { return strings.TrimSuffix(Cents(amount), ".00") + " USD" }

// UpToCents returns an amount that must be reached, rounded up to cents: less would not do.
func UpToCents(amount scoring.USD) scoring.USD {
	if rest := amount % cent; rest > 0 {
		return amount + cent - rest
	}
	return amount
}

// Plain writes a number without decimals when they are zero.
func Plain(f scoring.Fixed6) string { return strings.TrimSuffix(scoring.USD(f).String(), ".00") }

// Percent writes a percentage with as many decimals as it has.
func Percent(f scoring.Fixed6) string {
	return strings.TrimSuffix(strings.TrimRight(scoring.USD(f).String(), "0"), ".") + " %"
}

// Whole writes a count that is published as a number of millionths.
func Whole(f scoring.Fixed6) string { return scoring.Grouped(int64(f) / micro) }

// NotKnown is what cannot be known because usage was missing.
const NotKnown = "not known"

// Known writes a value that may not be known.
func Known[T any](value *T, write func(T) string) string {
	if value == nil {
		return NotKnown
	}
	return write(*value)
}

// List joins words: a, b and c.
func List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// Sentence starts a text with a capital letter.
func Sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Label writes an id for people: bad_amount becomes "bad amount".
func Label[T ~string](id T) string { return strings.ReplaceAll(string(id), "_", " ") }
