package scoring

import (
	"fmt"
	"math/big"
	"strings"
)

// Points is an exact number of points. The zero value is no points; values are never changed.
type Points struct {
	ratio *big.Rat // nil is zero
}

// NewPoints returns whole points.
func NewPoints(n int64) Points { return Points{ratio: new(big.Rat).SetInt64(n)} }

// pointsOf returns the ratio num/den as points.
func pointsOf(num, den *big.Int) Points { return Points{ratio: new(big.Rat).SetFrac(num, den)} }

// hundredths returns n hundredths of a point.
func hundredths(n int64) Points { return pointsOf(big.NewInt(n), big.NewInt(100)) }

// rat returns the ratio for reading.
func (p Points) rat() *big.Rat {
	if p.ratio == nil {
		return new(big.Rat)
	}
	return p.ratio
}

// Add returns the sum of p and q.
func (p Points) Add(q Points) Points { return Points{ratio: new(big.Rat).Add(p.rat(), q.rat())} }

// minus returns p without q; below zero where q is more.
func (p Points) minus(q Points) Points { return Points{ratio: new(big.Rat).Sub(p.rat(), q.rat())} }

// Cmp compares p with q: -1, 0 or +1.
func (p Points) Cmp(q Points) int { return p.rat().Cmp(q.rat()) }

// Equal reports whether p and q are the same number of points.
func (p Points) Equal(q Points) bool { return p.Cmp(q) == 0 }

// Sign returns -1, 0 or +1.
func (p Points) Sign() int { return p.rat().Sign() }

// Hundredths returns the points in hundredths, rounded down: what the tables publish as DECIMAL(6,2). Rounding down never
// shows a threshold as reached that is not.
func (p Points) Hundredths() int64 {
	scaled := new(big.Int).Mul(p.rat().Num(), big.NewInt(100))
	return scaled.Div(scaled, p.rat().Denom()).Int64()
}

// String returns the points for people: at most two decimals, rounded down, without trailing zeros.
func (p Points) String() string {
	return strings.TrimSuffix(strings.TrimRight(Hundredths(p.Hundredths()).Decimal(), "0"), ".")
}

// MarshalText writes the points like String.
func (p Points) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// clamped returns p within 0..limit.
func (p Points) clamped(limit int64) Points {
	if p.Sign() < 0 {
		return Points{}
	}
	if top := NewPoints(limit); p.Cmp(top) > 0 {
		return top
	}
	return p
}

// perUnit returns what n units earn at each points per unit, within 0..limit.
func perUnit(n, each, limit int64) Points { return product(n, each).clamped(limit) }

// product returns what n units earn at each points per unit, before the caps.
func product(n, each int64) Points {
	return pointsOf(new(big.Int).Mul(big.NewInt(n), big.NewInt(each)), big.NewInt(1))
}

// Hundredths are points as they are published: DECIMAL(6,2) as an integer.
type Hundredths int64

// MarshalJSON writes the points like Decimal.
func (h Hundredths) MarshalJSON() ([]byte, error) { return []byte(h.Decimal()), nil }

// Decimal returns the points as a number with two decimals.
func (h Hundredths) Decimal() string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, h/100, h%100)
}

// InWords returns the points with their noun: 1 point, 12.50 points.
func (h Hundredths) InWords() Phrase {
	n := int64(h / 100)
	if n == 1 && h != 100 {
		n = 0 // neither one nor two: 1.50 points
	}
	return Plural(n, "%s point", "%s points", h)
}

// String returns the points for people, without decimals when they are zero.
func (h Hundredths) String() string { return strings.TrimSuffix(h.Decimal(), ".00") }
