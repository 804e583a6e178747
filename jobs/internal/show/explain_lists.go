package show

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

const (
	shownOfAll  = 3 // lines of a list where everything is explained
	shownOfArea = 5 // where one area is
	// idWidth is the width from which on there is room for tenant ids.
	idWidth = 140
)

// explainLists are the lists behind the metrics of an explanation: customers, services, people and rows left out.
type explainLists explainTable

// limit is how many lines of a list are shown; 0: all.
func (t explainLists) limit() int {
	switch {
	case t.q.Metric != "":
		return 0
	case t.q.Area != "":
		return shownOfArea
	default:
		return shownOfAll
	}
}

// wants reports whether the details of a metric are shown.
func (t explainLists) wants(m scoring.Metric) bool { return t.q.Metric == "" || t.q.Metric == m }

// cut returns the lines of a list that are shown, and the sentence about the others.
func cut[T any](t explainLists, list []T, metric scoring.Metric) (shown []T, more string) {
	n := t.limit()
	if n == 0 || len(list) <= n {
		return list, ""
	}
	return list[:n], fmt.Sprintf("and %s more; --metric %s shows all\n", scoring.Grouped(int64(len(list)-n)), metric)
}

// accounting says which causes the points of a metric are made of, where there are several.
func accounting(m answers.MetricExplanation) string {
	var order []answers.Cause
	points, n := map[answers.Cause]scoring.Hundredths{}, map[answers.Cause]int64{}
	for _, part := range m.Parts {
		if n[part.Cause] == 0 {
			order = append(order, part.Cause)
		}
		points[part.Cause] += part.Points
		n[part.Cause]++
	}
	if len(order) < 2 {
		return ""
	}
	var parts []string
	for _, cause := range order {
		parts = append(parts, wording.SignedPoints(points[cause])+" "+causeWords(cause, n[cause]))
	}
	return "Points: " + strings.Join(parts, ", ") + "."
}

// causeWords says what n causes of a kind are.
func causeWords(cause answers.Cause, n int64) string {
	switch cause {
	case answers.CustomerGained:
		return "for " + wording.Count(n, "customer") + " gained"
	case answers.CustomerLost:
		return "for " + wording.Count(n, "customer") + " lost"
	case answers.CustomerGrowth:
		return "for the growth of " + wording.Count(n, "customer")
	case answers.Person:
		return "for " + wording.People(n)
	case answers.Gate:
		return "for " + wording.Count(n, "required certification")
	case answers.ServiceCounted:
		return "for " + wording.Count(n, "service")
	case answers.OverCap:
		return "over the cap"
	case answers.BelowZero:
		return "since a loss counts as 0"
	case answers.Rounding:
		return "lost to rounding"
	case answers.GateUnmet:
		return "held back by a required certification"
	case answers.BelowACRGate:
		return "held back by the ACR of twelve months"
	default:
		return "for growth"
	}
}

// customer names a customer, with the id where there is room or no name.
func (t explainLists) customer(c answers.CustomerExplanation) string {
	name := Printable(c.Name)
	switch {
	case name == "":
		return Printable(c.Tenant)
	case t.width >= idWidth:
		return shortened(name, t.width-104) + " " + Printable(c.Tenant)
	default:
		return shortened(name, max(t.width-58, 16))
	}
}

// shortened cuts a text to a number of characters.
func shortened(text string, n int) string {
	if letters := []rune(text); len(letters) > n {
		return string(letters[:n-1]) + "…"
	}
	return text
}

// customers lists the customers behind net customer adds: gained, lost, nearest below the threshold and, where all are asked for, the others.
func (t explainLists) customers() string {
	if !t.wants(scoring.NetCustomerAdds) || len(t.e.Customers) == 0 {
		return ""
	}
	type group struct {
		heading string
		in      func(answers.CustomerExplanation) bool
	}
	groups := []group{
		{"Customers gained", func(c answers.CustomerExplanation) bool { return c.Movement == published.Gained }},
		{"Customers lost", func(c answers.CustomerExplanation) bool { return c.Movement == published.Lost }},
		{"Customers kept", func(c answers.CustomerExplanation) bool { return c.Movement == published.Kept }},
		{"Not eligible, the nearest first", func(c answers.CustomerExplanation) bool { return c.Movement == published.Nobody }},
	}
	if net := t.e.Areas[0].Metrics[0]; net.Metric == scoring.NetCustomerAdds && net.Status == scoring.NoData { // who came and went is not known
		groups = groups[:0]
		for _, eligible := range []bool{true, false} {
			groups = append(groups, group{map[bool]string{true: "Eligible customers", false: "Not eligible, the nearest first"}[eligible],
				func(c answers.CustomerExplanation) bool { return c.Eligible == eligible }})
		}
	}
	var b strings.Builder
	for _, g := range groups {
		list := slices.DeleteFunc(slices.Clone(t.e.Customers), func(c answers.CustomerExplanation) bool { return !g.in(c) })
		if len(list) == 0 || g.heading == "Customers kept" && t.limit() > 0 {
			continue
		}
		slices.SortStableFunc(list, func(a, b answers.CustomerExplanation) int {
			return cmp.Or(cmp.Compare(a.Shortfall, b.Shortfall), cmp.Compare(b.Best(), a.Best()))
		})
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(t.customerTable(fmt.Sprintf("%s: %d", g.heading, len(list)), list))
	}
	return b.String()
}

func (t explainLists) customerTable(heading string, list []answers.CustomerExplanation) string {
	at := t.e.ScoreMonth
	shown, more := cut(t, list, scoring.NetCustomerAdds)
	w := plainTable([]string{heading, at.Add(-13).String(), at.Add(-12).String(), at.Add(-1).String(), at.String()}, 2, 3, 4, 5)
	for _, c := range shown {
		w.AppendRow(row(t.customer(c), t.of(at.Add(-13), c.BaselinePrevious), t.of(at.Add(-12), c.Baseline), t.of(at.Add(-1), c.Previous), money(&c.Current)))
	}
	return Render(w) + more
}

// of writes what a customer consumed in a month, which is not known where its usage was missing.
func (t explainLists) of(month scoring.Month, a scoring.USD) string {
	if slices.Contains(t.e.MissingUsage, month) {
		return wording.NotKnown
	}
	return money(&a)
}

// growth lists the customers whose consumption moved most within a year.
func (t explainLists) growth() string {
	if !t.wants(scoring.UsageGrowth) || slices.Contains(t.e.MissingUsage, t.e.ScoreMonth.Add(-12)) {
		return ""
	}
	list := slices.DeleteFunc(slices.Clone(t.e.Customers), func(c answers.CustomerExplanation) bool { return c.Current == 0 && c.Baseline == 0 })
	if len(list) == 0 {
		return ""
	}
	change := func(c answers.CustomerExplanation) scoring.USD { return c.Current - c.Baseline }
	size := func(c answers.CustomerExplanation) scoring.USD { return max(change(c), -change(c)) }
	slices.SortStableFunc(list, func(a, b answers.CustomerExplanation) int { return cmp.Compare(size(b), size(a)) })
	shown, more := cut(t, list, scoring.UsageGrowth)
	w := plainTable([]string{"Usage growth by customer", t.e.ScoreMonth.Add(-12).String(), t.e.ScoreMonth.String(), "Change", "Points"}, 2, 3, 4, 5)
	for _, c := range shown {
		moved, points := change(c), "–"
		if c.GrowthPoints != nil {
			points = wording.SignedPoints(*c.GrowthPoints)
		}
		w.AppendRow(row(t.customer(c), money(&c.Baseline), money(&c.Current), money(&moved), points))
	}
	return Render(w) + more
}

// services lists the services, those that count first.
func (t explainLists) services() string {
	if !t.wants(scoring.Deployments) || len(t.e.Services) == 0 {
		return ""
	}
	list := slices.Clone(t.e.Services)
	rank := func(s published.Service) int {
		if s.Counted {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b published.Service) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(b.TTM, a.TTM)) })
	shown, more := cut(t, list, scoring.Deployments)
	w := plainTable([]string{"Services of twelve months", "USD", "Customers", "Counts"}, 2, 3)
	for _, s := range shown {
		w.AppendRow(row(shortened(Printable(s.Name), 40), money(&s.TTM), scoring.Grouped(s.Customers), yesOr(s.Counted, s.Reason.Words())))
	}
	return Render(w) + more
}

// yesOr says that something counts, or why not.
func yesOr(counts bool, why string) string {
	if counts {
		return "yes"
	}
	return "no, " + why
}

// people lists who stands behind each step, where one area or metric is asked for.
func (t explainLists) people() string {
	var b strings.Builder
	for _, a := range t.e.Areas {
		for _, m := range a.Metrics {
			if t.q.Area == "" && t.q.Metric == "" || len(m.Steps) == 0 {
				continue
			}
			b.WriteString(t.holdings(a, m))
		}
	}
	return strings.TrimPrefix(b.String(), "\n")
}

func (t explainLists) holdings(a answers.AreaExplanation, m answers.MetricExplanation) string {
	type held struct {
		step string
		published.Holding
	}
	var list []held
	for _, s := range m.Steps {
		name := "additional"
		if s.Gate {
			name = fmt.Sprintf("required %d", s.Step)
		}
		for _, h := range s.Holdings {
			list = append(list, held{name, h})
		}
	}
	if len(list) == 0 {
		return fmt.Sprintf("\n%s, %s: nobody holds a certification that it asks for.\n", a.Name, wording.MetricInText(m.Metric))
	}
	shown, more := cut(t, list, m.Metric)
	w := plainTable([]string{wording.Metric(m.Metric), "Person", "Certification", "Until", "Counts"})
	for _, h := range shown {
		until := "–"
		if h.Expires != nil {
			until = h.Expires.String()
		}
		w.AppendRow(row(h.step, h.Person, shortened(h.Certification, max(t.width-72, 12)), until, yesOr(h.Counted, h.Reason.Words())))
	}
	return "\n" + a.Name + "\n" + Render(w) + more
}

// leftOut sums up the rows that did not count, which the exports do not allow to tell by partner.
func (t explainLists) leftOut() string {
	if !t.wants(scoring.NetCustomerAdds) && !t.wants(scoring.UsageGrowth) && !t.wants(scoring.Deployments) || len(t.e.Exclusions) == 0 {
		return ""
	}
	sums, keys := map[string]*snapshot.Exclusion{}, []string{}
	for _, e := range t.e.Exclusions {
		reason := wording.Label(e.Reason)
		if t.limit() > 0 && e.Class == "data" {
			reason = "for any reason"
		}
		key := e.Class + " " + reason
		if sums[key] == nil {
			sums[key] = &snapshot.Exclusion{Class: e.Class, Reason: reason}
			keys = append(keys, key)
		}
		sums[key].Rows += e.Rows
		sums[key].ACRUSD += e.ACRUSD
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(strings.Compare(sums[b].Class, sums[a].Class), cmp.Compare(sums[b].Rows, sums[a].Rows))
	})
	w := plainTable([]string{"Left out in fourteen months, all partners", "", "Rows", "USD"}, 3, 4)
	for _, key := range keys {
		e := sums[key]
		class := map[string]string{"rule": "by rule", "data": "bad data"}[e.Class]
		w.AppendRow(row(e.Reason, class, scoring.Grouped(e.Rows), wording.Cents(e.ACRUSD)))
	}
	return Render(w)
}
