// Package exports is the input contract: it finds the export files of a folder, checks each by its footer or header, maps its columns to the
// canonical names, and fingerprints its bytes.
//
// It never reads a row for its value. A file that passes Check is a regular file inside the exports root, complete, readable by the engine as far
// as its footer says, and has each required column once and with a type that can hold the meaning. All problems of all files come back together.
package exports

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
)

// readers is how many files are read at the same time; each holds one descriptor.
const readers = 2

// Options are the settings of Check.
type Options struct {
	schema.Options
	// Known returns what an earlier run found out about a file's bytes; nil for nothing. See Known.
	Known func(f Found) (Known, bool)
}

// Check reads the footer or header of every file, maps its columns, and hashes it; text files are read through
// once for that and for their structure. All problems of all files are returned together as a *ContractError.
// Files come back in the order given, less those whose bytes another file of the month has already.
func Check(ctx context.Context, files []Found, opt Options) ([]File, error) {
	states, err := readShapes(ctx, files, opt)
	if err != nil {
		return nil, err
	}
	clean := !slices.ContainsFunc(states, func(s inspection) bool { return len(s.problems) > 0 })
	err = each(ctx, len(files), func(i int) error {
		// Once a problem is known, reading on pays only where it can find another one.
		if s := &states[i]; len(s.problems) == 0 && (clean || s.file.Format != fileformat.Parquet) {
			return s.readBytes(ctx)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	checked := make([]File, len(states))
	var problems []Problem
	for i, s := range states {
		checked[i] = s.file
		problems = append(problems, s.problems...)
	}
	if len(problems) > 0 {
		slices.SortStableFunc(problems, func(a, b Problem) int { return defect.ByRank(a.Explains, b.Explains) })
		return nil, &ContractError{Problems: problems}
	}
	return dropDuplicates(checked), nil
}

// FileReport says what is known of a file, whether or not it keeps the contract.
type FileReport struct {
	// File has Columns and Mapping where footer or header can be read, and SHA256 and Rows where there are no problems.
	File
	// Problems are why Check would refuse the file; none: it keeps the contract.
	Problems []Problem
	// Uses has all columns in their order; none where the header of a text file may be a row of data, which is not shown.
	Uses []schema.ColumnUse
	// Lacks are the optional canonical columns that the file does not have, but for those with a problem.
	Lacks []string
}

// Examine looks at files as Check does, each on its own: a file that breaks the contract takes no other one with it.
// The files come back in the order given, all of them.
func Examine(ctx context.Context, files []Found, opt Options) ([]FileReport, error) {
	states, err := readShapes(ctx, files, opt)
	if err != nil {
		return nil, err
	}
	err = each(ctx, len(files), func(i int) error {
		s := &states[i]
		if len(s.problems) == 0 {
			return s.readBytes(ctx)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]FileReport, len(files))
	for i, s := range states {
		all[i] = FileReport{File: s.file, Problems: s.problems, Uses: s.mapper.Uses(s.header(), s.mapping), Lacks: s.mapper.Absent(s.mapping)}
	}
	return all, nil
}

// Passed returns the files without problems as Check would.
func Passed(files []FileReport) []File {
	var checked []File
	for _, f := range files {
		if len(f.Problems) == 0 {
			checked = append(checked, f.File)
		}
	}
	return dropDuplicates(checked)
}

// Columns returns the columns of a file, whichever input it may be; none where its footer or header cannot be read.
func Columns(ctx context.Context, f Found, opt Options) ([]schema.Column, error) {
	states, err := readShapes(ctx, []Found{f}, opt)
	if err != nil {
		return nil, err
	}
	return states[0].file.Columns, nil
}

// readShapes reads the footer or header of every file and maps its columns.
func readShapes(ctx context.Context, files []Found, opt Options) ([]inspection, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	mappers := map[schema.Table]schema.Mapper{}
	for _, t := range schema.Tables() {
		mappers[t] = schema.NewMapper(t, opt.Options)
	}
	states := make([]inspection, len(files))
	err := each(ctx, len(files), func(i int) error {
		s := &states[i]
		s.opt, s.mapper, s.file.Found = opt, mappers[files[i].Table], files[i]
		return s.readShape(ctx)
	})
	return states, err
}

// each calls do for 0..n-1, a few at a time, and returns the first error by index.
func each(ctx context.Context, n int, do func(i int) error) error {
	errs := make([]error, n)
	var group errgroup.Group
	group.SetLimit(readers)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { errs[i] = do(i); return nil })
	}
	_ = group.Wait()
	return cmp.Or(append([]error{ctx.Err()}, errs...)...)
}

// dropDuplicates keeps, of equal files of one table and month, the one whose Rel is smallest in byte order.
func dropDuplicates(checked []File) []File {
	type delivery struct {
		table             schema.Table
		month             int
		sha256, constants string
	}
	first := map[delivery]int{}
	keyOf := func(c File) delivery {
		return delivery{c.Table, int(c.Month), c.SHA256, fmt.Sprintf("%q", c.Constants)}
	}
	for i, c := range checked {
		if j, ok := first[keyOf(c)]; !ok || c.Rel < checked[j].Rel {
			first[keyOf(c)] = i
		}
	}
	for i, c := range checked {
		if j := first[keyOf(c)]; j != i {
			checked[j].Duplicates = append(checked[j].Duplicates, c.Found)
		}
	}
	var kept []File
	for i, c := range checked {
		if first[keyOf(c)] != i {
			continue
		}
		slices.SortFunc(c.Duplicates, func(a, b Found) int { return cmp.Compare(a.Rel, b.Rel) })
		kept = append(kept, c)
	}
	return kept
}
