package settings

import (
	"fmt"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/cli"
	"partnerscore/scoring"
)

// Costs are the costs of actions, by which the ways to the designation are ranked.
type Costs struct{ scoring.Costs }

// NewCosts returns the defaults.
func NewCosts() Costs { return Costs{answers.DefaultPathCosts()} }

// Options are the flags of the costs.
func (c *Costs) Options() []*cli.Option {
	cost := func(name, key, of string, target *scoring.Fixed6) *cli.Option {
		return &cli.Option{Name: name, Key: key, Value: "COST", Usage: "what " + of + " costs, in a unit of your own", Default: scoring.USD(*target).String(),
			Read: cli.Into(target, readCost)}
	}
	return []*cli.Option{
		cost("customer-cost", "customer_cost", "one more eligible customer", &c.Customer),
		cost("acr-cost", "acr_cost", "1,000 USD more ACR (Azure Consumed Revenue) in the month", &c.ACR),
		cost("service-cost", "service_cost", "one more service", &c.Service),
		cost("person-cost", "person_cost", "one more person certified", &c.Person),
	}
}

// readCost reads what an action costs.
func readCost(text string) (scoring.Fixed6, error) {
	cost, err := scoring.ParseUSD(text)
	if err != nil || cost < 0 {
		return 0, fmt.Errorf("want a number from 0 on with at most six decimals, like 20 or 2.5, got %q", text)
	}
	return scoring.Fixed6(cost), nil
}
