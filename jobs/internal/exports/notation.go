package exports

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// DateOrder says which number comes first in a date with slashes like 6/1/2024.
type DateOrder string

// The orders. AnyOrder takes the one that the dates of a file show, else month first, as Partner Center writes.
const (
	AnyOrder   DateOrder = ""
	MonthFirst DateOrder = "mdy"
	DayFirst   DateOrder = "dmy"
)

// ParseDateOrder returns the order of a name.
func ParseDateOrder(name string) (DateOrder, error) {
	switch o := DateOrder(name); o {
	case MonthFirst, DayFirst:
		return o, nil
	default:
		return "", fmt.Errorf("want mdy (month first) or dmy (day first), got %q", name)
	}
}

// Other is the other one of the two orders.
func (o DateOrder) Other() DateOrder {
	if o == DayFirst {
		return MonthFirst
	}
	return DayFirst
}

// Words names the order for people.
func (o DateOrder) Words() string {
	if o == DayFirst {
		return "day first"
	}
	return "month first"
}

// Separators are the characters in text amounts other than digits, sign and exponent. The zero value is a point before the
// decimals and nothing between thousands: any other text depends on who wrote it.
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
func (s Separators) Point() string { return cmp.Or(s.Decimal, ".") }

// Usual reports whether amounts are written as they are without any setting.
func (s Separators) Usual() bool { return s.Thousands == "" && s.Point() == "." }

// SeparatorHint says what to write into the config so that a text is an amount; nothing where no separators make it one.
func SeparatorHint(amount string) string {
	amount = strings.TrimSpace(amount)
	var ways []string
	for _, thousands := range append([]string{""}, strings.Split(thousandsSeparators, "")...) {
		for _, point := range strings.Split(decimalSeparators, "") {
			s := Separators{Thousands: thousands, Decimal: point}
			if s.Validate() == nil && !s.Usual() && s.reads(amount) {
				ways = append(ways, s.setting())
			}
		}
	}
	if len(ways) == 0 {
		return ""
	}
	return "if that is how amounts are written here, say so in the config: " + strings.Join(ways, ", or ")
}

// reads reports whether a text is an amount that needs these separators.
func (s Separators) reads(amount string) bool {
	decimals := s.Point() == "." || s.Thousands == "." || strings.Contains(amount, s.Point())
	if !decimals || !strings.Contains(amount, s.Thousands) {
		return false
	}
	whole := "[0-9]+"
	if s.Thousands != "" {
		whole = "[0-9]{1,3}(" + regexp.QuoteMeta(s.Thousands) + "[0-9]{3})+"
	}
	found, err := regexp.MatchString("^[+-]?"+whole+"("+regexp.QuoteMeta(s.Point())+"[0-9]*)?$", amount)
	return err == nil && found
}

// setting is the line of the config.
func (s Separators) setting() string {
	var keys []string
	if s.Thousands != "" {
		keys = append(keys, fmt.Sprintf("thousands: %+q", s.Thousands))
	}
	if s.Point() != "." {
		keys = append(keys, fmt.Sprintf("decimal: %+q", s.Point()))
	}
	return "amounts: {" + strings.Join(keys, ", ") + "}"
}
