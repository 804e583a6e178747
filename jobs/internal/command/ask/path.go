package ask

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// pathOptions are the options of `path`.
type pathOptions struct {
	answerOptions
	area  scoring.Area
	costs settings.Costs
	ways  int
}

// mostWays bounds how many ways are listed.
const mostWays = 1000

func (o *pathOptions) flags() []*cli.Option {
	own := []*cli.Option{
		o.monthFlag(), o.partnerFlag(), areaFlag(&o.area),
		{Name: "ways", Value: "N", Usage: "how many ways to list in each area", Default: strconv.Itoa(o.ways), Read: cli.Into(&o.ways, cli.ReadNumber(mostWays))},
	}
	return slices.Concat(own, o.costs.Options(), []*cli.Option{o.lang.Option("the table")}, o.commonFlags())
}

func pathCommand() cli.Command {
	o := &pathOptions{answerOptions: newAnswerOptions(), costs: settings.NewCosts(), ways: 5}
	return o.command(cli.Command{
		Name:  "path",
		About: "list the cheapest ways from a published month to the designation, with the nearest people, customers and services",
		More: `A way is a set of actions that reaches the points of the designation with every metric above zero,
and no action in it can be smaller. All such sets are compared and ranked by cost. Costs are days of
work by default; set your own on the command line or in the config file. For a partner that already
qualifies, path says what it can lose. A new eligible customer just reaches the threshold, as in
whatif --customers; beyond the cap of customer points a way lists its consumption only, as ACR (Azure
Consumed Revenue). A new service adds no ACR. One person earns one required or additional
certification. The track and the months a year before do not change.`,
		Examples: []string{
			"partnerscore path --month 2024-06 --partner 1020000",
			"partnerscore path --month 2024-06 --partner 1020000 --area infrastructure --ways 20",
			"partnerscore path --month 2024-06 --partner 1020000 --person-cost 30 --acr-cost 2.5 --format csv",
		},
		Options: o.flags(),
		Columns: written.PathKeys().Described(),
	}, o.run)
}

func (o *pathOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	x, err := answers.FindPath(ctx, r, o.monthOf(r), o.partner, o.area, o.costs.Costs, o.ways)
	if err != nil {
		return err
	}
	if err := o.checkRulebook(snapshot.RulebookRef{ID: x.Rules.ID, SHA256: x.Rules.SHA256}); err != nil {
		return err
	}
	next := fmt.Sprintf("%s --month %s --partner %s", s.NextCommand("outlook", "snapshots", "config", "rulebook"), x.ScoreMonth, show.ShellWord(x.ID))
	return presentAnswer(s, o.format, x, written.Path(o.lang.Words, x, next))
}
