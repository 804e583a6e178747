package pipeline

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/exports"
)

// numbered lets look read text files again in an engine of its own, in which their rows have numbers: that takes them one after the other, so
// it is done only when there is a row to report.
func (r *run) numbered(ctx context.Context, look func(*run) error) (err error) {
	n := &run{opt: r.opt, exports: r.exports, store: r.store, log: r.log, in: r.in, inOrder: true}
	if err := n.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.db.Close()) }()
	return look(n)
}

// atLines turns numbers of rows of a text file into numbers of lines, in place.
func atLines(ctx context.Context, file exports.Checked, numbers []*int64) error {
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
