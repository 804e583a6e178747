package months

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/engines"
	"partnerscore/jobs/internal/facts/engines/choice"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Options say what to score and where to publish it.
type Options struct {
	inputs.Options
	Engine      choice.Settings
	Snapshots   string        // address of the snapshots
	MaxRejected float64       // share of a month's rows that may be bad data
	LockWait    time.Duration // how long to wait for another run
	Delta       bool          // the published tables are Delta tables, too

	ToolVersion string
	RunID       string
	Progress    monitor.Progress
}

// run is what the months of one run share.
type run struct {
	opt     Options
	store   *snapshot.Store
	exports *inputs.Folder
	engines *engines.Run
	later   func(context.Context, scoring.Month) map[scoring.Month][]exports.File // usage of the months scored after one; nil: none is known
}

// open lists the exports. Nothing is written.
func open(ctx context.Context, opt Options) (*run, error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return nil, err
	}
	folder, err := inputs.Open(ctx, opt.Options, known(ctx, store, opt))
	if err != nil {
		return nil, err
	}
	return &run{opt: opt, store: store, exports: folder, engines: engines.New(opt.Engine)}, nil
}

// with is the same run under other options.
func (r *run) with(opt Options) *run {
	return &run{opt: opt, store: r.store, exports: r.exports.With(opt.Options), engines: r.engines, later: r.later}
}

// inputs finds and checks the inputs of a month, and says what the exports hold in place of what is missing.
func (r *run) inputs(ctx context.Context, m scoring.Month) (*inputs.Inputs, error) {
	in, err := r.exports.Month(ctx, m)
	return in, r.exports.Explain(ctx, err)
}

// lock makes this run the only writer, finishes what an earlier one left unfinished and sweeps up behind dead ones; release sweeps up behind
// this one.
func (r *run) lock(ctx context.Context) (release func() error, err error) {
	unlock, err := r.store.Lock(ctx, 0, r.opt.RunID)
	var held *snapshot.HeldError
	if errors.As(err, &held) && r.opt.LockWait > 0 {
		r.opt.Log.Info("another run holds the snapshots, waiting for its end", "holder", held.RunID, "at_most", r.opt.LockWait)
		unlock, err = r.store.Lock(ctx, r.opt.LockWait, r.opt.RunID)
	}
	if err != nil {
		return nil, err
	}
	release = func() error {
		r.store.SweepBehind(ctx)
		return unlock()
	}
	finished, err := r.store.Recover(ctx)
	for _, m := range finished {
		r.opt.Log.Info("finished the publish that an earlier run began", "month", m.String())
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	warehouse.SweepScratch(r.opt.TempDir)
	return release, nil
}

// lockToPublish also makes the Delta logs list what is published, where there are some or this run asks for them: it may have nothing to publish itself.
func lockToPublish(ctx context.Context, r *run) (release func() error, err error) {
	if release, err = r.lock(ctx); err != nil {
		return nil, err
	}
	if _, err := syncDelta(ctx, r, false); err != nil {
		return nil, errors.Join(err, release())
	}
	return release, nil
}

// syncDelta returns the tables whose Delta log it changed. With deep it looks at statistics, too.
func syncDelta(ctx context.Context, r *run, deep bool) (changed []string, err error) {
	changed, err = r.store.Delta().Sync(ctx, r.opt.Delta, deep, r.opt.Now(), r.opt.ToolVersion)
	if len(changed) > 0 {
		r.opt.Log.Info("brought the Delta logs up to date with the published months", "tables", strings.Join(changed, ", "))
	}
	return changed, err
}

// ingest is what an engine needs to read the inputs of a month.
func (r *run) ingest(in *inputs.Inputs) ingest.Options {
	opt := r.opt.Ingest(slices.Concat(in.Folders, r.store.Folders()), in.Rules)
	opt.ManyMonths, opt.Partners = in.ManyMonths(), in.Partners
	return opt
}

// cache finds the facts of a month's inputs as the engine of a loader would build them.
func (r *run) cache(in *inputs.Inputs, l *ingest.Loader) (facts.Cache, error) {
	cache, err := r.engines.Cache()
	cache.Store, cache.Inputs, cache.Version, cache.Accounts = r.store, in, l.Version, l.Accounts
	return cache, err
}

func (r *run) factsOptions() facts.Options {
	return facts.Options{MaxRejected: r.opt.MaxRejected, RunID: r.opt.RunID, Wait: r.opt.LockWait, Progress: r.opt.Progress, Log: r.opt.Log}
}

// source is what a month is measured from.
func (r *run) source(in *inputs.Inputs, l *ingest.Loader) measure.Source {
	return measure.Source{Loader: l, Inputs: in, Store: r.store, Library: r.opt.Library, PersonKey: r.opt.PersonKey,
		SkillsOn: r.opt.SkillsOn(in.Month), Log: r.opt.Log}
}

// upToDate reports whether a month is published as its inputs give it, and what answers need beside its tables is in the cache: facts of its usage
// months, and holdings, as this run would build them. Facts with more bad data than this run allows do not count: a score refuses them.
// It looks at names and sizes; a score reads facts again before it uses them.
func (r *run) upToDate(ctx context.Context, in *inputs.Inputs) (bool, error) {
	same, err := isPublished(ctx, r.store, in.Month, r.opt.ToolVersion, in.Fingerprint)
	if err != nil || !same {
		return false, err
	}
	h, err := r.store.Cache().Holdings(ctx, in.Month)
	if err != nil || h == nil || h.Fingerprint != in.Fingerprint {
		return false, err
	}
	man, err := r.store.Manifest(ctx, in.Month)
	if err != nil {
		return false, err
	}
	cache, err := r.engines.Cache()
	if err != nil {
		return false, err
	}
	cache.Store, cache.Inputs, cache.Version = r.store, in, man.EngineVersion // this run has not started its own engine yet
	for _, m := range in.Months {
		fingerprint, err := cache.Fingerprint(m)
		if err != nil {
			return false, err
		}
		f, err := r.store.Cache().Facts(ctx, m)
		if err != nil || f == nil || !cache.Fits(f, fingerprint) || facts.TooManyRejected(f, r.opt.MaxRejected) {
			return false, err
		}
	}
	return true, nil
}

// isPublished reports whether the snapshot of a month was made by this version of the program from the inputs that the fingerprint identifies, and
// its files still have the sizes they were published with. It opens the manifest only.
func isPublished(ctx context.Context, store *snapshot.Store, m scoring.Month, version, fingerprint string) (bool, error) {
	man, err := store.Manifest(ctx, m)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var damaged *snapshot.DamagedError
	if errors.As(err, &damaged) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if man.ToolVersion != version || man.InputsFingerprint != fingerprint {
		return false, nil
	}
	return store.Intact(ctx, man)
}

// keptHashes is the name under which the cache keeps them.
const keptHashes = "hashes"

// hashes are what earlier runs found out about input files, by path relative to the exports: a file that the file system says is unchanged
// is not read again to know its hash.
type hashes map[string]exports.Known

// known looks up what earlier runs found out; nothing for runs that read every file.
func known(ctx context.Context, store *snapshot.Store, opt Options) inputs.Known {
	all := hashes{}
	if !opt.Rehash {
		all = readHashes(ctx, store)
	}
	return func(f exports.Found) (exports.Known, bool) {
		k, ok := all[f.Rel]
		return k, ok
	}
}

// readHashes returns what is known; nothing where it is missing or unreadable, which costs time only.
func readHashes(ctx context.Context, store *snapshot.Store) hashes {
	known := hashes{}
	if !store.Cache().Kept(ctx, keptHashes, &known) {
		return hashes{}
	}
	return known
}

// keepHashes keeps what this run found out by reading files whole, so that the next one need not; nothing when it read none. The lock is held, so
// nobody else writes.
func (r *run) keepHashes(ctx context.Context, in *inputs.Inputs) error {
	all, read := in.All(), false
	known := readHashes(ctx, r.store)
	for _, c := range all {
		read = read || !c.Reused
		if k, ok := c.Known(); ok {
			known[c.Rel] = k
		}
	}
	if !read {
		return nil
	}
	if err := r.store.Cache().Keep(ctx, keptHashes, known); err != nil {
		return fmt.Errorf("remember hashes: %w", err)
	}
	return nil
}
