package inputs

import (
	"context"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
)

// dateFiles finds out which months the usage files of many months hold, and puts each file into the catalog once for each of its months.
// It reads the month column of a file that no earlier run has read. Its only errors about inputs are *exports.ContractError and
// *exports.ChangedError.
func (f *Folder) dateFiles(ctx context.Context) error {
	checked, err := exports.Check(ctx, f.cat.Undated, f.opt.CheckUndated(f.known))
	if err != nil {
		return err
	}
	d := ingest.NewDater(f.opt.Ingest(f.cat.Folders, nil))
	var problems []exports.Problem
	for i := range checked {
		c := &checked[i]
		f.opt.warnOfDuplicates(*c)
		problem, err := d.Date(ctx, c)
		if err != nil {
			return d.Close(err)
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
		f.dated[c.Rel] = *c
	}
	if err := d.Close(nil); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &exports.ContractError{Problems: problems}
	}
	for _, c := range checked {
		f.opt.ListMonths(f.cat, c)
	}
	return nil
}

// ListMonths puts a file of many months into the catalog, once for each of its months, and warns about rows that are of none.
func (o Options) ListMonths(cat *exports.Catalog, c exports.File) {
	for m := range c.Months.Rows {
		one := c.Found
		one.Month = m
		cat.Usage[m] = append(cat.Usage[m], one)
		slices.SortStableFunc(cat.Usage[m], func(a, b exports.Found) int { return strings.Compare(a.Rel, b.Rel) })
	}
	switch {
	case c.Rows == 0:
		o.Log.Warn("a usage file of many months holds no rows; export it again unless there was no usage", "file", c.Rel)
	case c.Months.Unread > 0:
		o.Log.Warn("rows of a usage file whose month cannot be read are bad data of its newest month", "file", c.Rel,
			"month", c.Months.Newest().String(), "rows", c.Months.Unread)
	}
}
