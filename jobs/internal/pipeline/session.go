package pipeline

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/survey"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
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
	checked map[checkedSet][]exports.File
	survey  *survey.Survey // of what is not taken, once it is asked for
	// dated are the usage files of many months, by their path relative to the root.
	dated map[string]exports.File
}

// checkedSet names files that are checked together.
type checkedSet struct {
	table         schema.Table
	month         scoring.Month
	offerOptional bool // the one setting that differs between rulebooks
	profile       schema.Profile
}

// openSession lists the exports, and reads which months the usage files hold whose paths do not say it. Nothing is written.
func openSession(ctx context.Context, opt Options) (*session, error) {
	store, err := snapshot.Open(opt.Snapshots)
	if err != nil {
		return nil, err
	}
	source, err := local.OpenSource(opt.Exports)
	if err != nil {
		return nil, err
	}
	cat, err := exports.Find(ctx, source, opt.Patterns)
	if err != nil {
		return nil, err
	}
	for _, doubtful := range opt.checkOptions(&scoring.Rulebook{}, nil).Doubtful() {
		opt.Log.Warn("the config names a wrong column", "what", doubtful)
	}
	for _, attributes := range groupAlike(cat.Ignored.Sentences()) {
		opt.Log.Warn("not an input, ignored", attributes...)
	}
	opt.warnOfDeliveries(cat)
	s := newSession(opt, store, cat)
	if !opt.Rehash {
		s.known = readHashes(ctx, store)
	}
	return s, s.dateFiles(ctx)
}

func newSession(opt Options, store *snapshot.Store, cat *exports.Catalog) *session {
	return &session{opt: opt, store: store, cat: cat, known: hashes{}, checked: map[checkedSet][]exports.File{}, dated: map[string]exports.File{}}
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
	in.judgeFiles(s.opt)
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

// check checks the files that this session has not checked before, all of them at once, so that all problems come together. Of a file of many
// months it checks the whole once.
func (s *session) check(ctx context.Context, files []exports.Found, rules *scoring.Rulebook) (all []exports.File, err error) {
	options := s.opt.checkOptions(rules, s.knownNow)
	set := func(f exports.Found, m scoring.Month) checkedSet {
		return checkedSet{f.Table, m, options.OfferOptional, options.Profile}
	}
	var open, parts []exports.Found
	asked := map[string]bool{}
	for _, f := range files {
		if _, done := s.checked[set(f, f.Month)]; done {
			continue
		}
		if f.Many {
			parts = append(parts, f)
			f.Month = 0
		}
		if !f.Many || !asked[f.Rel] && len(s.wholes(set(f, 0), f.Rel)) == 0 {
			open = append(open, f)
		}
		asked[f.Rel] = true
	}
	if err := s.checkOpen(ctx, open, options, set); err != nil {
		return nil, err
	}
	for _, f := range parts {
		for _, whole := range s.wholes(set(f, 0), f.Rel) {
			s.checked[set(f, f.Month)] = append(s.checked[set(f, f.Month)], whole.InMonth(f.Month))
		}
	}
	seen := map[checkedSet]bool{}
	for _, f := range files {
		if of := set(f, f.Month); !seen[of] {
			seen[of] = true
			all = append(all, s.checked[of]...)
		}
	}
	return all, nil
}

// wholes returns the file of many months at a path, if the set has it.
func (s *session) wholes(set checkedSet, rel string) (found []exports.File) {
	for _, c := range s.checked[set] {
		if c.Many && c.Rel == rel {
			found = append(found, c)
		}
	}
	return found
}

// checkOpen checks files and keeps those that pass.
func (s *session) checkOpen(ctx context.Context, open []exports.Found, options exports.Options, set func(exports.Found, scoring.Month) checkedSet) error {
	checked, err := exports.Check(ctx, open, options)
	if err == nil {
		checked, err = exports.Fetch(ctx, checked)
	}
	if err != nil {
		return err
	}
	for _, c := range checked {
		if err := s.keepDate(&c); err != nil {
			return err
		}
		s.checked[set(c.Found, c.Month)] = append(s.checked[set(c.Found, c.Month)], c)
		for _, d := range c.Duplicates {
			s.opt.Log.Warn("the same file twice, counted once", "file", d.Rel, "same_as", c.Rel)
		}
	}
	return nil
}

// knownNow is what this session or an earlier run found out about a file.
func (s *session) knownNow(f exports.Found) (exports.Known, bool) {
	if dated, ok := s.dated[f.Rel]; ok && f.Many {
		return dated.Known()
	}
	return s.known.known(f)
}

// keepDate gives a file of many months what the session found out about it when it opened: it must be the same file.
func (s *session) keepDate(c *exports.File) error {
	if !c.Many {
		return nil
	}
	dated := s.dated[c.Rel]
	if c.SHA256 != dated.SHA256 {
		return &exports.ChangedError{File: c.Rel, What: "changed after its months were read"}
	}
	c.Months, c.Reused = dated.Months, dated.Reused
	return nil
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
		s.store.SweepBehind(ctx)
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

// warnOfDeliveries tells of inputs beside which something is that should not be.
func (o Options) warnOfDeliveries(cat *exports.Catalog) {
	for _, attributes := range groupAlike(cat.Warnings.Sentences()) {
		o.Log.Warn("an input may not be what was delivered", attributes...)
	}
}

// groupAlike returns the attributes of warnings about sentences "path: what". Those that differ in numbers and ids alone, as where each month has
// one, are one warning with the first of them, how many there are, and the path of the last.
func groupAlike(sentences []string) (warnings [][]any) {
	variable := regexp.MustCompile(`[0-9a-f]{8,}|[0-9]+`)
	alike, kinds := map[string][]string{}, []string{}
	for _, sentence := range sentences {
		kind := variable.ReplaceAllString(sentence, "0")
		if len(alike[kind]) == 0 {
			kinds = append(kinds, kind)
		}
		alike[kind] = append(alike[kind], sentence)
	}
	for _, kind := range kinds {
		all := alike[kind]
		attributes := []any{"what", all[0]}
		if len(all) > 1 {
			last, _, _ := strings.Cut(all[len(all)-1], ": ")
			attributes = append(attributes, "alike", len(all), "last", last)
		}
		warnings = append(warnings, attributes)
	}
	return warnings
}
