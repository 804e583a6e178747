package show

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
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
	title := fmt.Sprintf("Outlook: %s, after %s (%s), rulebook %s", Printable(x.PartnerName.String()), x.ScoreMonth.First().Format("January 2006"), x.ScoreMonth,
		x.Rulebook)
	if len(x.Rules.Tracks) > 1 {
		title += ", " + x.Track + " track"
	}
	parts := []string{strings.Join(Wrapped(title, t.width), "\n") + "\n", t.scores(), t.hurdles(), t.changes(), t.gates()}
	return strings.Join(parts, "\n")
}

// scores has the total of each area in each month, if everything stays as it is.
func (t outlookTable) scores() string {
	out := t.totals(func(m scoring.Month) string { return m.String() })
	if LongestLine(out) > t.width {
		out = t.totals(func(m scoring.Month) string { return m.First().Format("2006\n01") })
	}
	var lines []string
	if strings.Contains(out, "*") {
		lines = append(lines, "* qualifies.")
	}
	if strings.Contains(out, "+") {
		lines = append(lines, fmt.Sprintf("+ at least: what the month is compared with is not known. Usage of %s was missing when %s was scored; export it and "+
			"score the month again.", scoring.MonthRanges(t.x.MissingUsage), t.x.ScoreMonth))
	}
	for _, turn := range t.x.Turns {
		verb := "is lost"
		if turn.Won {
			verb = "is won"
		}
		lines = append(lines, fmt.Sprintf("%s %s in %s.", t.x.Rules.AreaName(turn.Area), verb, turn.Month))
	}
	for _, fall := range t.x.Falls {
		text := fmt.Sprintf("%s falls in %s from %s to %s.", t.x.Rules.AreaName(fall.Area), fall.From, fall.Before, fall.After.InPoints())
		if fall.From < fall.Month {
			text = fmt.Sprintf("%s falls from %s on, from %s to %s by %s.", t.x.Rules.AreaName(fall.Area), fall.From, fall.Before, fall.After.InPoints(), fall.Month)
		}
		lines = append(lines, text)
	}
	for _, sentence := range lines {
		out += strings.Join(Wrapped(sentence, t.width), "\n") + "\n"
	}
	return out
}

// totals is the table of scores, its months headed as heading says.
func (t outlookTable) totals(heading func(scoring.Month) string) string {
	header, right := []string{"If all stays as it is", "Now"}, []int{2}
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

// hurdles has what each month asks for: the known side of the comparison with the year before.
func (t outlookTable) hurdles() string {
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
			cells[1] = Grouped(*m.BaselineCustomers)
		}
		for _, s := range steps {
			cells = append(cells, customersFor(m, s.Points))
		}
		least, most := "–", "–"
		if n := len(m.ACRSteps); n > 0 {
			least, most = Cents(int64(m.ACRSteps[0].ACR)), Cents(int64(m.ACRSteps[n-1].ACR))
		}
		w.AppendRow(row(append(cells, money(m.BaselineACR), least, most)...))
	}
	today := fmt.Sprintf("Today: %s%s, ACR %s USD. Eligible customers and ACR that the points of each month take:",
		Count(first.Customers, "eligible customer"), t.byMonthBefore(), Cents(int64(first.ACR)))
	return strings.Join(Wrapped(today, t.width), "\n") + "\n\n" + Render(w) + t.nothingToGrowFrom() + t.gateOfGrowth()
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
	return strings.Join(Wrapped(text, t.width), "\n") + "\n"
}

// byMonthBefore says how many customers are eligible by the month before only.
func (t outlookTable) byMonthBefore() string {
	if n := t.x.Months[0].ByMonthBefore; n > 0 {
		return fmt.Sprintf(", %s of them by %s only, taken to come back", Grouped(n), t.x.ScoreMonth.Add(-1))
	}
	return ""
}

// gateOfGrowth says in which months the consumption of twelve months is too small for growth to earn anything.
func (t outlookTable) gateOfGrowth() string {
	var months []string
	for _, m := range t.x.Months {
		if m.ACRTTM < m.ACRGate && len(m.ACRSteps) > 0 {
			months = append(months, fmt.Sprintf("%s (%s USD)", m.Month, Cents(int64(m.ACRTTM))))
		}
	}
	if len(months) == 0 {
		return ""
	}
	text := fmt.Sprintf("If all stays as it is, the twelve months stay below the %s USD without which growth earns nothing, to %s: the ACR above makes up for that too.",
		Cents(int64(t.x.Months[0].ACRGate)), strings.Join(months, ", "))
	return strings.Join(Wrapped(text, t.width), "\n") + "\n"
}

// customersFor is how many eligible customers a month takes for points.
func customersFor(m answers.OutlookMonth, points int64) string {
	for _, s := range m.CustomerSteps {
		if s.Points >= points {
			return Grouped(s.Customers)
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
func (t outlookTable) turn(c answers.CertificationTurn, what string) string {
	why := "the rules change"
	switch c.Why {
	case answers.WhyExpires:
		why = "expires on " + c.Day.String()
	case answers.WhyList:
		why = "on its list until " + c.Day.String()
	case answers.WhyCompleted:
		why = "completed on " + c.Day.String()
	}
	var where []string
	for _, s := range c.Steps {
		where = append(where, t.x.Rules.AreaName(s.Area)+", "+stepName(s, t.gate(s)))
	}
	return fmt.Sprintf("%s of person %s %s: %s (%s)", c.Certification, c.Person, what, why, strings.Join(where, "; "))
}

// gate reports whether a step is a gate.
func (t outlookTable) gate(s answers.StepRef) bool {
	skilling := t.x.Rules.Skilling(s.Area, s.Metric)
	return skilling != nil && s.Step <= len(skilling.Gates)
}

// gates lists the gates with what they can do without.
func (t outlookTable) gates() string {
	w := plainTable([]string{"Gate", "People", "Needed", "Spare", "First expiry"}, 2, 3, 4)
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
		spare := Grouped(g.Spare)
		switch {
		case g.Spare < 0 && t.width < RoomyWidth:
			spare = "unmet"
		case g.Spare < 0:
			spare = "unmet, " + Grouped(-g.Spare) + " missing"
		}
		w.AppendRow(row(t.gateName(g), Grouped(g.People), Grouped(g.Needed), spare, expiry))
	}
	out := Render(w)
	if len(codes) > 0 {
		out += strings.Join(Wrapped(strings.Join(codes, "; ")+".", t.width), "\n") + "\n"
	}
	if hangs {
		out += strings.Join(Wrapped("A gate with 0 to spare hangs on each of its people: it is unmet when one leaves.", t.width), "\n") + "\n"
	}
	return out
}

// gateName names a gate with its certification's code, which is shorter than the title; the titles stand below the table.
func (t outlookTable) gateName(g answers.OutlookGate) string {
	step := stepName(g.StepRef, true)
	if t.width < RoomyWidth {
		step = strings.NewReplacer("gate ", "", " of intermediate", " interm.", " of advanced", " adv.").Replace(step)
	}
	name := t.x.Rules.AreaName(g.Area) + ", " + step
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
