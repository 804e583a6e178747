// Package engines opens the engine that builds facts: DuckDB, Spark, or Spark for the months for which it is proven equal.
package engines

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/facts/spark"
	"partnerscore/jobs/internal/facts/spark/connect"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
)

// Kind says which engine builds facts.
type Kind string

// The kinds of engines. Auto is Spark, and DuckDB for months for which it is not proven that Spark gives the same facts.
const (
	DuckDB Kind = snapshot.DuckDB
	Spark  Kind = spark.Name
	Auto   Kind = "auto"
)

// Settings choose an engine. The zero value is DuckDB.
type Settings struct {
	Kind    Kind
	Remote  connect.Remote // the server of Spark
	Exports string         // root of the exports as Spark sees it
	Months  int            // how many months Spark works on at once, at least 1
}

// ParseRemote reads the address of a server of Spark Connect; token is "" without one.
func ParseRemote(address, token string) (connect.Remote, error) {
	return connect.ParseRemote(address, token)
}

// Asks reports whether a server is asked to build facts.
func (s Settings) Asks() bool { return s.Kind == Spark || s.Kind == Auto }

// Statements identifies what a server is asked, which facts say that it built.
func Statements() (string, error) { return spark.Fingerprint() }

// Run is the engines of one run. It connects to a server once, when facts must be built. It is for one goroutine at a time.
type Run struct {
	settings Settings
	server   *spark.Server // nil before it is needed
}

// New returns the engines that settings choose. The caller closes them.
func New(s Settings) *Run { return &Run{settings: s} }

// Engine builds facts over a loader until it is closed.
type Engine interface {
	facts.Engine
	Close()
}

// Over returns the engine over a loader, which must stay open until the engine is closed.
func (r *Run) Over(l *ingest.Loader) Engine {
	here := duckdb.New(l)
	if !r.settings.Asks() {
		return local{here}
	}
	return &remote{Engine: here, run: r, loader: l}
}

// Close releases the server.
func (r *Run) Close(ctx context.Context) error {
	if r.server == nil {
		return nil
	}
	return r.server.Close(ctx)
}

// connected returns the server, which is connected to by the first call.
func (r *Run) connected(ctx context.Context) (_ *spark.Server, err error) {
	if r.server == nil {
		r.server, err = spark.Connect(ctx, r.settings.Remote, max(1, r.settings.Months))
	}
	return r.server, err
}

// local is DuckDB, which has nothing to close beside its loader.
type local struct{ *duckdb.Engine }

// Close does nothing.
func (local) Close() {}

// remote is an engine on a server, which is asked when the first facts are built.
type remote struct {
	*duckdb.Engine
	run     *Run
	loader  *ingest.Loader
	spark   *spark.Engine // nil before that
	planned []facts.Job
}

// Plan says which months will be asked for.
func (e *remote) Plan(jobs []facts.Job) {
	e.planned = jobs
	if e.spark != nil {
		e.spark.Plan(jobs)
	}
}

// Build has the server build the facts of a month. With Auto, DuckDB builds those that are not proven equal.
func (e *remote) Build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	f, err := e.ask(ctx, job)
	var notEqual *spark.NotEqualError
	var disagrees *spark.DisagreesError
	if e.run.settings.Kind != Auto || !errors.As(err, &notEqual) && !errors.As(err, &disagrees) {
		return f, err
	}
	e.loader.Log.Warn("DuckDB builds the facts of this month", "month", job.Month.String(), "why", err.Error())
	return e.Engine.Build(ctx, job)
}

func (e *remote) ask(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	if e.spark == nil {
		if err := spark.Check(e.loader, job.Files); err != nil { // before a server is asked: it reads rows of usage, and no others
			return nil, err
		}
		server, err := e.run.connected(ctx)
		if err != nil {
			return nil, err
		}
		e.spark, err = spark.New(ctx, server, e.loader, e.Engine, spark.Options{Exports: e.run.settings.Exports, MaxResult: e.loader.MaxTemp()})
		if err != nil {
			return nil, err
		}
		e.spark.Plan(e.planned)
	}
	return e.spark.Build(ctx, job)
}

// Close stops what the server still works on.
func (e *remote) Close() {
	if e.spark != nil {
		e.spark.Close()
	}
}
