package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// outlookOptions are what `outlook` is told.
type outlookOptions struct {
	answerOptions
	area   scoring.Area
	months int
}

func (o *outlookOptions) options() []*option {
	own := []*option{
		o.monthOption(), o.partnerOption(), areaOption(&o.area),
		{name: "months", value: "N", usage: fmt.Sprintf("how many months to look ahead, 1 to %d", answers.MaxOutlook), standard: strconv.Itoa(o.months),
			read: into(&o.months, readMonths)},
	}
	return append(own, o.commonOptions()...)
}

func readMonths(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > answers.MaxOutlook {
		return 0, fmt.Errorf("want a whole number from 1 to %d, got %q", answers.MaxOutlook, text)
	}
	return n, nil
}

// outlookCommand is `outlook`.
func (p *program) outlookCommand() *cli.Command {
	const months = 6
	o := &outlookOptions{answerOptions: newAnswerOptions(), months: months}
	h := help{
		name:  "outlook",
		about: "say what the months after a published one ask for, and what happens if everything stays as it is",
		more: `The months a year before are known: how many eligible customers and how much ACR each step of points
will take; an ACR also makes up what the twelve months lack of the gate of usage growth. Everything
stays as it is means: the customers that are eligible now are so in each month to come, also those that
are by the month before the published one only (it says how many: they have to consume more again), the
ACR and the use of each service are those of the published month, the windows of twelve months move on,
people hold what they hold until it expires or leaves its list, and a month is scored by the rulebook
that is in force in it, if the published one was. It reads snapshots and facts.`,
		examples: []string{
			"partnerscore outlook --month 2024-06 --partner 1070000",
			"partnerscore outlook --month 2024-06 --partner 1040000 --area data_ai --months 3",
			"partnerscore outlook --partner 1010000 --format csv",
		},
		options: o.options(),
		columns: show.OutlookColumns(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *answers.Reader) error { return p.runOutlook(ctx, r, o) })
	})
}

func (p *program) runOutlook(ctx context.Context, r *answers.Reader, o *outlookOptions) error {
	x, err := r.Outlook(ctx, o.monthOf(r), o.partner, o.area, o.months)
	if err != nil {
		return err
	}
	if err := o.otherRules(snapshot.RulebookRef{ID: x.Rules.ID, SHA256: x.Rules.SHA256}); err != nil {
		return err
	}
	return p.present(o.format, x, func() ([]string, [][]string) { return show.OutlookCSV(x) }, show.Outlook(x, p.sentenceWidth()))
}
