package exports

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"syscall"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/textfile"
	"partnerscore/jobs/internal/storage"
)

// open opens a file of a source; an error is a *defect.Error.
func open(ctx context.Context, source storage.Source, name string, info storage.SourceInfo) (storage.SourceReader, error) {
	r, err := source.Open(ctx, name, info)
	var odd *storage.NotRegularError
	switch {
	case err == nil:
		return r, nil
	case errors.As(err, &odd):
		return nil, notRegular(odd.Mode)
	case errors.Is(err, storage.ErrSourceChanged) || ctx.Err() != nil:
		return nil, err
	case errors.Is(err, fs.ErrNotExist):
		return nil, defect.New("cannot be opened: "+defect.Cause(err), defect.NotYet)
	case errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE):
		return nil, defect.New("cannot be opened: "+defect.Cause(err), "let the process open more files, ulimit -n")
	default:
		return nil, defect.New("cannot be opened: "+defect.Cause(err), defect.FixAccess)
	}
}

// sequential reads a file from its beginning, until the run is over.
func sequential(ctx context.Context, r storage.SourceReader) io.Reader {
	return contextReader{ctx, io.NewSectionReader(r, 0, r.Size())}
}

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Fetch makes sure that the engine can open files at their Path until Forget. Files of a folder are always there.
func Fetch(ctx context.Context, files []File) error {
	return each(ctx, len(files), func(i int) error {
		f := files[i]
		err := f.source.Fetch(ctx, f.Rel, f.Info)
		if errors.Is(err, storage.ErrSourceChanged) {
			return &ChangedError{File: f.Rel, What: "changed after it was checked"}
		}
		return err
	})
}

// Forget says that the engine no longer reads files: copies of them may go.
func Forget(files []File) {
	for _, f := range files {
		f.source.Forget(f.Rel)
	}
}

// Unchanged reports whether a file is still the one that was checked; a *ChangedError says what happened to it.
func Unchanged(ctx context.Context, f File) error {
	now, err := f.source.Stat(ctx, f.Rel)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case f.source.Err() != nil:
		return f.source.Err()
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrLinkDangling):
		return &ChangedError{File: f.Rel, What: "vanished after it was checked"}
	case err != nil:
		return &ChangedError{File: f.Rel, What: "can no longer be read: " + defect.Cause(err)}
	case now.Version != f.Info.Version:
		return &ChangedError{File: f.Rel, What: "changed after it was checked"}
	}
	return nil
}

// reread reads a checked file again. An error of the reading is a *ChangedError where the file is not the one that was checked.
func reread(ctx context.Context, f File, read func(io.Reader) error) (err error) {
	r, err := open(ctx, f.source, f.Rel, f.Info)
	if err != nil {
		return cmp.Or(f.source.Err(), errors.Join(Unchanged(ctx, f), err))
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := read(sequential(ctx, r)); err != nil {
		return cmp.Or(f.source.Err(), errors.Join(Unchanged(ctx, f), err))
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
	return lines, Unchanged(ctx, f)
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
