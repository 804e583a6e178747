package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/months"
	"partnerscore/scoring"
)

// scoreOptions are what `score` is told.
type scoreOptions struct {
	scoringOptions
	readyOptions
	tellOptions
	month  *scoring.Month // nil until resolved: the previous calendar month
	named  bool           // whether the month was
	dryRun bool
	format string
}

func (o *scoreOptions) options() []*option {
	own := []*option{
		{name: "month", value: "MONTH", usage: "month to score, like 2024-06", standard: "the previous calendar month, UTC", read: into(&o.month, readMonth)},
		{name: "dry-run", usage: "say what would be read, built and published for the month, and change nothing; " +
			"for the months of --restated see backfill --stale --dry-run", read: into(&o.dryRun, readSwitch)},
		formatOption(&o.format),
	}
	return slices.Concat(own, o.readyOptions.options(), o.scoringOptions.options(), o.tellOptions.options())
}

// scoreCommand is `score`.
func (p *program) scoreCommand() *cli.Command {
	o := &scoreOptions{scoringOptions: newScoringOptions(), readyOptions: readyOptions{minRows: 0.5}, format: formatTable}
	h := help{
		name:  "score",
		about: "score one month and publish its snapshot",
		more: `Reads the usage exports of fourteen months, M-13 to M, the certifications of M or the newest before
it, and the partners file if there is one. Where there are certifications of later months only, the
oldest of these are used and the score is provisional; that takes no flag. What was published before
stays as it is when anything goes wrong. Running again with the same inputs, rules and settings
changes nothing.

The export of a month is refreshed until about the 20th of the next. Without --month the run ends with
exit code 3 while the export is missing, has far fewer rows than usual (--min-rows), or, with
--fresh-after, before that day of the month. With --month the month is scored as it is; a month without
any rows takes --min-rows 0 as well.`,
		examples: []string{
			"partnerscore score --exports exports --month 2024-06",
			"partnerscore score --exports exports --month 2024-06 --dry-run",
			"partnerscore score --exports exports --fresh-after 20 --wait-until 18:00 --restated",
			"partnerscore score --exports exports --rulebook own.yaml --snapshots trial --format json",
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
		if problems = append(problems, o.complete(p)...); len(problems) > 0 {
			return &usageError{problems: problems}
		}
		return p.runScore(ctx, o, j)
	})
}

// complete fills in the month and checks what scoring it needs besides.
func (o *scoreOptions) complete(p *program) (problems []string) {
	problems = o.folderProblems()
	if o.named = o.month != nil; !o.named {
		m := defaultMonth(p.clock())
		o.month = &m
	}
	return append(problems, o.ruleProblems(*o.month)...)
}

// scoreResult is what `score --format json` prints.
type scoreResult struct {
	*months.Scorecard
	Changed     bool `json:"changed"` // false: what was published already is what the inputs give
	FactsBuilt  int  `json:"facts_built"`
	FactsReused int  `json:"facts_reused"`
	// Restated are the months of --restated: those whose inputs, rules or settings changed.
	Restated []backfillMonth `json:"restated,omitempty"`
}

func (p *program) runScore(ctx context.Context, o *scoreOptions, j *job) error {
	opt, err := o.pipeline(p, j.log, watching{j.console, j.record})
	if err != nil {
		return err
	}
	opt.AllowEmpty = o.minRows == 0
	if !o.named {
		opt.Ready = o.readiness(p.clock())
	}
	if o.dryRun {
		plan, err := months.MakePlan(ctx, opt, *o.month)
		if err != nil {
			return err
		}
		j.console.close()
		return p.printPlan(plan, o)
	}
	warnOfPlainPersonIDs(opt)
	warnOfSkillsDay(opt, *o.month)
	var outcome *months.Outcome
	err = p.whenReady(ctx, &o.readyOptions, j, func() (err error) {
		outcome, err = months.Score(ctx, opt, *o.month)
		return err
	})
	if err != nil {
		outcome = nil // also where the month is published and only the end went wrong: a failed run has no result
		j.failed(ctx, *o.month, err)
	}
	again, err := p.scoreAgain(ctx, opt, o, j, err)
	if err == nil {
		j.findStale(ctx, opt)
	}
	if outcome == nil {
		return err
	}
	return shown(err, p.showScored(ctx, opt, o, j, outcome, again))
}

// showScored prints the month that was scored.
func (p *program) showScored(ctx context.Context, opt months.Options, o *scoreOptions, j *job, outcome *months.Outcome, again []backfillMonth) error {
	card, err := months.ReadScorecard(ctx, opt, *o.month)
	if err != nil {
		return err
	}
	j.console.close()
	result := scoreResult{Scorecard: card, Changed: outcome.Changed, FactsBuilt: outcome.FactsBuilt, FactsReused: outcome.FactsReused, Restated: again}
	if err := p.printResult(result, o); err != nil {
		return fmt.Errorf("the snapshot of %s is published, but its result cannot be shown: %w", *o.month, err)
	}
	return nil
}

func (p *program) printResult(result scoreResult, o *scoreOptions) error {
	if o.format == formatJSON {
		return writeJSON(p.stdout, result)
	}
	book, err := o.bookOf(*o.month)
	if err != nil {
		return err
	}
	return p.printScores(result, book, o.snapshots)
}

// bookOf returns the rules that a month is scored by.
func (o *scoringOptions) bookOf(m scoring.Month) (*scoring.Rulebook, error) {
	if o.book != nil {
		return o.book, nil
	}
	return o.library.InForce(m)
}

// writeJSON writes one object, indented.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
