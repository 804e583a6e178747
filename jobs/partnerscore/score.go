package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/pipeline"
	"partnerscore/scoring"
)

// scoreOptions are what `score` is told.
type scoreOptions struct {
	scoringOptions
	month  *scoring.Month // nil until resolved: the previous calendar month
	dryRun bool
	format string
}

func (o *scoreOptions) options() []*option {
	own := []*option{
		{name: "month", value: "MONTH", usage: "month to score, like 2024-06", standard: "the previous calendar month, UTC", read: into(&o.month, readMonth)},
		{name: "dry-run", usage: "say what would be read, built and published, and change nothing", read: into(&o.dryRun, readSwitch)},
		{name: "format", value: "table|json", usage: "form of the result on stdout", standard: formatTable, read: into(&o.format, readOneOf(formatTable, formatJSON))},
	}
	return append(own, o.scoringOptions.options()...)
}

// The forms of results.
const (
	formatTable = "table"
	formatJSON  = "json"
)

// scoreCommand is `score`.
func (p *program) scoreCommand() *cli.Command {
	o := &scoreOptions{scoringOptions: newScoringOptions(), format: formatTable}
	h := help{
		name:  "score",
		about: "score one month and publish its snapshot",
		more: `Reads the usage exports of fourteen months, M-13 to M, the certifications of M or the newest before
it, and the partners file if there is one. What was published before stays as it is when anything
goes wrong. Running again with the same inputs, rules and settings changes nothing.`,
		examples: []string{
			"partnerscore score --exports exports --month 2024-06",
			"partnerscore score --exports exports --month 2024-06 --dry-run",
			"partnerscore score --exports exports --rulebook own.yaml --snapshots trial --format json",
		},
		options: o.options(),
		exits:   true,
		closing: `The environment variable PARTNERSCORE_PERSON_KEY, or the file that PARTNERSCORE_PERSON_KEY_FILE
names, keys the pseudonyms of people in the snapshots.`,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		problems, err := o.resolve(h.options, p.env)
		if err != nil {
			return err
		}
		if problems = append(problems, o.complete(p)...); len(problems) > 0 {
			return &usageError{problems: problems}
		}
		return p.runScore(ctx, o)
	})
}

// complete fills in the month and checks what scoring it needs besides.
func (o *scoreOptions) complete(p *program) (problems []string) {
	if o.exports == "" {
		problems = append(problems, missingExports)
	} else if sameFolder(o.exports, o.snapshots) {
		problems = append(problems, "exports and snapshots are the same folder, where the certifications of one would be taken for those of the other; "+
			"name another one with --snapshots")
	}
	if o.month == nil {
		m := defaultMonth(p.clock())
		o.month = &m
	}
	if o.rulebook == "" {
		if _, err := o.library.InForce(*o.month); err != nil {
			problems = append(problems, err.Error()+"; choose one with --rulebook")
		}
	}
	return problems
}

// scoreResult is what `score --format json` prints.
type scoreResult struct {
	*pipeline.Scorecard
	Changed     bool `json:"changed"` // false: what was published already is what the inputs give
	FactsBuilt  int  `json:"facts_built"`
	FactsReused int  `json:"facts_reused"`
}

func (p *program) runScore(ctx context.Context, o *scoreOptions) error {
	console, log := p.newConsole(o.logFormat, o.quiet)
	defer console.close()
	opt, err := o.pipeline(p, log, console)
	if err != nil {
		return err
	}
	if o.dryRun {
		plan, err := pipeline.MakePlan(ctx, opt, *o.month)
		if err != nil {
			return err
		}
		console.close()
		return p.printPlan(plan, o)
	}
	if len(opt.PersonKey) == 0 {
		log.Warn("person ids are plain hashes, which anyone who knows an e-mail can compute: set PARTNERSCORE_PERSON_KEY")
	}
	outcome, err := pipeline.Score(ctx, opt, *o.month)
	if err != nil {
		return err
	}
	card, err := pipeline.ReadScorecard(ctx, opt, *o.month)
	if err != nil {
		return err
	}
	console.close()
	result := scoreResult{Scorecard: card, Changed: outcome.Changed, FactsBuilt: outcome.FactsBuilt, FactsReused: outcome.FactsReused}
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
