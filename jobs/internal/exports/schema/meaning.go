package schema

import (
	"fmt"
	"slices"
)

// Meaning is what the values of a column mean, and so which types can hold them.
type Meaning int

const (
	// MeansText holds labels, names and ids that are not numbers.
	MeansText Meaning = iota
	// MeansID holds ids that are numbers, as text or in any type of number: some tools think in floats.
	MeansID
	// MeansMonth holds a month, or any day of it.
	MeansMonth
	// MeansAmount holds US dollars.
	MeansAmount
	// MeansDate holds a day.
	MeansDate
)

// maxDecimalDigits is where the engine would fall back on floating point.
const maxDecimalDigits = 38

// Mismatch says in words what a column of this meaning must be, "" when the type will do.
func (m Meaning) Mismatch(c Column) string {
	always := []Kind{Text, Binary, Null}
	switch m {
	case MeansMonth:
		if c.wholeNumber() || slices.Contains(append(always, Date, Timestamp, Int96), c.Kind) {
			return ""
		}
		return "a date, timestamp, text (2024-06) or integer (202406)"
	case MeansDate:
		if slices.Contains(append(always, Date, Timestamp, Int96), c.Kind) {
			return ""
		}
		return "a date, timestamp or text (2024-06-30)"
	case MeansAmount:
		if c.Kind == Decimal && c.Precision > maxDecimalDigits {
			return fmt.Sprintf("a decimal of at most %d digits", maxDecimalDigits)
		}
		if slices.Contains(append(always, Decimal, Float, Double, Int, Uint), c.Kind) {
			return ""
		}
		return "a decimal, double, float, integer or text"
	case MeansID:
		if slices.Contains(append(always, Decimal, Float, Double, Int, Uint, UUID), c.Kind) && c.Precision <= maxDecimalDigits {
			return ""
		}
		return "text or a number"
	default:
		if c.wholeNumber() || slices.Contains(append(always, UUID), c.Kind) {
			return ""
		}
		return "text, an integer or a UUID"
	}
}

// wholeNumber includes decimals without a fraction: some warehouses export every integer that way.
func (c Column) wholeNumber() bool {
	return c.Kind == Int || c.Kind == Uint || c.Kind == Decimal && c.Scale == 0 && c.Precision <= maxDecimalDigits
}
