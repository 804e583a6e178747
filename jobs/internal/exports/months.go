package exports

import "partnerscore/scoring"

// MonthRows says how many rows of a file of many months each month has.
type MonthRows struct {
	// By stands for how the months were read, which the bytes of the file do not decide.
	By   string                  `json:"by"`
	Rows map[scoring.Month]int64 `json:"rows"`
	// Unread are the rows whose month cannot be read. They are bad data of the newest month, since they must be of one.
	Unread int64 `json:"unread,omitempty"`
	// Otherwise are the months that the file would have with day and month in the other order, where its dates do not say which is right.
	Otherwise []scoring.Month `json:"otherwise,omitempty"`
}

// Newest returns the last month that has rows, 0 where none has.
func (r *MonthRows) Newest() (newest scoring.Month) {
	for m := range r.Rows {
		newest = max(newest, m)
	}
	return newest
}

// Total is the number of rows of the whole file.
func (r *MonthRows) Total() int64 {
	total := r.Unread
	for _, rows := range r.Rows {
		total += rows
	}
	return total
}

// InMonth returns the file as that of one of its months.
func (c Checked) InMonth(m scoring.Month) Checked {
	c.Month, c.Rows = m, c.Months.Rows[m]
	if m == c.Months.Newest() {
		c.Rows += c.Months.Unread
	}
	return c
}
