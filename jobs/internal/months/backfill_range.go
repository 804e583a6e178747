package months

import (
	"context"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

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

// firstScorable returns the first month up to last for which fourteen months of usage exist, 0 when there is none.
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
