package months

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Range says which months a backfill scores, oldest first.
type Range struct {
	// From and To are inclusive. Zero From is the first month for which the fourteen months of usage exist, zero To the last month of usage.
	From, To scoring.Month
	// Stale leaves only months that are published and are stale: their inputs, the rules or the settings changed. Zero
	// bounds are then none.
	Stale     bool
	KeepGoing bool // go on after a month that failed
}

// backfill scores the months of a range with one run.
type backfill struct {
	*run
	last scoring.Month // of those that are scored
}

// Backfill scores the months of a range, each published on its own. It stops at the first month that fails, or with KeepGoing goes on; either
// way the error is then a *results.BackfillError. done is called for each month as it ends. A month that is interrupted has not ended: it is neither
// reported nor counted.
func Backfill(ctx context.Context, opt Options, rng Range, done func(i, n int, r results.MonthResult)) (sum results.Backfilled, err error) {
	opened, err := open(ctx, opt)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, opened.engines.Close(ctx)) }()
	b := backfill{run: opened}
	months, release, err := b.lockMonths(ctx, rng)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if sum.Months = len(months); sum.Months > 0 {
		b.last = months[len(months)-1]
	}
	if err := b.ahead(ctx, months, &sum); err != nil {
		return sum, err
	}
	var failures []results.MonthResult
	for i, m := range months {
		result := b.month(ctx, m, monthProgress{opt.Progress, i, len(months), m})
		if result.Err != nil && ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
		sum.Add(result)
		done(i, len(months), result)
		if result.Err == nil {
			continue
		}
		failures = append(failures, result)
		if !rng.KeepGoing {
			break
		}
	}
	if len(failures) > 0 {
		return sum, &results.BackfillError{Failures: failures}
	}
	return sum, nil
}

// ahead builds the facts of all months before the first is scored, where a server builds them: it then works on several at once. What is wrong with
// an export ends this early, and is told by the first month that needs it.
func (r backfill) ahead(ctx context.Context, months []scoring.Month, sum *results.Backfilled) error {
	if !r.opt.Engine.Asks() || len(months) == 0 {
		return nil
	}
	var usage []scoring.Month
	for _, m := range r.exports.UsageMonths() {
		if m >= months[0].Add(1-inputs.WindowMonths) && m <= months[len(months)-1] {
			usage = append(usage, m)
		}
	}
	in, err := r.exports.UsageOf(ctx, usage, months[len(months)-1])
	if err == nil {
		err = buildFacts(ctx, r.run, in, func(m results.FactsMonth) {
			if m.State == results.FactsBuilt {
				sum.FactsBuilt++
				sum.Rows += m.Rows
			}
		})
	}
	if inputFault(err) != "" {
		return nil
	}
	return err
}

// lockMonths resolves a range and makes this run the only writer. What is stale is decided under the lock: another run may publish until it is
// held. A range that cannot be scored creates nothing, and neither does the search for stale months where there are no snapshots at all.
func (r backfill) lockMonths(ctx context.Context, rng Range) (months []scoring.Month, release func() error, err error) {
	if !rng.Stale {
		if months, err = r.months(ctx, rng); err != nil {
			return nil, nil, err
		}
	} else if exists, err := r.store.Exists(ctx); err != nil || !exists {
		return nil, func() error { return nil }, err
	}
	if release, err = lockToPublish(ctx, r.run); err != nil {
		return nil, nil, err
	}
	if rng.Stale {
		if months, err = r.months(ctx, rng); err != nil {
			return nil, nil, errors.Join(err, release())
		}
	}
	return months, release, nil
}

// laterMonths is of how many months the usage is looked at before they are scored, so that their facts can be built meanwhile. More would be built in
// vain where the rules change.
const laterMonths = 4

// after returns the usage of the next months of the backfill. What is wrong with it is told when they are scored.
func (r backfill) after(ctx context.Context, m scoring.Month) map[scoring.Month][]exports.File {
	later := map[scoring.Month][]exports.File{}
	for u := m + 1; u <= min(m+laterMonths, r.last); u++ {
		in, err := r.exports.UsageOf(ctx, []scoring.Month{u}, m)
		if err != nil {
			break
		}
		later[u] = in.Usage[u]
	}
	return later
}

func (r backfill) month(ctx context.Context, m scoring.Month, progress monitor.Progress) results.MonthResult {
	begun := time.Now()
	result := results.MonthResult{Month: m}
	result.Err = r.into(ctx, &result, progress)
	result.Elapsed = time.Since(begun)
	return result
}

// into scores the month of a result under the lock.
func (r backfill) into(ctx context.Context, result *results.MonthResult, progress monitor.Progress) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	progress.Step(0, MonthSteps, "inputs")
	in, err := r.inputs(ctx, result.Month)
	if err != nil {
		return err
	}
	opt := r.opt
	opt.Progress = progress
	own := r.with(opt)
	own.later = r.after
	if result.Outcome, err = own.score(ctx, in); err == nil {
		result.Provisional = result.Outcome.Provisional
	}
	return err
}

// MonthSteps is how many steps each month of a run over several months counts for Progress: its usage months, oldest first, and its score.
const MonthSteps = inputs.WindowMonths + 1

// monthProgress reports the steps of one month as steps of a run over n months. The month is number i, from 0.
type monthProgress struct {
	whole monitor.Progress
	i, n  int
	month scoring.Month
}

// Step says that a step of the month begins, the j-th of k. The last steps are the same in every month, even if usage is missing.
func (p monthProgress) Step(j, k int, what string) {
	p.whole.Step(p.i*MonthSteps+min(max(0, MonthSteps-k+j), MonthSteps-1), p.n*MonthSteps, fmt.Sprintf("month %d of %d, %s: %s", p.i+1, p.n, p.month, what))
}

// Done passes on that a step has ended.
func (p monthProgress) Done(s monitor.Step) { p.whole.Done(s) }

// months resolves a range against what is there.
func (r backfill) months(ctx context.Context, rng Range) ([]scoring.Month, error) {
	if rng.Stale {
		return r.staleMonths(ctx, rng.From, rng.To)
	}
	from, to := rng.From, rng.To
	if to == 0 {
		to = inputs.LatestMonth(r.exports.Catalog())
	}
	if from == 0 {
		from = r.firstScorable(to)
	}
	switch {
	case to == 0:
		return nil, r.exports.Explain(ctx, &exports.MissingError{Table: schema.Usage, Hint: "there is no month to score in " + r.opt.Exports})
	case from == 0:
		return nil, r.exports.Explain(ctx, &exports.MissingError{Table: schema.Usage,
			Hint: fmt.Sprintf("no month up to %s has the fourteen months of usage that a score needs; export what is missing, "+
				"or name the months with --from and --to and score them as provisional with --allow-missing history", to)})
	case from > to && rng.To == 0:
		return nil, &exports.MissingError{Table: schema.Usage, Months: []scoring.Month{from}, Hint: fmt.Sprintf("the latest month there is %s", to)}
	case from > to:
		return nil, fmt.Errorf("the range is empty: %s is after %s", from, to)
	}
	var months []scoring.Month
	for m := from; m <= to; m++ {
		months = append(months, m)
	}
	return months, nil
}

// firstScorable returns the first month up to last for which fourteen months of usage exist, or 0.
func (r backfill) firstScorable(last scoring.Month) scoring.Month {
	for _, m := range r.exports.UsageMonths() {
		if m <= last && inputs.Complete(r.exports.Catalog(), m) {
			return m
		}
	}
	return 0
}

// LatestPublished returns the latest published month, 0 where none is. It lists names and opens nothing.
func LatestPublished(ctx context.Context, opt Options) (scoring.Month, error) {
	store, err := snapshot.Open(ctx, opt.Places, opt.Snapshots, opt.TempDir)
	if err != nil {
		return 0, err
	}
	published, err := store.Months(ctx)
	if err != nil || len(published) == 0 {
		return 0, err
	}
	return published[len(published)-1], nil
}

// StaleMonths lists the published months that are stale: their inputs, the rules or the settings changed. It writes nothing.
func StaleMonths(ctx context.Context, opt Options) ([]scoring.Month, error) {
	r, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	return backfill{run: r}.staleMonths(ctx, 0, 0)
}

// staleMonths lists the published months within the bounds (0: no bound) that are stale, or whose inputs no longer pass.
func (r backfill) staleMonths(ctx context.Context, from, to scoring.Month) ([]scoring.Month, error) {
	published, err := r.store.Months(ctx)
	if err != nil {
		return nil, err
	}
	var stale []scoring.Month
	for i, m := range published {
		if from != 0 && m < from || to != 0 && m > to {
			continue
		}
		monthProgress{r.opt.Progress, i, len(published), m}.Step(0, MonthSteps, "is it stale")
		reasons, err := r.staleness(ctx, m)
		if err != nil {
			return nil, err
		}
		if len(reasons) > 0 {
			stale = append(stale, m)
		}
	}
	return stale, nil
}
