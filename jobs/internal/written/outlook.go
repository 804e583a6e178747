package written

import (
	"slices"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// outlook builds the document of an outlook.
type outlook struct {
	wording.Words
	x   *answers.Outlook
	who func(person string) string // names a person
}

// Outlook writes the months after a published one: the scores to come, what the months ask for, what changes in them, and the required certifications.
func Outlook(w wording.Words, x *answers.Outlook) document.Document {
	t := outlook{w, x, func(person string) string { return w.Say("person %s", person) }}
	return document.Document{Title: []string{w.Say("Outlook: %s", title(w, x.PartnerName, w.Say("after %s", titleMonth(w, x.ScoreMonth)), x.Rulebook, x.Rules, x.Track))},
		Sections: []document.Section{t.scores(), t.today(), t.thresholds(), t.changes(), t.gates()}, Records: outlookRecords(x)}
}

// Ahead writes what a page shows of an outlook as the terminal does: what customers and growth take, and what changes by itself. who names a person.
func Ahead(w wording.Words, x *answers.Outlook, who func(person string) string) (today, needed, changes document.Section) {
	t := outlook{w, x, who}
	return t.today(), t.thresholds(), t.changes()
}

// scores has the total of each area in each month, if nothing changes.
func (t outlook) scores() document.Section {
	x := t.x
	w := &document.Table{Columns: append(document.Named(t.Say("If nothing changes")), document.Numbers(t.Say("Now"))...)}
	for _, m := range x.Months {
		w.Columns = append(w.Columns, document.Column{Header: m.Month.String(), Short: m.Month.First().Format("2006\n01"), Number: true})
	}
	for i, now := range x.Now {
		cells := []string{t.Term(now.Name), total(t.Words, now, true)}
		for _, m := range x.Months {
			cells = append(cells, total(t.Words, m.Areas[i], m.Known()))
		}
		w.Add(0, "", cells...)
	}
	s := document.Section{Table: w}
	if t.any(func(s answers.OutlookScore, _ bool) bool { return s.Qualifies }) {
		s.Note(t.Say("* qualifies."))
	}
	if t.any(func(_ answers.OutlookScore, known bool) bool { return !known }) {
		s.Note(t.Say("+ at least: the usage to compare with is missing. %s", t.MissingUsage(t.Ranges(x.MissingUsage))))
	}
	for _, c := range x.DesignationChanges {
		s.Note(t.DesignationChange(t.area(c.Area), c.Won, c.Month.String()))
	}
	for _, f := range x.PointDrops {
		s.Note(t.PointDrop(t.area(f.Area), f.From.String(), f.Month.String(), f.Before, f.After))
	}
	return s
}

// area names an area.
func (t outlook) area(a scoring.Area) string { return t.Term(t.x.Rules.AreaName(a)) }

// any reports whether a score of the table is such a one; known says whether the months that it is compared with are known.
func (t outlook) any(is func(s answers.OutlookScore, known bool) bool) bool {
	has := func(known bool) func(answers.OutlookScore) bool {
		return func(s answers.OutlookScore) bool { return is(s, known) }
	}
	return slices.ContainsFunc(t.x.Now, has(true)) ||
		slices.ContainsFunc(t.x.Months, func(m answers.OutlookMonth) bool { return slices.ContainsFunc(m.Areas, has(m.Known())) })
}

// total writes a total, with a star where it qualifies, and a plus where not all of it is known.
func total(w wording.Words, s answers.OutlookScore, known bool) string {
	text := w.Number(s.Total.String())
	if !known {
		text += "+"
	}
	if s.Qualifies {
		text += "*"
	}
	return text
}

// thresholds has what each month asks for: the known side of the comparison with the year before.
func (t outlook) thresholds() document.Section {
	var steps []answers.CustomerStep
	for _, m := range t.x.Months {
		if steps == nil && len(m.CustomerSteps) > 0 {
			steps = m.CustomerSteps
		}
	}
	const shown = 3
	if len(steps) > shown {
		steps = []answers.CustomerStep{steps[0], steps[len(steps)-1]}
	}
	w := &document.Table{Columns: append([]document.Column{{Header: t.Say("Month"), Bare: true}}, document.Column{Header: t.Say("Customers\na year ago"), Number: true})}
	for _, s := range steps {
		w.Columns = append(w.Columns, document.Column{Header: t.Say("for\n%d", s.Points), Long: t.Say("Customers for %s", t.WholePoints(s.Points)), Number: true})
	}
	w.Columns = append(w.Columns, document.Column{Header: t.Say("ACR\na year ago"), Number: true},
		document.Column{Header: t.Say("for the\nfirst point"), Long: t.Say("ACR for the first point"), Number: true},
		document.Column{Header: t.Say("for all"), Long: t.Say("ACR for all points"), Number: true})
	for _, m := range t.x.Months {
		cells := document.Texts(m.Month.String(), wording.Known(t.Words, m.BaselineCustomers, t.Grouped))
		for _, s := range steps {
			cells = append(cells, customersFor(t.Words, m, s.Points))
		}
		cells = append(cells, document.Cell{Text: money(t.Words, m.BaselineACR)})
		if n := len(m.ACRSteps); n > 0 {
			cells = append(cells, acrFor(t.Words, m.ACRSteps[0]), acrFor(t.Words, m.ACRSteps[n-1]))
		} else {
			cells = append(cells, document.Texts("–", "–")...)
		}
		w.Rows = append(w.Rows, document.Row{Cells: cells})
	}
	section := document.Section{Table: w}
	section.Note(t.nothingToGrowFrom(), t.belowACRGate())
	return section
}

// today says what the months to come start from.
func (t outlook) today() document.Section {
	first := t.x.Months[0]
	return document.Sentences(t.Say("Today: %s, ACR %s USD. %s Eligible customers and ACR that the points of each month take:",
		t.Counted(first.Customers, "%s eligible customer", "%s eligible customers"), t.Cents(first.ACR),
		t.ByMonthBefore(first.ByMonthBefore, first.Customers, t.x.ScoreMonth.Add(-1).String())))
}

// nothingToGrowFrom says in which months growth has nothing to be measured against.
func (t outlook) nothingToGrowFrom() string {
	var months []scoring.Month
	for _, m := range t.x.Months {
		if m.BaselineACR != nil && *m.BaselineACR <= 0 {
			months = append(months, m.Month)
		}
	}
	if len(months) == 0 {
		return ""
	}
	return t.Say("Usage growth earns nothing in %s, whatever is consumed: the ACR of a year ago is not above 0, so there is nothing to measure growth against.",
		t.Ranges(months))
}

// belowACRGate says in which months the consumption of twelve months is too small for growth to earn anything; empty where it is in none.
func (t outlook) belowACRGate() string {
	var months []string
	for _, m := range t.x.Months {
		if m.ACRTTM < m.ACRGate && len(m.ACRSteps) > 0 {
			months = append(months, m.Month.String()+" ("+t.InUSD(m.ACRTTM)+")")
		}
	}
	if len(months) == 0 {
		return ""
	}
	return t.Say("If nothing changes, the ACR of twelve months stays below %s in %s, and usage growth earns nothing. The ACR above makes up for that, too.",
		t.InUSD(t.x.Months[0].ACRGate), t.List(months))
}

// customersFor is how many eligible customers a month takes for points.
func customersFor(w wording.Words, m answers.OutlookMonth, points int64) document.Cell {
	for _, s := range m.CustomerSteps {
		if s.Points >= points {
			return document.Cell{Text: w.Grouped(s.Customers), Note: missing(w, s.More > 0, w.Grouped(s.More))}
		}
	}
	return document.Cell{Text: "–"}
}

// acrFor is how much consumption a step takes.
func acrFor(w wording.Words, s answers.ACRStep) document.Cell {
	return document.Cell{Text: w.Cents(wording.UpToCents(s.ACR)), Note: missing(w, s.More > 0, w.Cents(wording.UpToCents(s.More)))}
}

// missing writes how much more something takes than there is.
func missing(w wording.Words, some bool, more string) string {
	if !some {
		return w.Say("reached")
	}
	return w.Say("%s more", more)
}

// changes lists what changes in each month.
func (t outlook) changes() (section document.Section) {
	rules, track := t.x.Rulebook, t.x.Track
	for _, m := range t.x.Months {
		var all []string
		if m.Rulebook != rules {
			all = append(all, t.Say("the rulebook %s starts", m.Rulebook))
		}
		if m.Track != track {
			all = append(all, t.Say("the partner is on the %s track", m.Track))
		}
		rules, track = m.Rulebook, m.Track
		for _, s := range m.Services {
			all = append(all, t.Say("%s leaves the twelve months unless it is used again; last used in %s", s.Service, s.LastUsed))
		}
		for _, c := range m.Ending {
			all = append(all, t.Say("%s of %s counts no longer: %s (%s)", c.Certification, t.who(c.Person), c.Reason(), t.steps(c)))
		}
		for _, c := range m.Starting {
			all = append(all, t.Say("%s of %s counts: %s (%s)", c.Certification, t.who(c.Person), c.Reason(), t.steps(c)))
		}
		for _, change := range all {
			section.Item(m.Month.String()+"  ", change)
		}
	}
	if len(section.Notes) == 0 {
		section.Note(t.Say("No service leaves and no certification ends or starts to count until %s.", t.x.Months[len(t.x.Months)-1].Month))
	}
	return section
}

// steps names what a certification counts for.
func (t outlook) steps(c answers.HoldingChange) string {
	var where []string
	for _, s := range c.Steps {
		where = append(where, t.area(s.Area)+", "+t.Step(s, t.gate(s)))
	}
	return t.Parts(where)
}

// gate reports whether a step is a gate.
func (t outlook) gate(s scoring.StepKey) bool {
	skilling := t.x.Rules.Skilling(s.Area, s.Metric)
	return skilling != nil && s.Step <= len(skilling.Gates)
}

// gates lists the required certifications with how many people they have to spare.
func (t outlook) gates() document.Section {
	w := &document.Table{Columns: append(append(document.Named(t.Say("Required certification")), document.Numbers(t.Say("People"), t.Say("Needed"), t.Say("Spare"))...),
		document.Named(t.Say("First expiry"))...)}
	unspared, codes := false, []string{}
	for _, g := range t.x.Gates {
		if code := t.code(g); code != "" && !slices.Contains(codes, t.Say("%s: %s", code, g.Certification)) {
			codes = append(codes, t.Say("%s: %s", code, g.Certification))
		}
		unspared = unspared || g.Spare == 0
		expiry := "–"
		if len(g.Who) > 0 {
			expiry = orDash(t.Words, g.Who[0].Expires)
		}
		spare := document.Cell{Text: t.Grouped(g.Spare)}
		if g.Spare < 0 {
			spare = document.Cell{Text: t.Spare(g.People, g.Needed), Short: t.Say("unmet")}
		}
		w.Rows = append(w.Rows, document.Row{Cells: []document.Cell{t.gateName(g), {Text: t.Grouped(g.People)}, {Text: t.Grouped(g.Needed)},
			spare, {Text: expiry}}})
	}
	s := document.Section{Table: w}
	if len(codes) > 0 {
		s.Note(t.Parts(codes) + ".")
	}
	if unspared {
		s.Note(t.Say("A required certification with 0 to spare depends on each of its people: it is unmet when one leaves."))
	}
	return s
}

// gateName names a required certification by its code, which is shorter than the title; the titles stand below the table.
func (t outlook) gateName(g answers.OutlookGate) document.Cell {
	name := func(level string) string {
		text := t.Say("%s, %s %d", t.area(g.Area), level, g.Step)
		if code := t.code(g); code != "" {
			text = t.Say("%s: %s", text, code)
		}
		return text
	}
	short := t.Say("interm.")
	if g.Metric == scoring.AdvancedCertifications {
		short = t.Say("adv.")
	}
	return document.Cell{Text: name(t.Level(g.Metric)), Short: name(short)}
}

// code is the first code of a gate's certification; empty where the rules have none.
func (t outlook) code(g answers.OutlookGate) string {
	skilling := t.x.Rules.Skilling(g.Area, g.Metric)
	if skilling == nil || g.Step > len(skilling.Gates) || len(skilling.Gates[g.Step-1].Codes) == 0 {
		return ""
	}
	return skilling.Gates[g.Step-1].Codes[0]
}
