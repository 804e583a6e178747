package snapshot

import (
	"fmt"
	"math/big"
)

// Amount is money in millionths of a US dollar. In JSON it is a number with six
// decimals, written and read exactly.
type Amount int64

const amountScale = 1_000_000

// MarshalJSON writes the amount as a number like -0.250000.
func (a Amount) MarshalJSON() ([]byte, error) {
	sign, abs := "", uint64(a)
	if a < 0 {
		sign, abs = "-", -abs
	}
	return fmt.Appendf(nil, "%s%d.%06d", sign, abs/amountScale, abs%amountScale), nil
}

// UnmarshalJSON reads a number; one that is no whole number of millionths is an error.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if len(data) > 40 {
		return fmt.Errorf("amount of %d digits: want at most 40", len(data))
	}
	r, ok := new(big.Rat).SetString(string(data))
	if !ok {
		return fmt.Errorf("amount %s: want a number", data)
	}
	r.Mul(r, big.NewRat(amountScale, 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return fmt.Errorf("amount %s: want at most 12 digits before the point and 6 behind it", data)
	}
	*a = Amount(r.Num().Int64())
	return nil
}

// Hundredths are published points: DECIMAL(6,2) as an integer. In JSON they are a number with two decimals.
type Hundredths int64

// MarshalJSON writes the points with two decimals.
func (h Hundredths) MarshalJSON() ([]byte, error) {
	return []byte(h.Decimal()), nil
}

// Decimal writes the points as a decimal number with two decimals.
func (h Hundredths) Decimal() string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, h/100, h%100)
}

// String writes the points for people: without decimals where there are none.
func (h Hundredths) String() string {
	if h%100 == 0 {
		return fmt.Sprint(int64(h / 100))
	}
	return h.Decimal()
}

// InPoints writes the points for people with their noun: 1 point, 12.50 points.
func (h Hundredths) InPoints() string {
	if h == 100 {
		return "1 point"
	}
	return h.String() + " points"
}
