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
	whole, fraction := u.digits()
	sign := ""
	if u < 0 {
		sign = "-"
	}
	return sign + grouped(whole) + "." + padded(fraction)
}

// Plain returns the amount as a rulebook writes it: 1000 or 999.99.
func (u USD) Plain() string {
	whole, fraction := u.digits()
	if u < 0 {
		whole = "-" + whole
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// digits returns the digits before and the six digits after the point, without the sign.
func (u USD) digits() (whole, fraction string) {
	digits := fmt.Sprintf("%07d", new(big.Int).Abs(big.NewInt(int64(u))))
	return digits[:len(digits)-6], digits[len(digits)-6:]
}

// padded drops trailing zeros of a fraction, but keeps two digits.
func padded(fraction string) string {
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) < 2 {
		fraction += strings.Repeat("0", 2-len(fraction))
	}
	return fraction
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
	f := saturated(new(big.Int).Mul(big.NewInt(n), big.NewInt(micro)))
	return &f
}

// fixedUSD returns an amount as a DECIMAL(18,6).
func fixedUSD(amount USD) *Fixed6 {
	f := saturated(big.NewInt(int64(amount)))
	return &f
}
