package scoring

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// micro is the number of units in one: amounts and measures are DECIMAL(18,6), held as integers.
const micro = 1_000_000

// maxFixed6 is the largest DECIMAL(18,6), in millionths.
const maxFixed6 = 999_999_999_999_999_999

// USD is an amount in millionths of a US dollar: a DECIMAL(18,6) as an integer.
type USD int64

// plainAmount is an amount of at most twelve whole digits and six decimals.
var plainAmount = regexp.MustCompile(`^(-?)(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,6}))?$`)

// ParseUSD reads an amount written with digits, at most six decimals and no separators, like 1000 or 999.99.
func ParseUSD(s string) (USD, error) {
	parts := plainAmount.FindStringSubmatch(s)
	if parts == nil {
		return 0, fmt.Errorf("read amount %q: want digits and at most six decimals, like 1000 or 999.99", s)
	}
	digits := parts[2] + parts[3] + strings.Repeat("0", 6-len(parts[3]))
	amount, err := strconv.ParseInt(parts[1]+digits, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read amount %q: %w", s, err)
	}
	return USD(amount), nil
}

// String returns the amount for people, with thousands separators and two to six decimals: 1,234.50.
func (u USD) String() string {
	sign, whole, fraction := u.digits()
	return sign + grouped(whole) + "." + fraction[:2] + strings.TrimRight(fraction[2:], "0")
}

// Decimal returns the amount as a number with six decimals, without separators: -0.250000.
func (u USD) Decimal() string {
	sign, whole, fraction := u.digits()
	return sign + whole + "." + fraction
}

// Plain returns the amount as a rulebook writes it: 1000 or 999.99.
func (u USD) Plain() string { return strings.TrimSuffix(strings.TrimRight(u.Decimal(), "0"), ".") }

// MarshalJSON writes the amount like Decimal.
func (u USD) MarshalJSON() ([]byte, error) { return []byte(u.Decimal()), nil }

// UnmarshalJSON reads a number. It must be a whole number of millionths.
func (u *USD) UnmarshalJSON(data []byte) error {
	const digits = 40 // more than any amount has
	r, ok := new(big.Rat), len(data) <= digits
	if ok {
		_, ok = r.SetString(string(data))
	}
	if r.Mul(r, big.NewRat(micro, 1)); !ok || !r.IsInt() || !r.Num().IsInt64() {
		return fmt.Errorf("amount %.40s: want a number of at most 12 digits before the point and 6 behind it", data)
	}
	*u = USD(r.Num().Int64())
	return nil
}

// digits returns the sign, the digits before and the six digits after the point.
func (u USD) digits() (sign, whole, fraction string) {
	digits := fmt.Sprintf("%07d", new(big.Int).Abs(big.NewInt(int64(u))))
	if u < 0 {
		sign = "-"
	}
	return sign, digits[:len(digits)-6], digits[len(digits)-6:]
}

// grouped puts a comma before every third digit, from the right.
func grouped(digits string) string {
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// Fixed6 is a number in millionths: a DECIMAL(18,6) as an integer.
type Fixed6 int64

// Decimal returns the number with six decimals, without separators.
func (f Fixed6) Decimal() string { return USD(f).Decimal() }

// MarshalJSON writes the number like Decimal.
func (f Fixed6) MarshalJSON() ([]byte, error) { return USD(f).MarshalJSON() }

// saturated returns n millionths, or the nearest value that DECIMAL(18,6) can hold.
func saturated(n *big.Int) Fixed6 {
	limit := big.NewInt(maxFixed6)
	if n.CmpAbs(limit) > 0 {
		return Fixed6(int64(n.Sign()) * maxFixed6)
	}
	return Fixed6(n.Int64())
}

// fixedCount returns a count as a DECIMAL(18,6).
func fixedCount(n int64) *Fixed6 {
	return new(saturated(new(big.Int).Mul(big.NewInt(n), big.NewInt(micro))))
}

// fixedUSD returns an amount as a DECIMAL(18,6).
func fixedUSD(amount USD) *Fixed6 { return new(saturated(big.NewInt(int64(amount)))) }
