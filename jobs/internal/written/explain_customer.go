package written

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// customer explains one customer: what it does for the points, its months, its services.
type customer struct {
	e *answers.Explanation
	c answers.CustomerExplanation
}

func (t customer) name() string {
	if t.c.Name == "" {
		return t.c.Tenant
	}
	return fmt.Sprintf("%s (%s)", t.c.Name, t.c.Tenant)
}

func (t customer) sections() []document.Section {
	sections := []document.Section{document.Sentences(append(t.sentences(), t.gaps())...)}
	if len(t.c.Months) > 0 {
		sections = append(sections, t.months())
	}
	if len(t.c.Services) > 0 {
		sections = append(sections, t.services())
	}
	return sections
}

func (t customer) sentences() []string {
	c, at, least := t.c, t.e.ScoreMonth, t.e.TrackRules.EligibleCustomerUSD
	side := func(verb string, eligible bool, first, second scoring.Month, a, b scoring.USD) string {
		what := "no eligible customer"
		if eligible {
			what = "an eligible customer"
		}
		return fmt.Sprintf("%s %s: %s USD in %s, %s in %s; it takes %s in one of them.", verb, what, money(&a), first, money(&b), second, least)
	}
	for _, u := range []scoring.Month{at.Add(-13), at.Add(-12), at.Add(-1)} {
		if slices.Contains(t.e.MissingUsage, u) {
			return []string{fmt.Sprintf("What it does for net customer adds is not known: usage of %s was missing.", u),
				fmt.Sprintf("It has %s USD in %s; it takes %s in one of two months.", money(&c.Current), at, least)}
		}
	}
	each := wording.Points(scoring.Hundredths(t.e.Rules.PointsPerCustomer * 100))
	sentences := []string{
		"Of " + at.String() + " it " + side("is", c.Eligible, at.Add(-1), at, c.Previous, c.Current),
		"A year before it " + side("was", c.EligibleBaseline, at.Add(-13), at.Add(-12), c.BaselinePrevious, c.Baseline),
		map[published.Movement]string{
			published.Gained: "So it is gained: +" + each + " of net customer adds.",
			published.Lost:   "So it is lost: -" + each + " of net customer adds.",
			published.Kept:   "So it is kept, which moves no net customer adds.",
			published.Nobody: fmt.Sprintf("So it does nothing for net customer adds; %s USD more in one month would make it eligible.", money(&c.Shortfall)),
		}[c.Movement],
	}
	if c.GrowthPoints != nil {
		sentences = append(sentences, fmt.Sprintf("It adds %s to the points of usage growth, before rounding and cap.", wording.SignedPoints(*c.GrowthPoints)))
	}
	return sentences
}

// gaps says which months have no facts.
func (t customer) gaps() string {
	reasons := map[published.GapReason][]scoring.Month{}
	again := ""
	for _, g := range t.e.FactsGaps {
		if g.Reason != published.GapAbsent {
			again = "; scoring the month again builds them"
		}
		reasons[g.Reason] = append(reasons[g.Reason], g.UsageMonth)
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		parts = append(parts, fmt.Sprintf(reason.Words(), scoring.MonthRanges(reasons[reason])))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Not every month can be shown: " + strings.Join(parts, ", ") + again + "."
}

func (t customer) months() document.Section {
	w := &document.Table{Columns: []document.Column{{Header: "Month"}, {Header: "USD", Number: true}, {Header: "Eligible"}}}
	for _, m := range t.c.Months {
		eligible := "no"
		if m.ACR >= t.e.TrackRules.EligibleCustomerUSD {
			eligible = "yes"
		}
		if u := m.UsageMonth; u < t.e.ScoreMonth.Add(-1) && u > t.e.ScoreMonth.Add(-12) {
			eligible = "" // decides nothing
		}
		w.Add(0, "", m.UsageMonth.String(), money(&m.ACR), eligible)
	}
	return document.Section{Table: w}
}

// services sums the services of the customer over the twelve months, or those of them that have facts.
func (t customer) services() document.Section {
	at, known := t.e.ScoreMonth, 12
	for _, gap := range t.e.FactsGaps {
		if gap.UsageMonth > at.Add(-12) {
			known--
		}
	}
	heading := "Service, twelve months"
	if known < 12 {
		heading = fmt.Sprintf("Service, partial: %d of twelve months", known)
	}
	sums, months := map[string]scoring.USD{}, map[string][]scoring.Month{}
	for _, s := range t.c.Services {
		if s.UsageMonth > at.Add(-12) {
			sums[s.Service] += s.ACR
			months[s.Service] = append(months[s.Service], s.UsageMonth)
		}
	}
	w := &document.Table{Caption: heading, Columns: []document.Column{{Header: "Service", Room: document.Room{Others: 40, Least: 20}},
		{Header: "USD", Number: true}, {Header: "Months"}}}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		sum := sums[name]
		w.Add(0, "", name, money(&sum), scoring.MonthRanges(slices.Compact(months[name])))
	}
	return document.Section{Table: w}
}
