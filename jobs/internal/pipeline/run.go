package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// run scores one month.
type run struct {
	opt   Options
	store *snapshot.Store
	db    *warehouse.DB
	in    *inputs
	log   *slog.Logger

	engine      string
	partners    map[string]string // location id → account by the partners file; nil without one
	facts       []*facts          // of in.months
	fingerprint string
	started     time.Time

	built, reused int
}

// Outcome says what a run did to one month.
type Outcome struct {
	Month       scoring.Month
	Changed     bool // false: what was published already is what the inputs give
	FactsBuilt  int
	FactsReused int
}

// Score scores the month m and publishes its snapshot.
func Score(ctx context.Context, opt Options, m scoring.Month) (out *Outcome, err error) {
	store, err := snapshot.Open(opt.Snapshots)
	if err != nil {
		return nil, err
	}
	r := &run{opt: opt, store: store, log: opt.Log, started: opt.Now()}
	if err := r.findAndCheck(ctx, m); err != nil {
		return nil, err
	}
	release, err := store.Lock(ctx, opt.LockWait, opt.RunID)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := recoverStore(ctx, store, opt.Log); err != nil {
		return nil, err
	}
	return r.scoreMonth(ctx)
}

// recoverStore finishes what an earlier run left unfinished.
func recoverStore(ctx context.Context, store *snapshot.Store, log *slog.Logger) error {
	finished, err := store.Recover(ctx)
	for _, m := range finished {
		log.Info("finished the publish that an earlier run began", "month", m.String())
	}
	return err
}

// findAndCheck lists and checks the inputs; nothing is written yet.
func (r *run) findAndCheck(ctx context.Context, m scoring.Month) error {
	cat, err := exports.Find(r.opt.Exports, r.opt.Patterns)
	if err != nil {
		return err
	}
	for _, ignored := range cat.Ignored {
		r.log.Warn("not an input, ignored", "what", ignored)
	}
	in, files, err := r.opt.findInputs(cat, m)
	if err != nil {
		return err
	}
	known := readHashes(r.store.Root())
	if r.opt.Rehash {
		known = hashes{}
	}
	if err := in.check(ctx, files, r.opt.checkOptions(in.rules, known.known)); err != nil {
		return err
	}
	for _, c := range in.all() {
		for _, d := range c.Duplicates {
			r.log.Warn("the same file twice, counted once", "file", d.Rel, "same as", c.Rel)
		}
	}
	r.in = in
	r.fingerprint, err = in.fingerprint(r.opt.settings(m))
	return err
}

// scoreMonth does the work under the lock.
func (r *run) scoreMonth(ctx context.Context) (out *Outcome, err error) {
	if upToDate, err := r.upToDate(); err != nil || upToDate {
		return &Outcome{Month: r.in.month, FactsReused: len(r.in.months)}, err
	}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.db.Close()) }()
	if err := r.prepareFacts(ctx); err != nil {
		return nil, err
	}
	changed, err := r.publishMonth(ctx)
	if err != nil {
		return nil, err
	}
	if err := writeHashes(r.store.Root(), r.in.all()); err != nil {
		return nil, err
	}
	return &Outcome{Month: r.in.month, Changed: changed, FactsBuilt: r.built, FactsReused: r.reused}, nil
}

// upToDate reports whether the published month was made by this program, by the same engine, from the same inputs, rules and settings, and
// its files are still there. Then there is nothing to do.
func (r *run) upToDate() (bool, error) {
	return Published(r.store, r.in.month, r.opt.ToolVersion, r.fingerprint)
}

// open starts the engine for this month: it reaches the exports, the snapshots and nothing else.
func (r *run) open(ctx context.Context) error {
	db, err := warehouse.Open(ctx, warehouse.Options{
		Threads: r.opt.Threads, MemoryLimit: r.opt.MemoryLimit, TempDir: r.opt.TempDir, MaxTemp: r.opt.MaxTemp,
		Directories: []string{r.opt.Exports, r.store.Root()},
	})
	if err != nil {
		return err
	}
	r.db = db
	if r.engine, err = db.Version(ctx); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := r.loadRules(ctx); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := r.loadPartners(ctx); err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

// prepareFacts makes sure that the facts of every month of the window are in the cache, and within the limit of bad data.
func (r *run) prepareFacts(ctx context.Context) error {
	for i, m := range r.in.months {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		r.opt.Progress.Step(i, len(r.in.months)+1, "facts of "+m.String())
		f, err := r.factsOf(ctx, m)
		if err != nil {
			return err
		}
		if err := r.checkRejected(ctx, f); err != nil {
			return err
		}
		r.facts = append(r.facts, f)
	}
	return nil
}

// factsOf returns the facts of a month, from the cache where they are as they would be built now.
func (r *run) factsOf(ctx context.Context, m scoring.Month) (*facts, error) {
	fingerprint, err := factsFingerprint(r.in.usage[m], r.in.rules, r.engine)
	if err != nil {
		return nil, err
	}
	dir := r.store.FactsDir(m)
	f, err := readFacts(dir, fingerprint, r.partners)
	if err != nil {
		return nil, err
	}
	if f != nil {
		intact, err := f.intact(ctx, dir)
		if err != nil {
			return nil, err
		}
		if intact {
			r.reused++
			return f, nil
		}
		r.log.Warn("facts are damaged and built anew", "month", m.String(), "path", dir)
	}
	begun := time.Now()
	if f, err = r.buildFacts(ctx, m, fingerprint); err != nil {
		return nil, err
	}
	r.built++
	r.log.Info("facts built", "month", m.String(), "rows", f.Rows, "rejected", f.rejected(), "elapsed", elapsed(begun))
	return f, nil
}

// elapsed is the time since begun for a log.
func elapsed(begun time.Time) string {
	return fmt.Sprint(time.Since(begun).Round(time.Millisecond))
}
