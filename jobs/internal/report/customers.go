package report

import (
	"cmp"
	"slices"

	"partnerscore/jobs/internal/document"
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
	Risk, Near       block
}

func (s Subject) customers() (customersView, error) {
	threshold := s.Track.EligibleCustomerUSD
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
	v.Lists = newBlocks(written.Customers(s.Explanation, shownRows))
	v.Risk = s.risk()
	var err error
	v.Near, err = s.near()
	return v, err
}

// near lists customers below the threshold that are the nearest to it, with the points that each would bring by itself.
func (s Subject) near() (block, error) {
	threshold := s.Track.EligibleCustomerUSD
	t := document.Table{Caption: "Customers whose better month is at least half of the threshold, with the points that each would bring by itself",
		Columns: append(document.Named("Customer"), document.Numbers("Better of two months", "To consume more", "Points")...)}
	for _, c := range sorted(s.Partner.Customers, func(c published.Customer) bool { return !c.Eligible && 2*c.Best() >= threshold },
		func(c published.Customer) scoring.USD { return c.Shortfall }) {
		more := wording.UpToCents(threshold - c.Current)
		gain, err := oneMore(s, more)
		if err != nil {
			return block{}, err
		}
		points := wording.SignedPoints(gain)
		if gain <= 0 {
			points = "0, in reserve"
		}
		row := written.CustomerRow(c, wording.Cents(c.Best()), wording.Cents(more), points)
		row.Cells[0].Share = int64(min(c.Best(), threshold) / max(1, threshold/100))
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return newBlock(document.Sentences("No customer below the threshold reaches half of it."), ""), nil
	}
	t.Cut(shownRows, "")
	return newBlock(document.Section{Table: &t}, ""), nil
}

// oneMore returns the points that one more eligible customer with so much more consumption brings in each area: the same in all of them.
func oneMore(s Subject, acr scoring.USD) (scoring.Hundredths, error) {
	m := s.Measures()
	m.EligibleCustomers++
	m.ACR, m.ACRTTM = m.ACR+acr, m.ACRTTM+acr
	after, err := s.Rules.Score(s.Track.ID, m)
	if err != nil {
		return 0, err
	}
	return scoring.Hundredths(after[0].Total.Hundredths()) - s.Scores[0].Total, nil
}

// risk lists customers that are eligible because of the month before only.
func (s Subject) risk() block {
	month, threshold := wording.Month(s.ScoreMonth), s.Track.EligibleCustomerUSD
	t := document.Table{Caption: "Customers below the threshold in " + month,
		Columns: append(document.Named("Customer"), document.Numbers("Month before", "This month", "Short by")...)}
	for _, c := range sorted(s.Partner.Customers, func(c published.Customer) bool { return c.Eligible && c.Current < threshold },
		func(c published.Customer) scoring.USD { return c.Current }) {
		t.Rows = append(t.Rows, written.CustomerRow(c, wording.Cents(c.Previous), wording.Cents(c.Current), wording.Cents(wording.UpToCents(threshold-c.Current))))
	}
	if len(t.Rows) == 0 {
		return newBlock(document.Sentences("None: every eligible customer reached the threshold in "+month+"."), "")
	}
	t.Cut(shownRows, "")
	section := document.Sentences("They stop counting next month unless they reach the threshold again.")
	section.Table = &t
	return newBlock(section, "")
}

// sorted picks customers, those with the least of by first.
func sorted(customers []published.Customer, pick func(published.Customer) bool, by func(published.Customer) scoring.USD) []published.Customer {
	picked := slices.DeleteFunc(slices.Clone(customers), func(c published.Customer) bool { return !pick(c) })
	slices.SortStableFunc(picked, func(a, b published.Customer) int { return cmp.Compare(by(a), by(b)) })
	return picked
}

// servicesView is which services count as deployments.
type servicesView struct {
	Why    string
	Lists  []block
	Enough string // how many the cap takes
}

func (s Subject) services() servicesView {
	enough := (s.Rules.MaxDeployments + s.Rules.PointsPerService - 1) / s.Rules.PointsPerService
	return servicesView{Why: s.Scores[0].Metric(scoring.Deployments).Reason, Enough: scoring.Grouped(enough), Lists: newBlocks(written.Services(s.Explanation, 2*shownRows))}
}
