package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/scoring"
)

// scoreOptions are the options of `score`.
type scoreOptions struct {
	settings.Scoring
	record     cli.RecordOptions
	month      scoring.Month // 0 until validated: the previous calendar month
	named      bool          // whether the month was given
	dryRun     bool
	format     string
	freshAfter int     // day of the month after on which the export of the previous month is complete; 0: any
	minRows    float64 // share of the usual number of rows that a complete export has
	waitUntil  *time.Duration
	restated   bool
	report     string // folder of the pages; empty: none
	costs      settings.Costs
	lang       settings.Language
}

func newScoreOptions() *scoreOptions {
	return &scoreOptions{Scoring: settings.NewScoring(), record: recordOptions(), minRows: 0.5, format: cli.FormatTable, costs: settings.NewCosts()}
}

func (o *scoreOptions) flags() []*cli.Option {
	own := []*cli.Option{
		{Name: "month", Value: "MONTH", Usage: "month to score, like 2024-06", Default: "the previous calendar month, UTC", Read: cli.Into(&o.month, scoring.ParseMonth)},
		{Name: "dry-run", Usage: "say what would be read, built and published for the month, and change nothing; " +
			"for the months of --restated see backfill --stale --dry-run", Read: cli.Into(&o.dryRun, cli.ReadSwitch)},
		cli.FormatOption(&o.format),
		{Name: "fresh-after", Value: "DAY", Usage: "without --month: before this day of this month (UTC) the export of the previous month is not ready, 1 to 28",
			Default: "any day", Read: cli.Into(&o.freshAfter, readMonthDay)},
		{Name: "min-rows", Value: "SHARE", Usage: "without --month: an export with fewer rows than this share of the usual, the median of the six months before, " +
			"is not ready; 0 accepts any export, with --month also one without rows",
			Default: "0.5", Read: cli.Into(&o.minRows, cli.ReadRatio)},
		{Name: "wait-until", Value: "TIME", Usage: "look again every five minutes for an input that is missing or not ready, until this time of the same day (UTC), like 18:00",
			Default: "do not wait", Read: cli.Into(&o.waitUntil, readClock)},
		{Name: "restated", Usage: "afterwards score again every published month whose inputs, rules or settings changed since, as backfill --stale does",
			Read: cli.Into(&o.restated, cli.ReadSwitch)},
		{Name: "report", Value: "DIR", Usage: "afterwards write the pages of the month, and of months that --restated scored again, into DIR/MONTH/: " +
			"an index and a page for each partner, as partnerscore report does",
			Default: "no pages", Read: cli.Into(&o.report, cli.ReadLocal)},
	}
	return slices.Concat(own, []*cli.Option{o.lang.Option("the pages of --report")}, o.costs.Options(), o.Scoring.Options(), o.record.Options())
}

func scoreCommand() cli.Command {
	o := newScoreOptions()
	return cli.Command{
		Name:  "score",
		About: "score one month and publish its snapshot",
		More: `Reads the usage exports of fourteen months, from M-13 to the scored month M, the certifications of M
or the newest before it, and the partners file if there is one. If all certifications are of later
months, the oldest of them are used and the score is provisional. If anything goes wrong, published
snapshots do not change. Running again with the same inputs, rules and settings changes nothing.

The export of a month is refreshed until about the 20th of the next. Without --month the run ends
with exit code 3 while the export is missing, has far fewer rows than usual (--min-rows), or, with
--fresh-after, before that day of the month. With --month these checks are off; a month without any
rows also needs --min-rows 0.

--report writes pages once the month is published. A page that cannot be written ends the run with an
error and changes nothing that is published. The costs rank what to do next on the pages.`,
		Examples: []string{
			"partnerscore score --exports exports --month 2024-06",
			"partnerscore score --exports exports --month 2024-06 --dry-run",
			"partnerscore score --exports exports --fresh-after 20 --wait-until 18:00 --restated",
			"partnerscore score --exports exports --month 2024-06 --report reports",
			"partnerscore score --exports exports --rulebook own.yaml --snapshots trial --format json",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Closing:   settings.PersonKeyHelp,
		Log:       &o.Log,
		Record:    &o.record,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runScore(ctx, s, o) },
	}
}

// readMonthDay reads a day that every month has.
func readMonthDay(text string) (int, error) {
	day, err := strconv.Atoi(text)
	if err != nil || day < 1 || day > 28 {
		return 0, fmt.Errorf("want a day of the month from 1 to 28, got %q", text)
	}
	return day, nil
}

// readClock reads a time of day.
func readClock(text string) (*time.Duration, error) {
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return nil, fmt.Errorf("want a time of day like 18:00, got %q", text)
	}
	ofDay := time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute
	return &ofDay, nil
}

// validate reads the options and fills in the month.
func (o *scoreOptions) validate(options []*cli.Option, p cli.Process) (problems []string, err error) {
	if problems, err = o.Read(options, p.Env); err != nil {
		return nil, err
	}
	if o.named = o.month != 0; !o.named {
		o.month = scoring.MonthOf(p.Clock()).Add(-1)
	}
	return slices.Concat(problems, o.record.KeepOff(o.Exports, o.Snapshots), o.FolderProblems(), o.reportProblems(), o.RuleProblems(o.month)), nil
}

func runScore(ctx context.Context, s *cli.Session, o *scoreOptions) error {
	opt, err := start.Options(&o.Scoring, s, watching{s.Console, s.Record})
	if err != nil {
		return err
	}
	opt.AllowEmpty = o.minRows == 0
	if !o.named {
		opt.Ready = o.readiness(s.Clock())
	}
	if o.dryRun {
		plan, err := months.MakePlan(ctx, opt, o.month)
		if err != nil {
			return err
		}
		s.Console.Close()
		return s.Present(o.format, plan, func() string { return runs.Plan(plan, o.Snapshots) })
	}
	warnOfPlainPersonIDs(opt)
	warnOfSkillsDay(opt, o.month)
	var outcome *results.Outcome
	err = whenReady(ctx, s, o.deadline(s.Clock()), func() (err error) {
		outcome, err = months.Score(ctx, opt, o.month)
		return err
	})
	if err != nil {
		outcome = nil // also where the month is published and only the end went wrong: a failed run has no result
		failed(ctx, s, o.month, err)
	}
	again, err := scoreAgain(ctx, s, opt, o, err)
	if err == nil {
		recordStale(ctx, s, opt)
	}
	recordLatest(ctx, s, opt)
	written, pagesErr := o.writePages(ctx, s, outcome != nil, again)
	err = errors.Join(err, pagesErr)
	if outcome == nil {
		return err
	}
	if outcome.CardError != nil {
		return cli.JoinPrintError(err, outcome.CardError)
	}
	return cli.JoinPrintError(err, printScored(s, o, runs.Score{Scorecard: outcome.Card, Changed: outcome.Changed, FactsBuilt: outcome.FactsBuilt,
		FactsReused: outcome.FactsReused, Restated: again, Pages: written}))
}

// readiness is what the default month must meet.
func (o *scoreOptions) readiness(now time.Time) inputs.Readiness {
	r := inputs.Readiness{Share: o.minRows}
	if o.freshAfter > 0 {
		now = now.UTC()
		r.From = time.Date(now.Year(), now.Month(), o.freshAfter, 0, 0, 0, 0, time.UTC)
	}
	return r
}

// deadline is when waiting for inputs ends, on the day of now: a retry after it does not wait for another day.
func (o *scoreOptions) deadline(now time.Time) time.Time {
	if o.waitUntil == nil {
		return now
	}
	now = now.UTC()
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return day.Add(*o.waitUntil)
}

// waitStep is the time between two looks at the inputs: long enough to cost nothing, where text files are read whole to count their rows.
const waitStep = 5 * time.Minute

// whenReady does what needs inputs, again and again while they are missing and there is time.
func whenReady(ctx context.Context, s *cli.Session, until time.Time, do func() error) error {
	said := ""
	for {
		err := do()
		left := until.Sub(s.Clock())
		if !isNotReady(err) || left <= 0 {
			return err
		}
		if why := runs.FirstSentence(err); why != said {
			said = why
			s.Log.Warn("inputs are not ready, waiting", "until", until.Format(time.RFC3339), "why", why)
		}
		if err := s.Sleep(ctx, min(left, waitStep)); err != nil {
			return err
		}
	}
}

// isNotReady reports whether an error is about inputs that may be there later: some are missing, or are being written.
func isNotReady(err error) bool {
	var changing *exports.ChangedError
	return fault.Of(err) == fault.Missing || errors.As(err, &changing)
}

// scoreAgain scores the months whose inputs, rules or settings changed since they were published. A month that is not ready yet is not touched.
func scoreAgain(ctx context.Context, s *cli.Session, opt months.Options, o *scoreOptions, scored error) (again []runs.BackfillMonth, err error) {
	if !o.restated || scored != nil && !isNotReady(scored) {
		return nil, scored
	}
	rng := months.Range{Stale: true, KeepGoing: true}
	if scored != nil {
		rng.To = o.month.Add(-1)
	}
	opt.Ready = inputs.Readiness{}
	again = []runs.BackfillMonth{}
	_, err = months.Backfill(ctx, opt, rng, func(_, _ int, r results.MonthResult) {
		logMonth(s, r)
		again = append(again, runs.NewBackfillMonth(r))
	})
	var missing *exports.MissingError
	var months *results.BackfillError
	if errors.As(err, &missing) && !errors.As(err, &months) {
		err = nil // no exports at all, which the error of the month says
	}
	return again, errors.Join(scored, withMonths(err))
}

// printScored prints the month that was scored.
func printScored(s *cli.Session, o *scoreOptions, result runs.Score) error {
	s.Console.Close()
	book, err := o.RulesOf(o.month)
	if err != nil {
		return err
	}
	err = s.Present(o.format, result, func() string { return result.Text(book, o.Snapshots, s.SentenceWidth()) })
	if err != nil {
		return fmt.Errorf("the snapshot of %s is published, but its result cannot be shown: %w", o.month, err)
	}
	return nil
}

// farFromMonth is how many days the day of certifications may be from the end of the scored month without a warning.
const farFromMonth = 31

// warnOfSkillsDay warns of certifications that must be held long before or after the end of the scored month: the setting may be left over from
// another month.
func warnOfSkillsDay(opt months.Options, m scoring.Month) {
	if opt.SkillsAsOf == nil {
		return
	}
	if days := int(opt.SkillsAsOf.Sub(m.Last()).Abs() / (24 * time.Hour)); days > farFromMonth {
		opt.Log.Warn("the day on which certifications must be held is far from the end of the month: check --skills-as-of and skills_as_of", "month", m.String(),
			"skills_as_of", opt.SkillsAsOf.Format(time.DateOnly), "days", days)
	}
}
