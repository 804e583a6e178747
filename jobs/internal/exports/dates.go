package exports

import "fmt"

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
