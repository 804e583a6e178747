package ask

import (
	"context"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// explainOptions are the options of `explain`.
type explainOptions struct {
	answerOptions
	area     scoring.Area
	metric   scoring.Metric
	customer string
}

func (o *explainOptions) flags() []*cli.Option {
	own := []*cli.Option{
		o.monthFlag(), o.partnerFlag(),
		areaFlag(&o.area),
		{Name: "metric", Value: "METRIC", Usage: "metric: " + joined(scoring.Metrics()), Default: "all, with long lists cut",
			Read: cli.Into(&o.metric, published.ParseMetric), Values: fixed(scoring.Metrics())},
		{Name: "customer", Value: "TENANT", Usage: "one customer, by tenant id or name: its months, its services and its effect on the points",
			Read: cli.Into(&o.customer, cli.ReadText)},
	}
	return append(append(own, o.lang.Option("the table")), o.commonFlags()...)
}

func explainCommand() cli.Command {
	o := &explainOptions{answerOptions: newAnswerOptions()}
	return o.command(cli.Command{
		Name:  "explain",
		About: "explain a partner's score of a published month",
		More: `Shows every condition with its status, criteria and current value, then the details: customers and
their consumption (ACR, Azure Consumed Revenue), services, the people of each required and additional
certification as pseudonyms, and the usage rows that did not count. The parts of each metric add up
to its points. explain reads snapshots only and does not wait for other runs. A line of the CSV is
one fact.`,
		Examples: []string{
			"partnerscore explain --month 2024-06 --partner 1020000",
			"partnerscore explain --month 2024-06 --partner 1020000 --area infrastructure",
			"partnerscore explain --month 2024-06 --partner 1020000 --metric usage_growth",
			"partnerscore explain --month 2024-06 --partner 1020000 --customer \"Northgate Orchards\"",
			"partnerscore explain --month 2024-06 --partner 1020000 --format csv",
		},
		Options: o.flags(),
		Columns: written.ExplainKeys().Described(),
	}, o.run)
}

func (o *explainOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	q := answers.Question{Area: o.area, Metric: o.metric, Customer: o.customer, Usage: o.format != cli.FormatTable}
	e, err := answers.Explain(ctx, r, o.monthOf(r), o.partner, q)
	if err != nil {
		return err
	}
	if err := o.checkRulebook(e.Rulebook); err != nil {
		return err
	}
	return presentAnswer(s, o.format, e, written.Explain(o.lang.Words, e, q))
}
