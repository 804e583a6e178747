package months

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"time"

	"partnerscore/jobs/internal/facts/engines"
	"partnerscore/jobs/internal/facts/engines/choice"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Aside measures a published month again from the exports as they are now, in a temporary place: it writes nothing to the snapshots and takes no lock
// on them. The caller closes it.
type Aside struct {
	// Changed says what changed since the month was scored; nothing: the exports are those that it was scored from.
	Changed []string

	month   scoring.Month
	opt     Options
	run     *run
	scratch *warehouse.Scratch
	release func() error
}

// UnfitError says why a month cannot be scored from the exports as they are now.
type UnfitError struct{ Why string }

func (e *UnfitError) FaultKind() string { return fault.Missing }

func (e *UnfitError) Error() string { return e.Why }

// OpenAside looks at the exports with the settings that a month was published with. The error is an *UnfitError where it cannot be scored from
// them.
func OpenAside(ctx context.Context, opt Options, m scoring.Month) (*Aside, error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return nil, err
	}
	man, err := store.Manifest(ctx, m)
	if err != nil {
		return nil, err
	}
	again, notGiven, damage := opt.as(man)
	if why := notGiven + damage; why != "" {
		return nil, &UnfitError{why}
	}
	again.Log, again.Progress = slog.New(slog.DiscardHandler), silent{} // a score says what is to be said about the exports
	scratch, err := warehouse.NewScratch(opt.TempDir)
	if err != nil {
		return nil, err
	}
	a := &Aside{month: m, opt: again, scratch: scratch}
	a.opt.Snapshots = scratch.Path()
	if err := a.look(ctx, store, man); err != nil {
		return nil, errors.Join(unfit(err), a.Close(ctx))
	}
	return a, nil
}

// look finds and checks the exports. What the snapshots know of their files is read, and nothing is written there.
func (a *Aside) look(ctx context.Context, published *snapshot.Store, man *snapshot.Manifest) error {
	store, err := snapshot.Open(ctx, a.opt.Places, a.opt.Snapshots, a.opt.TempDir)
	if err != nil {
		return err
	}
	folder, err := inputs.Open(ctx, a.opt.Options, known(ctx, published, a.opt))
	if err != nil {
		return err
	}
	a.run = &run{opt: a.opt, store: store, exports: folder, engines: engines.New(choice.Settings{Kind: choice.DuckDB})}
	if a.release, err = a.run.lock(ctx); err != nil {
		return err
	}
	in, err := folder.Month(ctx, a.month)
	if err != nil {
		return err
	}
	a.Changed, err = changedSince(man, in)
	return err
}

// changedSince says what changed since a manifest was written. How person ids are made changes no points.
func changedSince(man *snapshot.Manifest, in *inputs.Inputs) ([]string, error) {
	settings := maps.Clone(in.Settings)
	settings["person_ids"] = man.Settings["person_ids"]
	fingerprint, err := in.FingerprintWith(settings)
	if err != nil || fingerprint == man.InputsFingerprint {
		return nil, err
	}
	now := *in
	now.Settings = settings
	found := changes(man, &now)
	if onlyGone(found) {
		return nil, &UnfitError{found[0].text}
	}
	return texts(found), nil
}

// unfit turns an error about inputs into an *UnfitError; others it returns.
func unfit(err error) error {
	if why := inputFault(err); why != "" {
		return &UnfitError{why}
	}
	return err
}

// silent takes the steps of a run and shows none.
type silent struct{}

// Step does nothing.
func (silent) Step(int, int, string) {}

// Done does nothing.
func (silent) Done(monitor.Step) {}

// Measure measures a partner by rules, which may count other rows than those of the month. found is false where the exports do not have it. The error is
// an *UnfitError where the month cannot be scored by these rules.
func (a *Aside) Measure(ctx context.Context, rules *scoring.Rulebook, partner string) (track string, m scoring.Measures, found bool, err error) {
	opt := a.opt
	opt.Rulebook = rules
	r := a.run.with(opt)
	in, err := r.exports.Month(ctx, a.month)
	if err != nil {
		return "", m, false, unfit(err)
	}
	session, err := r.engines.Open(ctx, r.ingest(in), largest(r, in))
	if err != nil {
		return "", m, false, err
	}
	defer func() { err = session.CloseAfter(err) }()
	if _, err := r.facts(ctx, in, session); err != nil {
		return "", m, false, unfit(err)
	}
	measured, err := measure.Month(ctx, r.source(in, session.Loader))
	if err != nil {
		return "", m, false, unfit(err)
	}
	for _, p := range measured.Partners {
		if p.ID == partner {
			return p.Track.ID, p.Measures, true, nil
		}
	}
	return "", m, false, nil
}

// Close removes what was made.
func (a *Aside) Close(ctx context.Context) error {
	var errs []error
	if a.run != nil {
		errs = append(errs, a.run.engines.Close(ctx))
	}
	if a.release != nil {
		errs = append(errs, a.release())
	}
	return errors.Join(append(errs, a.scratch.Close())...)
}

// as returns the options under which a month was published. Where they cannot be had, notGiven says what to give, and damage what is wrong with the
// manifest.
func (o Options) as(man *snapshot.Manifest) (opt Options, notGiven, damage string) {
	opt = o
	opt.Options = opt.AllowingMissing()
	if opt.Rulebook == nil || opt.Rulebook.SHA256 != man.Rulebook.SHA256 {
		rules, err := opt.Library.Get(man.Rulebook.ID)
		if err != nil || rules.SHA256 != man.Rulebook.SHA256 {
			return opt, "it was scored by the rulebook " + man.Rulebook.ID + ", which is not at hand as it was; give it with --rulebook FILE", ""
		}
		opt.Rulebook = rules
	}
	if text, ok := man.Settings["skills_as_of"].(string); ok {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return opt, "", "has a setting that cannot be read: skills_as_of \"" + text + "\""
		}
		opt.SkillsAsOf = &day
	}
	opt.readUsageAs(man)
	opt.MaxRejected = 1 // the limit was kept when it was published
	return opt, "", ""
}
