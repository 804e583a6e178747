package command

import (
	"context"
	"fmt"
	"slices"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// backfillOptions are the options of `backfill`.
type backfillOptions struct {
	settings.Scoring
	record    cli.RecordOptions
	from, to  scoring.Month // 0: found out from the exports
	stale     bool
	keepGoing bool
	dryRun    bool
	format    string
}

func newBackfillOptions() *backfillOptions {
	return &backfillOptions{Scoring: settings.NewScoring(), record: recordOptions(), format: cli.FormatTable}
}

func (o *backfillOptions) flags() []*cli.Option {
	own := []*cli.Option{
		{Name: "from", Value: "MONTH", Usage: "first month to score, like 2023-02", Default: "the first for which the fourteen months of usage are there",
			Read: cli.Into(&o.from, scoring.ParseMonth)},
		{Name: "to", Value: "MONTH", Usage: "last month to score", Default: "the last month of usage", Read: cli.Into(&o.to, scoring.ParseMonth)},
		{Name: "stale", Usage: "only published months whose inputs, rules or settings changed since", Read: cli.Into(&o.stale, cli.ReadSwitch)},
		{Name: "keep-going", Usage: "go on after a month that failed; the exit code is that of the first", Read: cli.Into(&o.keepGoing, cli.ReadSwitch)},
		{Name: "dry-run", Usage: "list the months and what would be done to each, and change nothing", Read: cli.Into(&o.dryRun, cli.ReadSwitch)},
		cli.FormatOption(&o.format),
	}
	return slices.Concat(own, o.Scoring.Options(), o.record.Options())
}

func backfillCommand() cli.Command {
	o := newBackfillOptions()
	return cli.Command{
		Name:  "backfill",
		About: "score every month of a range, each published on its own",
		More: `Goes from the oldest month to the newest and stops at the first that fails. The exports of a month
are read once: their facts are cached and reused for the thirteen months after it. Published months
that would not change are skipped, so a run after an interruption or a fixed month does only the
remaining work.`,
		Examples: []string{
			"partnerscore backfill --exports exports",
			"partnerscore backfill --exports exports --from 2023-02 --to 2024-06 --keep-going",
			"partnerscore backfill --exports exports --stale --dry-run",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Closing:   settings.PersonKeyHelp,
		Log:       &o.Log,
		Record:    &o.record,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runBackfill(ctx, s, o) },
	}
}

func (o *backfillOptions) validate(options []*cli.Option, p cli.Process) (problems []string, err error) {
	if problems, err = o.Read(options, p.Env); err != nil {
		return nil, err
	}
	problems = slices.Concat(problems, o.record.KeepOff(o.Exports, o.Snapshots), o.FolderProblems(), rangeProblems(o.from, o.to))
	if o.from != 0 && !o.stale { // for stale months it is no more than a bound
		problems = append(problems, o.RuleProblems(o.from)...)
	}
	return problems, nil
}

// rangeProblems reports a range of months that is empty. A bound of 0 means no bound.
func rangeProblems(from, to scoring.Month) []string {
	if from == 0 || to == 0 || from <= to {
		return nil
	}
	return []string{fmt.Sprintf("the range is empty: --from %s is after --to %s", from, to)}
}

func runBackfill(ctx context.Context, s *cli.Session, o *backfillOptions) error {
	progress := cli.NewMonthsProgress(s, months.MonthSteps)
	opt, err := start.Options(&o.Scoring, s, watching{progress, s.Record})
	if err != nil {
		return err
	}
	rng := months.Range{From: o.from, To: o.to, Stale: o.stale, KeepGoing: o.keepGoing}
	if o.dryRun {
		return planBackfill(ctx, s, opt, rng, o.format)
	}
	warnOfPlainPersonIDs(opt)
	if opt.SkillsAsOf != nil {
		opt.Log.Warn("certifications must be held on the same day for every month of this backfill: check --skills-as-of and skills_as_of",
			"skills_as_of", opt.SkillsAsOf.Format(time.DateOnly))
	}
	stop := progress.KeepTime()
	var ended []runs.BackfillMonth
	sum, err := months.Backfill(ctx, opt, rng, func(_, _ int, r results.MonthResult) {
		if r.Outcome != nil {
			progress.MonthDone(r.Outcome.RowsRead, r.Outcome.Changed, r.Elapsed)
		}
		logMonth(s, r)
		ended = append(ended, runs.NewBackfillMonth(r))
	})
	stop()
	if err == nil {
		recordStale(ctx, s, opt)
	}
	recordLatest(ctx, s, opt)
	s.Console.Close()
	if err != nil && sum.Months == 0 {
		return withMonths(err)
	}
	result := runs.NewBackfill(ended, sum)
	s.Log.Info("backfill ended", "months", result.Total, "scored", result.Scored, "unchanged", result.Unchanged, "failed", result.Failed,
		"not_reached", result.NotReached)
	printErr := s.Present(o.format, result, func() string { return result.Text(s.SentenceWidth()) })
	if printErr != nil {
		printErr = fmt.Errorf("%s published, but the result cannot be shown: %w", wording.Count(int64(sum.Scored), "month"), printErr)
	}
	return cli.JoinPrintError(withMonths(err), printErr)
}

func planBackfill(ctx context.Context, s *cli.Session, opt months.Options, rng months.Range, format string) error {
	plans, err := months.PlanBackfill(ctx, opt, rng)
	s.Console.Close()
	if err != nil && plans == nil {
		return err
	}
	result := runs.NewBackfillPlan(plans)
	return cli.JoinPrintError(withMonths(err), s.Present(format, result, func() string { return result.Text(s.SentenceWidth()) }))
}
