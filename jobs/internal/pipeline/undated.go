package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// monthHint says how months are written.
const monthHint = "months are understood as 2024-06, 202406, or a day of them like 2024-06-30, 20240630 or 6/30/2024"

// dateFiles finds out which months the usage files of many months hold, and puts each file into the catalog once for each of its months.
// It reads the month column of a file that no earlier run has read. Its only errors about inputs are *exports.ContractError and
// *exports.ChangedError.
func (s *session) dateFiles(ctx context.Context) error {
	checked, err := exports.Check(ctx, s.cat.Undated, s.opt.undatedOptions(s.known.known))
	if err != nil {
		return err
	}
	d := &dater{opt: s.opt, root: s.cat.Root}
	var problems []exports.Problem
	for i := range checked {
		c := &checked[i]
		for _, twin := range c.Duplicates {
			s.opt.Log.Warn("the same file twice, counted once", "file", twin.Rel, "same_as", c.Rel)
		}
		problem, err := d.date(ctx, c)
		if err != nil {
			return d.close(err)
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
		s.dated[c.Rel] = *c
	}
	if err := d.close(nil); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &exports.ContractError{Problems: problems}
	}
	for _, c := range checked {
		s.opt.listMonths(s.cat, c)
	}
	return nil
}

// undatedOptions are the settings of the input contract for usage files of many months before a rulebook is chosen: whether it asks for an
// offer is seen later.
func (o Options) undatedOptions(known func(exports.File) (exports.Known, bool)) exports.Options {
	return o.checkOptions(&scoring.Rulebook{UsageRules: scoring.UsageRules{MissingOffer: scoring.EligibleMissingOffer}}, known)
}

// listMonths puts a file of many months into the catalog, once for each of its months, and tells of rows that are of none.
func (o Options) listMonths(cat *exports.Catalog, c exports.Checked) {
	for m := range c.Months.Rows {
		one := c.File
		one.Month = m
		cat.Usage[m] = append(cat.Usage[m], one)
		slices.SortStableFunc(cat.Usage[m], func(a, b exports.File) int { return strings.Compare(a.Rel, b.Rel) })
	}
	switch {
	case c.Rows == 0:
		o.Log.Warn("a usage file of many months holds no rows; export it again unless there was no usage", "file", c.Rel)
	case c.Months.Unread > 0:
		o.Log.Warn("rows of a usage file whose month cannot be read are bad data of its newest month", "file", c.Rel,
			"month", c.Months.Newest().String(), "rows", c.Months.Unread)
	}
}

// dater asks an engine which months files hold. The engine starts when the first file asks for it.
type dater struct {
	opt  Options
	root string
	run  *run // nil until it is needed
}

// date fills in the months of a file, from what is known where that was found in the same way. A file in which no month can be read is a
// problem.
func (d *dater) date(ctx context.Context, c *exports.Checked) (*exports.Problem, error) {
	by, err := d.opt.datedBy(*c)
	if err != nil {
		return nil, err
	}
	if c.Months != nil && c.Months.By == by {
		return nil, nil
	}
	if d.run == nil {
		r := &run{opt: d.opt, exports: d.root, log: d.opt.Log}
		if r.db, err = warehouse.Open(ctx, r.engineOptions()); err != nil {
			return nil, err
		}
		d.run = r
	}
	unreadText, err := d.run.readMonths(ctx, c)
	if err != nil {
		return nil, err
	}
	c.Months.By, c.Reused = by, false // there is something to remember
	if len(c.Months.Rows) == 0 && c.Rows > 0 {
		return &exports.Problem{File: c.Rel, Column: c.Mapping["month"].Name, Value: unreadText,
			Message: fmt.Sprintf("no month can be read in any of the %s rows", scoring.Grouped(c.Rows)), Hint: d.run.withCause(unreadText, *c, monthHint)}, nil
	}
	return nil, nil
}

// close ends the engine, if there is one, and adds what that fails with to err.
func (d *dater) close(err error) error {
	if d.run == nil {
		return err
	}
	r := d.run
	d.run = nil
	return errors.Join(err, ignoreSpoiled(err, r.db.Close()))
}

// datedBy stands for how the months of a file are read.
func (o Options) datedBy(c exports.Checked) (string, error) {
	text, err := statements.Fingerprint("macros", "dates", "undated")
	if err != nil {
		return "", err
	}
	return digest(c.Mapping["month"], o.Dates, text)
}

// datingParts describes the day and the text of the month column of files.
func (r *run) datingParts(files []exports.Checked) []warehouse.Part {
	return parts(files, func(c exports.Checked) []warehouse.Column {
		return []warehouse.Column{dayColumn(c, c.Mapping["month"], "usage_day", "day_of_month_text", r.orderOf(c)), textColumn(c, "month", "month_text")}
	})
}

// readMonths counts the rows of each month of a file, and returns one of the texts that are no month.
func (r *run) readMonths(ctx context.Context, c *exports.Checked) (unreadText string, err error) {
	begun := time.Now()
	files := []exports.Checked{*c}
	if err := r.decideDates(ctx, files, "month"); err != nil {
		return "", err
	}
	found, unreadText, err := r.countMonths(ctx, files)
	if err != nil {
		return "", err
	}
	if reading := r.dates[c.Rel]; reading.open || reading.slashes && r.opt.Dates != exports.AnyOrder {
		r.dates[c.Rel] = dateReading{order: reading.order.Other()}
		other, _, err := r.countMonths(ctx, files)
		if err != nil {
			return "", err
		}
		r.dates[c.Rel], found.Otherwise = reading, sortedMonths(other.Rows)
	}
	if err := exports.Unchanged(*c); err != nil {
		return "", err
	}
	if read := found.Total(); read != c.Rows {
		return "", &exports.ContractError{Problems: []exports.Problem{{File: c.Rel, Hint: "export it again",
			Message: fmt.Sprintf("the file holds %s rows, but %s could be read", scoring.Grouped(c.Rows), scoring.Grouped(read))}}}
	}
	c.Months = found
	r.log.Debug("found the months of a usage file", "file", c.Rel, "months", len(found.Rows), "rows", c.Rows, "elapsed", time.Since(begun))
	return unreadText, nil
}

// countMonths counts the rows of each month of files of many months, and returns one of the texts that are no month.
func (r *run) countMonths(ctx context.Context, files []exports.Checked) (found *exports.MonthRows, unreadText string, err error) {
	if err := r.db.View(ctx, "undated_raw", r.datingParts(files)); err != nil {
		return nil, "", r.explainEngine(ctx, err, r.datingParts, files)
	}
	found = &exports.MonthRows{Rows: map[scoring.Month]int64{}}
	err = r.db.Query(ctx, "undated/months", func(rows *sql.Rows) error {
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
		return nil, "", r.explainEngine(ctx, err, r.datingParts, files)
	}
	return found, unreadText, nil
}
