// Package spark builds facts on a Spark Connect server: Spark groups the rows of a month by their labels as the files spell them, and DuckDB does with
// these few rows what it does with all rows of the files. So every rule stands once, and the facts are those of facts/duckdb, byte for byte.
// What is not proven to be equal is refused with a *NotEqualError.
package spark

import (
	"context"
	"errors"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/spark/connect"
	"partnerscore/jobs/internal/facts/tally"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Local does with files on this machine what Spark does not do.
type Local interface {
	// CheckDeliveries refuses usage files of a month that hold the same consumption twice, and returns doubts about it.
	CheckDeliveries(ctx context.Context, m scoring.Month, files []exports.File) (doubts []string, err error)
	// Rejected is that of facts.Engine.
	Rejected(ctx context.Context, files []exports.File) ([]exports.Problem, error)
}

// Options say how Spark sees the exports.
type Options struct {
	// Exports is the root of the exports as Spark sees it: a folder, or a URL like abfss://container@account.dfs.core.windows.net/exports.
	Exports string
	// MaxResult is how many bytes the grouped rows of a month may take in the temporary folder.
	MaxResult int64
}

// Engine builds facts on a server of Spark.
type Engine struct {
	*ingest.Loader
	session *connect.Session
	local   Local
	opt     Options
}

// New returns an engine over a session and the rules and partners that a loader has. It asks the server to group odd values first, and refuses one
// that does it in another way than DuckDB. The caller closes the session.
func New(ctx context.Context, session *connect.Session, l *ingest.Loader, local Local, opt Options) (*Engine, error) {
	e := &Engine{Loader: l, session: session, local: local, opt: opt}
	for _, setting := range settings() {
		if err := session.Exec(ctx, setting); err != nil {
			return nil, err
		}
	}
	return e, e.probe(ctx)
}

// settings make Spark read files as DuckDB does, whatever the server is set up for.
func settings() []string {
	return []string{
		"SET spark.sql.session.timeZone = UTC",
		"SET spark.sql.parquet.binaryAsString = true",
		"SET spark.sql.parquet.mergeSchema = false",
		"SET spark.sql.parquet.datetimeRebaseModeInRead = CORRECTED",
		"SET spark.sql.files.ignoreCorruptFiles = false",
		"SET spark.sql.files.ignoreMissingFiles = false",
		"SET spark.sql.caseSensitive = false",
	}
}

// Build reads one month of usage and writes its facts.
func (e *Engine) Build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	parts, err := e.plan(job.Files)
	if err != nil {
		return nil, err
	}
	if err := tally.Drop(ctx, e.Loader); err != nil {
		return nil, err
	}
	doubts, err := e.local.CheckDeliveries(ctx, job.Month, job.Files)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := e.group(ctx, parts); err != nil {
		return nil, e.explain(ctx, err, job.Files)
	}
	e.Log.Debug("Spark grouped the usage of a month", "month", job.Month.String(), "server", e.session.Where(), "elapsed", time.Since(begun))
	if err := ingest.Unchanged(ctx, job.Files); err != nil {
		return nil, err
	}
	if err := tally.Classify(ctx, e.Loader, job.Month); err != nil {
		return nil, err
	}
	if err := tally.Total(ctx, e.Loader); err != nil {
		return nil, err
	}
	f, err := tally.Describe(ctx, e.Loader, job.Month, job.Files, doubts)
	if err != nil {
		return nil, err
	}
	if err := tally.Write(ctx, e.Loader, job.Path); err != nil {
		return nil, err
	}
	return f, tally.Drop(ctx, e.Loader)
}

// Rejected names rows of a month that are bad data, up to three a file and reason. The files are read on this machine.
func (e *Engine) Rejected(ctx context.Context, files []exports.File) ([]exports.Problem, error) {
	return e.local.Rejected(ctx, files)
}

// plan decides how Spark reads the files of a month.
func (e *Engine) plan(files []exports.File) ([]part, error) {
	return planner{dialect: e.Dialect}.parts(files)
}

// explain finds the file at fault when Spark cannot read one: its own error does not name it to us. A file is read again on this machine.
func (e *Engine) explain(ctx context.Context, err error, files []exports.File) error {
	var statement *connect.Error
	var unseen *UnseenError
	switch {
	case ctx.Err() != nil:
		return err
	case errors.As(err, &unseen):
		if changed := ingest.Unchanged(ctx, files); changed != nil {
			return changed
		}
		return err
	case !errors.As(err, &statement):
		return err
	}
	return e.ExplainUsage(ctx, err, files)
}
