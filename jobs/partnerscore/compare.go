package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// compareOptions are what `compare` is told.
type compareOptions struct {
	answerOptions
	from, to *scoring.Month
	area     scoring.Area
}

func (o *compareOptions) options() []*option {
	own := []*option{
		{name: "from", value: "MONTH", usage: "published month to compare with", standard: "the published one before --to", read: into(&o.from, readMonth)},
		{name: "to", value: "MONTH", usage: "published month that is compared", standard: "the latest published one", read: into(&o.to, readMonth)},
		o.partnerOption(),
		areaOption(&o.area),
	}
	return append(own, o.commonOptions()...)
}

// compareCommand is `compare`.
func (p *program) compareCommand() *cli.Command {
	o := &compareOptions{answerOptions: newAnswerOptions()}
	h := help{
		name:  "compare",
		about: "say what changed a partner's score between two published months, cause by cause",
		more: `In each area the causes add up to the difference. A customer, a person or a service counts at its full
rate, as if there were no caps and gates; what these take or give back stands beside them, so that
"+10, then -10 over the cap" is a customer that was worth nothing. Growth is shared out among customers
by what their consumption of the month, and of the month a year before, did to it; both sides are
treated alike. Rules or tracks that changed are causes of their own.`,
		examples: []string{
			"partnerscore compare --from 2024-06 --to 2024-07 --partner 1070000",
			"partnerscore compare --from 2024-06 --to 2024-07 --partner 1070000 --area data_ai --format csv",
		},
		options: o.options(),
		columns: show.CompareColumns(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *published.Reader) error { return p.runCompare(ctx, r, o) })
	})
}

func (p *program) runCompare(ctx context.Context, r *published.Reader, o *compareOptions) error {
	from, to, err := o.months(ctx, r)
	if err != nil {
		return err
	}
	c, err := answers.Compare(ctx, r, from, to, o.partner, o.area)
	if err != nil {
		return err
	}
	if err := o.otherRules(c.To.Rulebook, c.From.Rulebook); err != nil {
		return err
	}
	return p.present(o.format, c, func() ([]string, [][]string) { return show.CompareCSV(c) }, show.Compare(c, o.area != "", p.sentenceWidth()))
}

// months are those asked for; by default the latest published one and the published one before it. The error is an *published.UnpublishedError,
// or an *published.NotKnownError where none before it is published.
func (o *compareOptions) months(ctx context.Context, r *published.Reader) (from, to scoring.Month, err error) {
	if to = r.Latest(); o.to != nil {
		to = *o.to
	}
	if o.from != nil {
		return *o.from, to, nil
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
