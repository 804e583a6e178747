package scoring

import "math/big"

// cushion returns what can be lost of each thing by itself.
func (r *Rulebook) cushion(t Track, now Score, m Measures) *Cushion {
	c := &Cushion{Points: now.Total.minus(NewPoints(r.DesignationPoints))}
	for _, metric := range now.Metrics {
		if !metric.Applicable {
			continue
		}
		least := metric.Points.minus(c.Points) // what the metric must stay worth, besides being worth anything
		switch metric.Metric {
		case NetCustomerAdds:
			c.Customers = m.EligibleCustomers - m.EligibleCustomersBaseline - units(least, r.PointsPerCustomer)
		case Deployments:
			c.Services = m.CountedServices - units(least, r.PointsPerService)
		case UsageGrowth:
			if acr, ok := r.ACRFor(least.clamped(r.MaxUsageGrowth), m.ACRBaseline); ok {
				c.ACR = min(m.ACR-acr, m.ACRTTM-r.ACRGateUSD)
			}
		default:
			c.People = append(c.People, r.spare(t, now.Area, metric.Metric, least, m)...)
		}
	}
	return c
}

// units returns the fewest units that earn at least so many points, and at least one.
func units(points Points, each int64) int64 {
	n := ceil(points.rat().Num(), new(big.Int).Mul(points.rat().Denom(), big.NewInt(each)))
	return max(1, n.Int64())
}

// spare returns how many people each step of a metric can do without.
func (r *Rulebook) spare(t Track, area Area, metric Metric, least Points, m Measures) []StepPeople {
	skilling := r.Skilling(area, metric)
	have := peopleOf(area, metric, skilling, m)
	enough := func(p headcount) bool {
		points := r.skillingPoints(t, skilling, p)
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
	return append(all, StepPeople{StepKey: StepKey{area, metric, skilling.lastStep()}, People: have.electives - kept})
}
