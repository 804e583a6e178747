package exports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Checked is a file that keeps the contract.
type Checked struct {
	File
	// SHA256 is the hex hash of the bytes on disk.
	SHA256 string
	Rows   int64
	// Columns are all top-level columns, Mapping those that have a canonical name. partner_location_id and
	// partner_global_id may be the same column.
	Columns []Column
	Mapping map[string]Column
	// Text is set for text files.
	Text TextLayout
	Stat Stat
	// Duplicates are files of the same month with the same bytes, which therefore do not count.
	Duplicates []File
	// Months says which months the rows of a file of many months are of; nil for other files, and where it is not known.
	Months *MonthRows
	// Reused tells that SHA256, Rows and Months come from Options.Known.
	Reused bool
}

// readers is how many files are read at the same time; each holds one descriptor.
const readers = 2

// Check reads the footer or header of every file, maps its columns, and hashes it; text files are read through
// once for that and for their structure. All problems of all files are returned together as a *ContractError.
// Files come back in the order given, less those whose bytes another file of the month has already.
func Check(ctx context.Context, files []File, opt Options) ([]Checked, error) {
	states, err := readShapes(ctx, files, opt)
	if err != nil {
		return nil, err
	}
	clean := !slices.ContainsFunc(states, func(s inspection) bool { return len(s.problems) > 0 })
	err = each(ctx, len(files), func(i int) error {
		// Once a problem is known, reading on pays only where it can find another one.
		if s := &states[i]; len(s.problems) == 0 && (clean || s.checked.Format != Parquet) {
			return s.readBytes(ctx)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	checked := make([]Checked, len(states))
	var problems []Problem
	for i, s := range states {
		checked[i] = s.checked
		problems = append(problems, s.problems...)
	}
	if len(problems) > 0 {
		return nil, &ContractError{Problems: profileFirst(problems)}
	}
	return dropDuplicates(checked), nil
}

// readShapes reads the footer or header of every file and maps its columns.
func readShapes(ctx context.Context, files []File, opt Options) ([]inspection, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	mappers := map[Table]mapper{}
	for _, t := range Tables() {
		mappers[t] = newMapper(t, opt)
	}
	states := make([]inspection, len(files))
	err := each(ctx, len(files), func(i int) error {
		s := &states[i]
		s.opt, s.checked.File = opt, files[i]
		return s.readShape(ctx, mappers[files[i].Table])
	})
	return states, err
}

// each calls do for 0..n-1, a few at a time, and returns the first error by index.
func each(ctx context.Context, n int, do func(i int) error) error {
	work := make(chan int)
	errs := make([]error, n)
	var group sync.WaitGroup
	for range min(readers, n) {
		group.Go(func() {
			for i := range work {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		work <- i
	}
	close(work)
	group.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return cmp.Or(errs...)
}

// dropDuplicates keeps, of equal files of one table and month, the one whose Rel is smallest in byte order.
func dropDuplicates(checked []Checked) []Checked {
	type delivery struct {
		table             Table
		month             int
		sha256, constants string
	}
	first := map[delivery]int{}
	keyOf := func(c Checked) delivery {
		return delivery{c.Table, int(c.Month), c.SHA256, fmt.Sprintf("%q", c.Constants)}
	}
	for i, c := range checked {
		if j, ok := first[keyOf(c)]; !ok || c.Rel < checked[j].Rel {
			first[keyOf(c)] = i
		}
	}
	for i, c := range checked {
		if j := first[keyOf(c)]; j != i {
			checked[j].Duplicates = append(checked[j].Duplicates, c.File)
		}
	}
	var kept []Checked
	for i, c := range checked {
		if first[keyOf(c)] != i {
			continue
		}
		slices.SortFunc(c.Duplicates, func(a, b File) int { return cmp.Compare(a.Rel, b.Rel) })
		kept = append(kept, c)
	}
	return kept
}

// problem turns what a reader found into a Problem; other errors, a cancelled context above all, end the run.
func (s *inspection) problem(err error) error {
	var atLine *lineDefect
	var plain *defect
	switch {
	case err == nil:
		return nil
	case errors.As(err, &atLine):
		p := problemf(s.checked.File, atLine.column, atLine.hint, "%s", atLine.message)
		p.Row = atLine.line
		s.problems = append(s.problems, p)
	case errors.As(err, &plain):
		s.problems = append(s.problems, problemf(s.checked.File, "", plain.hint, "%s", plain.message))
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	default:
		s.problems = append(s.problems, problemf(s.checked.File, "", hintAgain, "cannot be read: %s", reason(err)))
	}
	return nil
}
