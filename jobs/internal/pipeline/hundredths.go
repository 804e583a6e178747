package pipeline

import "fmt"

// decimal writes hundredths as a decimal number with two decimals.
func (h Hundredths) decimal() string {
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
	return h.decimal()
}
