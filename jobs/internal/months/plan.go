package months

import (
	"context"
	"errors"
	"io/fs"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/duckdb"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/scoring"
)

// MakePlan finds and checks the inputs of a month as Score does, and writes nothing.
func MakePlan(ctx context.Context, opt Options, m scoring.Month) (*results.Plan, error) {
	opt.Progress.Step(0, 1, "inputs")
	r, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	return newPlanner(r).plan(ctx, m)
}

// planner makes the plans of months that are scored one after the other.
type planner struct {
	*run
	built map[scoring.Month]string // fingerprints of the facts that the months before would build
}

func newPlanner(r *run) planner { return planner{run: r, built: map[scoring.Month]string{}} }

// plan makes the plan of the next month.
func (p planner) plan(ctx context.Context, m scoring.Month) (plan *results.Plan, err error) {
	in, err := p.inputs(ctx, m)
	if err != nil {
		return nil, err
	}
	plan = &results.Plan{Month: m, Rulebook: in.Rules.ID, Provisional: append([]string{}, in.Provisional...), Inputs: in.Manifest()}
	if in.CertificationsMonth != 0 {
		plan.Certifications = in.CertificationsMonth.String()
	}
	if plan.Publish, err = p.wouldPublish(ctx, in); err != nil {
		return nil, err
	}
	nothingToDo, err := p.upToDate(ctx, in)
	if err != nil {
		return nil, err
	}
	loader, err := ingest.Open(ctx, p.ingest(in))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, loader.Close()) }()
	for _, u := range in.Months {
		month, fingerprint, err := p.planMonth(ctx, in, loader, u)
		if err != nil {
			return nil, err
		}
		if month.Facts == "build" && !nothingToDo {
			p.built[u] = fingerprint
		}
		plan.Usage = append(plan.Usage, month)
	}
	return plan, nil
}

// planMonth says whether the facts of a usage month are there, or will be built before. Of those that are there it knows whether too many
// rows are bad data.
func (p planner) planMonth(ctx context.Context, in *inputs.Inputs, loader *ingest.Loader, u scoring.Month) (month results.PlanMonth, fingerprint string, err error) {
	month = results.PlanMonth{Month: u, Files: len(in.Usage[u]), Rows: in.UsageRows(u), Facts: "build"}
	cache, err := p.cache(in, loader)
	if err != nil {
		return month, "", err
	}
	f, fingerprint, err := cache.Find(ctx, u)
	if err != nil {
		return month, "", err
	}
	if built := p.built[u]; built != "" {
		if built == fingerprint {
			month.Facts = "reuse"
		}
		return month, fingerprint, nil
	}
	if f == nil {
		return month, fingerprint, nil
	}
	month.Facts = "reuse"
	return month, fingerprint, facts.CheckRejected(ctx, duckdb.New(loader), f, in.Usage[u], p.opt.MaxRejected)
}

// wouldPublish says what a run would do to the published month.
func (p planner) wouldPublish(ctx context.Context, in *inputs.Inputs) (string, error) {
	same, err := isPublished(ctx, p.store, in.Month, p.opt.ToolVersion, in.Fingerprint)
	if err != nil {
		return "", err
	}
	_, err = p.store.Manifest(ctx, in.Month)
	switch {
	case same:
		return "unchanged", nil
	case errors.Is(err, fs.ErrNotExist):
		return "new", nil
	default:
		return "changed", nil
	}
}

// PlanBackfill finds and checks the inputs of every month of a range as Backfill does, and writes nothing. Facts that an earlier month of the
// range would build count as there. What only shows when rows are read, like too many rejected ones of a month without facts, it cannot foresee. When months would fail, the
// error is a *results.BackfillError and the list is complete all the same.
func PlanBackfill(ctx context.Context, opt Options, rng Range) ([]results.MonthPlan, error) {
	r, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	months, err := backfill{run: r}.months(ctx, rng)
	if err != nil {
		return nil, err
	}
	list := []results.MonthPlan{}
	var failures []results.MonthResult
	planner := newPlanner(r)
	for i, m := range months {
		monthProgress{opt.Progress, i, len(months), m}.Step(0, MonthSteps, "inputs")
		plan, err := planner.plan(ctx, m)
		if err != nil && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			failures = append(failures, results.MonthResult{Month: m, Err: err})
		}
		list = append(list, results.MonthPlan{Month: m, Plan: plan, Err: err})
	}
	if len(failures) > 0 {
		return list, &results.BackfillError{Failures: failures}
	}
	return list, nil
}
