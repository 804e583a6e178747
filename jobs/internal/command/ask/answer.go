// Package ask has the commands that answer questions from published months. A file per command, in the four parts that package command describes.
package ask

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Commands returns the commands. Each call makes new ones: a command keeps the options that it reads.
func Commands() []cli.Command {
	return []cli.Command{explainCommand(), compareCommand(), outlookCommand(), whatIfCommand(), pathCommand(), reconcileCommand(), reportCommand(),
		peopleCommand()}
}

// answerOptions are the options of every command that answers questions about one partner from published months.
type answerOptions struct {
	settings.Scoring
	month   scoring.Month // 0: the latest published
	partner string        // empty: the only one
	format  string
	lang    settings.Language
	// ownRules is true when the command line names the rulebook: then it is meant for this answer, unlike one in the config file.
	ownRules bool
}

func newAnswerOptions() answerOptions {
	return answerOptions{Scoring: settings.NewScoring(), format: cli.FormatTable}
}

// monthFlag is the flag for the published month.
func (o *answerOptions) monthFlag() *cli.Option {
	return &cli.Option{Name: "month", Value: "MONTH", Usage: "published month like 2024-06", Default: "the latest published one", Read: cli.Into(&o.month, scoring.ParseMonth),
		Values: o.monthValues}
}

// partnerFlag is the flag for the partner.
func (o *answerOptions) partnerFlag() *cli.Option {
	return &cli.Option{Name: "partner", Value: "ID", Usage: "id of the partner's global account (PGA), id of one of its locations, or its name",
		Default: "the only one of the month", Read: cli.Into(&o.partner, cli.ReadText), Values: o.partnerValues}
}

// commonFlags are those at the end of every such command's help.
func (o *answerOptions) commonFlags() []*cli.Option {
	format := &cli.Option{Name: "format", Value: "table|json|csv", Usage: "form of the result on stdout", Default: cli.FormatTable,
		Read: cli.Into(&o.format, cli.ReadOneOf(cli.FormatTable, cli.FormatJSON, cli.FormatCSV))}
	return append([]*cli.Option{format}, o.settingsFlags()...)
}

// settingsFlags are the settings that answers need.
func (o *answerOptions) settingsFlags() []*cli.Option {
	flags := cli.Only(o.Options(), "snapshots", "config", "rulebook", "threads", "memory-limit", "temp-dir", "max-temp", "log-format", "quiet", "verbose")
	for _, rulebook := range cli.Only(flags, "rulebook") {
		rulebook.Usage, rulebook.Default = "your own rulebook, if a month was scored with one", "the built-in rulebook that the month names"
	}
	return flags
}

// areaFlag is the flag for a solution area.
func areaFlag(target *scoring.Area) *cli.Option {
	return &cli.Option{Name: "area", Value: "AREA", Usage: "solution area: " + joined(scoring.Areas()), Default: "all",
		Read: cli.Into(target, published.ParseArea), Values: fixed(scoring.Areas())}
}

// joined lists ids.
func joined[T ~string](ids []T) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	return strings.Join(names, ", ")
}

func (o *answerOptions) validate(options []*cli.Option, p cli.Process) ([]string, error) {
	o.ownRules = cli.GivenByFlag(options, "rulebook")
	return o.Read(options, p.Env)
}

// command completes a command with what all that answer from published months have in common. answer gets these months.
func (o *answerOptions) command(c cli.Command, answer func(context.Context, *cli.Session, *reader.Reader) error) cli.Command {
	c.ExitCodes, c.Log = true, &o.Log
	if c.Validate == nil {
		c.Validate = o.validate
	}
	c.Run = func(ctx context.Context, s *cli.Session, _ []string) (err error) {
		if err := o.RequireSnapshots(ctx, s); err != nil {
			return err
		}
		r, err := start.Published(ctx, &o.Scoring, s.Places)
		if err != nil {
			return err
		}
		defer func() { err = cli.JoinPrintError(err, r.Close()) }()
		return answer(ctx, s, r)
	}
	return c
}

// checkRulebook rejects --rulebook when the month was scored with a different rulebook.
func (o *answerOptions) checkRulebook(scored ...snapshot.RulebookRef) error {
	if !o.ownRules || slices.ContainsFunc(scored, func(ref snapshot.RulebookRef) bool { return ref.SHA256 == o.Book.SHA256 }) {
		return nil
	}
	return &cli.UsageError{Problems: []string{fmt.Sprintf("--rulebook %s: the month was scored with %s", o.Rulebook, scored[0].ID)},
		Hint: "to see the score with other rules, use partnerscore whatif --rulebook " + o.Rulebook}
}

// about reads the month asked for, and returns it with the partner asked for, else with all of its partners, by id. The error is a *cli.UsageError for a
// rulebook that the month was not scored by.
func (o *answerOptions) about(ctx context.Context, r *reader.Reader) (*published.Month, []published.PartnerName, error) {
	month, err := r.Month(ctx, o.monthOf(r))
	if err != nil {
		return nil, nil, err
	}
	if err := o.checkRulebook(month.Manifest.Rulebook); err != nil {
		return nil, nil, err
	}
	if o.partner != "" {
		one, err := reader.FindPartner(ctx, r, month, o.partner)
		return month, []published.PartnerName{one}, err
	}
	all, err := r.Partners(ctx, month)
	return month, all, err
}

// monthOf returns the month asked for, or the latest published one.
func (o *answerOptions) monthOf(r *reader.Reader) scoring.Month {
	return cmp.Or(o.month, r.Latest())
}

// presentAnswer prints an answer: laid out for people, as JSON, or as CSV.
func presentAnswer(s *cli.Session, format string, answer any, d document.Document) error {
	if format == cli.FormatCSV {
		return show.CSV(s.Stdout, d.Records)
	}
	return s.Present(format, answer, func() string { return show.Text(d, s.SentenceWidth()) })
}
