// Package months scores months: it leads each through its steps, from the exports to the published snapshot. Backfill, verify and repair do so for
// many; plan and status say what they would do.
package months

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/facts/engines"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/tables"
	"partnerscore/scoring"
)

// Score scores the month m and publishes its snapshot.
func Score(ctx context.Context, opt Options, m scoring.Month) (out *results.Outcome, err error) {
	opt.Progress.Step(0, MonthSteps, "inputs")
	r, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.engines.Close(ctx)) }()
	in, err := r.inputs(ctx, m)
	if err != nil {
		return nil, err
	}
	release, err := lockToPublish(ctx, r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if out, err = r.score(ctx, in); err != nil {
		return nil, err
	}
	out.Card, out.CardError = readCard(ctx, r, m)
	return out, nil
}

// score leads a month from its checked inputs to its published snapshot, under the lock: facts, measures, scores, tables, manifest.
func (r *run) score(ctx context.Context, in *inputs.Inputs) (out *results.Outcome, err error) {
	steps := newSteps(r.opt.Progress, in)
	upToDate, err := r.upToDate(ctx, in)
	if err != nil {
		return nil, errors.Join(err, r.keepHashes(ctx, in))
	}
	if upToDate {
		return r.unchanged(ctx, in, steps)
	}
	return r.scoreAndPublish(ctx, in, steps)
}

// scoreAndPublish scores and publishes a month, whether or not it is up to date by what is seen without reading files.
func (r *run) scoreAndPublish(ctx context.Context, in *inputs.Inputs, steps *steps) (out *results.Outcome, err error) {
	session, err := r.engines.Open(ctx, r.ingest(in), largest(r, in))
	if err != nil {
		return nil, err
	}
	defer func() { err = session.CloseAfter(err) }()
	loader := session.Loader
	set, err := r.facts(ctx, in, session)
	if err != nil {
		return nil, err
	}
	steps.begin("score of " + in.Month.String())
	measured, err := measure.Month(ctx, r.source(in, loader))
	if err != nil {
		return nil, err
	}
	scored, scores, err := scorePartners(in.Rules, measured)
	if err != nil {
		return nil, err
	}
	steps.done(monitor.StepMeasures, scores, false)
	stage, err := r.store.Stage(ctx, in.Month)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Discard(ctx)) }()
	reasons := slices.Concat(in.Provisional, set.Provisional(), measured.Doubts) // those that concern every partner
	rows, err := tables.Stage(ctx, tables.Source{DB: loader.DB, Inputs: in, Facts: set, Partners: scored, Provisional: len(reasons) > 0}, stage)
	if err != nil {
		return nil, err
	}
	steps.done(monitor.StepTables, rows, false)
	if err := measure.KeepHoldings(ctx, r.source(in, loader)); err != nil {
		return nil, err
	}
	// An open track makes scores of single partners provisional, as their rows say; the manifest names every reason.
	man, err := r.manifest(in, set, slices.Concat(reasons, measured.OpenTracks), loader.Version)
	if err != nil {
		return nil, err
	}
	changed, err := stage.Publish(ctx, man)
	if err != nil {
		return nil, err
	}
	steps.published(rows, changed)
	err = r.keepHashes(ctx, in) // the month is published, whatever becomes of them
	return &results.Outcome{Month: in.Month, Changed: changed, FactsBuilt: set.Built, FactsReused: set.Reused, RowsRead: set.RowsRead,
		Provisional: man.Provisional}, err
}

// largest is the number of rows of the largest input; exports in an object store count as large: copies of months that are built ahead would take the
// room of those that are asked for.
func largest(r *run, in *inputs.Inputs) int64 {
	if strings.Contains(r.opt.Exports, "://") {
		return math.MaxInt64
	}
	return in.LargestRows()
}

// facts makes sure of the facts of all usage months.
func (r *run) facts(ctx context.Context, in *inputs.Inputs, session *engines.Session) (*facts.Set, error) {
	cache, err := r.cache(in, session.Loader)
	if err != nil {
		return nil, err
	}
	if r.later != nil && session.Ahead() {
		cache.Later = r.later(ctx, in.Month)
	}
	return facts.Prepare(ctx, session.Engine, cache, r.factsOptions())
}

// unchanged is the outcome of a month that is up to date.
func (r *run) unchanged(ctx context.Context, in *inputs.Inputs, steps *steps) (*results.Outcome, error) {
	if err := r.keepHashes(ctx, in); err != nil {
		return nil, err
	}
	steps.published(0, false)
	man, err := r.store.Manifest(ctx, in.Month)
	if err != nil {
		return nil, err
	}
	return &results.Outcome{Month: in.Month, FactsReused: len(in.Months), Provisional: man.Provisional}, nil
}

// scorePartners gives partners their scores, and counts these.
func scorePartners(rules *scoring.Rulebook, measured *measure.Result) (scored []tables.Scored, n int64, err error) {
	for _, p := range measured.Partners {
		scores, err := rules.Score(p.Track.ID, p.Measures)
		if err != nil {
			return nil, 0, fmt.Errorf("score partner %s: %w", p.ID, err)
		}
		n += int64(len(scores))
		scored = append(scored, tables.Scored{Partner: p, Scores: scores})
	}
	return scored, n, nil
}

// steps reports the steps of one month.
type steps struct {
	progress monitor.Progress
	in       *inputs.Inputs
	begun    time.Time
}

// newSteps begins with the inputs, which are there.
func newSteps(progress monitor.Progress, in *inputs.Inputs) *steps {
	progress.Done(monitor.Step{Name: monitor.StepInputs, Month: in.Month, Rows: in.Rows(), Elapsed: in.Elapsed})
	return &steps{progress: progress, in: in, begun: time.Now()}
}

// begin says that the last step for people begins, after those of the usage months.
func (s *steps) begin(what string) {
	s.progress.Step(len(s.in.Months), len(s.in.Months)+1, what)
	s.begun = time.Now()
}

// done says that a step has ended.
func (s *steps) done(name monitor.StepName, rows int64, idle bool) {
	s.progress.Done(monitor.Step{Name: name, Month: s.in.Month, Rows: rows, Idle: idle, Elapsed: time.Since(s.begun)})
	s.begun = time.Now()
}

// published says that the month was published, or left as it was.
func (s *steps) published(rows int64, changed bool) {
	if !changed {
		rows = 0
	}
	s.done(monitor.StepPublish, rows, !changed)
}
