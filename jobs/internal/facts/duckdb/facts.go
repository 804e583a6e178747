// Package duckdb builds facts with the SQL of the project in DuckDB. Its facts are those that every other engine must give.
package duckdb

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/tally"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Engine builds facts in the engine of a loader.
type Engine struct {
	*ingest.Loader
	ahead *Ahead // nil: nothing is built ahead
}

// New returns an engine over the rules and partners that a loader has.
func New(l *ingest.Loader) *Engine { return &Engine{Loader: l} }

// Plan says which months Build will be asked for now and later, in that order.
func (e *Engine) Plan(now, later []facts.Job) {
	if e.ahead != nil {
		e.ahead.Plan(now, later)
	}
}

// Build reads one month of usage and writes its facts.
func (e *Engine) Build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	if e.ahead != nil {
		if f, err := e.ahead.take(ctx, job); f != nil || err != nil {
			return f, err
		}
	}
	return e.build(ctx, job)
}

func (e *Engine) build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	read := slices.Concat(job.Files, job.Later)
	if err := exports.Fetch(ctx, read); err != nil {
		return nil, err
	}
	defer exports.Forget(read)
	if err := e.Split(ctx, job.Files, job.Later); err != nil {
		return nil, err
	}
	f, err := e.Read(ctx, job.Month, job.Files)
	if err != nil {
		return nil, err
	}
	if err := e.Write(ctx, job.Path); err != nil {
		return nil, err
	}
	f.BuiltBy = &snapshot.BuiltBy{Engine: snapshot.DuckDB, Version: e.Version}
	return f, tally.Drop(ctx, e.Loader)
}

// Read reads one month of usage. Its rows stay in the tables of the engine until another month is read.
func (e *Engine) Read(ctx context.Context, m scoring.Month, files []exports.File) (*snapshot.Facts, error) {
	doubts, err := e.totalUsage(ctx, m, files)
	if err != nil {
		return nil, e.ExplainUsage(ctx, err, files)
	}
	if err := ingest.Unchanged(ctx, files); err != nil {
		return nil, err
	}
	return tally.Describe(ctx, e.Loader, m, files, doubts)
}

// Write writes the facts of the month that was read; path says where each file goes.
func (e *Engine) Write(ctx context.Context, path func(file string) string) error {
	return tally.Write(ctx, e.Loader, path)
}

// copiedRows is up to how many rows of a month are copied into a table. Statements that read files are planned twice each, with all that spells
// labels alike, which is most of what a month of a hundred rows costs (copied, a score of 14 such months takes a third less). From some 5,000 rows
// on it costs more than it saves, since a copy forgets that a column has few different values.
const copiedRows = 2_000

// View makes the rows of usage files of a month visible to the statements, each classified on its own.
func (e *Engine) View(ctx context.Context, m scoring.Month, files []exports.File) error {
	if err := e.ViewUsage(ctx, files); err != nil {
		return err
	}
	if tally.RowsOf(files) <= copiedRows {
		if err := e.DB.ExecAll(ctx, "facts/usage_read", "facts/usage_copied"); err != nil {
			return err
		}
	}
	return tally.Classify(ctx, e.Loader, m)
}

// totalUsage groups, classifies and deduplicates the rows of a month, and returns the doubts about two deliveries. What is left of another month makes
// room first: it would count against the memory limit.
func (e *Engine) totalUsage(ctx context.Context, m scoring.Month, files []exports.File) (doubts []string, err error) {
	if err := tally.Drop(ctx, e.Loader); err != nil {
		return nil, err
	}
	if doubts, err = e.CheckDeliveries(ctx, m, files); err != nil {
		return nil, err
	}
	if err := e.View(ctx, m, files); err != nil {
		return nil, err
	}
	return doubts, tally.Total(ctx, e.Loader)
}
