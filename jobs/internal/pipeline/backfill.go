package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
)

// Range says which months a backfill scores, oldest first.
type Range struct {
	// From and To are inclusive. Zero From is the first month for which the fourteen months of usage exist, zero To the last month of usage.
	From, To scoring.Month
	// Stale leaves only months that are published and would come out otherwise now: their inputs, the rules or the settings changed.
	Stale     bool
	KeepGoing bool // go on after a month that failed
}

// MonthResult is how one month of a backfill ended.
type MonthResult struct {
	Month   scoring.Month
	Outcome *Outcome // nil when it failed
	Err     error
}

// Backfilled counts how the months of a backfill ended.
type Backfilled struct {
	Scored, Unchanged, Failed int
	FactsBuilt                int
	// Rows is the number of usage rows of the months whose facts were built: each raw month counts once.
	Rows int64
}

// UnknownRangeError says that there is nothing to take a range from.
type UnknownRangeError struct{ What string }

// Error says what is missing.
func (e *UnknownRangeError) Error() string { return e.What }

// Backfill scores the months of a range, each published on its own. It stops at the first month that fails, or with KeepGoing goes on and
// returns the errors of all. done is told of each month as it ends.
func Backfill(ctx context.Context, opt Options, rng Range, done func(i, n int, r MonthResult)) (sum Backfilled, err error) {
	s, err := openSession(opt)
	if err != nil {
		return sum, err
	}
	months, err := s.months(ctx, rng)
	if err != nil {
		return sum, err
	}
	if len(months) == 0 {
		return sum, nil
	}
	release, err := s.lock(ctx)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, release()) }()
	var failures []error
	for i, m := range months {
		if ctx.Err() != nil {
			return sum, errors.Join(append(failures, context.Cause(ctx))...)
		}
		result := s.backfillMonth(ctx, m)
		sum.add(result)
		done(i, len(months), result)
		if result.Err == nil {
			continue
		}
		failures = append(failures, fmt.Errorf("%s: %w", m, result.Err))
		if ctx.Err() != nil || !rng.KeepGoing {
			break
		}
	}
	return sum, errors.Join(failures...)
}

func (b *Backfilled) add(r MonthResult) {
	switch {
	case r.Err != nil:
		b.Failed++
	case r.Outcome.Changed:
		b.Scored++
	default:
		b.Unchanged++
	}
	if r.Outcome != nil {
		b.FactsBuilt += r.Outcome.FactsBuilt
		b.Rows += r.Outcome.RowsRead
	}
}

func (s *session) backfillMonth(ctx context.Context, m scoring.Month) MonthResult {
	begun := time.Now()
	r, err := s.prepare(ctx, m)
	if err != nil {
		return MonthResult{Month: m, Err: err}
	}
	out, err := r.scoreMonth(ctx)
	if err != nil {
		return MonthResult{Month: m, Err: err}
	}
	s.opt.Log.Info("month done", "month", m.String(), "changed", out.Changed, "facts built", out.FactsBuilt, "elapsed", elapsed(begun))
	return MonthResult{Month: m, Outcome: out}
}

// months resolves a range against what is there.
func (s *session) months(ctx context.Context, rng Range) ([]scoring.Month, error) {
	from, to := rng.From, rng.To
	if to == 0 {
		to = latestMonth(s.cat)
	}
	if from == 0 {
		from = s.firstScorable(to)
	}
	if rng.Stale {
		return s.staleMonths(ctx, rng.From, rng.To)
	}
	if to == 0 || from == 0 {
		return nil, &exports.MissingError{Table: exports.Usage, Path: s.cat.Root,
			Hint: "no month has the fourteen months of usage that a score needs; say which months with --from and --to, or allow gaps with --allow-missing history"}
	}
	if from > to {
		return nil, &UnknownRangeError{What: fmt.Sprintf("the range is empty: %s is after %s", from, to)}
	}
	var months []scoring.Month
	for m := from; m <= to; m++ {
		months = append(months, m)
	}
	return months, nil
}

// firstScorable returns the first month up to last for which fourteen months of usage exist, 0 when there is none.
func (s *session) firstScorable(last scoring.Month) scoring.Month {
	for _, m := range sortedMonths(s.cat.Usage) {
		complete := true
		for u := m.Add(1 - windowMonths); u <= m; u++ {
			complete = complete && len(s.cat.Usage[u]) > 0
		}
		if complete && m <= last {
			return m
		}
	}
	return 0
}

// staleMonths lists the published months within the bounds (0: none) that would come out otherwise now, or whose inputs no longer pass.
func (s *session) staleMonths(ctx context.Context, from, to scoring.Month) ([]scoring.Month, error) {
	published, err := s.store.Months()
	if err != nil {
		return nil, err
	}
	var stale []scoring.Month
	for _, m := range published {
		if from != 0 && m < from || to != 0 && m > to {
			continue
		}
		reasons, err := s.staleness(ctx, m)
		if err != nil {
			return nil, err
		}
		if len(reasons) > 0 {
			stale = append(stale, m)
		}
	}
	return stale, nil
}

// sortedMonths returns the months of a map, oldest first.
func sortedMonths[V any](byMonth map[scoring.Month]V) []scoring.Month {
	return slices.Sorted(maps.Keys(byMonth))
}
