package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/scoring"
)

// factsOptions are the options of `facts`.
type factsOptions struct {
	settings.Scoring
	record   cli.RecordOptions
	from, to scoring.Month // 0: the first and the last month of usage
	index    int
	of       int // 0: all months are this process's
	format   string
}

func newFactsOptions() *factsOptions {
	return &factsOptions{Scoring: settings.NewScoring(), record: recordOptions(), format: cli.FormatTable}
}

// mostProcesses is more than anybody starts.
const mostProcesses = 10_000

// readIndex reads the number of a process, which begins with 0.
func readIndex(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n >= mostProcesses {
		return 0, fmt.Errorf("must be a whole number from 0 to %d", mostProcesses-1)
	}
	return n, nil
}

func (o *factsOptions) flags() []*cli.Option {
	own := []*cli.Option{
		{Name: "from", Value: "MONTH", Usage: "first month of usage, like 2023-02", Default: "the first of the exports", Read: cli.Into(&o.from, scoring.ParseMonth)},
		{Name: "to", Value: "MONTH", Usage: "last month of usage; the rules are those of a score of it", Default: "the last of the exports",
			Read: cli.Into(&o.to, scoring.ParseMonth)},
		{Name: "index", Value: "N", Usage: "build only every M-th month, from the N-th on, 0 being the first; with --of", Read: cli.Into(&o.index, readIndex)},
		{Name: "of", Value: "M", Usage: "number of processes among which the months are dealt out", Read: cli.Into(&o.of, cli.ReadNumber(mostProcesses))},
		cli.FormatOption(&o.format),
	}
	shared := slices.DeleteFunc(o.Scoring.Options(), func(o *cli.Option) bool { return o.Name == "skills-as-of" || o.Name == "delta" })
	return slices.Concat(own, shared, o.record.Options())
}

func factsCommand() cli.Command {
	o := newFactsOptions()
	return cli.Command{
		Name:  "facts",
		About: "build the facts of usage months and nothing else, side by side with other processes",
		More: `Reads each month of usage once and keeps its facts beside the snapshots, where score and backfill
find them: the step that takes nearly all of the time of a first run. Each month has a lock of its own,
so that N processes, on one machine or on many, build different months at the same time. A month that
another run builds is left to it, after --lock-wait.`,
		Examples: []string{
			"partnerscore facts --exports exports",
			"partnerscore facts --exports exports --from 2023-02 --to 2024-06 --index 0 --of 4",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Log:       &o.Log,
		Record:    &o.record,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runFacts(ctx, s, o) },
	}
}

func (o *factsOptions) validate(options []*cli.Option, p cli.Process) (problems []string, err error) {
	if problems, err = o.Read(options, p.Env); err != nil {
		return nil, err
	}
	problems = slices.Concat(problems, o.record.KeepOff(o.Exports, o.Snapshots), o.FolderProblems(), rangeProblems(o.from, o.to))
	switch {
	case o.of == 0 && o.index > 0:
		problems = append(problems, "--index needs --of, the number of processes")
	case o.of > 0 && o.index >= o.of:
		problems = append(problems, fmt.Sprintf("--index %d is not below --of %d: the first process has index 0", o.index, o.of))
	}
	return problems, nil
}

func runFacts(ctx context.Context, s *cli.Session, o *factsOptions) error {
	progress := cli.NewMonthsProgress(s, 1)
	opt, err := start.Options(&o.Scoring, s, watching{progress, s.Record})
	if err != nil {
		return err
	}
	stop := progress.KeepTime()
	result := runs.Facts{Months: []runs.FactsMonth{}}
	err = months.BuildFacts(ctx, opt, months.FactsRange{From: o.from, To: o.to, Index: o.index, Of: o.of}, func(m results.FactsMonth) {
		if m.State != results.FactsElsewhere {
			progress.MonthDone(m.Rows, m.State == results.FactsBuilt, m.Elapsed)
		}
		result.Add(m)
	})
	stop()
	s.Console.Close()
	if err != nil && len(result.Months) == 0 {
		return err
	}
	return cli.JoinPrintError(err, s.Present(o.format, result, func() string { return result.Text(s.SentenceWidth()) }))
}
