package months

import (
	"context"

	"partnerscore/scoring"
)

// MonthPlan says what a backfill would do to one month.
type MonthPlan struct {
	Month scoring.Month
	Plan  *Plan // nil when it would fail
	Err   error
}

// PlanBackfill finds and checks the inputs of every month of a range as Backfill does, and writes nothing. Facts that an earlier month of the
// range would build count as there. What only shows when rows are read, like too many rejected ones of a month without facts, it cannot foresee. When months would fail, the
// error is a *BackfillError and the list is complete all the same.
func PlanBackfill(ctx context.Context, opt Options, rng Range) ([]MonthPlan, error) {
	r, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	months, err := backfill{r}.months(ctx, rng)
	if err != nil {
		return nil, err
	}
	list := []MonthPlan{}
	var failures []MonthResult
	planner := newPlanner(r)
	for i, m := range months {
		monthProgress{opt.Progress, i, len(months), m}.Step(0, MonthSteps, "inputs")
		plan, err := planner.plan(ctx, m)
		if err != nil && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			failures = append(failures, MonthResult{Month: m, Err: err})
		}
		list = append(list, MonthPlan{Month: m, Plan: plan, Err: err})
	}
	if len(failures) > 0 {
		return list, &BackfillError{Failures: failures}
	}
	return list, nil
}
