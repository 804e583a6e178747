package snapshot

import "fmt"

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
