package months

import (
	"context"
	"errors"
	"slices"
	"strings"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// repair scores damaged months again, under the lock.
type repair struct {
	*run
	published []scoring.Month
	found     *results.Verified
}

// Repair verifies as Verify does, and scores each month again that is damaged, one by one: by the rules and settings of its manifest, or those of opt
// where it has no manifest that can be read. Months that are right are not touched. A month that cannot be scored again is left as it is, and the next
// one is tried; it is among NotScoredAgain. Delta logs are corrected. After a repair everything is verified again.
func Repair(ctx context.Context, opt Options) (found results.Verified, err error) {
	opened, err := open(ctx, opt)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, opened.engines.Close(ctx)) }()
	release, err := opened.lock(ctx)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, release()) }()
	damage, err := opened.store.Verify(ctx)
	if err != nil {
		return found, err
	}
	r := repair{run: opened, found: &found}
	// A log that cannot be read lets no month be published.
	var log *snapshot.DeltaError
	if found.DeltaLogs, err = syncDelta(ctx, opened, true); err != nil && !errors.As(err, &log) {
		return found, err
	}
	if r.published, err = opened.store.Months(ctx); err != nil {
		return found, err
	}
	found.Months = len(r.published)
	byMonth := map[scoring.Month][]snapshot.Difference{}
	var months []scoring.Month
	for _, d := range damage {
		if !repairable(d) {
			continue
		}
		if byMonth[d.Month] == nil {
			months = append(months, d.Month)
		}
		byMonth[d.Month] = append(byMonth[d.Month], d)
	}
	slices.Sort(months)
	for i, m := range months {
		if log != nil {
			found.NotScoredAgain = append(found.NotScoredAgain, results.NotScoredAgain{Month: m, Why: log.Error()})
			continue
		}
		if err := r.month(ctx, m, byMonth[m], monthProgress{opt.Progress, i, len(months), m}); err != nil {
			return found, err
		}
	}
	if len(months)+len(found.DeltaLogs) == 0 {
		found.Differences = damage
		return found, nil
	}
	found.Differences, err = opened.store.Verify(ctx)
	return found, err
}

// repairable reports whether a publish of its month puts a file right: it replaces tables and manifest, and leaves other files alone.
func repairable(d snapshot.Difference) bool {
	return d.Month != 0 && (d.Path == snapshot.ManifestRel(d.Month) || d.Table != "" && d.Path == snapshot.TableRel(d.Table, d.Month))
}

// month repairs one month. The error is that of an interruption, or of snapshots that cannot be read; any other one is why the month
// is not repaired.
func (r repair) month(ctx context.Context, m scoring.Month, was []snapshot.Difference, progress monthProgress) error {
	changed, err := r.score(ctx, m, progress)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var not *notRepairedError
	switch {
	case errors.As(err, &not):
		r.found.NotScoredAgain = append(r.found.NotScoredAgain, not.NotScoredAgain)
	case err != nil:
		n, ok := withoutInputs(m, err)
		if !ok {
			n.Why = err.Error()
		}
		r.found.NotScoredAgain = append(r.found.NotScoredAgain, n)
	}
	if err != nil {
		return nil
	}
	r.found.Repaired = append(r.found.Repaired, results.RepairedMonth{Month: m, Was: was, Changed: changed})
	return nil
}

// notRepairedError says why a month is left as it is.
type notRepairedError struct{ results.NotScoredAgain }

func (e *notRepairedError) Error() string { return e.Why }

func notGiven(m scoring.Month, why string) error {
	return &notRepairedError{results.NotScoredAgain{Month: m, Why: why}}
}

// unfit says what to do where the key makes other person ids than those of the other months; empty where it does not, or no other month can be read.
func (r repair) unfit(ctx context.Context) string {
	for _, m := range slices.Backward(r.published) {
		if man, err := r.store.Manifest(ctx, m); err == nil {
			if unfit := r.opt.PersonKey.Unfit(man); unfit != "" {
				return "in " + m.String() + " " + strings.TrimPrefix(unfit, "its ")
			}
			return ""
		}
	}
	return ""
}

// publish scores a month and publishes it, also where names and sizes look right.
func (r repair) publish(ctx context.Context, m scoring.Month, opt Options, progress monthProgress) error {
	opt.Progress = progress
	progress.Step(0, MonthSteps, "inputs")
	again := r.with(opt)
	in, err := again.inputs(ctx, m)
	if err != nil {
		return err
	}
	_, err = again.scoreAndPublish(ctx, in, newSteps(progress, in))
	return err
}

// score scores a month again and publishes it. changed says what changed in the exports since it was published.
func (r repair) score(ctx context.Context, m scoring.Month, progress monthProgress) (changed []string, err error) {
	man, err := r.store.Manifest(ctx, m)
	var version *snapshot.VersionError
	if errors.As(err, &version) {
		return nil, err
	}
	if err != nil { // missing or damaged
		if unfit := r.unfit(ctx); unfit != "" {
			return nil, notGiven(m, unfit)
		}
		return nil, r.publish(ctx, m, r.opt, progress)
	}
	opt, missing, damage := r.opt.as(man)
	if why := missing + damage; why != "" {
		return nil, notGiven(m, why)
	}
	if unfit := opt.PersonKey.Unfit(man); unfit != "" {
		return nil, notGiven(m, unfit)
	}
	in, err := r.with(opt).exports.Month(ctx, m)
	if err != nil {
		return nil, err
	}
	if in.Fingerprint == man.InputsFingerprint {
		return nil, r.publish(ctx, m, opt, progress)
	}
	now := changes(man, in)
	if i := slices.IndexFunc(now, func(c change) bool { return c.gone }); i >= 0 {
		return nil, &notRepairedError{results.NotScoredAgain{Month: m, Why: strings.Join(texts(now), "; "), Missing: true}}
	}
	// The month becomes what a score gives today, so that what may be missing and what may be rejected is for this run to say.
	opt.AllowMissingHistory, opt.AllowMissingCertifications, opt.AllowMissingOffers = r.opt.AllowMissingHistory, r.opt.AllowMissingCertifications, r.opt.AllowMissingOffers
	opt.AllowEmpty, opt.MaxRejected = r.opt.AllowEmpty, r.opt.MaxRejected
	return texts(now), r.publish(ctx, m, opt, progress)
}
