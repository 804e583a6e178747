package show

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// customerPage explains one customer: what it does for the points, its months, its services.
func (t explainTable) customerPage() string {
	c := t.e.Customers[0]
	var b strings.Builder
	name := Printable(c.Tenant)
	if c.Name != "" {
		name = fmt.Sprintf("%s (%s)", Printable(c.Name), name)
	}
	fmt.Fprintf(&b, "Customer %s\n\n", name)
	for _, sentence := range t.customerSentences(c) {
		b.WriteString(strings.Join(Wrapped(sentence, t.width), "\n") + "\n")
	}
	if gaps := t.gaps(); gaps != "" {
		b.WriteString(strings.Join(Wrapped(gaps, t.width), "\n") + "\n")
	}
	if len(c.Months) > 0 {
		b.WriteString("\n" + t.customerMonths(c))
	}
	if len(c.Services) > 0 {
		b.WriteString("\n" + t.customerServices(c))
	}
	return b.String()
}

func (t explainTable) customerSentences(c answers.CustomerExplanation) []string {
	at, least := t.e.ScoreMonth, t.e.TrackRules.EligibleCustomerUSD
	side := func(eligible bool, first, second scoring.Month, a, b snapshot.Amount) string {
		verb := "is no eligible customer"
		if eligible {
			verb = "is an eligible customer"
		}
		return fmt.Sprintf("%s: %s USD in %s, %s in %s; it takes %s in one of them.", verb, money(&a), first, money(&b), second, least)
	}
	for _, u := range []scoring.Month{at.Add(-13), at.Add(-12), at.Add(-1)} {
		if slices.Contains(t.e.MissingUsage, u) {
			return []string{fmt.Sprintf("What it does for net customer adds is not known: usage of %s was missing.", u),
				fmt.Sprintf("It has %s USD in %s; it takes %s in one of two months.", money(&c.Current), at, least)}
		}
	}
	each := snapshot.Hundredths(t.e.Rules.PointsPerCustomer * 100).InPoints()
	sentences := []string{
		"Of " + at.String() + " it " + side(c.Eligible, at.Add(-1), at, c.Previous, c.Current),
		"A year before it " + strings.Replace(side(c.EligibleBaseline, at.Add(-13), at.Add(-12), c.BaselinePrevious, c.Baseline), "is ", "was ", 1),
		map[string]string{
			"gained": "So it is gained: +" + each + " of net customer adds.",
			"lost":   "So it is lost: -" + each + " of net customer adds.",
			"kept":   "So it is kept, which moves no net customer adds.",
			"none":   fmt.Sprintf("So it does nothing for net customer adds; %s USD more in one month would make it eligible.", money(&c.Shortfall)),
		}[c.Movement],
	}
	if c.GrowthPoints != nil {
		sentences = append(sentences, fmt.Sprintf("It adds %s to the points of usage growth, before rounding and cap.", signed(*c.GrowthPoints)))
	}
	return sentences
}

// gaps says which months have no facts.
func (t explainTable) gaps() string {
	reasons := map[string][]scoring.Month{}
	again := ""
	for _, g := range t.e.FactsGaps {
		if g.Reason != answers.GapAbsent {
			again = "; scoring the month again builds them"
		}
		reasons[g.Reason] = append(reasons[g.Reason], g.UsageMonth)
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		what := map[string]string{
			answers.GapMissing:  "the facts of %s are missing",
			answers.GapOther:    "the facts of %s are not those the score was made from",
			answers.GapUnproven: "the facts of %s cannot be checked without those",
			answers.GapAbsent:   "usage of %s was missing when the month was scored",
		}[reason]
		parts = append(parts, fmt.Sprintf(what, scoring.MonthRanges(reasons[reason])))
	}
	if len(parts) == 0 {
		return ""
	}
	return "Not every month can be shown: " + strings.Join(parts, ", ") + again + "."
}

func (t explainTable) customerMonths(c answers.CustomerExplanation) string {
	w := plainTable([]string{"Month", "USD", "Eligible"}, 2)
	for _, m := range c.Months {
		eligible := "no"
		if m.ACR >= snapshot.Amount(t.e.TrackRules.EligibleCustomerUSD) {
			eligible = "yes"
		}
		if u := m.UsageMonth; u < t.e.ScoreMonth.Add(-1) && u > t.e.ScoreMonth.Add(-12) {
			eligible = "" // decides nothing
		}
		w.AppendRow(row(m.UsageMonth.String(), money(&m.ACR), eligible))
	}
	return Render(w)
}

// customerServices sums the services of the customer over the twelve months, or those of them that have facts.
func (t explainTable) customerServices(c answers.CustomerExplanation) string {
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
	sums, months := map[string]snapshot.Amount{}, map[string][]scoring.Month{}
	for _, s := range c.Services {
		if s.UsageMonth > at.Add(-12) {
			sums[s.Service] += s.ACR
			months[s.Service] = append(months[s.Service], s.UsageMonth)
		}
	}
	w := plainTable([]string{heading, "USD", "Months"}, 2)
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		sum := sums[name]
		w.AppendRow(row(shortened(Printable(name), 40), money(&sum), scoring.MonthRanges(slices.Compact(months[name]))))
	}
	return Render(w)
}
