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
	Growth           string // in percent; empty: there is nothing to measure against
	ACR, ACRBefore   string
	Lists            []block // who came and went, and who grew most
	Risk, Near       block
}

func (s Subject) customers() (customersView, error) {
	threshold := s.Track.EligibleCustomerUSD
	m := s.Measures()
	v := customersView{
		Threshold: s.InUSD(threshold), Eligible: s.Grouped(m.EligibleCustomers), Before: s.Grouped(m.EligibleCustomersBaseline),
		Net: s.SignedCount(m.EligibleCustomers - m.EligibleCustomersBaseline), ACR: s.Cents(m.ACR), ACRBefore: s.Cents(m.ACRBaseline),
	}
	first := &s.Scores[0] // customers and consumption are the same in every area
	net, growth := first.Metric(scoring.NetCustomerAdds), first.Metric(scoring.UsageGrowth)
	if net.Baseline == nil {
		v.Before, v.Net = s.NotKnown(), s.NotKnown()
	}
	if net.Current == nil {
		v.Eligible, v.Net = s.NotKnown(), s.NotKnown()
	}
	if growth.Baseline == nil {
		v.ACRBefore = s.NotKnown()
	}
	if growth.Measure != nil {
		v.Growth = s.Percent(*growth.Measure)
	}
	v.Lists = newBlocks(s.Words, written.Customers(s.Words, s.Explanation, shownRows))
	v.Risk = s.risk()
	var err error
	v.Near, err = s.near()
	return v, err
}

// near lists customers below the threshold that are the nearest to it, with the points that each would bring by itself.
func (s Subject) near() (block, error) {
	threshold := s.Track.EligibleCustomerUSD
	t := document.Table{Caption: s.Say("Customers whose better month is at least half of the threshold, with the points that each would bring by itself"),
		Columns: append(document.Named(s.Say("Customer")), document.Numbers(s.Say("Better of two months"), s.Say("To consume more"), s.Say("Points"))...)}
	for _, c := range sorted(s.Partner.Customers, func(c published.Customer) bool { return !c.Eligible && 2*c.Best() >= threshold },
		func(c published.Customer) scoring.USD { return c.Shortfall }) {
		more := wording.UpToCents(threshold - c.Current)
		gain, err := oneMore(s, more)
		if err != nil {
			return block{}, err
		}
		points := s.SignedPoints(gain)
		if gain <= 0 {
			points = s.Say("0, in reserve")
		}
		row := written.CustomerRow(c, s.Cents(c.Best()), s.Cents(more), points)
		row.Cells[0].Share = int64(min(c.Best(), threshold) / max(1, threshold/100))
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return newBlock(s.Words, document.Sentences(s.Say("No customer below the threshold reaches half of it."))), nil
	}
	t.Cut(shownRows, s.AndMore, "")
	return newBlock(s.Words, document.Section{Table: &t}), nil
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
	month, threshold := s.Words.Month(s.ScoreMonth), s.Track.EligibleCustomerUSD
	t := document.Table{Caption: s.Say("Customers below the threshold in %s", month),
		Columns: append(document.Named(s.Say("Customer")), document.Numbers(s.Say("Month before"), s.Say("This month"), s.Say("Short by"))...)}
	for _, c := range sorted(s.Partner.Customers, func(c published.Customer) bool { return c.Eligible && c.Current < threshold },
		func(c published.Customer) scoring.USD { return c.Current }) {
		t.Rows = append(t.Rows, written.CustomerRow(c, s.Cents(c.Previous), s.Cents(c.Current), s.Cents(wording.UpToCents(threshold-c.Current))))
	}
	if len(t.Rows) == 0 {
		return newBlock(s.Words, document.Sentences(s.Say("None: every eligible customer reached the threshold in %s.", month)))
	}
	t.Cut(shownRows, s.AndMore, "")
	section := document.Sentences(s.Say("They stop counting next month unless they reach the threshold again."))
	section.Table = &t
	return newBlock(s.Words, section)
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
	return servicesView{Why: s.why(0, scoring.Deployments), Enough: s.Grouped(enough),
		Lists: newBlocks(s.Words, written.Services(s.Words, s.Explanation, 2*shownRows))}
}
