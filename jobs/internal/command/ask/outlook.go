package ask

import (
	"context"
	"fmt"
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// outlookOptions are the options of `outlook`.
type outlookOptions struct {
	answerOptions
	area   scoring.Area
	months int
}

func (o *outlookOptions) flags() []*cli.Option {
	own := []*cli.Option{
		o.monthFlag(), o.partnerFlag(), areaFlag(&o.area),
		{Name: "months", Value: "N", Usage: fmt.Sprintf("how many months to look ahead, 1 to %d", answers.MaxOutlook), Default: strconv.Itoa(o.months),
			Read: cli.Into(&o.months, cli.ReadNumber(answers.MaxOutlook))},
	}
	return append(append(own, o.lang.Option("the table")), o.commonFlags()...)
}

func outlookCommand() cli.Command {
	o := &outlookOptions{answerOptions: newAnswerOptions(), months: 6}
	return o.command(cli.Command{
		Name:  "outlook",
		About: "show what the months after a published one need, and what happens if nothing changes",
		More: `The months a year before are known. They decide how many eligible customers and how much ACR (Azure
Consumed Revenue) each step of points will need. That ACR includes what the last twelve months are
below the minimum for usage growth.

"Nothing changes" means: eligible customers stay eligible (the outlook says how many of them reached
the threshold only in the month before the published one); ACR and the use of each service stay
those of the published month; the windows of twelve months move on; people keep their certifications
until these expire or leave the rulebook; and each month is scored by the rulebook in force in it, if
the published month was. outlook reads snapshots and facts.`,
		Examples: []string{
			"partnerscore outlook --month 2024-06 --partner 1070000",
			"partnerscore outlook --month 2024-06 --partner 1040000 --area data_ai --months 3",
			"partnerscore outlook --partner 1010000 --format csv",
		},
		Options: o.flags(),
		Columns: written.OutlookKeys().Described(),
	}, o.run)
}

func (o *outlookOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	x, err := answers.LookAhead(ctx, r, o.monthOf(r), o.partner, o.area, o.months)
	if err != nil {
		return err
	}
	if err := o.checkRulebook(snapshot.RulebookRef{ID: x.Rules.ID, SHA256: x.Rules.SHA256}); err != nil {
		return err
	}
	return presentAnswer(s, o.format, x, written.Outlook(o.lang.Words, x))
}
