package main

import (
	"fmt"
	"time"
)

// month counts calendar months since year 0.
type month int

func parseMonth(text string) (month, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return 0, fmt.Errorf("read month %q: want a month such as 2024-06", text)
	}
	return month(t.Year()*12 + int(t.Month()) - 1), nil
}

// first is the first day of the month, UTC.
func (m month) first() time.Time {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// last is the last day of the month, UTC.
func (m month) last() time.Time { return (m + 1).first().AddDate(0, 0, -1) }

// String is the month as the folders of the exports spell it: 2024-06.
func (m month) String() string { return m.first().Format("2006-01") }

// epochDays is a date as Arrow stores it: days since 1970-01-01.
func epochDays(t time.Time) int32 { return int32(t.Unix() / 86400) }
