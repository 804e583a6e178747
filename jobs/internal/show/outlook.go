package show

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// outlookTable prints an outlook for people.
type outlookTable struct {
	x     *answers.Outlook
	width int
}

// Outlook lays the months after a published one out for people.
func Outlook(x *answers.Outlook, width int) fmt.Stringer { return outlookTable{x: x, width: width} }

// String lays the outlook out: the scores to come, what the months ask for, what changes in them, and the gates.
func (t outlookTable) String() string {
	x := t.x
	heading := "Outlook: " + title(x.PartnerName, "after "+titleMonth(x.ScoreMonth), x.Rulebook, x.Rules, x.Track)
	parts := []string{paragraph(heading, t.width), t.scores(), t.thresholds(), t.changes(), t.gates()}
	return strings.Join(parts, "\n")
}

// scores has the total of each area in each month, if nothing changes.
func (t outlookTable) scores() string {
	x := t.x
	out := t.totals(func(m scoring.Month) string { return m.String() })
	if LongestLine(out) > t.width {
		out = t.totals(func(m scoring.Month) string { return m.First().Format("2006\n01") })
	}
	var lines []string
	if t.any(func(s answers.OutlookScore, _ bool) bool { return s.Qualifies }) {
		lines = append(lines, "* qualifies.")
	}
	if t.any(func(_ answers.OutlookScore, known bool) bool { return !known }) {
		lines = append(lines, "+ at least: the usage to compare with is missing. "+wording.MissingUsage(scoring.MonthRanges(x.MissingUsage)))
	}
	for _, turn := range x.DesignationChanges {
		lines = append(lines, wording.DesignationChange(x.Rules.AreaName(turn.Area), turn.Won, turn.Month.String())+".")
	}
	for _, f := range x.PointDrops {
		lines = append(lines, wording.PointDrop(x.Rules.AreaName(f.Area), f.From.String(), f.Month.String(), f.Before, f.After)+".")
	}
	for _, sentence := range lines {
		out += paragraph(sentence, t.width)
	}
	return out
}

// any reports whether a score of the table is such a one; known says whether the months that it is compared with are known.
func (t outlookTable) any(is func(s answers.OutlookScore, known bool) bool) bool {
	has := func(known bool) func(answers.OutlookScore) bool {
		return func(s answers.OutlookScore) bool { return is(s, known) }
	}
	return slices.ContainsFunc(t.x.Now, has(true)) ||
		slices.ContainsFunc(t.x.Months, func(m answers.OutlookMonth) bool { return slices.ContainsFunc(m.Areas, has(m.Known())) })
}

// totals is the table of scores, its months headed as heading says.
func (t outlookTable) totals(heading func(scoring.Month) string) string {
	header, right := []string{"If nothing changes", "Now"}, []int{2}
	for i, m := range t.x.Months {
		header, right = append(header, heading(m.Month)), append(right, i+3)
	}
	w := plainTable(header, right...)
	for i, now := range t.x.Now {
		cells := []string{now.Name, total(now, true)}
		for _, m := range t.x.Months {
			cells = append(cells, total(m.Areas[i], m.Known()))
		}
		w.AppendRow(row(cells...))
	}
	return Render(w)
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
func (t outlookTable) thresholds() string {
	first := t.x.Months[0]
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
	header, right := []string{"", "Customers\na year ago"}, []int{2}
	for _, s := range steps {
		header = append(header, fmt.Sprintf("for\n%d", s.Points))
	}
	header = append(header, "ACR\na year ago", "for the\nfirst point", "for all")
	for i := range header[2:] {
		right = append(right, i+3)
	}
	w := plainTable(header, right...)
	for _, m := range t.x.Months {
		cells := []string{m.Month.String(), "not known"}
		if m.BaselineCustomers != nil {
			cells[1] = scoring.Grouped(*m.BaselineCustomers)
		}
		for _, s := range steps {
			cells = append(cells, customersFor(m, s.Points))
		}
		least, most := "–", "–"
		if n := len(m.ACRSteps); n > 0 {
			least, most = wording.Cents(m.ACRSteps[0].ACR), wording.Cents(m.ACRSteps[n-1].ACR)
		}
		w.AppendRow(row(append(cells, money(m.BaselineACR), least, most)...))
	}
	today := fmt.Sprintf("Today: %s, ACR %s USD. %s Eligible customers and ACR that the points of each month take:",
		wording.Count(first.Customers, "eligible customer"), wording.Cents(first.ACR), wording.ByMonthBefore(first.ByMonthBefore, first.Customers, t.x.ScoreMonth.Add(-1).String()))
	out := paragraph(today, t.width) + "\n" + Render(w) + t.nothingToGrowFrom()
	if below := t.x.BelowACRGate(scoring.Month.String); below != "" {
		out += paragraph(below, t.width)
	}
	return out
}

// nothingToGrowFrom says in which months growth has nothing to be measured against.
func (t outlookTable) nothingToGrowFrom() string {
	var months []scoring.Month
	for _, m := range t.x.Months {
		if m.BaselineACR != nil && *m.BaselineACR <= 0 {
			months = append(months, m.Month)
		}
	}
	if len(months) == 0 {
		return ""
	}
	text := fmt.Sprintf("Usage growth earns nothing in %s, whatever is consumed: the ACR of a year ago is not above 0, so there is nothing to measure growth against.",
		scoring.MonthRanges(months))
	return paragraph(text, t.width)
}

// customersFor is how many eligible customers a month takes for points.
func customersFor(m answers.OutlookMonth, points int64) string {
	for _, s := range m.CustomerSteps {
		if s.Points >= points {
			return scoring.Grouped(s.Customers)
		}
	}
	return "–"
}

// changes lists what changes in each month.
func (t outlookTable) changes() string {
	var b strings.Builder
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
			all = append(all, fmt.Sprintf("%s leaves the twelve months unless it is used again; last used in %s", Printable(s.Service), s.LastUsed))
		}
		for _, c := range m.Ending {
			all = append(all, t.turn(c, "counts no longer"))
		}
		for _, c := range m.Starting {
			all = append(all, t.turn(c, "counts"))
		}
		for _, change := range all {
			b.WriteString(m.Month.String() + "  " + strings.TrimLeft(Indented(change, monthIndent, t.width), " "))
		}
	}
	if b.Len() == 0 {
		return fmt.Sprintf("No service leaves and no certification ends or starts to count until %s.\n", t.x.Months[len(t.x.Months)-1].Month)
	}
	return b.String()
}

// turn says what becomes of a certification.
func (t outlookTable) turn(c answers.HoldingChange, what string) string {
	var where []string
	for _, s := range c.Steps {
		where = append(where, t.x.Rules.AreaName(s.Area)+", "+stepName(s, t.gate(s)))
	}
	return fmt.Sprintf("%s of person %s %s: %s (%s)", c.Certification, c.Person, what, c.Reason(), strings.Join(where, "; "))
}

// gate reports whether a step is a gate.
func (t outlookTable) gate(s scoring.StepKey) bool {
	skilling := t.x.Rules.Skilling(s.Area, s.Metric)
	return skilling != nil && s.Step <= len(skilling.Gates)
}

// gates lists the gates with what they can do without.
func (t outlookTable) gates() string {
	w := plainTable([]string{"Required certification", "People", "Needed", "Spare", "First expiry"}, 2, 3, 4)
	hangs, codes := false, []string{}
	for _, g := range t.x.Gates {
		if code := t.code(g); code != "" && !slices.Contains(codes, code+": "+g.Certification) {
			codes = append(codes, code+": "+g.Certification)
		}
		hangs = hangs || g.Spare == 0
		expiry := "–"
		if len(g.Who) > 0 && g.Who[0].Expires != nil {
			expiry = g.Who[0].Expires.String()
		}
		spare := scoring.Grouped(g.Spare)
		switch {
		case g.Spare < 0 && t.width < RoomyWidth:
			spare = "unmet"
		case g.Spare < 0:
			spare = wording.Spare(g.People, g.Needed)
		}
		w.AppendRow(row(t.gateName(g), scoring.Grouped(g.People), scoring.Grouped(g.Needed), spare, expiry))
	}
	out := Render(w)
	if len(codes) > 0 {
		out += paragraph(strings.Join(codes, "; ")+".", t.width)
	}
	if hangs {
		out += paragraph("A required certification with 0 to spare depends on each of its people: it is unmet when one leaves.", t.width)
	}
	return out
}

// gateName names a gate with its certification's code, which is shorter than the title; the titles stand below the table.
func (t outlookTable) gateName(g answers.OutlookGate) string {
	level := wording.Level(g.Metric)
	if t.width < RoomyWidth {
		level = map[scoring.Metric]string{scoring.IntermediateCertifications: "interm.", scoring.AdvancedCertifications: "adv."}[g.Metric]
	}
	name := fmt.Sprintf("%s, %s %d", t.x.Rules.AreaName(g.Area), level, g.Step)
	if code := t.code(g); code != "" {
		return name + ": " + code
	}
	return name
}

// code is the first code of a gate's certification; empty where the rules have none.
func (t outlookTable) code(g answers.OutlookGate) string {
	skilling := t.x.Rules.Skilling(g.Area, g.Metric)
	if skilling == nil || g.Step > len(skilling.Gates) || len(skilling.Gates[g.Step-1].Codes) == 0 {
		return ""
	}
	return skilling.Gates[g.Step-1].Codes[0]
}
