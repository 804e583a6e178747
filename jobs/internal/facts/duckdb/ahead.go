package duckdb

import (
	"context"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"sync"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/tally"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// What is built ahead: months that one CPU reads in a fraction of a second. The engine reads a larger one with all CPUs, and needs the memory for it.
const (
	aheadRows  = 50_000
	aheadBytes = 16 << 20
)

// Ahead builds planned months of few rows in engines of its own, while the engine builds or measures another month. What it cannot build it leaves: the
// engine then builds that month when it is asked for, and says what is wrong. A file that spoils an engine spoils none that is used for anything else.
type Ahead struct {
	opt     ingest.Options // of its engines
	workers int
	dir     string          // where it puts what it builds
	running context.Context //nolint:containedctx // of what is built ahead, which outlives the call that begins it
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu     sync.Mutex
	wanted []facts.Job // not begun, in the order in which they are built
	begun  map[scoring.Month]*early
	busy   int              // workers
	idle   []*ingest.Loader // engines that nobody uses
}

// early is a month that was begun ahead; the rest is known once done is closed.
type early struct {
	job   facts.Job
	done  chan struct{}
	dir   string
	log   []func()
	facts *snapshot.Facts // nil where it could not be built
}

// NewAhead returns one that has so many engines, each opened by opt. What they build lies in the temporary folder of main. It works until ctx ends, or the
// caller closes it, which is before main.
func NewAhead(ctx context.Context, main *ingest.Loader, opt ingest.Options, workers int) (*Ahead, error) {
	a := &Ahead{opt: opt, workers: workers, begun: map[scoring.Month]*early{}}
	var err error
	if a.dir, err = main.DB.Folder(); err != nil {
		return nil, err
	}
	a.opt.Directories = append(slices.Clip(opt.Directories), a.dir)
	a.running, a.stop = context.WithCancel(ctx)
	return a, nil
}

// Engine returns an engine over a loader with the same rules and partners. It takes from here what was built.
func (a *Ahead) Engine(l *ingest.Loader) *Engine { return &Engine{Loader: l, ahead: a} }

// Plan begins to build ahead: of the months that are asked for now, the last one first, since the engine begins with the first; then those that are
// asked for later.
func (a *Ahead) Plan(now, later []facts.Job) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wanted = nil
	for _, job := range slices.Backward(now[min(1, len(now)):]) {
		a.want(job)
	}
	for _, job := range later {
		a.want(job)
	}
	for ; a.busy < min(a.workers, len(a.wanted)); a.busy++ {
		a.work.Go(a.build)
	}
}

// want adds a month unless it is begun, or not one to be built ahead.
func (a *Ahead) want(job facts.Job) {
	var bytes int64
	for _, f := range job.Files {
		bytes += f.Info.Size
		if f.Many {
			return // it would be read once for each of its months
		}
	}
	if a.begun[job.Month] == nil && tally.RowsOf(job.Files) <= aheadRows && bytes <= aheadBytes {
		a.wanted = append(a.wanted, job)
	}
}

// build builds what is wanted, one month after another, in an engine that ends with the first month that fails.
func (a *Ahead) build() {
	l := a.idleEngine()
	for e := a.next(l); e != nil; e = a.next(l) {
		var err error
		if l == nil {
			l, err = ingest.Open(a.running, a.opt)
		}
		if err == nil {
			err = a.one(e, l)
		}
		close(e.done)
		if err != nil && l != nil {
			_ = l.Close() // it may be spoiled
			l = nil
		}
	}
}

// idleEngine returns an engine that is open and unused, or nil.
func (a *Ahead) idleEngine() (l *ingest.Loader) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.idle); n > 0 {
		l, a.idle = a.idle[n-1], a.idle[:n-1]
	}
	return l
}

// next begins the next month. When none is left it returns nil, and keeps the engine of the worker for later.
func (a *Ahead) next(l *ingest.Loader) *early {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.wanted) == 0 || a.running.Err() != nil {
		if a.busy--; l != nil {
			a.idle = append(a.idle, l)
		}
		return nil
	}
	e := &early{job: a.wanted[0], done: make(chan struct{}), dir: filepath.Join(a.dir, a.wanted[0].Month.String())}
	a.wanted = a.wanted[1:]
	a.begun[e.job.Month] = e
	return e
}

// one builds a month. Its log is held back until the month is asked for, so that a run says the same in the same order however fast it is built.
func (a *Ahead) one(e *early, l *ingest.Loader) (err error) {
	if err := warehouse.MakeFolder(e.dir); err != nil {
		return err
	}
	l.Log = slog.New(heldLog{to: a.opt.Log.Handler(), records: &e.log})
	job := e.job
	job.Path = func(file string) string { return filepath.Join(e.dir, file) }
	e.facts, err = New(l).build(a.running, job)
	return err
}

// take hands over a month that was begun, once it is built; nil where the engine must build it.
func (a *Ahead) take(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	e := a.claim(job.Month)
	if e == nil {
		return nil, nil
	}
	select {
	case <-e.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { _ = warehouse.RemoveFolder(e.dir) }() // it goes with the warehouse at the latest
	if e.facts == nil || !sameFiles(e.job.Files, job.Files) || ingest.Unchanged(ctx, job.Files) != nil {
		return nil, nil
	}
	for _, name := range []string{snapshot.FactsConsumption, snapshot.FactsCustomers, snapshot.FactsServices} {
		if err := warehouse.CopyFile(filepath.Join(e.dir, name), job.Path(name)); err != nil {
			return nil, err
		}
	}
	for _, say := range e.log {
		say()
	}
	return e.facts, nil
}

// claim takes a month off the list of those to be built ahead; nil where it was not begun.
func (a *Ahead) claim(m scoring.Month) *early {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wanted = slices.DeleteFunc(a.wanted, func(job facts.Job) bool { return job.Month == m })
	e := a.begun[m]
	delete(a.begun, m)
	return e
}

// sameFiles reports whether two lists are the same files in the same order, with the same bytes, read in the same way.
func sameFiles(a, b []exports.File) bool {
	return slices.EqualFunc(a, b, func(a, b exports.File) bool { return a.Rel == b.Rel && a.Info.Version == b.Info.Version }) &&
		reflect.DeepEqual(exports.Identities(a), exports.Identities(b))
}

// Close ends what is being built, and the engines.
func (a *Ahead) Close() {
	a.stop()
	a.work.Wait()
	for l := a.idleEngine(); l != nil; l = a.idleEngine() {
		_ = l.Close() // its files are swept up by the next run at the latest
	}
}

// heldLog holds records back.
type heldLog struct {
	to      slog.Handler
	records *[]func()
}

// Enabled is that of the log behind.
func (h heldLog) Enabled(ctx context.Context, level slog.Level) bool { return h.to.Enabled(ctx, level) }

// Handle holds a record back.
func (h heldLog) Handle(ctx context.Context, r slog.Record) error {
	*h.records = append(*h.records, func() { _ = h.to.Handle(context.WithoutCancel(ctx), r) })
	return nil
}

// WithAttrs adds attributes to what is held back from here on.
func (h heldLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return heldLog{h.to.WithAttrs(attrs), h.records}
}

// WithGroup opens a group in what is held back from here on.
func (h heldLog) WithGroup(name string) slog.Handler { return heldLog{h.to.WithGroup(name), h.records} }
