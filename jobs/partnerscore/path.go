package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// pathOptions are what `path` is told.
type pathOptions struct {
	answerOptions
	area  scoring.Area
	costs answers.PathCosts
	ways  int
}

// maxWays bounds how many ways are listed.
const maxWays = 1000

func (o *pathOptions) options() []*option {
	own := []*option{
		o.monthOption(), o.partnerOption(), areaOption(&o.area),
		{name: "ways", value: "N", usage: "how many ways to list in each area", standard: strconv.Itoa(o.ways), read: into(&o.ways, readWays)},
	}
	return slices.Concat(own, costOptions(&o.costs), o.commonOptions())
}

// costOptions are the flags for what actions cost, which rank the ways.
func costOptions(costs *answers.PathCosts) []*option {
	cost := func(name, key, of string, target *snapshot.Amount) *option {
		return &option{name: name, key: key, value: "COST", usage: "what " + of + " costs, in a unit of your own", standard: scoring.USD(*target).String(),
			read: into(target, readCost)}
	}
	return []*option{
		cost("customer-cost", "customer_cost", "one more eligible customer", &costs.Customer),
		cost("acr-cost", "acr_cost", "1,000 USD more ACR in the month", &costs.ACR),
		cost("service-cost", "service_cost", "one more service", &costs.Service),
		cost("person-cost", "person_cost", "one more person on one step", &costs.Person),
	}
}

// readCost reads what an action costs.
func readCost(text string) (snapshot.Amount, error) {
	cost, err := scoring.ParseUSD(text)
	if err != nil || cost < 0 {
		return 0, fmt.Errorf("want a number from 0 on with at most six decimals, like 20 or 2.5, got %q", text)
	}
	return snapshot.Amount(cost), nil
}

func readWays(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxWays {
		return 0, fmt.Errorf("want a whole number from 1 to %d, got %q", maxWays, text)
	}
	return n, nil
}

// pathCommand is `path`.
func (p *program) pathCommand() *cli.Command {
	const listed = 5
	o := &pathOptions{answerOptions: newAnswerOptions(), costs: answers.DefaultPathCosts(), ways: listed}
	h := help{
		name:  "path",
		about: "list the cheapest ways from a published month to the designation, and who and what is nearest",
		more: `A way is a set of actions that reaches the points of the designation with every metric above zero, and
does not with any of them done by less. All such sets are compared; the costs rank them. They are meant
as days of work by default: set your own, on the command line or in the config file. Where a partner
qualifies already, it says what can be lost. A new eligible customer brings the least that makes it
eligible, as in whatif --customers; customers beyond the cap of their points would bring no more than
that, and are written as ACR. A new service brings no ACR, and one person stands on one step. The track
and the months a year before stay as they are.`,
		examples: []string{
			"partnerscore path --month 2024-06 --partner 1020000",
			"partnerscore path --month 2024-06 --partner 1020000 --area infrastructure --ways 20",
			"partnerscore path --month 2024-06 --partner 1020000 --person-cost 30 --acr-cost 2.5 --format csv",
		},
		options: o.options(),
		columns: show.PathColumns(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *answers.Reader) error { return p.runPath(ctx, r, o) })
	})
}

func (p *program) runPath(ctx context.Context, r *answers.Reader, o *pathOptions) error {
	x, err := r.Path(ctx, o.monthOf(r), o.partner, o.area, o.costs, o.ways)
	if err != nil {
		return err
	}
	if err := o.otherRules(snapshot.RulebookRef{ID: x.Rules.ID, SHA256: x.Rules.SHA256}); err != nil {
		return err
	}
	return p.present(o.format, x, func() ([]string, [][]string) { return show.PathCSV(x) }, show.Path(x, p.sentenceWidth(),
		p.alike("outlook", "snapshots", "config", "rulebook")))
}
