package report

import (
	"cmp"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
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
	Lists            []block // who came and went, and who grew most
	Risk, Near       customerList
}

// customerList is a list of customers, cut where it gets long.
type customerList struct {
	Rows []customerRow
	More string // how many are left out; empty: none
}

// customerRow is one customer tenant.
type customerRow struct {
	Name              string
	Tenant            string // empty: the name is enough
	Current, Previous string
	Best              string
	Lacks             string
	Percent           string // of the threshold, for a bar
}

func (s Subject) customers(behind written.Behind) customersView {
	threshold := s.Track.EligibleCustomerUSD
	of := customerLists{s.Partner.Customers, threshold}
	m := s.Measures()
	v := customersView{
		Threshold: wording.InUSD(threshold), Eligible: scoring.Grouped(m.EligibleCustomers), Before: scoring.Grouped(m.EligibleCustomersBaseline),
		Net: wording.SignedCount(m.EligibleCustomers - m.EligibleCustomersBaseline), ACR: wording.Cents(m.ACR), ACRBefore: wording.Cents(m.ACRBaseline),
	}
	first := &s.Scores[0] // customers and consumption are the same in every area
	net, growth := first.Metric(scoring.NetCustomerAdds), first.Metric(scoring.UsageGrowth)
	v.NetWhy, v.GrowthWhy = net.Reason, growth.Reason
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
	v.Lists = newBlocks(append(behind.Customers, behind.Growth...))
	v.Near = of.list(func(c published.Customer) bool { return !c.Eligible && 2*c.Best() >= threshold },
		func(c published.Customer) scoring.USD { return c.Shortfall })
	v.Risk = of.list(func(c published.Customer) bool { return c.Eligible && c.Current < threshold }, func(c published.Customer) scoring.USD { return c.Current })
	return v
}

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
	l := customerList{}
	picked, l.More = cut(picked, shownRows)
	for _, c := range picked {
		l.Rows = append(l.Rows, of.row(c))
	}
	return l
}

func (of customerLists) row(c published.Customer) customerRow {
	row := customerRow{Name: breakable(c.Name), Current: wording.Cents(c.Current), Previous: wording.Cents(c.Previous), Best: wording.Cents(c.Best())}
	switch {
	case c.Name == "":
		row.Name = "Tenant " + c.Tenant
	case of.namesakes(c.Name) > 1:
		row.Tenant = c.Tenant
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
	Why    string
	Lists  []block
	Enough string // how many the cap takes
}

func (s Subject) services(behind written.Behind) servicesView {
	enough := (s.Rules.MaxDeployments + s.Rules.PointsPerService - 1) / s.Rules.PointsPerService
	return servicesView{Why: s.Scores[0].Metric(scoring.Deployments).Reason, Enough: scoring.Grouped(enough), Lists: newBlocks(behind.Services)}
}
