package scoring

import (
	"fmt"
	"strconv"
	"strings"
)

// name returns a metric as people call it: advanced certifications.
func (m Metric) name() string { return strings.ReplaceAll(string(m), "_", " ") }

// counted returns a number with its noun: 1 person, 2,000 people.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}

// Grouped returns a count with thousands separators.
func Grouped(n int64) string {
	if n < 0 {
		return "-" + Grouped(-n)
	}
	return grouped(strconv.FormatInt(n, 10))
}

// worth says what n things earn: 4 points each.
func worth(n, each int64) string {
	if n == 1 {
		return counted(each, "point", "points")
	}
	return counted(each, "point", "points") + " each"
}

// atMost says that a cap holds points back.
func atMost(earned Points, limit int64) string {
	if earned.Cmp(NewPoints(limit)) > 0 {
		return fmt.Sprintf(", %d at most", limit)
	}
	return ""
}

// netAddsReason says where net customer adds come from.
func (r CustomerRules) netAddsReason(t Track, m Measures, net int64) string {
	compared := fmt.Sprintf("%s %s USD or more in this month or the one before, %s a year ago",
		counted(m.EligibleCustomers, "customer has", "customers have"), t.EligibleCustomerUSD, Grouped(m.EligibleCustomersBaseline))
	switch {
	case net > 0:
		return fmt.Sprintf("%s, %s net added, %s%s", compared, Grouped(net), worth(net, r.PointsPerCustomer),
			atMost(product(net, r.PointsPerCustomer), r.MaxNetCustomerAdds))
	case net < 0:
		return fmt.Sprintf("%s, %s fewer", compared, Grouped(-net))
	default:
		return compared + ", none net added"
	}
}

// deploymentsReason says where the points of deployments come from.
func (r DeploymentRules) deploymentsReason(services int64) string {
	if services == 0 {
		return "no service that counts was used in the last twelve months"
	}
	return fmt.Sprintf("%s in the last twelve months, %s%s",
		counted(services, "service that counts was used", "services that count were used"),
		worth(services, r.PointsPerService), atMost(product(services, r.PointsPerService), r.MaxDeployments))
}

// growthReason says where the points of usage growth come from, or why it has none.
func (r GrowthRules) growthReason(m Measures, status Status) string {
	switch status {
	case NoData:
		return "the usage of the same month a year ago is missing, so growth could not be measured"
	case NoBaseline:
		return fmt.Sprintf("consumption of the same month a year ago is %s USD, so there is nothing to measure growth against", m.ACRBaseline)
	case InvalidBaseline:
		return fmt.Sprintf("consumption of the same month a year ago is %s USD, a net credit, so growth cannot be measured", m.ACRBaseline)
	case BelowACRGate:
		return fmt.Sprintf("consumption of the last twelve months is %s USD and must be %s or more to count; %s",
			m.ACRTTM, r.ACRGateUSD, growthSentence(m))
	default:
		return growthSentence(m) + r.growthRate(m)
	}
}

// growthSentence says how consumption moved.
func growthSentence(m Measures) string {
	num, den := growthRatio(m)
	moved := fmt.Sprintf("%s %% within a year, from %s to %s USD", percent(num, den), m.ACRBaseline, m.ACR)
	switch num.Sign() {
	case 1:
		return "consumption grew by " + moved
	case -1:
		return "consumption fell by " + moved
	default:
		return fmt.Sprintf("consumption is %s USD, the same as a year ago", m.ACR)
	}
}

// growthRate says what growth earns.
func (r GrowthRules) growthRate(m Measures) string {
	if m.ACR <= m.ACRBaseline {
		return ""
	}
	unit := map[string]string{RoundFloor: "whole percent", RoundOneDecimal: "percent, by tenths", RoundExact: "percent",
		RoundNearest: "percent, to the nearest", RoundUp: "percent, rounded up"}
	return fmt.Sprintf("; %s for each %s%s", counted(r.PointsPerPercent, "point", "points"), unit[r.GrowthRounding],
		atMost(r.growthEarned(m, r.GrowthRounding), r.MaxUsageGrowth))
}

// gateReason says which gates lack people, and what that costs.
func (s trackSkilling) gateReason(p headcount) string {
	var unmet []string
	for i, have := range p.gates {
		if have < s.GatePeople {
			unmet = append(unmet, fmt.Sprintf("gate %d, %s, has %s of the %s", i+1, s.Gates[i].Title, Grouped(have),
				counted(s.GatePeople, "person it needs", "people it needs")))
		}
	}
	why := s.gatesEarn(p) + strings.Join(unmet, ", and ")
	if p.electives > 0 {
		why += fmt.Sprintf("; until then the %s nothing", counted(p.electives,
			"person with a certification of the list earns", "people with a certification of the list earn"))
	}
	return why
}

// gatesEarn says what the gates that are met earn, on a track where they earn something.
func (s trackSkilling) gatesEarn(p headcount) string {
	met := p.met(s.GatePeople)
	if met == 0 || s.GatePoints == 0 {
		return ""
	}
	return fmt.Sprintf("%s, %s; ", counted(met, "gate is met", "gates are met"), worth(met, s.GatePoints))
}

// electivesReason says where the points of a certifications metric come from when its gates are met.
func (s trackSkilling) electivesReason(p headcount) string {
	if p.electives == 0 {
		return s.gatesEarn(p) + fmt.Sprintf("nobody holds a certification of the list, %s for each person who does",
			counted(s.pointsPerPerson, "point", "points"))
	}
	earned := product(p.electives, s.pointsPerPerson).Add(product(int64(len(p.gates)), s.GatePoints))
	return s.gatesEarn(p) + fmt.Sprintf("%s a certification of the list, %s%s",
		counted(p.electives, "person holds", "people hold"), worth(p.electives, s.pointsPerPerson), atMost(earned, s.Max))
}
