package reconcile

import (
	"fmt"
	"regexp"
	"strings"

	"partnerscore/scoring"
)

// Number is a number as a person wrote it, with as many decimals as it was written.
type Number struct {
	Value    scoring.Fixed6
	Decimals int
}

// writtenNumber is a number with at most six decimals.
var writtenNumber = regexp.MustCompile(`^([+-]?)([0-9]{1,9})(?:\.([0-9]{1,6}))?$`)

// parseNumber reads a number like 14, -3 or 12.9 %.
func parseNumber(text string) (n Number, err error) {
	plain := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.ReplaceAll(text, "−", "-")), "%"))
	parts := writtenNumber.FindStringSubmatch(plain)
	if parts == nil {
		return n, fmt.Errorf("want a number like 14, -3 or 12.9, without separators, got %q", shortened(text))
	}
	sign := strings.TrimPrefix(parts[1], "+")
	digits := strings.TrimLeft(parts[2], "0")
	if digits == "" {
		digits = "0"
	}
	if parts[3] != "" {
		digits += "." + parts[3]
	}
	value, err := scoring.ParseUSD(sign + digits)
	return Number{Value: scoring.Fixed6(value), Decimals: len(parts[3])}, err
}

// shortened is a text as long as a message may repeat it.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// shows reports whether an exact value, rounded to the decimals of the written one, is the written one. Half a unit is rounded away from zero.
func (n Number) shows(exact scoring.Fixed6) bool {
	const places = 6
	unit := scoring.Fixed6(1)
	for range places - n.Decimals {
		unit *= 10
	}
	half := unit / 2
	if exact < 0 {
		half = -half
	}
	return (exact+half)/unit*unit == n.Value
}

// String writes the number as it was written, without a plus sign and without zeros before it.
func (n Number) String() string {
	text := n.Value.Decimal()
	if n.Decimals == 0 {
		return text[:strings.IndexByte(text, '.')]
	}
	return text[:strings.IndexByte(text, '.')+1+n.Decimals]
}

// MarshalJSON writes the number with its decimals.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }
