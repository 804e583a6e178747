package report

import (
	"cmp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// customersView is how customers came and went, and what consumption grew by.
type customersView struct {
	Threshold        string
	Eligible, Before string
	Net              string
	NetWhy           string
	Growth           string // in percent; empty: there is nothing to measure against
	GrowthWhy        string
	ACR, ACRBefore   string
	Gained, Lost     customerList
	Unknown          bool // who came and went: usage that is compared was missing
	UnknownGrowth    bool
	Risk, Near       customerList
	Up, Down         customerList
}

// customerList is a list of customers, cut where it gets long.
type customerList struct {
	Rows []customerRow
	All  int
	More string // how many are left out; empty: none
}

// customerRow is one customer tenant.
type customerRow struct {
	Name              string
	Tenant            string // empty: the name is enough
	Current, Previous string
	Best              string
	Before            string // of the same month a year ago
	BestBefore        string // of the better of the two months a year ago
	Lacks             string
	Change            string
	Percent           string // of the threshold, for a bar
}

func (s Subject) customers() customersView {
	threshold := snapshot.Amount(s.Track.EligibleCustomerUSD)
	m := s.Measures()
	v := customersView{
		Threshold: usd(threshold), Eligible: number(m.EligibleCustomers), Before: number(m.EligibleCustomersBaseline),
		Net: signed(m.EligibleCustomers - m.EligibleCustomersBaseline), ACR: dollars(snapshot.Amount(m.ACR)), ACRBefore: dollars(snapshot.Amount(m.ACRBaseline)),
	}
	first := &s.Scores[0] // customers and consumption are the same in every area
	net, growth := first.Metric(scoring.NetCustomerAdds), first.Metric(scoring.UsageGrowth)
	v.NetWhy, v.GrowthWhy = why(*net), why(*growth)
	if net.Baseline == nil {
		v.Before, v.Net = notKnown, notKnown
	}
	if net.Current == nil {
		v.Eligible, v.Net = notKnown, notKnown
	}
	if growth.Baseline == nil {
		v.ACRBefore = notKnown
	}
	if growth.Measure != nil {
		v.Growth = percent(*growth.Measure)
	}
	v.Unknown, v.UnknownGrowth = net.Status == scoring.NoData, growth.Status == scoring.NoData
	change := func(c answers.Customer) snapshot.Amount { return c.Current - c.Baseline }
	v.Gained = s.list(func(c answers.Customer) bool { return c.Movement == "gained" }, func(c answers.Customer) snapshot.Amount { return -c.Best() })
	v.Lost = s.list(func(c answers.Customer) bool { return c.Movement == "lost" }, func(c answers.Customer) snapshot.Amount { return -c.BestBaseline() })
	v.Near = s.list(func(c answers.Customer) bool { return !c.Eligible && 2*c.Best() >= threshold },
		func(c answers.Customer) snapshot.Amount { return c.Shortfall })
	v.Risk = s.list(func(c answers.Customer) bool { return c.Eligible && c.Current < threshold }, func(c answers.Customer) snapshot.Amount { return c.Current })
	v.Up = s.list(func(c answers.Customer) bool { return change(c) > 0 }, func(c answers.Customer) snapshot.Amount { return -change(c) }).first(movers)
	v.Down = s.list(func(c answers.Customer) bool { return change(c) < 0 }, change).first(movers)
	return v
}

// movers is how many customers stand on each side of growth.
const movers = 5

// list picks customers, those with the least of by first.
func (s Subject) list(pick func(answers.Customer) bool, by func(answers.Customer) snapshot.Amount) customerList {
	var picked []answers.Customer
	for _, c := range s.Partner.Customers {
		if pick(c) {
			picked = append(picked, c)
		}
	}
	slices.SortStableFunc(picked, func(a, b answers.Customer) int { return cmp.Compare(by(a), by(b)) })
	l := customerList{All: len(picked)}
	for _, c := range picked[:min(len(picked), shownRows)] {
		l.Rows = append(l.Rows, s.customerRow(c))
	}
	return l.first(shownRows)
}

// first cuts a list to n rows.
func (l customerList) first(n int) customerList {
	l.Rows, l.More = l.Rows[:min(len(l.Rows), n)], ""
	if rest := l.All - len(l.Rows); rest > 0 {
		l.More = number(int64(rest))
	}
	return l
}

func (s Subject) customerRow(c answers.Customer) customerRow {
	threshold := snapshot.Amount(s.Track.EligibleCustomerUSD)
	row := customerRow{Name: breakable(c.Name), Current: dollars(c.Current), Previous: dollars(c.Previous), Best: dollars(c.Best()),
		Before: dollars(c.Baseline), BestBefore: dollars(c.BestBaseline()), Change: dollars(c.Current - c.Baseline)}
	switch {
	case c.Name == "":
		row.Name = "Tenant " + c.Tenant
	case s.namesakes(c.Name) > 1:
		row.Tenant = c.Tenant
	}
	if c.Current > c.Baseline {
		row.Change = "+" + row.Change
	}
	lacking := c.Shortfall
	if c.Eligible {
		lacking = max(0, threshold-c.Current)
	}
	row.Lacks, row.Percent = dollars(upTo(lacking)), percentOf(c.Best(), threshold)
	return row
}

// namesakes counts the customers of a name.
func (s Subject) namesakes(name string) (n int) {
	for _, c := range s.Partner.Customers {
		if c.Name == name {
			n++
		}
	}
	return n
}

// signed writes a number with its sign, but for 0.
func signed(n int64) string {
	if n > 0 {
		return "+" + number(n)
	}
	return number(n)
}

// percent writes a measured percentage with as many decimals as it takes, as the sentence about it has it.
func percent(a snapshot.Amount) string {
	text := scoring.USD(a).String()
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + " %"
}

// percentOf writes the share of an amount in another one in whole percent from 0 to 100, for the length of a bar.
func percentOf(part, whole snapshot.Amount) string {
	if whole <= 0 || part <= 0 {
		return "0"
	}
	return number(int64(min(part, whole) / max(1, whole/100)))
}

// servicesView is which services count as deployments.
type servicesView struct {
	Why     string
	Counted serviceList
	Not     serviceList
	Enough  string // how many the cap takes
}

type serviceList struct {
	Rows []serviceRow
	More string
}

type serviceRow struct{ Name, TTM, Customers, Reason string }

func (s Subject) services() servicesView {
	v := servicesView{Why: why(*s.Scores[0].Metric(scoring.Deployments)), Enough: number((s.Rules.MaxDeployments + s.Rules.PointsPerService - 1) / s.Rules.PointsPerService)}
	all := slices.Clone(s.Partner.Services)
	slices.SortStableFunc(all, func(a, b answers.Service) int { return cmp.Compare(b.TTM, a.TTM) })
	for _, counts := range []bool{true, false} {
		l := &v.Counted
		if !counts {
			l = &v.Not
		}
		for _, one := range all {
			if one.Counted == counts {
				l.Rows = append(l.Rows, serviceRow{breakable(one.Name), dollars(one.TTM), number(one.Customers), serviceReason(one.Reason)})
			}
		}
		l.Rows, l.More = cut(l.Rows, shownRows)
	}
	return v
}

func serviceReason(reason string) string {
	switch reason {
	case "counted":
		return "counts"
	case "excluded_service":
		return "the programme leaves this service out"
	case "unknown_service":
		return "the export does not name the service"
	case "not_positive":
		return "credits use up its consumption"
	default:
		return reason
	}
}
