package written

import (
	"cmp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

const (
	shownOfAll  = 3 // lines of a list where everything is explained
	shownOfArea = 5 // where one area is
)

// wants reports whether the details of a metric are shown.
func (t explanation) wants(m scoring.Metric) bool { return t.q.Metric == "" || t.q.Metric == m }

// list makes a section of the rows of a metric that are shown.
func (t explanation) list(table document.Table, metric scoring.Metric) document.Section {
	table.Cut(t.limit, t.AndMore, t.Say("; --metric %s shows all", string(metric)))
	return document.Section{Table: &table}
}

// accounting says which causes the points of a metric are made of, where there are several.
func (t explanation) accounting(m answers.MetricExplanation) string {
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
		parts = append(parts, t.SignedPoints(points[cause])+" "+causeWords(t.Words, cause, n[cause]))
	}
	return t.Say("Points: %s.", strings.Join(parts, ", "))
}

// causeWords says what n causes of a kind are.
func causeWords(w wording.Words, cause answers.Cause, n int64) string {
	switch cause {
	case answers.CustomerGained:
		return w.Counted(n, "for %s customer gained", "for %s customers gained")
	case answers.CustomerLost:
		return w.Counted(n, "for %s customer lost", "for %s customers lost")
	case answers.CustomerGrowth:
		return w.Counted(n, "for the growth of %s customer", "for the growth of %s customers")
	case answers.Person:
		return w.Counted(n, "for %s person", "for %s people")
	case answers.Gate:
		return w.Counted(n, "for %s required certification", "for %s required certifications")
	case answers.ServiceCounted:
		return w.Counted(n, "for %s service", "for %s services")
	case answers.OverCap:
		return w.Say("over the cap")
	case answers.BelowZero:
		return w.Say("since a loss counts as 0")
	case answers.Rounding:
		return w.Say("lost to rounding")
	case answers.GateUnmet:
		return w.Say("held back by a required certification")
	case answers.BelowACRGate:
		return w.Say("held back by the ACR of twelve months")
	default:
		return w.Say("for growth")
	}
}

// customerColumn is a column of customers beside four columns of amounts.
func customerColumn(w wording.Words) document.Column {
	return document.Column{Header: w.Say("Customer"), Room: document.Room{Others: 58, Least: 16}}
}

// CustomerRow is a line of a list of customers.
func CustomerRow(c published.Customer, cells ...string) document.Row {
	return document.Row{Cells: append([]document.Cell{{Text: c.Name, ID: c.Tenant}}, document.Texts(cells...)...)}
}

// customers lists the customers behind net customer adds: gained, lost, nearest below the threshold and, where all are asked for, the others.
func (t explanation) customers() (sections []document.Section) {
	if !t.wants(scoring.NetCustomerAdds) || len(t.e.Customers) == 0 {
		return nil
	}
	type group struct {
		heading string
		in      func(answers.CustomerExplanation) bool
	}
	kept, below := t.Say("Customers kept"), t.Say("Not eligible, the nearest first")
	groups := []group{
		{t.Say("Customers gained"), func(c answers.CustomerExplanation) bool { return c.Movement == published.Gained }},
		{t.Say("Customers lost"), func(c answers.CustomerExplanation) bool { return c.Movement == published.Lost }},
		{kept, func(c answers.CustomerExplanation) bool { return c.Movement == published.Kept }},
		{below, func(c answers.CustomerExplanation) bool { return c.Movement == published.Nobody }},
	}
	if net := t.e.Areas[0].Metrics[0]; net.Metric == scoring.NetCustomerAdds && net.Status == scoring.NoData { // who came and went is not known
		groups = groups[:0]
		for _, eligible := range []bool{true, false} {
			groups = append(groups, group{map[bool]string{true: t.Say("Eligible customers"), false: below}[eligible],
				func(c answers.CustomerExplanation) bool { return c.Eligible == eligible }})
		}
	}
	for _, g := range groups {
		list := slices.DeleteFunc(slices.Clone(t.e.Customers), func(c answers.CustomerExplanation) bool { return !g.in(c) })
		if len(list) == 0 || g.heading == kept && t.limit > 0 || g.heading == below && t.page { // a page has its own list of those below
			continue
		}
		slices.SortStableFunc(list, func(a, b answers.CustomerExplanation) int {
			return cmp.Or(cmp.Compare(a.Shortfall, b.Shortfall), cmp.Compare(b.Best(), a.Best()))
		})
		sections = append(sections, t.customerTable(t.Say("%s: %d", g.heading, len(list)), list))
	}
	return sections
}

func (t explanation) customerTable(caption string, list []answers.CustomerExplanation) document.Section {
	at := t.e.ScoreMonth
	w := document.Table{Caption: caption, Columns: append([]document.Column{customerColumn(t.Words)},
		document.Numbers(at.Add(-13).String(), at.Add(-12).String(), at.Add(-1).String(), at.String())...)}
	for _, c := range list {
		w.Rows = append(w.Rows, CustomerRow(c.Customer, t.of(at.Add(-13), c.BaselinePrevious), t.of(at.Add(-12), c.Baseline),
			t.of(at.Add(-1), c.Previous), t.Cents(c.Current)))
	}
	return t.list(w, scoring.NetCustomerAdds)
}

// of writes what a customer consumed in a month, which is not known where its usage was missing.
func (t explanation) of(month scoring.Month, a scoring.USD) string {
	if slices.Contains(t.e.MissingUsage, month) {
		return t.NotKnown()
	}
	return t.Cents(a)
}

// growth lists the customers whose consumption moved most within a year.
func (t explanation) growth() []document.Section {
	if !t.wants(scoring.UsageGrowth) || slices.Contains(t.e.MissingUsage, t.e.ScoreMonth.Add(-12)) {
		return nil
	}
	list := slices.DeleteFunc(slices.Clone(t.e.Customers), func(c answers.CustomerExplanation) bool { return c.Current == 0 && c.Baseline == 0 })
	if len(list) == 0 {
		return nil
	}
	change := func(c answers.CustomerExplanation) scoring.USD { return c.Current - c.Baseline }
	size := func(c answers.CustomerExplanation) scoring.USD { return max(change(c), -change(c)) }
	slices.SortStableFunc(list, func(a, b answers.CustomerExplanation) int { return cmp.Compare(size(b), size(a)) })
	w := document.Table{Caption: t.Say("Usage growth by customer"), Columns: append([]document.Column{customerColumn(t.Words)},
		document.Numbers(t.e.ScoreMonth.Add(-12).String(), t.e.ScoreMonth.String(), t.Say("Change"), t.Say("Points"))...)}
	for _, c := range list {
		moved, points := change(c), "–"
		if c.GrowthPoints != nil {
			points = t.SignedPoints(*c.GrowthPoints)
		}
		w.Rows = append(w.Rows, CustomerRow(c.Customer, t.Cents(c.Baseline), t.Cents(c.Current), t.Cents(moved), points))
	}
	return []document.Section{t.list(w, scoring.UsageGrowth)}
}

// services lists the services, those that count first.
func (t explanation) services() []document.Section {
	if !t.wants(scoring.Deployments) || len(t.e.Services) == 0 {
		return nil
	}
	list := slices.Clone(t.e.Services)
	rank := func(s published.Service) int {
		if s.Counted {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b published.Service) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(b.TTM, a.TTM)) })
	w := document.Table{Caption: t.Say("Services of twelve months"), Columns: []document.Column{{Header: t.Say("Service"), Room: document.Room{Others: 40, Least: 20}},
		{Header: "USD", Number: true}, {Header: t.Say("Customers"), Number: true}, {Header: t.Say("Counts")}}}
	for _, s := range list {
		w.Add(0, "", s.Name, t.Cents(s.TTM), t.Grouped(s.Customers), yesOr(t.Words, s.Counted, s.Reason.Words()))
	}
	return []document.Section{t.list(w, scoring.Deployments)}
}

// people lists who stands behind each step, where one area or metric is asked for.
func (t explanation) people() (sections []document.Section) {
	for _, a := range t.e.Areas {
		for _, m := range a.Metrics {
			if t.q.Area == "" && t.q.Metric == "" || len(m.Steps) == 0 {
				continue
			}
			sections = append(sections, t.holdings(a, m))
		}
	}
	return sections
}

func (t explanation) holdings(a answers.AreaExplanation, m answers.MetricExplanation) document.Section {
	w := document.Table{Caption: t.Metric(m.Metric),
		Columns: document.Named(t.Say("Step"), t.Say("Person"), t.Say("Certification"), t.Say("Until"), t.Say("Counts"), t.Say("Completed"))}
	w.Columns[5].Aside = true
	w.Columns[2].Room = document.Room{Others: 72, Least: 12}
	for _, s := range m.Steps {
		for _, h := range s.Holdings {
			w.Add(0, "", StepOf(t.Words, s), h.Person, h.Certification, orDash(t.Words, h.Expires), yesOr(t.Words, h.Counted, h.Reason.Words()), orDash(t.Words, h.Completed))
		}
	}
	if len(w.Rows) == 0 {
		return document.Sentences(t.Say("%s, %s: nobody holds a certification that it asks for.", t.Term(a.Name), m.Metric.Name()))
	}
	section := t.list(w, m.Metric)
	section.Lead = document.Sentences(t.Term(a.Name)).Lead
	return section
}

// StepOf names a step among those of its metric.
func StepOf(w wording.Words, s answers.StepExplanation) string {
	if s.Gate {
		return w.Say("required %d", s.Step)
	}
	return w.Say("additional")
}

// leftOut sums up the rows that did not count, where a metric is asked for that they could have changed.
func (t explanation) leftOut() []document.Section {
	if !t.wants(scoring.NetCustomerAdds) && !t.wants(scoring.UsageGrowth) && !t.wants(scoring.Deployments) || len(t.e.Exclusions) == 0 {
		return nil
	}
	return []document.Section{LeftOut(t.Words, t.e.Exclusions, t.limit == 0)}
}

// LeftOut sums up the usage rows of a month that did not count, which exports do not allow to tell by partner: by reason, or faults of the data as one.
func LeftOut(w wording.Words, exclusions []published.Exclusion, all bool) document.Section {
	sums, keys := map[string]*snapshot.Exclusion{}, []string{}
	for _, e := range exclusions {
		reason := w.Term(wording.Label(e.Reason))
		if !all && e.Class == "data" {
			reason = w.Say("for any reason")
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
		return cmp.Or(strings.Compare(sums[b].Class, sums[a].Class), cmp.Compare(sums[b].Rows, sums[a].Rows), strings.Compare(a, b))
	})
	t := &document.Table{Caption: w.Say("Left out in fourteen months, all partners"), Columns: []document.Column{{Header: w.Say("Reason")}, {Header: w.Say("Kind"), Bare: true},
		{Header: w.Say("Rows"), Number: true}, {Header: "USD", Number: true}}}
	for _, key := range keys {
		e := sums[key]
		t.Add(0, "", e.Reason, map[string]string{"rule": w.Say("by rule"), "data": w.Say("bad data")}[e.Class], w.Grouped(e.Rows), w.Cents(e.ACRUSD))
	}
	return document.Section{Table: t}
}
