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
	wording.Words
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
	side := func(what string, first, second scoring.Month, a, b scoring.USD) string {
		return t.Say("%s: %s USD in %s, %s in %s; it takes %s in one of them.", what, t.Cents(a), first, t.Cents(b), second, least)
	}
	for _, u := range []scoring.Month{at.Add(-13), at.Add(-12), at.Add(-1)} {
		if slices.Contains(t.e.MissingUsage, u) {
			return []string{t.Say("What it does for net customer adds is not known: usage of %s was missing.", u),
				t.Say("It has %s USD in %s; it takes %s in one of two months.", t.Cents(c.Current), at, least)}
		}
	}
	each := t.WholePoints(t.e.Rules.PointsPerCustomer)
	now, before := t.Say("Of %s it is no eligible customer", at), t.Say("A year before it was no eligible customer")
	if c.Eligible {
		now = t.Say("Of %s it is an eligible customer", at)
	}
	if c.EligibleBaseline {
		before = t.Say("A year before it was an eligible customer")
	}
	sentences := []string{
		side(now, at.Add(-1), at, c.Previous, c.Current),
		side(before, at.Add(-13), at.Add(-12), c.BaselinePrevious, c.Baseline),
		map[published.Movement]string{
			published.Gained: t.Say("So it is gained: +%s of net customer adds.", each),
			published.Lost:   t.Say("So it is lost: -%s of net customer adds.", each),
			published.Kept:   t.Say("So it is kept, which moves no net customer adds."),
			published.Nobody: t.Say("So it does nothing for net customer adds; %s USD more in one month would make it eligible.", t.Cents(c.Shortfall)),
		}[c.Movement],
	}
	if c.GrowthPoints != nil {
		sentences = append(sentences, t.Say("It adds %s to the points of usage growth, before rounding and cap.", t.SignedPoints(*c.GrowthPoints)))
	}
	return sentences
}

// gaps says which months have no facts.
func (t customer) gaps() string {
	reasons := map[published.GapReason][]scoring.Month{}
	again := false
	for _, g := range t.e.FactsGaps {
		if g.Reason != published.GapAbsent {
			again = true
		}
		reasons[g.Reason] = append(reasons[g.Reason], g.UsageMonth)
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		parts = append(parts, t.Phrase(reason.Words(t.Ranges(reasons[reason]))))
	}
	switch {
	case len(parts) == 0:
		return ""
	case again:
		return t.Say("Not every month can be shown: %s; scoring the month again builds them.", strings.Join(parts, ", "))
	default:
		return t.Say("Not every month can be shown: %s.", strings.Join(parts, ", "))
	}
}

func (t customer) months() document.Section {
	w := &document.Table{Columns: []document.Column{{Header: t.Say("Month")}, {Header: "USD", Number: true}, {Header: t.Say("Eligible")}}}
	for _, m := range t.c.Months {
		eligible := t.Say("no")
		if m.ACR >= t.e.TrackRules.EligibleCustomerUSD {
			eligible = t.Say("yes")
		}
		if u := m.UsageMonth; u < t.e.ScoreMonth.Add(-1) && u > t.e.ScoreMonth.Add(-12) {
			eligible = "" // decides nothing
		}
		w.Add(0, "", m.UsageMonth.String(), t.Cents(m.ACR), eligible)
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
	heading := t.Say("Service, twelve months")
	if known < 12 {
		heading = t.Say("Service, partial: %d of twelve months", known)
	}
	sums, months := map[string]scoring.USD{}, map[string][]scoring.Month{}
	for _, s := range t.c.Services {
		if s.UsageMonth > at.Add(-12) {
			sums[s.Service] += s.ACR
			months[s.Service] = append(months[s.Service], s.UsageMonth)
		}
	}
	w := &document.Table{Caption: heading, Columns: []document.Column{{Header: t.Say("Service"), Room: document.Room{Others: 40, Least: 20}},
		{Header: "USD", Number: true}, {Header: t.Say("Months")}}}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		w.Add(0, "", name, t.Cents(sums[name]), t.Ranges(slices.Compact(months[name])))
	}
	return document.Section{Table: w}
}
