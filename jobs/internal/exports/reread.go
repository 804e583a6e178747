package exports

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/textfile"
)

// Unchanged reports whether a file is still the one that was checked; a *ChangedError says what happened to it.
func Unchanged(f File) error {
	now, err := StatFile(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &ChangedError{File: f.Rel, What: "vanished after it was checked"}
	case err != nil:
		return &ChangedError{File: f.Rel, What: "can no longer be read: " + defect.Cause(err)}
	case !now.sameAs(f.Stat):
		return &ChangedError{File: f.Rel, What: "changed after it was checked"}
	}
	return nil
}

// reread reads a checked file again. An error of the reading is a *ChangedError where the file is not the one that was checked.
func reread(ctx context.Context, f File, read func(io.Reader) error) (err error) {
	open, err := openRegular(f.Path)
	if err != nil {
		return errors.Join(Unchanged(f), err)
	}
	defer func() { err = errors.Join(err, open.Close()) }()
	if err := read(contextReader{ctx, open}); err != nil {
		return errors.Join(Unchanged(f), err)
	}
	return nil
}

// Lines returns the lines, from 1, on which rows of a text file begin; rows are counted from 1. It reads the file up to the last of them, and
// fails with a *ChangedError where the file is not the one that was checked.
func Lines(ctx context.Context, f File, rows []int64) (lines map[int64]int64, err error) {
	if len(rows) == 0 {
		return map[int64]int64{}, nil
	}
	err = reread(ctx, f, func(r io.Reader) (err error) {
		lines, err = textfile.Lines(r, f.Format, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return lines, Unchanged(f)
}

// rowsForSlashes is how many rows of a text file tell whether its dates are written with slashes.
const rowsForSlashes = 2048

// HasSlashes reports whether one of the columns has a slash in the first rows of a text file. It fails with a *ChangedError where the file is not
// the one that was checked.
func HasSlashes(ctx context.Context, f File, canonicals ...string) (found bool, err error) {
	var indexes []int
	for _, name := range canonicals {
		if column, ok := f.Mapping[name]; ok && !column.Partition {
			indexes = append(indexes, column.Index)
		}
	}
	err = reread(ctx, f, func(r io.Reader) (err error) {
		found, err = textfile.Contains(r, f.Format, "/", indexes, rowsForSlashes)
		return err
	})
	return found, err
}
