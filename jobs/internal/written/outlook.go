package written

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// outlook builds the document of an outlook.
type outlook struct {
	x   *answers.Outlook
	who func(person string) string // names a person
}

// Outlook writes the months after a published one: the scores to come, what the months ask for, what changes in them, and the required certifications.
func Outlook(x *answers.Outlook) document.Document {
	t := outlook{x, func(person string) string { return "person " + person }}
	return document.Document{Title: []string{"Outlook: " + title(x.PartnerName, "after "+titleMonth(x.ScoreMonth), x.Rulebook, x.Rules, x.Track)},
		Sections: []document.Section{t.scores(), t.today(), t.thresholds(), t.changes(), t.gates()}, Records: outlookRecords(x)}
}

// Ahead writes what a page shows of an outlook as the terminal does: what customers and growth take, and what changes by itself. who names a person.
func Ahead(x *answers.Outlook, who func(person string) string) (today, needed, changes document.Section) {
	t := outlook{x, who}
	return t.today(), t.thresholds(), t.changes()
}

// scores has the total of each area in each month, if nothing changes.
func (t outlook) scores() document.Section {
	x := t.x
	w := &document.Table{Columns: append(document.Named("If nothing changes"), document.Numbers("Now")...)}
	for _, m := range x.Months {
		w.Columns = append(w.Columns, document.Column{Header: m.Month.String(), Short: m.Month.First().Format("2006\n01"), Number: true})
	}
	for i, now := range x.Now {
		cells := []string{now.Name, total(now, true)}
		for _, m := range x.Months {
			cells = append(cells, total(m.Areas[i], m.Known()))
		}
		w.Add(0, "", cells...)
	}
	s := document.Section{Table: w}
	if t.any(func(s answers.OutlookScore, _ bool) bool { return s.Qualifies }) {
		s.Note("* qualifies.")
	}
	if t.any(func(_ answers.OutlookScore, known bool) bool { return !known }) {
		s.Note("+ at least: the usage to compare with is missing. " + wording.MissingUsage(scoring.MonthRanges(x.MissingUsage)))
	}
	for _, c := range x.DesignationChanges {
		s.Note(wording.DesignationChange(x.Rules.AreaName(c.Area), c.Won, c.Month.String()) + ".")
	}
	for _, f := range x.PointDrops {
		s.Note(wording.PointDrop(x.Rules.AreaName(f.Area), f.From.String(), f.Month.String(), f.Before, f.After) + ".")
	}
	return s
}

// any reports whether a score of the table is such a one; known says whether the months that it is compared with are known.
func (t outlook) any(is func(s answers.OutlookScore, known bool) bool) bool {
	has := func(known bool) func(answers.OutlookScore) bool {
		return func(s answers.OutlookScore) bool { return is(s, known) }
	}
	return slices.ContainsFunc(t.x.Now, has(true)) ||
		slices.ContainsFunc(t.x.Months, func(m answers.OutlookMonth) bool { return slices.ContainsFunc(m.Areas, has(m.Known())) })
}

// total writes a total, with a star where it qualifies, and a plus where not all of it is known.
func total(s answers.OutlookScore, known bool) string {
	text := s.Total.String()
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
	w := &document.Table{Columns: append([]document.Column{{Header: "Month", Bare: true}}, document.Column{Header: "Customers\na year ago", Number: true})}
	for _, s := range steps {
		w.Columns = append(w.Columns, document.Column{Header: fmt.Sprintf("for\n%d", s.Points), Long: "Customers for " + wording.Count(s.Points, "point"), Number: true})
	}
	w.Columns = append(w.Columns, document.Column{Header: "ACR\na year ago", Number: true},
		document.Column{Header: "for the\nfirst point", Long: "ACR for the first point", Number: true},
		document.Column{Header: "for all", Long: "ACR for all points", Number: true})
	for _, m := range t.x.Months {
		cells := document.Texts(m.Month.String(), wording.Known(m.BaselineCustomers, scoring.Grouped))
		for _, s := range steps {
			cells = append(cells, customersFor(m, s.Points))
		}
		cells = append(cells, document.Cell{Text: money(m.BaselineACR)})
		if n := len(m.ACRSteps); n > 0 {
			cells = append(cells, acrFor(m.ACRSteps[0]), acrFor(m.ACRSteps[n-1]))
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
	return document.Sentences(fmt.Sprintf("Today: %s, ACR %s USD. %s Eligible customers and ACR that the points of each month take:",
		wording.Count(first.Customers, "eligible customer"), wording.Cents(first.ACR),
		wording.ByMonthBefore(first.ByMonthBefore, first.Customers, t.x.ScoreMonth.Add(-1).String())))
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
	return fmt.Sprintf("Usage growth earns nothing in %s, whatever is consumed: the ACR of a year ago is not above 0, so there is nothing to measure growth against.",
		scoring.MonthRanges(months))
}

// belowACRGate says in which months the consumption of twelve months is too small for growth to earn anything; empty where it is in none.
func (t outlook) belowACRGate() string {
	var months []string
	for _, m := range t.x.Months {
		if m.ACRTTM < m.ACRGate && len(m.ACRSteps) > 0 {
			months = append(months, fmt.Sprintf("%s (%s)", m.Month, wording.InUSD(m.ACRTTM)))
		}
	}
	if len(months) == 0 {
		return ""
	}
	return fmt.Sprintf("If nothing changes, the ACR of twelve months stays below %s in %s, and usage growth earns nothing. The ACR above makes up for that, too.",
		wording.InUSD(t.x.Months[0].ACRGate), wording.List(months))
}

// customersFor is how many eligible customers a month takes for points.
func customersFor(m answers.OutlookMonth, points int64) document.Cell {
	for _, s := range m.CustomerSteps {
		if s.Points >= points {
			return document.Cell{Text: scoring.Grouped(s.Customers), Note: missing(s.More > 0, scoring.Grouped(s.More))}
		}
	}
	return document.Cell{Text: "–"}
}

// acrFor is how much consumption a step takes.
func acrFor(s answers.ACRStep) document.Cell {
	return document.Cell{Text: wording.Cents(wording.UpToCents(s.ACR)), Note: missing(s.More > 0, wording.Cents(wording.UpToCents(s.More)))}
}

// missing writes how much more something takes than there is.
func missing(some bool, more string) string {
	if !some {
		return "reached"
	}
	return more + " more"
}

// changes lists what changes in each month.
func (t outlook) changes() (section document.Section) {
	rules, track := t.x.Rulebook, t.x.Track
	for _, m := range t.x.Months {
		var all []string
		if m.Rulebook != rules {
			all = append(all, "the rulebook "+m.Rulebook+" starts")
		}
		if m.Track != track {
			all = append(all, "the partner is on the "+m.Track+" track")
		}
		rules, track = m.Rulebook, m.Track
		for _, s := range m.Services {
			all = append(all, fmt.Sprintf("%s leaves the twelve months unless it is used again; last used in %s", s.Service, s.LastUsed))
		}
		for _, c := range m.Ending {
			all = append(all, t.holdingChange(c, "counts no longer"))
		}
		for _, c := range m.Starting {
			all = append(all, t.holdingChange(c, "counts"))
		}
		for _, change := range all {
			section.Item(m.Month.String()+"  ", change)
		}
	}
	if len(section.Notes) == 0 {
		section.Note(fmt.Sprintf("No service leaves and no certification ends or starts to count until %s.", t.x.Months[len(t.x.Months)-1].Month))
	}
	return section
}

// holdingChange says what becomes of a certification.
func (t outlook) holdingChange(c answers.HoldingChange, what string) string {
	var where []string
	for _, s := range c.Steps {
		where = append(where, t.x.Rules.AreaName(s.Area)+", "+stepName(s, t.gate(s)))
	}
	return fmt.Sprintf("%s of %s %s: %s (%s)", c.Certification, t.who(c.Person), what, c.Reason(), strings.Join(where, "; "))
}

// gate reports whether a step is a gate.
func (t outlook) gate(s scoring.StepKey) bool {
	skilling := t.x.Rules.Skilling(s.Area, s.Metric)
	return skilling != nil && s.Step <= len(skilling.Gates)
}

// gates lists the required certifications with how many people they have to spare.
func (t outlook) gates() document.Section {
	w := &document.Table{Columns: append(append(document.Named("Required certification"), document.Numbers("People", "Needed", "Spare")...),
		document.Named("First expiry")...)}
	unspared, codes := false, []string{}
	for _, g := range t.x.Gates {
		if code := t.code(g); code != "" && !slices.Contains(codes, code+": "+g.Certification) {
			codes = append(codes, code+": "+g.Certification)
		}
		unspared = unspared || g.Spare == 0
		expiry := "–"
		if len(g.Who) > 0 {
			expiry = orDash(g.Who[0].Expires)
		}
		spare := document.Cell{Text: scoring.Grouped(g.Spare)}
		if g.Spare < 0 {
			spare = document.Cell{Text: wording.Spare(g.People, g.Needed), Short: "unmet"}
		}
		w.Rows = append(w.Rows, document.Row{Cells: []document.Cell{t.gateName(g), {Text: scoring.Grouped(g.People)}, {Text: scoring.Grouped(g.Needed)},
			spare, {Text: expiry}}})
	}
	s := document.Section{Table: w}
	if len(codes) > 0 {
		s.Note(strings.Join(codes, "; ") + ".")
	}
	if unspared {
		s.Note("A required certification with 0 to spare depends on each of its people: it is unmet when one leaves.")
	}
	return s
}

// gateName names a required certification by its code, which is shorter than the title; the titles stand below the table.
func (t outlook) gateName(g answers.OutlookGate) document.Cell {
	name := func(level string) string {
		text := fmt.Sprintf("%s, %s %d", t.x.Rules.AreaName(g.Area), level, g.Step)
		if code := t.code(g); code != "" {
			text += ": " + code
		}
		return text
	}
	short := map[scoring.Metric]string{scoring.IntermediateCertifications: "interm.", scoring.AdvancedCertifications: "adv."}
	return document.Cell{Text: name(wording.Level(g.Metric)), Short: name(short[g.Metric])}
}

// code is the first code of a gate's certification; empty where the rules have none.
func (t outlook) code(g answers.OutlookGate) string {
	skilling := t.x.Rules.Skilling(g.Area, g.Metric)
	if skilling == nil || g.Step > len(skilling.Gates) || len(skilling.Gates[g.Step-1].Codes) == 0 {
		return ""
	}
	return skilling.Gates[g.Step-1].Codes[0]
}
