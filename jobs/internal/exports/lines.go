package exports

import (
	"context"
	"errors"
	"slices"
)

// Lines returns the lines, from 1, on which rows of a text file begin; rows are counted from 1. It reads the file up to the last of them, and
// fails with a *ChangedError where the file is not the one that was checked.
func Lines(ctx context.Context, c Checked, rows []int64) (lines map[int64]int64, err error) {
	lines = map[int64]int64{}
	if len(rows) == 0 {
		return lines, nil
	}
	f, err := openRegular(c.Path)
	if err != nil {
		return nil, errors.Join(Unchanged(c), err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	t, err := openText(contextReader{ctx, f}, c.Format)
	if err != nil {
		return nil, errors.Join(Unchanged(c), err)
	}
	for row := int64(1); row <= slices.Max(rows); row++ {
		if _, err := t.next(); err != nil {
			return nil, errors.Join(Unchanged(c), err)
		}
		if slices.Contains(rows, row) {
			lines[row] = t.line
		}
	}
	return lines, Unchanged(c)
}
