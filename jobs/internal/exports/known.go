package exports

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

// Known is what an earlier run found out. It is used while Signature equals that of the file; then only footer or header are read again.
type Known struct {
	Signature string
	SHA256    string
	Rows      int64
	// Multiline is that of the TextLayout.
	Multiline bool
	// Months is that of a file of many months.
	Months *MonthRows `json:",omitempty"`
	// TextChecks is the number of textChecks that the file passed; with another number it is checked again.
	TextChecks int `json:"Judged"`
}

// textChecks counts the changes of what the program refuses in text files: a hash that an earlier version kept does not say that a file passes the
// new checks.
const textChecks = 4

// Known is what a later run may take over of a file that was checked; false where its version may not be kept yet.
func (f File) Known() (Known, bool) {
	signature, rows := f.Info.Signature(), f.Rows
	if f.Months != nil {
		rows = f.Months.Total() // f may be one of its months
	}
	return Known{Signature: signature, SHA256: f.SHA256, Rows: rows, Multiline: f.Text.Multiline, Months: f.Months, TextChecks: textChecks}, signature != ""
}

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
func (f File) InMonth(m scoring.Month) File {
	f.Month, f.Rows = m, f.Months.Rows[m]
	if m == f.Months.Newest() {
		f.Rows += f.Months.Unread
	}
	return f
}

// Identity is what of a checked file decides what it says.
type Identity struct {
	Table  schema.Table
	Month  string
	SHA256 string
	// Many is set where only the rows of the month are meant.
	Many bool `json:",omitempty"`
	// Stray is set where a list of what was delivered does not name the file: it makes the score provisional.
	Stray bool `json:",omitempty"`
	// Columns are pairs of a canonical name and the number of the file's column that has it, or the value that the log of a Delta table says.
	Columns []string
}

// Identities returns the identities of files, in an order that does not depend on names or places.
func Identities(files []File) []Identity {
	var ids []Identity
	for _, c := range files {
		id := Identity{Table: c.Table, SHA256: c.SHA256, Many: c.Many, Stray: c.Stray != ""}
		if c.Month != 0 {
			id.Month = c.Month.String()
		}
		for canonical, column := range c.Mapping {
			if column.Partition {
				id.Columns = append(id.Columns, fmt.Sprintf("%s=%q", canonical, column.Value))
				continue
			}
			id.Columns = append(id.Columns, fmt.Sprintf("%s=%d", canonical, column.Index))
		}
		slices.Sort(id.Columns)
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b Identity) int {
		return cmp.Or(slices.Compare([]string{string(a.Table), a.Month, a.SHA256}, []string{string(b.Table), b.Month, b.SHA256}),
			slices.Compare(a.Columns, b.Columns))
	})
	return ids
}

// Digest is the hex SHA-256 over values in their JSON form, which has one spelling for each value.
func Digest(values ...any) (string, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(text)), nil
}
