package pipeline

import (
	"context"
	"errors"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// session is what the months of one run share: the exports as they were listed at its start, and what was found out about them.
type session struct {
	opt   Options
	store *snapshot.Store
	cat   *exports.Catalog
	known hashes
	// checked holds the files of a table and month that passed: the fourteen months of one score are mostly those of the next.
	checked map[checkedSet][]exports.Checked
}

// checkedSet names files that are checked together.
type checkedSet struct {
	table         exports.Table
	month         scoring.Month
	offerOptional bool // the one setting that differs between rulebooks
	profile       exports.Profile
}

// openSession lists the exports. Nothing is written.
func openSession(opt Options) (*session, error) {
	store, err := snapshot.Open(opt.Snapshots)
	if err != nil {
		return nil, err
	}
	cat, err := exports.Find(opt.Exports, opt.Patterns)
	if err != nil {
		return nil, err
	}
	for _, doubtful := range opt.checkOptions(&scoring.Rulebook{}, nil).Doubtful() {
		opt.Log.Warn("the config names a wrong column", "what", doubtful)
	}
	for _, ignored := range cat.Ignored {
		opt.Log.Warn("not an input, ignored", "what", ignored)
	}
	for _, warning := range cat.Warnings {
		opt.Log.Warn("an input may not be what was delivered", "what", warning)
	}
	s := &session{opt: opt, store: store, cat: cat, known: hashes{}, checked: map[checkedSet][]exports.Checked{}}
	if !opt.Rehash {
		s.known = readHashes(store.Root())
	}
	return s, nil
}

// prepare finds and checks the inputs of a month; nothing is written yet.
func (s *session) prepare(ctx context.Context, m scoring.Month) (*run, error) {
	begun := time.Now()
	if err := s.opt.readyBy(m); err != nil {
		return nil, err
	}
	in, files, err := s.opt.findInputs(s.cat, m)
	if err != nil {
		return nil, err
	}
	checked, err := s.check(ctx, files, in.rules)
	if err != nil {
		return nil, err
	}
	in.sort(checked)
	in.judgeColumns(s.opt)
	if err := s.opt.notEmpty(in); err != nil {
		return nil, err
	}
	if err := in.bigEnough(s.opt.Ready.Share); err != nil {
		return nil, err
	}
	r := &run{prepared: time.Since(begun), opt: s.opt, exports: s.cat.Root, store: s.store, log: s.opt.Log, started: s.opt.Now(), in: in}
	r.fingerprint, err = in.fingerprint(s.opt.settings(m))
	return r, err
}

// check checks the files that this session has not checked before, all of them at once, so that all problems come together.
func (s *session) check(ctx context.Context, files []exports.File, rules *scoring.Rulebook) ([]exports.Checked, error) {
	options := s.opt.checkOptions(rules, s.known.known)
	set := func(f exports.File) checkedSet {
		return checkedSet{f.Table, f.Month, options.OfferOptional, options.Profile}
	}
	var open []exports.File
	for _, f := range files {
		if _, done := s.checked[set(f)]; !done {
			open = append(open, f)
		}
	}
	checked, err := exports.Check(ctx, open, options)
	if err != nil {
		return nil, err
	}
	for _, c := range checked {
		s.checked[set(c.File)] = append(s.checked[set(c.File)], c)
		for _, d := range c.Duplicates {
			s.opt.Log.Warn("the same file twice, counted once", "file", d.Rel, "same_as", c.Rel)
		}
	}
	var all []exports.Checked
	seen := map[checkedSet]bool{}
	for _, f := range files {
		if !seen[set(f)] {
			seen[set(f)] = true
			all = append(all, s.checked[set(f)]...)
		}
	}
	return all, nil
}

// lock makes this run the only writer, finishes what an earlier one left unfinished and sweeps up behind dead ones; release sweeps up behind
// this one.
func (s *session) lock(ctx context.Context) (release func() error, err error) {
	unlock, err := s.store.Lock(ctx, 0, s.opt.RunID)
	var held *snapshot.HeldError
	if errors.As(err, &held) && s.opt.LockWait > 0 {
		s.opt.Log.Info("another run holds the snapshots, waiting for its end", "holder", held.RunID, "at_most", s.opt.LockWait)
		unlock, err = s.store.Lock(ctx, s.opt.LockWait, s.opt.RunID)
	}
	if err != nil {
		return nil, err
	}
	release = func() error {
		s.store.SweepBehind()
		return unlock()
	}
	finished, err := s.store.Recover(ctx)
	for _, m := range finished {
		s.opt.Log.Info("finished the publish that an earlier run began", "month", m.String())
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	warehouse.SweepScratch(s.opt.TempDir)
	return release, nil
}
