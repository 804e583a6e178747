// Package command has the commands. A file per command, in four parts: its options, its flags (with its help), validate, and run. Tests call run
// with a session and options.
package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/ask"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
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
		Commands: slices.Concat(
			[]cli.Command{scoreCommand(), backfillCommand(), factsCommand(), statusCommand(), verifyCommand(), inspectCommand()},
			ask.Commands(),
			[]cli.Command{rulesCommand(), settings.ConfigCommand()}),
		EngineVersion: warehouse.EngineVersion,
	}
}

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
func logMonth(s *cli.Session, r results.MonthResult) {
	took := monitor.Seconds(r.Elapsed)
	if r.Err != nil {
		s.Record.Failed(r.Month, runs.FirstSentence(r.Err))
		attributes := []any{"month", r.Month.String(), "elapsed_seconds", took}
		if s.LogsJSON() { // in text the error of the run says why
			attributes = append(attributes, "error", runs.FirstSentence(r.Err))
		}
		s.Log.Error("month failed", attributes...)
		return
	}
	s.Log.Info("month done", "month", r.Month.String(), "changed", r.Outcome.Changed, "facts_built", r.Outcome.FactsBuilt, "rows", r.Outcome.RowsRead,
		"elapsed_seconds", took)
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

// recordLatest records the latest published month, if the record is written anywhere, however the run ended: an alert goes by it.
func recordLatest(ctx context.Context, s *cli.Session, opt months.Options) {
	if !s.Delivers() {
		return
	}
	latest, err := months.LatestPublished(context.WithoutCancel(ctx), opt)
	if err != nil {
		s.Log.Warn("it is not known which month is the latest that is published", "error", runs.FirstSentence(err)) // the metric keeps its value
		return
	}
	s.Record.Latest(latest)
}

// withMonths puts a heading above the error of a backfill in which several months failed.
func withMonths(err error) error {
	var failed *results.BackfillError
	if errors.As(err, &failed) && len(failed.Failures) > 1 {
		return cli.WithHeading(fmt.Sprintf("%d months failed:", len(failed.Failures)), err)
	}
	return err
}
