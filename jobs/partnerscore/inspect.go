package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/scoring"
)

// inspectOptions are what `inspect` is told. It needs no snapshots, and nothing that changes points alone.
type inspectOptions struct {
	scoringOptions
	month    *scoring.Month // nil: the months from..to
	from, to *scoring.Month // nil: no bound
	format   string
}

func (o *inspectOptions) options() []*option {
	own := []*option{
		{name: "month", value: "MONTH", usage: "the one month to look at, like 2024-06", standard: "every month of the exports", read: into(&o.month, readMonth)},
		{name: "from", value: "MONTH", usage: "first month to look at", read: into(&o.from, readMonth)},
		{name: "to", value: "MONTH", usage: "last month to look at", read: into(&o.to, readMonth)},
		formatOption(&o.format),
	}
	return append(own, only(o.scoringOptions.options(), "exports", "config", "rulebook", "allow-missing", "max-rejected", "threads", "memory-limit",
		"temp-dir", "max-temp", "log-format", "quiet")...)
}

// inspectHelp closes the help of the command.
const inspectHelp = `The first line says whether the month asked for, else the latest one, can be scored.

The JSON result has problems and ignored (names that are no inputs), not_taken (every file that is no
input, with the reason), months, undated (usage files of many months that are broken or empty),
certifications and partners. A month has its files with columns and what each stands_for, rows, labels
with their meaning, rejected and excluded rows by reason, and score: state (ready, provisional,
missing, broken, no_rules), reasons, provisional. tracks, null where the rulebook has one, lists the
partners with their track and customers_to_other_track: how many more would have to be SMB, or fewer.
Where a list is cut short, more says how many there are besides. judged is false where rows could not
be read or added up; then nothing is said of them.`

// inspectCommand is `inspect`.
func (p *program) inspectCommand() *cli.Command {
	o := &inspectOptions{scoringOptions: newScoringOptions()}
	h := help{
		name:  "inspect",
		about: "show what the exports hold, how it is read, and what a score would say",
		more: `Lists files, rows, columns and what they stand for, the labels seen and what the rulebook takes them
for, rows that are bad data with examples, and whether each month could be scored. All rows are read,
also those of the thirteen months before that a score reads. Broken files are listed and the others
are looked at all the same: what is wrong with exports is the result, so that the exit code is 0.
Nothing is changed, and no person or customer is named.`,
		examples: []string{
			"partnerscore inspect --exports exports",
			"partnerscore inspect --exports exports --month 2024-06",
			"partnerscore inspect --exports exports --from 2024-01 --format json",
		},
		options: o.options(),
		exits:   true,
		closing: inspectHelp,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		problems, err := o.resolve(h.options, p.env)
		if err != nil {
			return err
		}
		if problems = append(problems, o.check()...); len(problems) > 0 {
			return &usageError{problems: problems}
		}
		return p.runInspect(ctx, o)
	})
}

// check checks the folder and the months.
func (o *inspectOptions) check() (problems []string) {
	if o.exports == "" {
		problems = append(problems, missingExports)
	}
	switch {
	case o.month != nil && (o.from != nil || o.to != nil):
		problems = append(problems, "--month is one month, --from and --to are a range: give one or the other")
	case o.month != nil:
		o.from, o.to = o.month, o.month
	case o.from != nil && o.to != nil:
		problems = append(problems, rangeProblem(*o.from, *o.to)...)
	}
	return problems
}

// rangeProblem says that a range of months is empty, if it is.
func rangeProblem(from, to scoring.Month) []string {
	if from <= to {
		return nil
	}
	return []string{fmt.Sprintf("the range is empty: --from %s is after --to %s", from, to)}
}

// orNone returns the month, 0 for nil.
func orNone(m *scoring.Month) scoring.Month {
	if m == nil {
		return 0
	}
	return *m
}

func (p *program) runInspect(ctx context.Context, o *inspectOptions) error {
	console, log := p.newConsole(o.logFormat, o.quiet)
	defer console.close()
	opt, err := o.pipeline(p, log, console)
	if err != nil {
		return err
	}
	result, err := inspect.Inspect(ctx, inspect.Options{Options: opt.Options, MaxRejected: opt.MaxRejected, RunID: opt.RunID, Progress: opt.Progress}, orNone(o.from), orNone(o.to))
	if err != nil {
		return err
	}
	console.close()
	if o.format == formatJSON {
		return writeJSON(p.stdout, result)
	}
	return p.printInspection(result, o)
}
