package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// formatCSV is a form of results besides table and JSON that commands have which answer questions.
const formatCSV = "csv"

// answerOptions are what every command is told that answers questions about one partner from published months.
type answerOptions struct {
	scoringOptions
	month   *scoring.Month // nil: the latest published
	partner string         // empty: the only one
	format  string
	// ownRules says that the rulebook was named on the command line, for this answer and not for all that the config file is about.
	ownRules bool
}

// newAnswerOptions returns the options with their defaults.
func newAnswerOptions() answerOptions {
	return answerOptions{scoringOptions: newScoringOptions(), format: formatTable}
}

// monthOption is the flag for the published month.
func (o *answerOptions) monthOption() *option {
	return &option{name: "month", value: "MONTH", usage: "published month like 2024-06", standard: "the latest published one", read: into(&o.month, readMonth)}
}

// partnerOption is the flag for the partner.
func (o *answerOptions) partnerOption() *option {
	return &option{name: "partner", value: "ID", usage: "global account of the partner", standard: "the only one of the month",
		read: into(&o.partner, readText)}
}

// commonOptions are those at the end of every such command's help.
func (o *answerOptions) commonOptions() []*option {
	common := []*option{{name: "format", value: "table|json|csv", usage: "form of the result on stdout", standard: formatTable,
		read: into(&o.format, readOneOf(formatTable, formatJSON, formatCSV))}}
	for _, shared := range only(o.scoringOptions.options(), "snapshots", "config", "rulebook", "threads", "memory-limit", "temp-dir", "max-temp", "log-format", "quiet") {
		if shared.name == "rulebook" {
			shared.usage, shared.standard = "your own rules, where a month was scored by such", "the built-in rulebook that the month names"
		}
		common = append(common, shared)
	}
	return common
}

// areaOption is the flag for a solution area.
func areaOption(target *scoring.Area) *option {
	return &option{name: "area", value: "AREA", usage: "solution area: " + joined(scoring.Areas()), standard: "all",
		read: into(target, answers.ParseArea)}
}

// metricOption is the flag for a metric.
func metricOption(target *scoring.Metric, standard string) *option {
	return &option{name: "metric", value: "METRIC", usage: "metric: " + joined(scoring.Metrics()), standard: standard,
		read: into(target, answers.ParseMetric)}
}

// joined lists ids.
func joined[T ~string](ids []T) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	return strings.Join(names, ", ")
}

// answer reads the options, opens the published months, and calls do with them.
func (p *program) answer(ctx context.Context, o *answerOptions, options []*option, do func(*answers.Reader) error) (err error) {
	problems, err := o.resolve(options, p.env)
	if err != nil {
		return err
	}
	p.logEnd(o.logOptions)
	if len(problems) > 0 {
		return &usageError{problems: problems}
	}
	o.ownRules = slices.ContainsFunc(options, func(x *option) bool { return x.name == "rulebook" && x.IsSet() })
	if !exists(o.snapshots) {
		return &noFolderError{"the snapshots folder " + o.snapshots + " does not exist; name another one with --snapshots"}
	}
	limits, err := o.limits.Complete()
	if err != nil {
		return err
	}
	r, err := answers.Open(ctx, answers.Options{Snapshots: o.snapshots, Library: o.library, Rulebook: o.book,
		Limits: limits})
	if err != nil {
		return err
	}
	defer func() { err = shown(err, r.Close()) }()
	return do(r)
}

// otherRules refuses a rulebook that was named for an answer which goes by others: the months of it were scored by those of the references.
func (o *answerOptions) otherRules(scored ...snapshot.RulebookRef) error {
	if !o.ownRules || slices.ContainsFunc(scored, func(ref snapshot.RulebookRef) bool { return ref.SHA256 == o.book.SHA256 }) {
		return nil
	}
	return &usageError{problems: []string{fmt.Sprintf("--rulebook %s: the month was scored by %s, and the answer goes by these", o.rulebook, scored[0].ID)},
		hint: "for other rules see partnerscore whatif --rulebook " + o.rulebook}
}

// monthOf returns the month asked for, or the latest published one.
func (o *answerOptions) monthOf(r *answers.Reader) scoring.Month {
	if o.month != nil {
		return *o.month
	}
	return r.Latest()
}

// present prints a result in the form asked for.
func (p *program) present(format string, result any, rows func() (header []string, rows [][]string), table fmt.Stringer) error {
	switch format {
	case formatJSON:
		return writeJSON(p.stdout, result)
	case formatCSV:
		header, lines := rows()
		return show.WriteCSV(p.stdout, header, lines)
	default:
		return p.write(table.String())
	}
}
