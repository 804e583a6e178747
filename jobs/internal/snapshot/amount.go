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
