package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// MonthHint says how months are written.
const MonthHint = "months are understood as 2024-06, 202406, or a day of them like 2024-06-30, 20240630 or 6/30/2024"

// Dater finds out which months usage files of many months hold. Its engine starts when the first file needs it.
type Dater struct {
	opt    Options
	loader *Loader // nil until it is needed
}

// NewDater returns a dater; of opt it needs neither rules nor partners. The caller closes it.
func NewDater(opt Options) *Dater {
	opt.Rules, opt.Partners, opt.ManyMonths = nil, nil, false
	return &Dater{opt: opt}
}

// Date fills in the months of a file, from what is known where that was found in the same way. A file in which no month can be read is a
// problem.
func (d *Dater) Date(ctx context.Context, c *exports.File) (*exports.Problem, error) {
	by, err := d.datedBy(*c)
	if err != nil {
		return nil, err
	}
	if c.Months != nil && c.Months.By == by {
		return nil, nil
	}
	if d.loader == nil {
		if d.loader, err = Open(ctx, d.opt); err != nil {
			return nil, err
		}
	}
	if err := exports.Fetch(ctx, []exports.File{*c}); err != nil {
		return nil, err
	}
	defer exports.Forget([]exports.File{*c})
	unreadText, err := d.readMonths(ctx, c)
	if err != nil {
		return nil, err
	}
	c.Months.By, c.Reused = by, false // there is something to remember
	if len(c.Months.Rows) == 0 && c.Rows > 0 {
		return &exports.Problem{File: c.Rel, Column: c.Mapping["month"].Name, Value: unreadText,
			Message: fmt.Sprintf("no month can be read in any of the %s rows", scoring.Grouped(c.Rows)), Hint: d.loader.Dates.WithCause(unreadText, *c, MonthHint)}, nil
	}
	return nil, nil
}

// Close ends the engine, if there is one, and returns err or what closing fails with.
func (d *Dater) Close(err error) error {
	if d.loader == nil {
		return err
	}
	l := d.loader
	d.loader = nil
	return l.CloseAfter(err)
}

// datedBy identifies how the months of a file are read.
func (d *Dater) datedBy(c exports.File) (string, error) {
	text, err := statements.Fingerprint("macros", "dates", "undated")
	if err != nil {
		return "", err
	}
	return exports.Digest(c.Mapping["month"], d.opt.Dates, text)
}

// readMonths counts the rows of each month of a file, and returns one of the texts that are no month.
func (d *Dater) readMonths(ctx context.Context, c *exports.File) (unreadText string, err error) {
	begun := time.Now()
	files := []exports.File{*c}
	if err := d.loader.decideDates(ctx, files, "month"); err != nil {
		return "", err
	}
	found, unreadText, err := d.countMonths(ctx, files)
	if err != nil {
		return "", err
	}
	if reading := d.loader.Dates.files[c.Rel]; reading.open || reading.slashes && d.opt.Dates != exports.AnyOrder {
		d.loader.Dates.files[c.Rel] = dateReading{order: reading.order.Other()}
		other, _, err := d.countMonths(ctx, files)
		if err != nil {
			return "", err
		}
		d.loader.Dates.files[c.Rel], found.Otherwise = reading, slices.Sorted(maps.Keys(other.Rows))
	}
	if err := exports.Unchanged(ctx, *c); err != nil {
		return "", err
	}
	if read := found.Total(); read != c.Rows {
		return "", &exports.ContractError{Problems: []exports.Problem{{File: c.Rel, Hint: "export it again",
			Message: fmt.Sprintf("the file holds %s rows, but %s could be read", scoring.Grouped(c.Rows), scoring.Grouped(read))}}}
	}
	c.Months = found
	d.opt.Log.Debug("found the months of a usage file", "file", c.Rel, "months", len(found.Rows), "rows", c.Rows, "elapsed_seconds", time.Since(begun).Seconds())
	return unreadText, nil
}

// countMonths counts the rows of each month of files of many months, and returns one of the texts that are no month.
func (d *Dater) countMonths(ctx context.Context, files []exports.File) (found *exports.MonthRows, unreadText string, err error) {
	if err := d.loader.DB.View(ctx, "undated_raw", d.loader.columns.dating(files)); err != nil {
		return nil, "", d.loader.blame.explain(ctx, err, d.loader.columns.dating, files)
	}
	found = &exports.MonthRows{Rows: map[scoring.Month]int64{}}
	err = d.loader.DB.Query(ctx, "undated/months", func(rows *sql.Rows) error {
		var month sql.NullTime
		var text sql.NullString
		var n int64
		if err := rows.Scan(&month, &n, &text); err != nil {
			return err
		}
		if month.Valid {
			found.Rows[scoring.MonthOf(month.Time)] = n
		} else {
			found.Unread, unreadText = n, text.String
		}
		return nil
	})
	if err != nil {
		return nil, "", d.loader.blame.explain(ctx, err, d.loader.columns.dating, files)
	}
	return found, unreadText, nil
}
