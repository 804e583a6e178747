package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/months"
	"partnerscore/scoring"
)

// backfillOptions are what `backfill` is told.
type backfillOptions struct {
	scoringOptions
	tellOptions
	from, to  *scoring.Month // nil: found out from the exports
	stale     bool
	keepGoing bool
	dryRun    bool
	format    string
}

func (o *backfillOptions) options() []*option {
	own := []*option{
		{name: "from", value: "MONTH", usage: "first month to score, like 2023-02", standard: "the first for which the fourteen months of usage are there",
			read: into(&o.from, readMonth)},
		{name: "to", value: "MONTH", usage: "last month to score", standard: "the last month of usage", read: into(&o.to, readMonth)},
		{name: "stale", usage: "only published months whose inputs, rules or settings changed since", read: into(&o.stale, readSwitch)},
		{name: "keep-going", usage: "go on after a month that failed; the exit code is that of the first", read: into(&o.keepGoing, readSwitch)},
		{name: "dry-run", usage: "list the months and what would be done to each, and change nothing", read: into(&o.dryRun, readSwitch)},
		formatOption(&o.format),
	}
	return slices.Concat(own, o.scoringOptions.options(), o.tellOptions.options())
}

// backfillCommand is `backfill`.
func (p *program) backfillCommand() *cli.Command {
	o := &backfillOptions{scoringOptions: newScoringOptions()}
	h := help{
		name:  "backfill",
		about: "score every month of a range, each published on its own",
		more: `Goes from the oldest month to the newest and stops at the first that fails. Every raw month is read
once: what it comes to is kept and serves the thirteen months after it. Months that are published
already and would come out the same are left alone, so that a run after an interruption, or after a
failed month was mended, only does what is left.`,
		examples: []string{
			"partnerscore backfill --exports exports",
			"partnerscore backfill --exports exports --from 2023-02 --to 2024-06 --keep-going",
			"partnerscore backfill --exports exports --stale --dry-run",
		},
		options: o.options(),
		exits:   true,
		closing: personKeyHelp,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		j, problems, err := p.begin(h, &o.scoringOptions, &o.tellOptions)
		if err != nil {
			return err
		}
		if problems = append(problems, o.check()...); len(problems) > 0 {
			return &usageError{problems: problems}
		}
		return p.runBackfill(ctx, o, j)
	})
}

// check checks what a backfill needs besides.
func (o *backfillOptions) check() []string {
	problems := o.folderProblems()
	if o.from != nil && o.to != nil {
		problems = append(problems, rangeProblem(*o.from, *o.to)...)
	}
	if o.from != nil && !o.stale { // for which it is no more than a bound
		problems = append(problems, o.ruleProblems(*o.from)...)
	}
	return problems
}

// months is the range that the options name.
func (o *backfillOptions) months() months.Range {
	return months.Range{From: orNone(o.from), To: orNone(o.to), Stale: o.stale, KeepGoing: o.keepGoing}
}

func (p *program) runBackfill(ctx context.Context, o *backfillOptions, j *job) error {
	progress := newBackfillProgress(j.console, p)
	opt, err := o.pipeline(p, j.log, watching{progress, j.record})
	if err != nil {
		return err
	}
	if o.dryRun {
		return p.planBackfill(ctx, opt, o, j.console)
	}
	warnOfPlainPersonIDs(opt)
	if opt.SkillsAsOf != nil {
		opt.Log.Warn("certifications must be held on the same day for every month of this backfill: check --skills-as-of and skills_as_of",
			"skills_as_of", opt.SkillsAsOf.Format(time.DateOnly))
	}
	stop := progress.keepTime()
	result := backfillResult{Months: []backfillMonth{}}
	sum, err := months.Backfill(ctx, opt, o.months(), func(_, _ int, r months.MonthResult) {
		progress.done(r)
		j.tellMonth(r)
		result.Months = append(result.Months, newBackfillMonth(r))
	})
	stop()
	if err == nil {
		j.findStale(ctx, opt)
	}
	j.console.close()
	if err != nil && sum.Months == 0 {
		return err
	}
	result.sum(sum)
	tellCounts(j.log, result)
	printErr := p.printBackfill(result, o)
	if printErr != nil {
		printErr = fmt.Errorf("%s published, but the result cannot be shown: %w", monthWord(sum.Scored), printErr)
	}
	return shown(err, printErr)
}

// tellMonth logs how a month ended.
func (j *job) tellMonth(r months.MonthResult) {
	took := r.Elapsed.Round(time.Millisecond).String()
	if r.Err != nil {
		j.record.Failed(r.Month, firstSentence(r.Err))
		j.log.Error("month failed", "month", r.Month.String(), "error", firstSentence(r.Err), "elapsed", took)
		return
	}
	j.log.Info("month done", "month", r.Month.String(), "changed", r.Outcome.Changed, "facts_built", r.Outcome.FactsBuilt, "rows", r.Outcome.RowsRead,
		"elapsed", took)
}

// tellCounts closes the log.
func tellCounts(log *slog.Logger, r backfillResult) {
	log.Info("backfill ended", "months", r.Total, "scored", r.Scored, "unchanged", r.Unchanged, "failed", r.Failed, "not_reached", r.NotReached)
}

func (p *program) planBackfill(ctx context.Context, opt months.Options, o *backfillOptions, console *console) error {
	plans, err := months.PlanBackfill(ctx, opt, o.months())
	console.close()
	if err != nil && plans == nil {
		return err
	}
	return shown(err, p.printBackfillPlan(newBackfillPlan(plans), o))
}
