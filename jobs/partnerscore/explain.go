package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// explainOptions are what `explain` is told.
type explainOptions struct {
	answerOptions
	area     scoring.Area
	metric   scoring.Metric
	customer string
}

func (o *explainOptions) options() []*option {
	own := []*option{
		o.monthOption(), o.partnerOption(),
		areaOption(&o.area),
		metricOption(&o.metric, "all, with long lists cut"),
		{name: "customer", value: "TENANT", usage: "one customer, by tenant id or name: its months, its services and what it does for the points",
			read: into(&o.customer, readText)},
	}
	return append(own, o.commonOptions()...)
}

// explainCommand is `explain`.
func (p *program) explainCommand() *cli.Command {
	o := &explainOptions{answerOptions: newAnswerOptions()}
	h := help{
		name:  "explain",
		about: "say why a partner's score of a published month is what it is",
		more: `Every condition with its status, criteria and current value, then what is behind it: customers and their
amounts, services, the people of each step as pseudonyms, and the rows that did not count. The parts
of each metric add up to its points. It reads snapshots only, and waits for no other run. A line of the
CSV is one fact.`,
		examples: []string{
			"partnerscore explain --month 2024-06 --partner 1020000",
			"partnerscore explain --month 2024-06 --partner 1020000 --area infrastructure",
			"partnerscore explain --month 2024-06 --partner 1020000 --metric usage_growth",
			"partnerscore explain --month 2024-06 --partner 1020000 --customer \"Northgate Orchards\"",
			"partnerscore explain --month 2024-06 --partner 1020000 --format csv",
		},
		options: o.options(),
		columns: show.ExplainColumns(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *published.Reader) error { return p.runExplain(ctx, r, o) })
	})
}

func (p *program) runExplain(ctx context.Context, r *published.Reader, o *explainOptions) error {
	q := answers.Question{Area: o.area, Metric: o.metric, Customer: o.customer, Usage: o.format != formatTable}
	e, err := answers.Explain(ctx, r, o.monthOf(r), o.partner, q)
	if err != nil {
		return err
	}
	if err := o.otherRules(e.Rulebook); err != nil {
		return err
	}
	return p.present(o.format, e, func() ([]string, [][]string) { return show.ExplainCSV(e) }, show.Explain(e, q, p.sentenceWidth()))
}
