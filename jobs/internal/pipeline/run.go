package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// run scores one month.
type run struct {
	opt     Options
	exports string // the folder of the inputs, its symlinks resolved
	store   *snapshot.Store
	db      *warehouse.DB
	in      *inputs
	log     *slog.Logger
	inOrder bool // the engine takes rows of text in their order and numbers them

	engine      string
	partners    map[string]string // location id → account by the partners file; nil without one
	facts       []*snapshot.Facts // of in.months
	fingerprint string
	started     time.Time
	prepared    time.Duration // how long it took to find and check the inputs

	dates map[string]dateReading // how dates with slashes are read, by file
	// unclear are the reasons to be provisional that the files of the usage month being read give.
	unclear []string
	// doubts are the reasons to be provisional that only rows show, of certifications and of ids; left are those of tracks, which concern some
	// partners only. Those of usage stand in the facts.
	doubts []string
	left   []string

	slices monthSlices // of usage files that hold many months

	built, reused int
	rowsRead      int64
}

// Outcome says what a run did to one month.
type Outcome struct {
	Month       scoring.Month
	Changed     bool // false: what was published already is what the inputs give
	FactsBuilt  int
	FactsReused int
	RowsRead    int64 // usage rows of the months whose facts were built
	Provisional []string
}

// Score scores the month m and publishes its snapshot.
func Score(ctx context.Context, opt Options, m scoring.Month) (out *Outcome, err error) {
	s, err := openSession(ctx, opt)
	if err != nil {
		return nil, err
	}
	r, err := s.prepareOrExplain(ctx, m)
	if err != nil {
		return nil, err
	}
	release, err := s.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	return r.scoreMonth(ctx)
}

// scoreMonth does the work under the lock.
func (r *run) scoreMonth(ctx context.Context) (out *Outcome, err error) {
	begun := time.Now()
	r.opt.Progress.Done(monitor.Step{Name: monitor.StepInputs, Month: r.in.month, Rows: r.in.rows(), Elapsed: r.prepared})
	if nothingToDo, err := r.nothingToDo(ctx); err != nil || nothingToDo {
		if err := errors.Join(err, r.rememberHashes(ctx)); err != nil {
			return nil, err
		}
		r.opt.Progress.Done(monitor.Step{Name: monitor.StepPublish, Month: r.in.month, Idle: true, Elapsed: time.Since(begun)})
		man, err := r.store.Manifest(ctx, r.in.month)
		if err != nil {
			return nil, err
		}
		return &Outcome{Month: r.in.month, FactsReused: len(r.in.months), Provisional: man.Provisional}, nil
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
	if err := r.rememberHashes(ctx); err != nil {
		return nil, err
	}
	return &Outcome{Month: r.in.month, Changed: changed, FactsBuilt: r.built, FactsReused: r.reused, RowsRead: r.rowsRead,
		Provisional: r.provisional()}, nil
}

// provisional lists why the score is provisional: what is missing, then what usage rows leave open, then certifications and tracks.
// It is complete once the month is measured.
func (r *run) provisional() []string {
	reasons := slices.Clone(r.in.provisional)
	for _, f := range r.facts {
		reasons = append(reasons, f.Provisional...)
	}
	return slices.Concat(reasons, r.doubts, r.left)
}

// upToDate reports whether the published month was made by this program, by the same engine, from the same inputs, rules and settings, and
// its files are still there.
func (r *run) upToDate(ctx context.Context) (bool, error) {
	return published(ctx, r.store, r.in.month, r.opt.ToolVersion, r.fingerprint)
}

// nothingToDo reports whether the month is published as it is, and what answers need besides is in the cache.
func (r *run) nothingToDo(ctx context.Context) (bool, error) {
	upToDate, err := r.upToDate(ctx)
	if err != nil || !upToDate {
		return false, err
	}
	return r.cached(ctx)
}

// open starts the engine for this month and loads what is the same for all usage months.
func (r *run) open(ctx context.Context) error {
	db, err := warehouse.Open(ctx, r.engineOptions())
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

// engineOptions limit the engine: it reaches the exports, the snapshots where the run has any, and its temporary files, and nothing else.
func (r *run) engineOptions() warehouse.Options {
	limits := warehouse.Options{
		Limits: r.opt.Limits, Directories: []string{r.exports}, InOrder: r.inOrder,
	}
	limits.MaxTemp = r.maxTemp()
	if r.store != nil {
		limits.Directories = append(limits.Directories, r.store.Folders()...)
	}
	return limits
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
	r.warnOfUnknownLabels()
	r.tellSubstituted()
	return nil
}

// factsOf returns the facts of a month, from the cache where they are as they would be built now.
func (r *run) factsOf(ctx context.Context, m scoring.Month) (*snapshot.Facts, error) {
	fingerprint, err := r.factsFingerprint(m)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	f, err := readFacts(ctx, r.store, m, fingerprint, r.partners)
	if err != nil {
		return nil, err
	}
	if f != nil {
		whole, err := r.store.Cache().IntactFacts(ctx, f)
		if err != nil {
			return nil, err
		}
		if whole {
			r.reused++
			r.opt.Progress.Done(factsStep(f, true, begun))
			return f, nil
		}
		r.log.Warn("facts are damaged and rebuilt", "month", m.String())
	}
	if f, err = r.buildFacts(ctx, m, fingerprint); err != nil {
		return nil, err
	}
	r.built++
	r.rowsRead += f.Rows
	r.opt.Progress.Done(factsStep(f, false, begun))
	return f, nil
}

// factsStep is the facts of a month as a step of a run.
func factsStep(f *snapshot.Facts, reused bool, begun time.Time) monitor.Step {
	s := monitor.Step{Name: monitor.StepFacts, Month: f.Month, Rows: f.Rows, Idle: reused, Rejected: map[string]int64{}, Elapsed: time.Since(begun)}
	for _, e := range f.Exclusions {
		if e.Class == "data" {
			s.Rejected[e.Reason] += e.Rows
		}
	}
	return s
}
