package ingest

import (
	"context"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
)

// RowLocator reads text files again in an engine of its own, in which their rows have numbers. That takes the rows one after the other, so it is
// done only when there is a row to report.
type RowLocator struct {
	of       *Loader
	numbered *Loader // nil until it is needed
}

// NewRowLocator returns a locator of the rows that a loader reads. The caller closes it.
func NewRowLocator(l *Loader) *RowLocator { return &RowLocator{of: l} }

// Look calls do with a loader whose engine numbers the rows of text files. After an error the locator can only be closed.
func (r *RowLocator) Look(ctx context.Context, do func(*Loader) error) (err error) {
	if r.numbered == nil {
		if r.numbered, err = open(ctx, r.of.opt, r.of.Dates, true); err != nil {
			return err
		}
	}
	return do(r.numbered)
}

// Close ends the engine, if there is one, and returns err or what closing fails with.
func (r *RowLocator) Close(err error) error {
	if r.numbered == nil {
		return err
	}
	return r.numbered.CloseAfter(err)
}

// Numbered reports whether the numbers of a file's rows in the engine are to become those of lines: rows of text files, read by a RowLocator.
func (l *Loader) Numbered(file exports.File) bool {
	return l.inOrder && file.Format != fileformat.Parquet
}

// AtLines turns numbers of rows of a text file into numbers of lines, in place.
func AtLines(ctx context.Context, file exports.File, numbers []*int64) error {
	var rows []int64
	for _, n := range numbers {
		rows = append(rows, *n)
	}
	lines, err := exports.Lines(ctx, file, rows)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		*n = lines[*n]
	}
	return nil
}
