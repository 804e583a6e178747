package pipeline

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/exports"
)

// numbering reads text files again in an engine of its own, in which their rows have numbers: that takes them one after the other, so it is done
// only when there is a row to report.
type numbering struct {
	of       *run
	numbered *run // nil until it is needed
}

// look calls do with a run whose engine numbers rows. After an error the numbering can only be closed.
func (n *numbering) look(ctx context.Context, do func(*run) error) error {
	if n.numbered == nil {
		r := &run{opt: n.of.opt, exports: n.of.exports, store: n.of.store, log: n.of.log, in: n.of.in, inOrder: true, dates: n.of.dates}
		if err := r.open(ctx); err != nil {
			return err
		}
		n.numbered = r
	}
	return do(n.numbered)
}

// close ends the engine, if there is one, and adds what that fails with to err.
func (n *numbering) close(err error) error {
	if n.numbered == nil {
		return err
	}
	return errors.Join(err, ignoreSpoiled(err, n.numbered.db.Close()))
}

// atLines turns numbers of rows of a text file into numbers of lines, in place.
func atLines(ctx context.Context, file exports.File, numbers []*int64) error {
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
