package exports

import (
	"errors"
	"fmt"
	"strings"
)

// Separators are the characters in text amounts besides digits, sign and exponent. The zero value is a point before the
// decimals and nothing between thousands: what a text means otherwise depends on who wrote it.
type Separators struct {
	// Thousands stands between groups of three digits; empty: nothing does.
	Thousands string
	// Decimal stands before the decimals; empty: a point.
	Decimal string
}

// The characters that people write numbers with; the blanks are the plain one, no-break and narrow no-break.
const (
	thousandsSeparators = ",.'’ \u00a0\u202f"
	decimalSeparators   = ".,"
)

// Validate reports characters that separate nothing in any usual way of writing, and two that are the same.
func (s Separators) Validate() error {
	var errs []error
	for _, one := range []struct{ name, value, known, words string }{
		{"thousands", s.Thousands, thousandsSeparators, "a comma, a point, an apostrophe or a blank"},
		{"decimal", s.Decimal, decimalSeparators, "a point or a comma"},
	} {
		if one.value != "" && (len([]rune(one.value)) != 1 || !strings.Contains(one.known, one.value)) {
			errs = append(errs, fmt.Errorf("amounts.%s: want %s, got %q", one.name, one.words, one.value))
		}
	}
	if len(errs) == 0 && s.Thousands != "" && s.Thousands == s.Point() {
		errs = append(errs, fmt.Errorf("amounts: %q cannot stand both between thousands and before the decimals", s.Thousands))
	}
	return errors.Join(errs...)
}

// Point is what stands before the decimals.
func (s Separators) Point() string {
	if s.Decimal == "" {
		return "."
	}
	return s.Decimal
}

// Usual reports whether amounts are written as they are without any setting.
func (s Separators) Usual() bool { return s.Thousands == "" && s.Point() == "." }
