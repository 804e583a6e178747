package spark

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// groups are the grouped rows of one month, once done is closed.
type groups struct {
	folder string
	done   chan struct{}
	files  []exports.File
	err    error
}

// begin has Spark group the rows of a month, unless that is under way. The error is about the month's files, and says that it was not begun.
func (e *Engine) begin(job facts.Job) error {
	if e.begun[job.Month] != nil {
		return nil
	}
	parts, err := partsOf(e.Dialect, job.Files)
	if err != nil {
		return err
	}
	folder, err := e.DB.Folder()
	if err != nil {
		return err
	}
	g := &groups{folder: folder, done: make(chan struct{})}
	e.begun[job.Month] = g
	go func() {
		defer close(g.done)
		session, err := e.server.take(e.running)
		if err != nil {
			g.err = err
			return
		}
		defer e.server.give(session)
		g.files, g.err = grouping{e, session, folder}.group(e.running, parts)
	}()
	return nil
}

// beginPlanned begins months that are planned after one, until each session has one to work on. Months that are not proven equal are left out: whoever
// asks for them is told so.
func (e *Engine) beginPlanned(after scoring.Month) error {
	for _, job := range e.planned {
		if len(e.begun) >= cap(e.server.free) {
			return nil
		}
		if job.Month <= after {
			continue
		}
		var notEqual *NotEqualError
		if err := e.begin(job); err != nil && !errors.As(err, &notEqual) {
			return err
		}
	}
	return nil
}

// take waits for the grouped rows of a month that has begun. What went wrong is told once.
func (e *Engine) take(ctx context.Context, m scoring.Month) ([]exports.File, error) {
	g := e.begun[m]
	select {
	case <-g.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if g.err != nil {
		delete(e.begun, m)
	}
	return g.files, g.err
}

// forget removes the grouped rows of a month.
func (e *Engine) forget(m scoring.Month) error {
	folder := e.begun[m].folder
	delete(e.begun, m)
	return warehouse.RemoveFolder(folder)
}
