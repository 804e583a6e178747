// Package command has the commands. A file per command, in four parts: its options, its flags (with its help), validate, and run. Tests call run
// with a session and options.
package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Program returns the program with all commands. Each call makes new ones: a command keeps the options that it reads.
func Program() cli.Program {
	return cli.Program{
		About: "compute Microsoft partner capability scores for the Azure solution areas from monthly exports",
		Examples: []string{
			"partnerscore score --exports exports --month 2024-06",
			"partnerscore rules show azure-2023-06",
			"partnerscore score --help",
		},
		Commands: []cli.Command{
			scoreCommand(), backfillCommand(), factsCommand(), statusCommand(), verifyCommand(), inspectCommand(),
			explainCommand(), compareCommand(), outlookCommand(), whatIfCommand(), pathCommand(), reportCommand(),
			rulesCommand(), settings.ConfigCommand(),
		},
		EngineVersion: warehouse.EngineVersion,
	}
}

// The forms of results.
const (
	formatTable = "table"
	formatJSON  = "json"
	formatCSV   = "csv"
)

// formatOption is the flag for the form of a result. Answers have CSV as well and declare their own.
func formatOption(target *string) *cli.Option {
	return &cli.Option{Name: "format", Value: "table|json", Usage: "form of the result on stdout", Default: formatTable,
		Read: cli.Into(target, cli.ReadOneOf(formatTable, formatJSON))}
}

// present prints a result as JSON, or for people.
func present(s *cli.Session, format string, result any, text func() string) error {
	if format == formatJSON {
		return s.PrintJSON(result)
	}
	return s.Print(text())
}

// personKeyHelp closes the help of commands that make person ids.
const personKeyHelp = `The key of the pseudonyms of people is in the environment variable PARTNERSCORE_PERSON_KEY, or in the
file that PARTNERSCORE_PERSON_KEY_FILE names. It has at least 16 bytes.`

// warnOfPlainPersonIDs warns of person ids without a key.
func warnOfPlainPersonIDs(opt months.Options) {
	if len(opt.PersonKey) == 0 {
		opt.Log.Warn("person ids are hashes without a key, which anyone who knows an e-mail address can compute: set PARTNERSCORE_PERSON_KEY")
	}
}

// recordOptions are where the record of a run over months goes.
func recordOptions() cli.RecordOptions {
	return cli.RecordOptions{Rejections: facts.RejectionReasons()}
}

// watching shows a person what begins, and records what has ended.
type watching struct {
	stepper
	*monitor.Recorder
}

// stepper shows a person what begins.
type stepper interface {
	Step(i, n int, what string)
}

// failed records a month that failed; one that was interrupted has not.
func failed(ctx context.Context, s *cli.Session, m scoring.Month, err error) {
	if ctx.Err() == nil {
		s.Record.Failed(m, runs.FirstSentence(err))
	}
}

// logMonth logs how a month of a backfill ended, and records it if it failed.
func logMonth(s *cli.Session, r months.MonthResult) {
	took := r.Elapsed.Round(time.Millisecond).String()
	if r.Err != nil {
		s.Record.Failed(r.Month, runs.FirstSentence(r.Err))
		s.Log.Error("month failed", "month", r.Month.String(), "error", runs.FirstSentence(r.Err), "elapsed", took)
		return
	}
	s.Log.Info("month done", "month", r.Month.String(), "changed", r.Outcome.Changed, "facts_built", r.Outcome.FactsBuilt, "rows", r.Outcome.RowsRead,
		"elapsed", took)
}

// recordStale records which published months are stale, if the record is written anywhere: it has to look at the exports of every published month.
func recordStale(ctx context.Context, s *cli.Session, opt months.Options) {
	if !s.Delivers() {
		return
	}
	opt.Log = slog.New(slog.DiscardHandler) // the run has said everything about the exports
	months, err := months.StaleMonths(ctx, opt)
	if err != nil {
		s.Log.Warn("it is not known which months are stale", "error", runs.FirstSentence(err)) // what the run was for is done
		return
	}
	s.Record.Stale(months)
}

// withMonths puts a heading above the error of a backfill in which several months failed.
func withMonths(err error) error {
	var failed *months.BackfillError
	if errors.As(err, &failed) && len(failed.Failures) > 1 {
		return cli.WithHeading(fmt.Sprintf("%d months failed:", len(failed.Failures)), err)
	}
	return err
}

// noFolderError reports that the snapshots folder does not exist.
type noFolderError struct{ what string }

// FaultKind is fault.Missing.
func (e *noFolderError) FaultKind() string { return fault.Missing }

// FaultAdvice is the hint.
func (e *noFolderError) FaultAdvice() string {
	return "name the folder of the snapshots with --snapshots, or score a month first"
}

// Error says which folder does not exist.
func (e *noFolderError) Error() string { return e.what }

// absent says that there are none of the exports or snapshots at a place.
func absent(what, place string) string {
	if strings.Contains(place, "://") {
		return "there are no " + what + " at " + place
	}
	return "the " + what + " folder " + place + " does not exist"
}

// snapshotsExist returns an error when the snapshots folder does not exist.
func snapshotsExist(ctx context.Context, s *cli.Session, o *settings.Scoring) error {
	there, err := hasSnapshots(ctx, s, o)
	if err == nil && !there {
		return &noFolderError{absent("snapshots", o.Snapshots) + "; name another place with --snapshots"}
	}
	return err
}

// hasSnapshots reports whether anything was ever written to the place of the snapshots.
func hasSnapshots(ctx context.Context, s *cli.Session, o *settings.Scoring) (bool, error) {
	store, err := s.Places.Snapshots(ctx, o.Snapshots, o.Limits.TempDir)
	if err != nil {
		return false, err
	}
	return store.Exists(ctx)
}
