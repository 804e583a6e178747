package months

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// FactsRange says of which usage months facts are built.
type FactsRange struct {
	// From and To are inclusive. Zero From is the first month of usage, zero To the last. The rules are those of a score of To.
	From, To scoring.Month
	// Of is over how many processes the months are dealt out, and Index which of them this one is, from 0. Zero Of: this one builds all.
	Index, Of int
}

// BuildFacts builds the facts of a range of months and nothing else. Each month has a lock of its own, so that several processes do so side by side:
// a month that another run builds is left for later, waited for as long as Options say, and then left to the other run. It stops at the first month
// that fails. done is called for each month as it ends.
func BuildFacts(ctx context.Context, opt Options, rng FactsRange, done func(results.FactsMonth)) (err error) {
	opt.Progress.Step(0, 1, "inputs")
	r, err := open(ctx, opt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.engines.Close(ctx)) }()
	months, last, err := factsMonths(ctx, r, rng)
	if err != nil || len(months) == 0 {
		return err
	}
	in, err := r.exports.UsageOf(ctx, months, last)
	if err != nil {
		return r.exports.Explain(ctx, err)
	}
	r.opt.Progress.Done(monitor.Step{Name: monitor.StepInputs, Month: last, Rows: in.Rows(), Elapsed: in.Elapsed})
	if err := buildFacts(ctx, r, in, done); err != nil {
		return err
	}
	return keepHashesUnlocked(ctx, r, in)
}

// buildFacts builds the facts of inputs that are not there.
func buildFacts(ctx context.Context, r *run, in *inputs.Inputs, done func(results.FactsMonth)) (err error) {
	session, err := r.engines.Open(ctx, r.ingest(in), largest(r, in))
	if err != nil {
		return err
	}
	defer func() { err = session.CloseAfter(err) }()
	cache, err := r.cache(in, session.Loader)
	if err != nil {
		return err
	}
	return factsBuild{run: r, in: in, engine: session.Engine, cache: cache, done: done}.all(ctx)
}

// factsMonths are the usage months of a range that this process builds, and the last month of the range.
func factsMonths(ctx context.Context, r *run, rng FactsRange) (months []scoring.Month, last scoring.Month, err error) {
	last = rng.To
	if last == 0 {
		last = inputs.LatestMonth(r.exports.Catalog())
	}
	var there []scoring.Month
	for _, m := range r.exports.UsageMonths() {
		if m >= rng.From && m <= last {
			there = append(there, m)
		}
	}
	if len(there) == 0 {
		return nil, 0, r.exports.Explain(ctx, &exports.MissingError{Table: schema.Usage, Hint: "there is no usage in the range in " + r.opt.Exports})
	}
	for i, m := range there {
		if i > 0 && m != there[i-1].Add(1) {
			r.opt.Log.Warn("usage is missing within the range", "months", scoring.MonthRanges(between(there[i-1], m)))
		}
		if rng.Of == 0 || i%rng.Of == rng.Index {
			months = append(months, m)
		}
	}
	return months, last, nil
}

// between lists the months after one and before another.
func between(after, before scoring.Month) (months []scoring.Month) {
	for m := after.Add(1); m < before; m++ {
		months = append(months, m)
	}
	return months
}

// factsBuild builds the facts of months of usage.
type factsBuild struct {
	*run
	in     *inputs.Inputs
	engine facts.Engine
	cache  facts.Cache
	done   func(results.FactsMonth)
}

// all builds what no other run builds, then waits for what others build.
func (b factsBuild) all(ctx context.Context) error {
	held, err := b.those(ctx, b.in.Months, 0)
	if err != nil || len(held) == 0 {
		return err
	}
	if b.opt.LockWait > 0 {
		if held, err = b.those(ctx, held, b.opt.LockWait); err != nil {
			return err
		}
	}
	for _, m := range held {
		b.opt.Log.Warn("another run builds the facts of this month, and was left to it", "month", m.String())
		b.done(results.FactsMonth{Month: m, Rows: b.in.UsageRows(m), State: results.FactsElsewhere})
	}
	return nil
}

// those builds the facts of months, and returns those that another run holds.
func (b factsBuild) those(ctx context.Context, months []scoring.Month, wait time.Duration) (held []scoring.Month, err error) {
	opt := b.factsOptions()
	opt.Wait = wait
	if err := facts.Announce(ctx, b.engine, b.cache, months); err != nil {
		return nil, err
	}
	for i, m := range months {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		b.opt.Progress.Step(i, len(months), "facts of "+m.String())
		begun := time.Now()
		f, reused, err := facts.Month(ctx, b.engine, b.cache, m, opt)
		var other *snapshot.HeldError
		if errors.As(err, &other) {
			held = append(held, m)
			continue
		}
		if err != nil {
			return nil, err
		}
		state := results.FactsBuilt
		if reused {
			state = results.FactsReused
		}
		b.done(results.FactsMonth{Month: m, Rows: f.Rows, State: state, Elapsed: time.Since(begun)})
	}
	return held, nil
}

// hashesWait is how long a run that built facts waits for the lock of the snapshots, to keep what it found out about files.
const hashesWait = 10 * time.Second

// keepHashesUnlocked keeps what a run without the lock of the snapshots found out about files. Where another run holds that lock for longer, the next
// score reads the files whole again, which costs time only.
func keepHashesUnlocked(ctx context.Context, r *run, in *inputs.Inputs) (err error) {
	opt := r.opt
	opt.LockWait = hashesWait
	release, err := r.with(opt).lock(ctx)
	var held *snapshot.HeldError
	if errors.As(err, &held) {
		r.opt.Log.Info("another run holds the snapshots: the next one reads these files whole again to know them", "holder", held.RunID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("keep what is known of files: %w", err)
	}
	defer func() { err = errors.Join(err, release()) }()
	return r.keepHashes(ctx, in)
}
