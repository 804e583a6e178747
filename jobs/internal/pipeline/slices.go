package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// monthSlices are what a run has split files of many months into: a month's rows of a file as Parquet in the run's temporary folder. Without
// them the file would be read whole for each of its months.
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

// sliceAhead splits the files of many months of a usage month, at once for all months of the window from it on whose facts must be built.
func (r *run) sliceAhead(ctx context.Context, m scoring.Month) error {
	if len(r.unsliced(r.in.usage[m])) == 0 {
		return nil
	}
	var files []exports.File
	for _, u := range r.in.months {
		if u < m {
			continue
		}
		if u > m {
			fingerprint, err := r.factsFingerprint(u)
			if err != nil {
				return err
			}
			if f, err := readFacts(ctx, r.store, u, fingerprint, r.partners); err != nil || f != nil {
				if err != nil {
					return err
				}
				continue
			}
		}
		files = append(files, r.in.usage[u]...)
	}
	return r.split(ctx, files)
}

// unsliced returns those of the files that hold many months and are not split yet.
func (r *run) unsliced(files []exports.File) (open []exports.File) {
	for _, c := range files {
		if _, done := r.slices.paths[slice{c.Path, c.Month}]; c.Many && !done {
			open = append(open, c)
		}
	}
	return open
}

// split splits files of many months, each given once for every month that is wanted of it, and reads each once.
func (r *run) split(ctx context.Context, files []exports.File) error {
	months := map[string][]exports.File{}
	var order []string
	for _, c := range r.unsliced(files) {
		if months[c.Path] == nil {
			order = append(order, c.Path)
		}
		months[c.Path] = append(months[c.Path], c)
	}
	for _, path := range order {
		if err := r.splitFile(ctx, months[path]); err != nil {
			return err
		}
	}
	return nil
}

// splitFile writes the wanted months of one file.
func (r *run) splitFile(ctx context.Context, months []exports.File) (err error) {
	begun := time.Now()
	if r.slices.dir == "" {
		if r.slices.dir, err = r.db.Folder(); err != nil {
			return err
		}
		r.slices.paths = map[slice][]string{}
	}
	whole := months[0]
	whole.Month = 0
	var first []string
	for _, c := range months {
		first = append(first, c.Month.First().Format(time.DateOnly))
	}
	dir := filepath.Join(r.slices.dir, fmt.Sprint(r.slices.files))
	r.slices.files++
	if err := r.decideDates(ctx, []exports.File{whole}, "month"); err != nil {
		return err
	}
	err = r.db.Within(ctx, r.slices.dir, r.maxTemp(), func(ctx context.Context) error {
		if err := r.db.View(ctx, "undated_raw", r.sourceParts([]exports.File{whole})); err != nil {
			return err
		}
		return r.db.Exec(ctx, "undated/slices", dir, whole.Months.Newest().First(), first)
	})
	if TooMuchTemp(err) {
		return fmt.Errorf("split %s by months: %w", whole.Rel, err)
	}
	if err != nil {
		return r.explainEngine(ctx, err, r.sourceParts, []exports.File{whole})
	}
	if err := exports.Unchanged(ctx, whole); err != nil {
		return err
	}
	for _, c := range months {
		if r.slices.paths[slice{c.Path, c.Month}], err = sliceFiles(dir, c.Month); err != nil {
			return err
		}
	}
	r.log.Debug("split a usage file by months", "file", whole.Rel, "months", len(months), "elapsed", time.Since(begun))
	return nil
}

// sliceFiles lists what the engine wrote of a month.
func sliceFiles(dir string, m scoring.Month) (paths []string, err error) {
	folder := filepath.Join(dir, "slice_month="+m.First().Format(time.DateOnly))
	if paths, err = warehouse.Written(folder); err != nil {
		return nil, fmt.Errorf("read back usage that was split by months: %w", err)
	}
	return paths, nil
}

// maxTemp is how many bytes the engine may spill. What files of many months are split into may take as much again.
func (r *run) maxTemp() int64 {
	if r.in != nil && r.in.holdsMany() {
		return r.opt.MaxTemp / 2
	}
	return r.opt.MaxTemp
}

// holdsMany reports whether any usage file holds many months.
func (in *inputs) holdsMany() bool {
	for _, files := range in.usage {
		for _, c := range files {
			if c.Many {
				return true
			}
		}
	}
	return false
}

// sliced makes parts of slices of those whose files are split.
func (r *run) sliced(parts []warehouse.Part) []warehouse.Part {
	for i, p := range parts {
		if p.Days == nil {
			continue
		}
		var paths []string
		for _, path := range p.Paths {
			of, done := r.slices.paths[slice{path, scoring.MonthOf(p.Days.First)}]
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
