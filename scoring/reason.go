package scoring

import (
	"fmt"
	"strconv"
)

// Phrase is words about numbers and names that another language can say, too: an English format, and what it is about. The zero value says nothing.
type Phrase struct {
	Format string // with a verb for each argument in turn; a catalogue of another language knows it
	Many   string // the format for any number but one; empty: there is no number that decides
	N      int64  // the number that decides
	Args   []any  // phrases, numbers and names
}

// Say returns a phrase.
func Say(format string, args ...any) Phrase { return Phrase{Format: format, Args: args} }

// Plural returns a phrase whose words a number decides.
func Plural(n int64, one, many string, args ...any) Phrase {
	return Phrase{Format: one, Many: many, N: n, Args: args}
}

// Counted returns a phrase whose first argument is the number that decides its words: 1 person, 2,000 people.
func Counted(n int64, one, many string, args ...any) Phrase {
	return Plural(n, one, many, append([]any{Whole(n)}, args...)...)
}

// Joined puts phrases together with a mark between them.
func Joined(phrases []Phrase, mark Phrase) (all Phrase) {
	for i, p := range phrases {
		if i == 0 {
			all = p
		} else {
			all = Say("%s%s%s", all, mark, p)
		}
	}
	return all
}

// String says the phrase in English.
func (p Phrase) String() string {
	format := p.Format
	if p.Many != "" && p.N != 1 {
		format = p.Many
	}
	return fmt.Sprintf(format, p.Args...)
}

// MarshalText says the phrase in English: data have no other language.
func (p Phrase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Whole is a count that is written with thousands separators.
type Whole int64

// String is part of fmt.Stringer.
func (n Whole) String() string { return Grouped(int64(n)) }

// Numeral is a number that is written with a decimal point.
type Numeral string

// Name returns a metric as people call it: advanced certifications.
func (m Metric) Name() Phrase {
	switch m {
	case NetCustomerAdds:
		return Say("net customer adds")
	case UsageGrowth:
		return Say("usage growth")
	case Deployments:
		return Say("deployments")
	case IntermediateCertifications:
		return Say("intermediate certifications")
	default:
		return Say("advanced certifications")
	}
}

// Grouped returns a count with thousands separators.
func Grouped(n int64) string {
	if n < 0 {
		return "-" + Grouped(-n)
	}
	return grouped(strconv.FormatInt(n, 10))
}

// worth says what n things earn: 4 points each.
func worth(n, each int64) Phrase {
	if n == 1 {
		return Counted(each, "%s point", "%s points")
	}
	return Counted(each, "%s point each", "%s points each")
}

// atMost says that a cap holds points back.
func atMost(earned Points, limit int64) Phrase {
	if earned.Cmp(NewPoints(limit)) > 0 {
		return Say(", %s at most", NewPoints(limit))
	}
	return Phrase{}
}

// netAddsReason says where net customer adds come from.
func (r CustomerRules) netAddsReason(t Track, m Measures, net int64) Phrase {
	compared := Counted(m.EligibleCustomers, "%s customer has %s USD or more in this month or the one before, %s a year ago",
		"%s customers have %s USD or more in this month or the one before, %s a year ago", t.EligibleCustomerUSD, Whole(m.EligibleCustomersBaseline))
	switch {
	case net > 0:
		return Say("%s, %s net added, %s%s", compared, Whole(net), worth(net, r.PointsPerCustomer),
			atMost(product(net, r.PointsPerCustomer), r.MaxNetCustomerAdds))
	case net < 0:
		return Say("%s, %s fewer", compared, Whole(-net))
	default:
		return Say("%s, none net added", compared)
	}
}

// deploymentsReason says where the points of deployments come from.
func (r DeploymentRules) deploymentsReason(services int64) Phrase {
	if services == 0 {
		return Say("no service that counts was used in the last twelve months")
	}
	return Counted(services, "%s service that counts was used in the last twelve months, %s%s",
		"%s services that count were used in the last twelve months, %s%s",
		worth(services, r.PointsPerService), atMost(product(services, r.PointsPerService), r.MaxDeployments))
}

// growthReason says where the points of usage growth come from, or why it has none.
func (r GrowthRules) growthReason(m Measures, status Status) Phrase {
	switch status {
	case NoData:
		return Say("the usage of the same month a year ago is missing, so growth could not be measured")
	case NoBaseline:
		return Say("consumption of the same month a year ago is %s USD, so there is nothing to measure growth against", m.ACRBaseline)
	case InvalidBaseline:
		return Say("consumption of the same month a year ago is %s USD, a net credit, so growth cannot be measured", m.ACRBaseline)
	case BelowACRGate:
		return Say("consumption of the last twelve months is %s USD and must be %s or more to count; %s", m.ACRTTM, r.ACRGateUSD, growthSentence(m))
	default:
		return Say("%s%s", growthSentence(m), r.growthRate(m))
	}
}

// growthSentence says how consumption moved.
func growthSentence(m Measures) Phrase {
	num, den := growthRatio(m)
	by := Numeral(percent(num, den))
	switch num.Sign() {
	case 1:
		return Say("consumption grew by %s %% within a year, from %s to %s USD", by, m.ACRBaseline, m.ACR)
	case -1:
		return Say("consumption fell by %s %% within a year, from %s to %s USD", by, m.ACRBaseline, m.ACR)
	default:
		return Say("consumption is %s USD, the same as a year ago", m.ACR)
	}
}

// growthRate says what growth earns.
func (r GrowthRules) growthRate(m Measures) Phrase {
	if m.ACR <= m.ACRBaseline {
		return Phrase{}
	}
	unit := map[string]Phrase{RoundFloor: Say("whole percent"), RoundOneDecimal: Say("percent, by tenths"), RoundExact: Say("percent"),
		RoundNearest: Say("percent, to the nearest"), RoundUp: Say("percent, rounded up")}
	return Counted(r.PointsPerPercent, "; %s point for each %s%s", "; %s points for each %s%s", unit[r.GrowthRounding],
		atMost(r.growthEarned(m, r.GrowthRounding), r.MaxUsageGrowth))
}

// gateReason says which gates lack people, and what that costs.
func (s trackSkilling) gateReason(p headcount) Phrase {
	var unmet Phrase
	for i, have := range p.gates {
		if have >= s.GatePeople {
			continue
		}
		lacks := Counted(s.GatePeople, "required certification %[2]d, %[3]s, has %[4]s of the %[1]s person it needs",
			"required certification %[2]d, %[3]s, has %[4]s of the %[1]s people it needs",
			i+1, s.Gates[i].Title, Whole(have))
		if unmet.Format != "" {
			lacks = Say("%s, and %s", unmet, lacks)
		}
		unmet = lacks
	}
	var idle Phrase
	if p.electives > 0 {
		idle = Counted(p.electives, "; until then the %s person with an additional certification earns nothing",
			"; until then the %s people with an additional certification earn nothing")
	}
	return Say("%s%s%s", s.gatesEarn(p), unmet, idle)
}

// gatesEarn says what the gates that are met earn, on a track where they earn something.
func (s trackSkilling) gatesEarn(p headcount) Phrase {
	met := p.met(s.GatePeople)
	if met == 0 || s.GatePoints == 0 {
		return Phrase{}
	}
	return Counted(met, "%s required certification is met, %s; ", "%s required certifications are met, %s; ", worth(met, s.GatePoints))
}

// electivesReason says where the points of a certifications metric come from when its gates are met.
func (s trackSkilling) electivesReason(p headcount) Phrase {
	if p.electives == 0 {
		return Say("%s%s", s.gatesEarn(p), Counted(s.pointsPerPerson, "nobody holds an additional certification, %s point for each person who does",
			"nobody holds an additional certification, %s points for each person who does"))
	}
	earned := product(p.electives, s.pointsPerPerson).Add(product(int64(len(p.gates)), s.GatePoints))
	return Say("%s%s", s.gatesEarn(p), Counted(p.electives, "%s person holds an additional certification, %s%s",
		"%s people hold an additional certification, %s%s", worth(p.electives, s.pointsPerPerson), atMost(earned, s.Max)))
}
