package scoring

import "math/big"

// Margin is what a partner that qualifies can lose of one thing if nothing else changes.
type Margin struct {
	Points    Points // above what the designation needs
	Customers int64
	ACR       USD
	Services  int64
	People    []StepPeople // every step
}

// marginOf returns what can be lost of each thing by itself.
func marginOf(r *Rulebook, t Track, now Score, m Measures) *Margin {
	margin := &Margin{Points: now.Total.minus(NewPoints(r.DesignationPoints))}
	for _, metric := range now.Metrics {
		if !metric.Applicable {
			continue
		}
		least := metric.Points.minus(margin.Points) // what the metric must still earn, and at least something
		switch metric.Metric {
		case NetCustomerAdds:
			margin.Customers = m.EligibleCustomers - m.EligibleCustomersBaseline - units(least, r.PointsPerCustomer)
		case Deployments:
			margin.Services = m.CountedServices - units(least, r.PointsPerService)
		case UsageGrowth:
			if acr, ok := r.ACRFor(least.clamped(r.MaxUsageGrowth), m.ACRBaseline); ok {
				margin.ACR = min(m.ACR-acr, m.ACRTTM-r.ACRGateUSD)
			}
		default:
			margin.People = append(margin.People, spare(r, t, now.Area, metric.Metric, least, m)...)
		}
	}
	return margin
}

// units returns the fewest units, at least one, that earn the points.
func units(points Points, each int64) int64 {
	n := ceil(points.rat().Num(), new(big.Int).Mul(points.rat().Denom(), big.NewInt(each)))
	return max(1, n.Int64())
}

// spare returns how many people each step of a metric can do without.
func spare(r *Rulebook, t Track, area Area, metric Metric, least Points, m Measures) []StepPeople {
	rules := trackSkilling{r.Skilling(area, metric), t, r.PointsPerPerson}
	have := peopleOf(area, metric, rules.Skilling, m)
	enough := func(p headcount) bool {
		points := rules.points(p)
		return points.Sign() > 0 && points.Cmp(least) >= 0
	}
	var all []StepPeople
	for i, people := range have.gates {
		without := headcount{gates: append([]int64{}, have.gates...), electives: have.electives}
		without.gates[i] = 0
		spare := people
		if !enough(without) {
			spare = people - t.GatePeople
		}
		all = append(all, StepPeople{StepKey: StepKey{area, metric, i + 1}, Gate: true, People: max(0, spare)})
	}
	kept := int64(0)
	for !enough(headcount{gates: have.gates, electives: kept}) {
		kept++
	}
	return append(all, StepPeople{StepKey: StepKey{area, metric, rules.lastStep()}, People: have.electives - kept})
}
