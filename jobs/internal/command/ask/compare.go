package ask

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// compareOptions are the options of `compare`.
type compareOptions struct {
	answerOptions
	from, to scoring.Month // 0: the one before to, the latest
	area     scoring.Area
}

func (o *compareOptions) flags() []*cli.Option {
	own := []*cli.Option{
		{Name: "from", Value: "MONTH", Usage: "published month to compare with", Default: "the published one before --to", Read: cli.Into(&o.from, scoring.ParseMonth),
			Values: o.monthValues},
		{Name: "to", Value: "MONTH", Usage: "published month that is compared", Default: "the latest published one", Read: cli.Into(&o.to, scoring.ParseMonth),
			Values: o.monthValues},
		o.partnerFlag(),
		areaFlag(&o.area),
	}
	return append(append(own, o.lang.Option("the table")), o.commonFlags()...)
}

func compareCommand() cli.Command {
	o := &compareOptions{answerOptions: newAnswerOptions()}
	return o.command(cli.Command{
		Name:  "compare",
		About: "list what changed a partner's score between two published months, cause by cause",
		More: `In each area the causes add up to the difference. A customer, a person or a service counts at its full
rate, as if there were no caps and no required certifications. What caps and required certifications
take away or give back is a cause of its own: "+10, then -10 over the cap" is a customer that earned
nothing. Usage growth is divided among customers by the change of their consumption (ACR, Azure
Consumed Revenue) in the month and in the month a year before. Changed rules or tracks are causes of
their own.`,
		Examples: []string{
			"partnerscore compare --from 2024-06 --to 2024-07 --partner 1070000",
			"partnerscore compare --from 2024-06 --to 2024-07 --partner 1070000 --area data_ai --format csv",
		},
		Options: o.flags(),
		Columns: written.CompareKeys().Described(),
	}, o.run)
}

func (o *compareOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	from, to, err := o.months(ctx, r)
	if err != nil {
		return err
	}
	c, err := answers.Compare(ctx, r, from, to, o.partner, o.area)
	if err != nil {
		return err
	}
	if err := o.checkRulebook(c.To.Rulebook, c.From.Rulebook); err != nil {
		return err
	}
	return presentAnswer(s, o.format, c, written.Compare(o.lang.Words, c, o.area != ""))
}

// months are those asked for; by default the latest published one and the published one before it. The error is an *published.UnpublishedError,
// or an *published.NotKnownError where none before it is published.
func (o *compareOptions) months(ctx context.Context, r *reader.Reader) (from, to scoring.Month, err error) {
	to = cmp.Or(o.to, r.Latest())
	if o.from != 0 {
		return o.from, to, nil
	}
	if _, err := r.Month(ctx, to); err != nil {
		return 0, 0, err
	}
	at := slices.Index(r.Published(), to)
	if at < 1 {
		return 0, 0, &published.NotKnownError{Month: to, What: "no month before it is published to compare with",
			Hint: fmt.Sprintf("name one with --from, or publish one before it, like partnerscore score --month %s", to.Add(-1))}
	}
	return r.Published()[at-1], to, nil
}
