package months

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Verify compares every published month with its manifest. With deep it also scores each month again in a temporary place, from the
// exports as they are, and compares the bytes, or the rows where another version of the engine wrote them. It changes nothing.
func Verify(ctx context.Context, opt Options, deep bool) (found results.Verified, err error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return found, err
	}
	begun := time.Now()
	if found.Differences, err = store.Verify(ctx); err != nil {
		return results.Verified{}, err
	}
	opt.Progress.Done(monitor.Step{Name: monitor.StepVerify, Elapsed: time.Since(begun)})
	published, err := store.Months(ctx)
	found.Months = len(published)
	if err != nil || !deep || len(published) == 0 {
		return found, err
	}
	scratch, err := warehouse.NewScratch(opt.TempDir)
	if err != nil {
		return results.Verified{}, err
	}
	defer func() { err = errors.Join(err, scratch.Close()) }()
	d := &deepVerify{opt: opt, store: store, scratch: scratch.Path(), damaged: map[string]bool{}, found: &found}
	for _, known := range found.Differences {
		d.damaged[known.Path] = true
	}
	if err := d.begin(ctx); err != nil {
		return results.Verified{}, err
	}
	defer func() { err = errors.Join(err, d.release(), d.again.engines.Close(ctx)) }()
	for i, m := range published {
		d.progress = recomputing{monthProgress{opt.Progress, i, len(published), m}}
		begun := time.Now()
		differences, err := d.month(ctx, m)
		if err != nil {
			return results.Verified{}, err
		}
		opt.Progress.Done(monitor.Step{Name: monitor.StepVerify, Month: m, Elapsed: time.Since(begun)})
		found.Differences = append(found.Differences, differences...)
	}
	return found, nil
}

// recomputing reports the steps of a month that is scored again, but not its publish: that goes to a temporary folder.
type recomputing struct{ monitor.Progress }

// Done passes on that a step has ended.
func (p recomputing) Done(s monitor.Step) {
	if s.Name != monitor.StepPublish {
		p.Progress.Done(s)
	}
}

// deepVerify recomputes published months in a store of its own, so that facts are shared between the months.
type deepVerify struct {
	opt     Options
	store   *snapshot.Store
	scratch string
	again   *run // scores into the scratch folder
	release func() error
	// damaged has the paths that the shallow check has named.
	damaged  map[string]bool
	progress monitor.Progress // of the month in hand
	found    *results.Verified
}

func (d *deepVerify) begin(ctx context.Context) error {
	opt := d.opt
	opt.Snapshots = d.scratch
	var err error
	if d.again, err = open(ctx, opt); err != nil {
		return err
	}
	d.release, err = d.again.lock(ctx)
	return err
}

// month recomputes one month by the rulebook and settings of its manifest.
func (d *deepVerify) month(ctx context.Context, m scoring.Month) ([]snapshot.Difference, error) {
	man, err := d.store.Manifest(ctx, m)
	if err != nil {
		return nil, nil // the shallow check has named it
	}
	rel := snapshot.ManifestRel(m)
	problem := func(what string) []snapshot.Difference {
		return []snapshot.Difference{{Month: m, Path: rel, What: what}}
	}
	opt, notGiven, damage := d.optionsOf(man)
	if damage != "" {
		return problem(damage), nil
	}
	if notGiven != "" {
		d.notScored(results.NotScoredAgain{Month: m, Why: notGiven})
		return nil, nil
	}
	opt.Progress = d.progress
	again := d.again.with(opt)
	d.progress.Step(0, MonthSteps, "inputs")
	in, err := again.exports.Month(ctx, m)
	if err != nil {
		return nil, d.unscored(m, err)
	}
	if in.Fingerprint != man.InputsFingerprint {
		changes := changes(man, in)
		if onlyGone(changes) {
			d.notScored(results.NotScoredAgain{Month: m, Why: strings.Join(texts(changes), "; "), Missing: true})
			return nil, nil
		}
		return problem("was made from other inputs, rules or settings: " + strings.Join(texts(changes), "; ")), nil
	}
	if _, err := again.score(ctx, in); err != nil {
		return nil, d.unscored(m, err)
	}
	d.found.ScoredAgain++
	return d.compare(ctx, m, man)
}

func (d *deepVerify) notScored(n results.NotScoredAgain) {
	d.found.NotScoredAgain = append(d.found.NotScoredAgain, n)
}

// unscored notes that a month cannot be scored again where an error is about its inputs; other errors it returns.
func (d *deepVerify) unscored(m scoring.Month, err error) error {
	n, ok := withoutInputs(m, err)
	if !ok {
		return err
	}
	d.notScored(n)
	return nil
}

// compare compares the recomputed tables with the published ones.
func (d *deepVerify) compare(ctx context.Context, m scoring.Month, man *snapshot.Manifest) ([]snapshot.Difference, error) {
	again, err := d.again.store.Manifest(ctx, m)
	if err != nil {
		return nil, err
	}
	found := d.compareManifests(m, man, again)
	for i, out := range man.Outputs {
		if i >= len(again.Outputs) || again.Outputs[i].SHA256 == out.SHA256 {
			continue
		}
		if again.EngineVersion != man.EngineVersion {
			if d.damaged[out.Path] {
				continue // its rows may not even be readable
			}
			same, err := d.sameRows(ctx, out.Table, m)
			if err != nil {
				return nil, err
			}
			if same {
				continue
			}
		}
		found = append(found, snapshot.Difference{Month: m, Table: out.Table, Path: out.Path,
			What: fmt.Sprintf("recomputing gives other contents: sha256 %.12s, published %.12s", again.Outputs[i].SHA256, out.SHA256)})
	}
	return found, nil
}

// compareManifests compares what the manifests say beyond the hashes of tables.
func (d *deepVerify) compareManifests(m scoring.Month, man, again *snapshot.Manifest) (found []snapshot.Difference) {
	tell := func(what string) {
		found = append(found, snapshot.Difference{Month: m, Path: snapshot.ManifestRel(m), What: what})
	}
	if !slices.Equal(man.Exclusions, again.Exclusions) {
		tell("recomputing gives other exclusions")
	}
	if !slices.Equal(man.Substituted, again.Substituted) {
		tell("recomputing gives other rows whose effective cost counts than the manifest says")
	}
	if !slices.Equal(man.Provisional, again.Provisional) {
		tell(fmt.Sprintf("recomputing gives other reasons to be provisional: %q, published %q", again.Provisional, man.Provisional))
	}
	if !slices.Equal(man.MissingUsage, again.MissingUsage) {
		tell(fmt.Sprintf("recomputing misses usage of other months: %s, published %s", scoring.MonthRanges(again.MissingUsage), scoring.MonthRanges(man.MissingUsage)))
	}
	return found
}

// sameRows compares a published table with the recomputed one row by row.
func (d *deepVerify) sameRows(ctx context.Context, table string, m scoring.Month) (same bool, err error) {
	published, err := d.store.Files(ctx, table, m)
	if err != nil {
		return false, err
	}
	recomputed, err := d.again.store.Files(ctx, table, m)
	if err != nil {
		return false, err
	}
	db, err := warehouse.Open(ctx, warehouse.Options{Limits: d.opt.Limits, Directories: append(d.store.Folders(), d.scratch)})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.FileView(ctx, "published", published[0]); err != nil {
		return false, err
	}
	if err := db.FileView(ctx, "recomputed", recomputed[0]); err != nil {
		return false, err
	}
	found, err := db.Violations(ctx, "results/row_difference")
	return len(found) == 0, err
}

// withoutInputs says that a month cannot be scored again because of its inputs; false for an error about something else.
func withoutInputs(m scoring.Month, err error) (results.NotScoredAgain, bool) {
	var broken *exports.ContractError
	reason, isBroken := inputFault(err), errors.As(err, &broken)
	return results.NotScoredAgain{Month: m, Why: reason, Missing: reason != "" && !isBroken, Broken: reason != "" && isBroken}, reason != ""
}

// onlyGone reports whether what changed is that files are not there any more.
func onlyGone(changes []change) bool {
	return !slices.ContainsFunc(changes, func(c change) bool { return !c.gone })
}

// optionsOf returns the options under which a month was published. Where they cannot be had, notGiven says what to give, and damage what
// is wrong with the manifest.
func (d *deepVerify) optionsOf(man *snapshot.Manifest) (opt Options, notGiven, damage string) {
	if opt, notGiven, damage = d.opt.as(man); notGiven != "" || damage != "" {
		return opt, notGiven, damage
	}
	opt.Snapshots = d.scratch
	return opt, opt.PersonKey.Unfit(man), ""
}

// readUsageAs takes the profile and the separators of a manifest. Columns that the config names for usage of another profile mean nothing in it.
func (o *Options) readUsageAs(man *snapshot.Manifest) {
	text := func(name string) string {
		value, _ := man.Settings[name].(string) // absent: as usual
		return value
	}
	if profile := schema.Profile(text("profile")); profile != o.Profile {
		o.Profile = profile
		o.Columns, o.Aliases = maps.Clone(o.Columns), maps.Clone(o.Aliases)
		delete(o.Columns, schema.Usage)
		delete(o.Aliases, schema.Usage)
	}
	o.Amounts = exports.Separators{Thousands: text("thousands_separator"), Decimal: text("decimal_separator")}
}
