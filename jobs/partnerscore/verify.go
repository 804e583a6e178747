package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/pipeline"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// verifyOptions are what `verify` is told.
type verifyOptions struct {
	scoringOptions
	tellOptions
	deep   bool
	format string
}

func (o *verifyOptions) options() []*option {
	own := []*option{
		{name: "deep", usage: "also score every month again, in a temporary place, and compare", read: into(&o.deep, readSwitch)},
		formatOption(&o.format),
	}
	shared := only(o.scoringOptions.options(), "exports", "snapshots", "config", "rulebook", "threads", "memory-limit", "temp-dir", "max-temp",
		"log-format", "quiet")
	return slices.Concat(own, shared, o.tellOptions.options())
}

// verifyCommand is `verify`.
func (p *program) verifyCommand() *cli.Command {
	o := &verifyOptions{scoringOptions: newScoringOptions()}
	h := help{
		name:  "verify",
		about: "check published snapshots against their manifests",
		more: `Reads every published file whole and compares bytes, columns and rows with the manifests; files that
belong to no manifest are reported as well. With --deep every month is also scored again from the
exports, by the rules and settings that its manifest names, and compared. Nothing is changed.`,
		examples: []string{
			"partnerscore verify --snapshots snapshots",
			"partnerscore verify --snapshots snapshots --deep --exports exports",
		},
		options: o.options(),
		exits:   true,
		closing: `With --deep the key of person ids must be the one of the snapshots: it is in the environment variable
PARTNERSCORE_PERSON_KEY, or in the file that PARTNERSCORE_PERSON_KEY_FILE names.`,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		problems, err := o.resolve(h.options, p.env)
		if err != nil {
			return err
		}
		j, err := p.begin(h.name, &o.scoringOptions, o.tellOptions)
		if err != nil {
			return err
		}
		if o.deep {
			problems = append(problems, o.folderProblems()...)
		}
		if len(problems) > 0 {
			return &usageError{problems: problems}
		}
		return p.runVerify(ctx, o, j)
	})
}

// verifyResult is what `verify --format json` prints.
type verifyResult struct {
	Months      int                `json:"months"` // how many were checked
	Deep        bool               `json:"deep"`
	Differences []verifyDifference `json:"differences"`
}

// verifyDifference is one thing that is not as it should be. Month and table are empty where it belongs to none.
type verifyDifference struct {
	Month string `json:"score_month"`
	Table string `json:"table"`
	Path  string `json:"path"`
	What  string `json:"what"`
}

func (p *program) runVerify(ctx context.Context, o *verifyOptions, j *job) error {
	if !exists(o.snapshots) {
		return &noFolderError{"the snapshots folder " + o.snapshots + " does not exist; name another one with --snapshots"}
	}
	j.console.uncounted = true
	opt, err := o.pipeline(p, j.log, watching{j.console, j.record})
	if err != nil {
		return err
	}
	months, differences, err := pipeline.Verify(ctx, opt, o.deep)
	if err != nil {
		return err
	}
	j.console.close()
	if len(differences) > 0 {
		err = &pipeline.VerifyError{Differences: differences}
	}
	return shown(err, p.printVerified(months, differences, o))
}

func (p *program) printVerified(months int, differences []snapshot.Difference, o *verifyOptions) error {
	slices.SortStableFunc(differences, func(a, b snapshot.Difference) int { return cmp.Compare(sortMonth(a), sortMonth(b)) })
	result := verifyResult{Months: months, Deep: o.deep, Differences: []verifyDifference{}}
	for _, d := range differences {
		one := verifyDifference{Table: d.Table, Path: d.Path, What: d.What}
		if d.Month != 0 {
			one.Month = d.Month.String()
		}
		result.Differences = append(result.Differences, one)
	}
	if o.format == formatJSON {
		return writeJSON(p.stdout, result)
	}
	var b strings.Builder
	if len(differences) > 0 {
		b.WriteString(differenceTable(result.Differences, p.sentenceWidth()) + "\n")
	}
	did := "checked"
	if o.deep {
		did = "checked and scored again"
	}
	fmt.Fprintf(&b, "%s %s in %s: ", monthWord(months), did, printable(o.snapshots))
	if len(differences) == 0 {
		b.WriteString("no difference.\n")
	} else {
		fmt.Fprintf(&b, "%s.\n", count(int64(len(differences)), "difference"))
	}
	return p.write(b.String())
}

// sortMonth puts what belongs to no month last.
func sortMonth(d snapshot.Difference) scoring.Month {
	if d.Month == 0 {
		return math.MaxInt
	}
	return d.Month
}

// differenceTable has a line per difference, and below it what is different.
func differenceTable(differences []verifyDifference, width int) string {
	t := &monthsTable{writer: table.NewWriter(), width: width, indent: monthIndent}
	t.writer.SetStyle(plainStyle())
	t.writer.AppendHeader(table.Row{"Month", "Table", "File"})
	for _, d := range differences {
		month := d.Month
		if month == "" {
			month = "–"
		}
		t.row(d.What, month, d.Table, printable(d.Path))
	}
	return t.String()
}
