package scoring

import (
	"fmt"
	"strings"
	"time"
)

// Month is a calendar month, counted from January of year 0. Months subtract and compare as integers.
type Month int

// FirstYear and lastYear bound what ParseMonth reads, so that a window around a month stays within four-digit years.
const (
	FirstYear = 1900
	lastYear  = 9998
)

// NewMonth returns the month m of a year.
func NewMonth(year int, m time.Month) Month { return Month(year*12 + int(m) - 1) }

// MonthOf returns the month of t in UTC.
func MonthOf(t time.Time) Month {
	t = t.UTC()
	return NewMonth(t.Year(), t.Month())
}

// ParseMonth reads a month written as 2024-06, and nothing else.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || len(s) != len("2006-01") {
		return 0, fmt.Errorf("read month %q: want a year and a month like 2024-06", s)
	}
	if t.Year() < FirstYear || t.Year() > lastYear {
		return 0, fmt.Errorf("read month %q: want a year from %d to %d", s, FirstYear, lastYear)
	}
	return MonthOf(t), nil
}

// Add returns the month n months later, or earlier for a negative n.
func (m Month) Add(n int) Month { return m + Month(n) }

// First returns the first day of the month, midnight UTC.
func (m Month) First() time.Time {
	return time.Date(0, time.January+time.Month(m), 1, 0, 0, 0, 0, time.UTC)
}

// Last returns the last day of the month, midnight UTC.
func (m Month) Last() time.Time { return m.Add(1).First().AddDate(0, 0, -1) }

// String returns the month as 2024-06.
func (m Month) String() string { return m.First().Format("2006-01") }

// MarshalText writes the month as 2024-06.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a month written as 2024-06.
func (m *Month) UnmarshalText(text []byte) error {
	parsed, err := ParseMonth(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// MonthRanges writes months, oldest first, for people: 2023-05, 2023-07 to 2023-09.
func MonthRanges(months []Month) string {
	var parts []string
	for i := 0; i < len(months); {
		last := i
		for last+1 < len(months) && months[last+1] == months[last].Add(1) {
			last++
		}
		switch last - i {
		case 0:
			parts = append(parts, months[i].String())
		case 1:
			parts = append(parts, months[i].String(), months[last].String())
		default:
			parts = append(parts, months[i].String()+" to "+months[last].String())
		}
		i = last + 1
	}
	return strings.Join(parts, ", ")
}
