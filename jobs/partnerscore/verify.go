package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show"
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
exports, by the rules and settings that its manifest names, and compared. Nothing is changed. A month
whose rulebook or key of person ids is not given cannot be scored again: the exit code is then 2. It is
3 where inputs of a month are not there any more, and 4 where they are broken. Differences go before: 6.`,
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
		j, problems, err := p.begin(h, &o.scoringOptions, &o.tellOptions)
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
	// ScoredAgain counts the months that --deep scored again and compared.
	ScoredAgain    int              `json:"scored_again"`
	NotScoredAgain []notScoredAgain `json:"not_scored_again"`
}

// notScoredAgain is a month for which a setting was not given, or whose inputs are missing or broken.
type notScoredAgain struct {
	Month scoring.Month `json:"score_month"`
	Why   string        `json:"why"`
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
	found, err := months.Verify(ctx, opt, o.deep)
	if err != nil {
		return err
	}
	j.console.close()
	return shown(found.Err(), p.printVerified(found, o))
}

func (p *program) printVerified(found months.Verified, o *verifyOptions) error {
	differences := found.Differences
	slices.SortStableFunc(differences, func(a, b snapshot.Difference) int { return cmp.Compare(sortMonth(a), sortMonth(b)) })
	result := verifyResult{Months: found.Months, Deep: o.deep, Differences: []verifyDifference{}, ScoredAgain: found.ScoredAgain,
		NotScoredAgain: []notScoredAgain{}}
	for _, n := range found.NotScoredAgain {
		result.NotScoredAgain = append(result.NotScoredAgain, notScoredAgain{n.Month, n.Why})
	}
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
	switch {
	case o.deep && found.ScoredAgain == found.Months:
		did = "checked and scored again"
	case o.deep && found.ScoredAgain == 0:
		did = "checked, none scored again,"
	case o.deep:
		did = fmt.Sprintf("checked, %d scored again,", found.ScoredAgain)
	}
	fmt.Fprintf(&b, "%s %s in %s: ", monthWord(found.Months), did, show.Printable(o.snapshots))
	if len(differences) == 0 {
		b.WriteString("no difference.\n")
	} else {
		fmt.Fprintf(&b, "%s.\n", show.Count(int64(len(differences)), "difference"))
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
	t := show.NewMonthsList(width, "Month", "Table", "File")
	for _, d := range differences {
		month := d.Month
		if month == "" {
			month = "–"
		}
		t.Row(d.What, month, d.Table, show.Printable(d.Path))
	}
	return t.String()
}
