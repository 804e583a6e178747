package report

import (
	"cmp"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
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
	threshold := s.Track.EligibleCustomerUSD
	of := customerLists{s.Partner.Customers, threshold}
	m := s.Measures()
	v := customersView{
		Threshold: wording.InUSD(threshold), Eligible: scoring.Grouped(m.EligibleCustomers), Before: scoring.Grouped(m.EligibleCustomersBaseline),
		Net: wording.SignedCount(m.EligibleCustomers - m.EligibleCustomersBaseline), ACR: wording.Cents(m.ACR), ACRBefore: wording.Cents(m.ACRBaseline),
	}
	first := &s.Scores[0] // customers and consumption are the same in every area
	net, growth := first.Metric(scoring.NetCustomerAdds), first.Metric(scoring.UsageGrowth)
	v.NetWhy, v.GrowthWhy = why(*net), why(*growth)
	if net.Baseline == nil {
		v.Before, v.Net = wording.NotKnown, wording.NotKnown
	}
	if net.Current == nil {
		v.Eligible, v.Net = wording.NotKnown, wording.NotKnown
	}
	if growth.Baseline == nil {
		v.ACRBefore = wording.NotKnown
	}
	if growth.Measure != nil {
		v.Growth = wording.Percent(*growth.Measure)
	}
	v.Unknown, v.UnknownGrowth = net.Status == scoring.NoData, growth.Status == scoring.NoData
	change := func(c published.Customer) scoring.USD { return c.Current - c.Baseline }
	v.Gained = of.list(func(c published.Customer) bool { return c.Movement == published.Gained }, func(c published.Customer) scoring.USD { return -c.Best() })
	v.Lost = of.list(func(c published.Customer) bool { return c.Movement == published.Lost }, func(c published.Customer) scoring.USD { return -c.BestBaseline() })
	v.Near = of.list(func(c published.Customer) bool { return !c.Eligible && 2*c.Best() >= threshold },
		func(c published.Customer) scoring.USD { return c.Shortfall })
	v.Risk = of.list(func(c published.Customer) bool { return c.Eligible && c.Current < threshold }, func(c published.Customer) scoring.USD { return c.Current })
	v.Up = of.list(func(c published.Customer) bool { return change(c) > 0 }, func(c published.Customer) scoring.USD { return -change(c) }).first(movers)
	v.Down = of.list(func(c published.Customer) bool { return change(c) < 0 }, change).first(movers)
	return v
}

// movers is how many customers stand on each side of growth.
const movers = 5

// customerLists lists customers of a partner.
type customerLists struct {
	customers []published.Customer
	threshold scoring.USD // of eligible ones
}

// list picks customers, those with the least of by first.
func (of customerLists) list(pick func(published.Customer) bool, by func(published.Customer) scoring.USD) customerList {
	var picked []published.Customer
	for _, c := range of.customers {
		if pick(c) {
			picked = append(picked, c)
		}
	}
	slices.SortStableFunc(picked, func(a, b published.Customer) int { return cmp.Compare(by(a), by(b)) })
	l := customerList{All: len(picked)}
	for _, c := range picked[:min(len(picked), shownRows)] {
		l.Rows = append(l.Rows, of.row(c))
	}
	return l.first(shownRows)
}

// first cuts a list to n rows.
func (l customerList) first(n int) customerList {
	l.Rows, l.More = l.Rows[:min(len(l.Rows), n)], ""
	if rest := l.All - len(l.Rows); rest > 0 {
		l.More = scoring.Grouped(int64(rest))
	}
	return l
}

func (of customerLists) row(c published.Customer) customerRow {
	row := customerRow{Name: breakable(c.Name), Current: wording.Cents(c.Current), Previous: wording.Cents(c.Previous), Best: wording.Cents(c.Best()),
		Before: wording.Cents(c.Baseline), BestBefore: wording.Cents(c.BestBaseline()), Change: wording.Cents(c.Current - c.Baseline)}
	switch {
	case c.Name == "":
		row.Name = "Tenant " + c.Tenant
	case of.namesakes(c.Name) > 1:
		row.Tenant = c.Tenant
	}
	if c.Current > c.Baseline {
		row.Change = "+" + row.Change
	}
	lacking := c.Shortfall
	if c.Eligible {
		lacking = max(0, of.threshold-c.Current)
	}
	row.Lacks, row.Percent = wording.Cents(wording.UpToCents(lacking)), percentOf(c.Best(), of.threshold)
	return row
}

// namesakes counts the customers of a name.
func (of customerLists) namesakes(name string) (n int) {
	for _, c := range of.customers {
		if c.Name == name {
			n++
		}
	}
	return n
}

// percentOf writes the share of an amount in another one in whole percent from 0 to 100, for the length of a bar.
func percentOf(part, whole scoring.USD) string {
	if whole <= 0 || part <= 0 {
		return "0"
	}
	return scoring.Grouped(int64(min(part, whole) / max(1, whole/100)))
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
	enough := (s.Rules.MaxDeployments + s.Rules.PointsPerService - 1) / s.Rules.PointsPerService
	v := servicesView{Why: why(*s.Scores[0].Metric(scoring.Deployments)), Enough: scoring.Grouped(enough)}
	all := slices.Clone(s.Partner.Services)
	slices.SortStableFunc(all, func(a, b published.Service) int { return cmp.Compare(b.TTM, a.TTM) })
	for _, counts := range []bool{true, false} {
		l := &v.Counted
		if !counts {
			l = &v.Not
		}
		for _, one := range all {
			if one.Counted == counts {
				l.Rows = append(l.Rows, serviceRow{breakable(one.Name), wording.Cents(one.TTM), scoring.Grouped(one.Customers), one.Reason.Words()})
			}
		}
		l.Rows, l.More = cut(l.Rows, shownRows)
	}
	return v
}
