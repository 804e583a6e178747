// Package engines opens the engine that builds facts: DuckDB, Spark, or Spark for the months for which it is proven equal.
package engines

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/facts/engines/choice"
	"partnerscore/jobs/internal/facts/spark"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
)

// Run is the engines of one run. DuckDB is started once for all months of the same rules and partners, and a server connected to once, when facts must
// be built. It is for one goroutine at a time.
type Run struct {
	settings choice.Settings
	server   *spark.Server // nil before it is needed

	cache *facts.Cache // what is known of all months; nil before it is asked for

	key   string         // identifies what base was opened by
	base  *ingest.Loader // has the rules and partners of a month; nil before the first one
	ahead *duckdb.Ahead
}

// New returns the engines that settings choose. The caller closes them.
func New(s choice.Settings) *Run { return &Run{settings: s} }

// Cache returns a cache that knows the statements that define facts, and those that a server is asked, of which facts say that it built them. The rest
// is for the caller to fill in.
func (r *Run) Cache() (_ facts.Cache, err error) {
	if r.cache != nil {
		return *r.cache, nil
	}
	var c facts.Cache
	if c.Definition, err = facts.Definition(); err != nil {
		return c, err
	}
	if c.Statements, err = spark.Fingerprint(); err != nil {
		return c, err
	}
	r.cache = &c
	return c, nil
}

// Session is what reads the exports of one month, and the engine that builds facts over it.
type Session struct {
	*ingest.Loader
	Engine facts.Engine
	run    *Run
	ahead  bool
}

// Ahead reports whether months that will be asked for later may be built now.
func (s *Session) Ahead() bool { return s.ahead }

// fewRows is up to how many rows of its largest input a month is worked on with one thread: a second one costs more than it does, and is better used to
// build another month.
const fewRows = 50_000

// Each engine that builds months ahead has this part of the memory, and the engine of the run what is left. Where there is little, none does.
const (
	aheadShare  = 8
	aheadLeast  = 512 << 20
	aheadAtMost = 3 // such engines
)

// Open opens a session for inputs of which the largest has so many rows. Its errors about inputs are those of ingest.Open. The caller closes it before
// the next one is opened.
func (r *Run) Open(ctx context.Context, opt ingest.Options, rows int64) (*Session, error) {
	ahead := 0
	if rows <= fewRows {
		if opt.MemoryLimit >= aheadLeast && !r.settings.Asks() {
			ahead = max(0, min(opt.Threads-1, aheadAtMost))
		}
		opt.Threads = 1
	}
	if err := r.start(ctx, opt, ahead); err != nil {
		return nil, err
	}
	l, err := ingest.Beside(ctx, r.base)
	if err != nil {
		return nil, errors.Join(err, r.forget())
	}
	l.Log = opt.Log
	here := r.ahead.Engine(l)
	if !r.settings.Asks() {
		return &Session{l, here, r, ahead > 0}, nil
	}
	return &Session{l, &remote{Engine: here, run: r, loader: l}, r, false}, nil
}

// Beside returns a loader beside those of the sessions; nil where no session was opened, or none is good any more. The caller closes it.
func (r *Run) Beside(ctx context.Context) (*ingest.Loader, error) {
	if r.base == nil {
		return nil, nil
	}
	return ingest.Beside(ctx, r.base)
}

// CloseAfter closes a session after err and returns both errors. After an error nothing of the engine is used again: a broken file may have spoiled it.
func (s *Session) CloseAfter(err error) error {
	if server, ok := s.Engine.(*remote); ok {
		server.close()
	}
	closing := s.Loader.Close()
	if err == nil && closing == nil {
		return nil
	}
	return errors.Join(err, closing, s.run.forget())
}

// start makes sure that base has the rules and partners of opt, and that so many engines build months ahead.
func (r *Run) start(ctx context.Context, opt ingest.Options, ahead int) error {
	rules := ""
	if opt.Rules != nil {
		rules = opt.Rules.SHA256 + " " + opt.Rules.ID
	}
	key, err := exports.Digest(rules, exports.Identities(opt.Partners), opt.Dialect, opt.Limits, opt.Directories, opt.ManyMonths, ahead)
	if err != nil || r.base != nil && r.key == key {
		return err
	}
	if err := r.forget(); err != nil {
		return err
	}
	others := opt
	others.MemoryLimit /= aheadShare
	opt.MemoryLimit -= int64(ahead) * others.MemoryLimit
	if r.base, err = ingest.Open(ctx, opt); err != nil {
		return err
	}
	if r.ahead, err = duckdb.NewAhead(ctx, r.base, others, ahead); err != nil {
		err = errors.Join(err, r.base.Close())
		r.base = nil
		return err
	}
	r.key = key
	return nil
}

// forget closes DuckDB.
func (r *Run) forget() error {
	if r.base == nil {
		return nil
	}
	r.ahead.Close()
	err := r.base.Close()
	r.base = nil
	return err
}

// Close ends DuckDB and releases the server.
func (r *Run) Close(ctx context.Context) error {
	err := r.forget()
	if r.server != nil {
		err = errors.Join(err, r.server.Close(ctx))
	}
	return err
}

// connected returns the server, which is connected to by the first call.
func (r *Run) connected(ctx context.Context) (_ *spark.Server, err error) {
	if r.server == nil {
		r.server, err = spark.Connect(ctx, r.settings.Remote, max(1, r.settings.Months))
	}
	return r.server, err
}

// remote is an engine on a server, which is asked when the first facts are built.
type remote struct {
	*duckdb.Engine
	run    *Run
	loader *ingest.Loader
	spark  *spark.Engine // nil before that
	now    []facts.Job   // planned
	later  []facts.Job
}

// Plan says which months will be asked for.
func (e *remote) Plan(now, later []facts.Job) {
	e.now, e.later = now, later
	if e.spark != nil {
		e.spark.Plan(now, later)
	}
}

// Build has the server build the facts of a month. With Auto, DuckDB builds those that are not proven equal.
func (e *remote) Build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	f, err := e.ask(ctx, job)
	var notEqual *spark.NotEqualError
	var disagrees *spark.DisagreesError
	if e.run.settings.Kind != choice.Auto || !errors.As(err, &notEqual) && !errors.As(err, &disagrees) {
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
		e.spark.Plan(e.now, e.later)
	}
	return e.spark.Build(ctx, job)
}

// close stops what the server still works on.
func (e *remote) close() {
	if e.spark != nil {
		e.spark.Close()
	}
}
