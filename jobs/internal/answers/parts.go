package answers

import (
	"math/big"
	"strconv"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Cause says what adds to the points of a metric, or takes from them.
type Cause string

// The causes of points within one month. The first ones have an id; the others take away from their sum or add to it.
const (
	CustomerGained Cause = "customer_gained" // a tenant is eligible and was not a year ago
	CustomerLost   Cause = "customer_lost"   // a tenant was eligible a year ago and is not any more
	CustomerGrowth Cause = "customer_growth" // what a tenant adds to growth
	Growth         Cause = "growth"          // growth as a whole, where it is too large to share out
	Person         Cause = "person"          // somebody has an additional certification
	Gate           Cause = "gate"            // a required certification that is met earns points by itself
	ServiceCounted Cause = "service"         // a service counts as a deployment

	OverCap      Cause = "over_cap"       // points beyond the metric's most
	BelowZero    Cause = "below_zero"     // a loss counts as 0
	Rounding     Cause = "rounding"       // growth is rounded before it earns points
	GateUnmet    Cause = "gate_unmet"     // the list earns nothing until every gate is met
	BelowACRGate Cause = "below_acr_gate" // growth earns nothing below the ACR of twelve months that it takes
)

// Part is what one cause adds to the points of a metric. The parts of a metric add up to its points.
type Part struct {
	Cause  Cause              `json:"cause"`
	ID     string             `json:"id,omitempty"` // tenant, person, service or step
	Name   string             `json:"name,omitempty"`
	Points scoring.Hundredths `json:"points"`
}

// hundred is the hundredths of a point.
const hundred = 100

// Parts returns what the points of a metric in an area are made of, down to the tenant, person and service; nothing where the metric does
// not apply, has no data or nothing to compare with. Causes count at their full rate; what caps, gates and rounding take back stands at the
// end as causes of their own.
func Parts(p *published.Partner, area scoring.Area, metric scoring.Metric) []Part {
	m := p.Score(area).Metric(metric)
	if !m.Applicable || m.Status == scoring.NoData {
		return nil
	}
	switch metric {
	case scoring.NetCustomerAdds:
		return capped(customerParts(p), *m)
	case scoring.UsageGrowth:
		return growthParts(p, *m)
	case scoring.Deployments:
		return capped(serviceParts(p), *m)
	default:
		return skillingParts(p, area, *m)
	}
}

// capped closes a list of parts with what the bounds of the metric take back.
func capped(parts []Part, m published.MetricScore) []Part {
	sum := sumOf(parts)
	switch {
	case sum > *m.Max:
		return append(parts, Part{Cause: OverCap, Points: *m.Points - sum})
	case sum < 0:
		return append(parts, Part{Cause: BelowZero, Points: *m.Points - sum})
	default:
		return parts
	}
}

func sumOf(parts []Part) (sum scoring.Hundredths) {
	for _, p := range parts {
		sum += p.Points
	}
	return sum
}

func customerParts(p *published.Partner) (parts []Part) {
	rate := scoring.Hundredths(p.Rules.PointsPerCustomer * hundred)
	for _, c := range p.Customers {
		switch {
		case c.Eligible && !c.EligibleBaseline:
			parts = append(parts, Part{Cause: CustomerGained, ID: c.Tenant, Name: c.Name, Points: rate})
		case c.EligibleBaseline && !c.Eligible:
			parts = append(parts, Part{Cause: CustomerLost, ID: c.Tenant, Name: c.Name, Points: -rate})
		}
	}
	return parts
}

func serviceParts(p *published.Partner) (parts []Part) {
	for _, s := range p.Services {
		if s.Counted {
			parts = append(parts, Part{Cause: ServiceCounted, ID: s.Name, Points: scoring.Hundredths(p.Rules.PointsPerService * hundred)})
		}
	}
	return parts
}

func skillingParts(p *published.Partner, area scoring.Area, m published.MetricScore) (parts []Part) {
	skilling := p.Rules.Skilling(area, m.Metric)
	people := p.People()
	for i, gate := range skilling.Gates {
		key := scoring.StepKey{Area: area, Metric: m.Metric, Step: i + 1}
		if p.Track.GatePoints > 0 && int64(len(people[key])) >= p.Track.GatePeople {
			parts = append(parts, Part{Cause: Gate, ID: strconv.Itoa(i + 1), Name: gate.Title, Points: scoring.Hundredths(p.Track.GatePoints * hundred)})
		}
	}
	rate := scoring.Hundredths(p.Rules.PointsPerPerson * hundred)
	holders := people[scoring.StepKey{Area: area, Metric: m.Metric, Step: len(skilling.Gates) + 1}]
	for _, person := range holders {
		parts = append(parts, Part{Cause: Person, ID: person, Points: rate})
	}
	if m.Status == scoring.GateUnmet && len(holders) > 0 {
		parts = append(parts, Part{Cause: GateUnmet, Points: -rate * scoring.Hundredths(len(holders))})
	}
	return capped(parts, m)
}

func growthParts(p *published.Partner, m published.MetricScore) []Part {
	if m.Measure == nil {
		return nil
	}
	measures := p.Measures()
	var shares []share
	for _, c := range p.Customers {
		shares = append(shares, share{c.Tenant, c.Name, growthShare(c.Current-c.Baseline, measures.ACRBaseline, p.Rules.PointsPerPercent)})
	}
	total, ok := growthHundredths(measures, p.Rules.PointsPerPercent)
	if !ok || !bounded(shares) {
		return []Part{{Cause: Growth, Points: *m.Points}}
	}
	parts := apportioned(CustomerGrowth, shares, total)
	switch {
	case m.Status == scoring.BelowACRGate:
		return append(parts, Part{Cause: BelowACRGate, Points: *m.Points - total})
	case total > *m.Max, total < 0:
		return capped(parts, m)
	case total != *m.Points:
		return append(parts, Part{Cause: Rounding, Points: *m.Points - total})
	default:
		return parts
	}
}

// growthHundredths returns what growth is worth before caps and rounding, rounded down to hundredths of a point. It is false where there is
// nothing to measure growth against, or growth is beyond all bounds.
func growthHundredths(m scoring.Measures, each int64) (scoring.Hundredths, bool) {
	if m.ACRBaseline <= 0 {
		return 0, false
	}
	exact := growthShare(m.ACR-m.ACRBaseline, m.ACRBaseline, each)
	whole := floor(exact)
	if whole.CmpAbs(big.NewInt(shareLimit)) > 0 {
		return 0, false
	}
	return scoring.Hundredths(whole.Int64()), true
}

// growthShare returns the hundredths of a point that a change of ACR is worth at each points per percent of the baseline.
func growthShare(change scoring.USD, baseline scoring.USD, each int64) *big.Rat {
	num := new(big.Int).Mul(big.NewInt(int64(change)), big.NewInt(100*hundred*each))
	return new(big.Rat).SetFrac(num, big.NewInt(int64(baseline)))
}

func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }
