// Package spark builds facts on a Spark Connect server: Spark groups the rows of a month by their labels as the files spell them, and DuckDB does with
// these few rows what it does with all rows of the files. So every rule stands once, and the facts are those of facts/duckdb, byte for byte.
// What is not proven to be equal is refused with a *NotEqualError.
package spark

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/spark/connect"
	"partnerscore/jobs/internal/facts/tally"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	statements "partnerscore/sql"
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
	// MaxResult is how many bytes the grouped rows of all months at once may take in the temporary folder.
	MaxResult int64
	// SliceRows is about how many rows are grouped at once; 0: a number that suits servers as they are set up by default.
	SliceRows int64
}

// Engine builds facts on a server of Spark. It is for one goroutine at a time, but works on several months at once.
type Engine struct {
	*ingest.Loader
	server *Server
	local  Local
	opt    Options

	planned []facts.Job               // those that will be asked for, in that order
	begun   map[scoring.Month]*groups // in flight, or ready
	running context.Context           //nolint:containedctx // of the groups in flight, which outlive the call that begins them
	stop    context.CancelCauseFunc
}

// New returns an engine over a server and the rules and partners that a loader has. A server that was not asked before is asked to group odd values
// first, and is refused where it does that in another way than DuckDB. The caller closes the engine before the loader.
func New(ctx context.Context, server *Server, l *ingest.Loader, local Local, opt Options) (*Engine, error) {
	e := &Engine{Loader: l, server: server, local: local, opt: opt, begun: map[scoring.Month]*groups{}}
	e.running, e.stop = context.WithCancelCause(ctx)
	if server.probed {
		return e, nil
	}
	if err := e.probe(ctx); err != nil {
		e.Close()
		return nil, err
	}
	server.probed = true
	return e, nil
}

// Plan says which months Build will be asked for, in that order: Spark works on the next ones while one is tallied here.
func (e *Engine) Plan(now, later []facts.Job) { e.planned = slices.Concat(now, later) }

// Close stops what is in flight. Its sessions are free afterwards.
func (e *Engine) Close() {
	e.stop(nil)
	for _, g := range e.begun {
		<-g.done
	}
}

// Build reads one month of usage and writes its facts.
func (e *Engine) Build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	if err := tally.Drop(ctx, e.Loader); err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := e.begin(job); err != nil {
		return nil, err
	}
	if err := e.beginPlanned(job.Month); err != nil {
		return nil, err
	}
	doubts, err := e.checkDeliveries(ctx, job)
	if err != nil {
		return nil, err
	}
	files, err := e.take(ctx, job.Month)
	if err != nil {
		return nil, e.explain(ctx, err, job.Files)
	}
	e.Log.Debug("Spark grouped the usage of a month", "month", job.Month.String(), "server", e.server.Where(), "elapsed_seconds", time.Since(begun).Seconds())
	if err := ingest.Unchanged(ctx, job.Files); err != nil {
		return nil, err
	}
	if err := e.ViewGrouped(ctx, files); err != nil {
		return nil, err
	}
	f, err := e.tally(ctx, job, doubts)
	if err != nil {
		return nil, err
	}
	return f, errors.Join(tally.Drop(ctx, e.Loader), e.forget(job.Month))
}

// checkDeliveries looks for the same consumption in several files, which are fetched for it. One file needs no look, and is not fetched.
func (e *Engine) checkDeliveries(ctx context.Context, job facts.Job) (doubts []string, err error) {
	if len(job.Files) < 2 {
		return nil, nil
	}
	if err := exports.Fetch(ctx, job.Files); err != nil {
		return nil, err
	}
	defer exports.Forget(job.Files)
	if doubts, err = e.local.CheckDeliveries(ctx, job.Month, job.Files); err != nil {
		return nil, e.ExplainUsage(ctx, err, job.Files)
	}
	return doubts, nil
}

// tally makes facts of the grouped rows that are visible.
func (e *Engine) tally(ctx context.Context, job facts.Job, doubts []string) (*snapshot.Facts, error) {
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
	if f.BuiltBy, err = e.builtBy(); err != nil {
		return nil, err
	}
	return f, tally.Write(ctx, e.Loader, job.Path)
}

// Rejected names rows of a month that are bad data, up to three a file and reason. The files are read on this machine.
func (e *Engine) Rejected(ctx context.Context, files []exports.File) ([]exports.Problem, error) {
	return e.local.Rejected(ctx, files)
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
	case !errors.As(err, &statement), connect.TooLarge(err), strings.HasPrefix(statement.Class, "INVALID_HANDLE"):
		return err
	}
	if missing := exports.Fetch(ctx, files); missing != nil {
		return errors.Join(err, missing)
	}
	defer exports.Forget(files)
	return e.ExplainUsage(ctx, err, files)
}

func (e *Engine) builtBy() (*snapshot.BuiltBy, error) {
	how, err := Fingerprint()
	version, _, _ := strings.Cut(e.server.Version(), " ")
	return &snapshot.BuiltBy{Engine: snapshot.Spark, Version: version, Statements: how}, err
}

// Fingerprint identifies how Spark groups rows: the statements that it runs and those that read what it returns, with what is put together for
// columns of each type. It changes with the program, not with exports.
func Fingerprint() (string, error) {
	text, err := statements.Fingerprint("spark", "grouped")
	if err != nil {
		return "", err
	}
	var assembled []string
	for _, kind := range []schema.Kind{schema.Text, schema.Int, schema.Decimal, schema.Double, schema.Date, schema.Timestamp} {
		c := exports.File{Mapping: map[string]schema.Column{}}
		c.Month = scoring.NewMonth(2024, time.June)
		for _, name := range schema.Canonical(schema.Usage) {
			c.Mapping[name] = schema.Column{Name: name, Kind: kind}
		}
		p := part{files: []exports.File{c}}
		assembled = append(assembled, p.openSQL(0, ""), keysSQL([]part{p}), p.rowsSQL(0), slice{0, 2}.sql(), fmt.Sprint(p.grouped("").Mapping))
	}
	return exports.Digest(text, assembled, settings())
}
