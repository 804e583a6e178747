package ingest

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// monthSlices are what files of many months were split into: a month's rows of a file, as Parquet in the temporary folder. Without them the file
// would be read whole for each of its months.
type monthSlices struct {
	dir   string // "" before the first
	files int    // that were split
	paths map[slice][]string
}

// slice names the rows of one month of a file.
type slice struct {
	path  string
	month scoring.Month
}

// unsliced returns those of the files that hold many months and are not split yet.
func (s monthSlices) unsliced(files []exports.File) (open []exports.File) {
	for _, c := range files {
		if _, done := s.paths[slice{c.Path, c.Month}]; c.Many && !done {
			open = append(open, c)
		}
	}
	return open
}

// Split splits those of the files that hold many months and are not split yet; with them those of later, the files of other months that will be
// wanted. Each file is read once for all its months, for each of which it is given once.
func (l *Loader) Split(ctx context.Context, files, later []exports.File) error {
	open := l.months.unsliced(files)
	if len(open) == 0 {
		return nil
	}
	months := map[string][]exports.File{}
	var order []string
	for _, c := range append(open, l.months.unsliced(later)...) {
		if months[c.Path] == nil {
			order = append(order, c.Path)
		}
		months[c.Path] = append(months[c.Path], c)
	}
	for _, path := range order {
		if err := l.splitFile(ctx, months[path]); err != nil {
			return err
		}
	}
	return nil
}

// splitFile writes the wanted months of one file.
func (l *Loader) splitFile(ctx context.Context, months []exports.File) (err error) {
	begun := time.Now()
	if l.months.dir == "" {
		if l.months.dir, err = l.DB.Folder(); err != nil {
			return err
		}
		l.months.paths = map[slice][]string{}
	}
	whole := months[0]
	whole.Month = 0
	var first []string
	for _, c := range months {
		first = append(first, c.Month.First().Format(time.DateOnly))
	}
	dir := filepath.Join(l.months.dir, fmt.Sprint(l.months.files))
	l.months.files++
	if err := l.decideDates(ctx, []exports.File{whole}, "month"); err != nil {
		return err
	}
	err = l.DB.Within(ctx, l.months.dir, l.opt.maxTemp(), func(ctx context.Context) error {
		if err := l.DB.View(ctx, "undated_raw", l.columns.usage([]exports.File{whole})); err != nil {
			return err
		}
		return l.DB.Exec(ctx, "undated/slices", dir, whole.Months.Newest().First(), first)
	})
	if warehouse.TooMuchTemp(err) {
		return fmt.Errorf("split %s by months: %w", whole.Rel, err)
	}
	if err != nil {
		return l.blame.explain(ctx, err, l.columns.usage, []exports.File{whole})
	}
	if err := exports.Unchanged(ctx, whole); err != nil {
		return err
	}
	for _, c := range months {
		written, err := warehouse.Written(filepath.Join(dir, "slice_month="+c.Month.First().Format(time.DateOnly)))
		if err != nil {
			return fmt.Errorf("read back usage that was split by months: %w", err)
		}
		l.months.paths[slice{c.Path, c.Month}] = written
	}
	l.Log.Debug("split a usage file by months", "file", whole.Rel, "months", len(months), "elapsed_seconds", time.Since(begun).Seconds())
	return nil
}

// Slices are the files into which the rows of a file's month were split; none where it was not.
func (l *Loader) Slices(c exports.File) []string { return l.months.paths[slice{c.Path, c.Month}] }

// replace makes parts of slices of those whose files are split.
func (s monthSlices) replace(parts []warehouse.Part) []warehouse.Part {
	for i, p := range parts {
		if p.Days == nil {
			continue
		}
		var paths []string
		for _, path := range p.Paths {
			of, done := s.paths[slice{path, scoring.MonthOf(p.Days.First)}]
			if !done {
				paths = nil
				break
			}
			paths = append(paths, of...)
		}
		if len(paths) > 0 {
			parts[i] = slicedPart(p, paths)
		}
	}
	return parts
}

// slicedPart is a part whose columns are read from what was written of it; those that the file does not have are the same as before.
func slicedPart(p warehouse.Part, paths []string) warehouse.Part {
	part := warehouse.Part{Paths: paths, Sliced: true}
	for _, c := range p.Columns {
		if c.Physical != "" {
			c = warehouse.Column{Name: c.Name, Physical: c.Name, AsIs: true}
		}
		part.Columns = append(part.Columns, c)
	}
	return part
}

// daysOf limits a file of many months to the rows of one; nil: all rows.
func daysOf(c exports.File) *warehouse.Days {
	if !c.Many || c.Month == 0 {
		return nil
	}
	return &warehouse.Days{Column: "usage_day", First: c.Month.First(), Last: c.Month.Last(), Unread: c.Month == c.Months.Newest()}
}
