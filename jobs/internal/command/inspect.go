package command

import (
	"context"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show/inspection"
	"partnerscore/scoring"
)

// inspectOptions are the options of `inspect`. It needs no snapshots, and no setting that changes points alone.
type inspectOptions struct {
	settings.Scoring
	month    scoring.Month // 0: the months from..to
	from, to scoring.Month // 0: no bound
	format   string
}

func newInspectOptions() *inspectOptions {
	return &inspectOptions{Scoring: settings.NewScoring(), format: cli.FormatTable}
}

func (o *inspectOptions) flags() []*cli.Option {
	own := []*cli.Option{
		{Name: "month", Value: "MONTH", Usage: "the one month to look at, like 2024-06", Default: "every month of the exports", Read: cli.Into(&o.month, scoring.ParseMonth)},
		{Name: "from", Value: "MONTH", Usage: "first month to look at", Read: cli.Into(&o.from, scoring.ParseMonth)},
		{Name: "to", Value: "MONTH", Usage: "last month to look at", Read: cli.Into(&o.to, scoring.ParseMonth)},
		cli.FormatOption(&o.format),
	}
	return append(own, cli.Only(o.Scoring.Options(), "exports", "config", "rulebook", "allow-missing", "max-rejected", "threads", "memory-limit",
		"temp-dir", "max-temp", "log-format", "quiet", "verbose")...)
}

// inspectHelp closes the help of the command.
const inspectHelp = `The first line says whether the month can be scored: the one of --month, or the latest one.

The JSON result has problems and ignored (names that are not inputs), not_taken (every file that is
not an input, with the reason), months, undated (usage files of many months that are broken or empty),
certifications and partners. A month has its files with columns and what each stands_for, rows,
labels with their meaning, rejected and excluded rows by reason, and score: state (ready,
provisional, missing, broken, no_rules), reasons, provisional. tracks, null where the rulebook has
one, lists the partners with their track and customers_to_other_track: how many more would have to
be SMB, or fewer. If a list is cut short, more is the number of entries left out. judged is false if
rows could not be read or added up: then they are not counted.`

func inspectCommand() cli.Command {
	o := newInspectOptions()
	return cli.Command{
		Name:  "inspect",
		About: "show what the exports contain, how it is read, and whether months can be scored",
		More: `Lists files, rows, columns and how each is read, the labels and what the rulebook makes of them, rows
of bad data with examples, and whether each month can be scored. It reads all rows, including the
thirteen earlier months that a score needs. Broken files are listed and the others are inspected; the
exit code is 0 even then, because problems in the exports are the result. inspect changes nothing and
names no person or customer.`,
		Examples: []string{
			"partnerscore inspect --exports exports",
			"partnerscore inspect --exports exports --month 2024-06",
			"partnerscore inspect --exports exports --from 2024-01 --format json",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Closing:   inspectHelp,
		Log:       &o.Log,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runInspect(ctx, s, o) },
	}
}

func (o *inspectOptions) validate(options []*cli.Option, p cli.Process) (problems []string, err error) {
	if problems, err = o.Read(options, p.Env); err != nil {
		return nil, err
	}
	if o.Exports == "" {
		problems = append(problems, settings.MissingExports)
	}
	if o.month != 0 && (o.from != 0 || o.to != 0) {
		return append(problems, "--month is one month, --from and --to are a range: give one or the other"), nil
	}
	return append(problems, rangeProblems(o.from, o.to)...), nil
}

func runInspect(ctx context.Context, s *cli.Session, o *inspectOptions) error {
	s.LogEnd()
	defer s.Console.Close()
	opt, err := start.Options(&o.Scoring, s, s.Console)
	if err != nil {
		return err
	}
	from, to := o.from, o.to
	if o.month != 0 {
		from, to = o.month, o.month
	}
	result, err := inspect.Inspect(ctx, inspect.Options{Options: opt.Options, MaxRejected: opt.MaxRejected, RunID: opt.RunID, Progress: opt.Progress}, from, to)
	if err != nil {
		return err
	}
	s.Console.Close()
	return s.Present(o.format, result, func() string {
		return inspection.Text(result, from != 0 || to != 0, s.InspectCommand(), s.SentenceWidth())
	})
}
