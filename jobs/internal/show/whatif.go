package show

import (
	"fmt"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// whatIfTable prints a hypothesis for people.
type whatIfTable struct {
	w     *answers.WhatIf
	width int
}

// WhatIf lays a changed score out for people, before and after side by side.
func WhatIf(w *answers.WhatIf, width int) fmt.Stringer { return whatIfTable{w: w, width: width} }

// String lays the hypothesis out: what is changed, then before and after of every metric, with the reason below those that change.
func (t whatIfTable) String() string {
	w := t.w
	var b strings.Builder
	title := fmt.Sprintf("What if: %s, %s, rulebook %s", Printable(w.PartnerName.String()), titleMonth(w.ScoreMonth), w.Rulebook.After)
	if w.Track.Before != w.Track.After {
		title += fmt.Sprintf(", %s track before and %s after", w.Track.Before, w.Track.After)
	}
	b.WriteString(paragraph(title, t.width) + "\n")
	if len(w.Changes) == 0 {
		b.WriteString("Nothing is changed.\n")
	}
	for _, change := range w.Changes {
		b.WriteString(bullet(change, t.width))
	}
	b.WriteString("\n" + t.metrics())
	if len(w.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range w.Notes {
		b.WriteString(bullet("Note: "+note, t.width))
	}
	return b.String()
}

func (t whatIfTable) metrics() string {
	m := &MonthsTable{writer: plainTable([]string{"", "Before", "After", "Change", "Was", "Is"}, 2, 3, 4, 5, 6), width: t.width, indent: 4}
	add := func(sentence string, cells ...string) {
		m.writer.AppendRow(row(cells...))
		m.sentences = append(m.sentences, sentence)
	}
	said := map[scoring.Metric]bool{}
	for i, a := range t.w.Areas {
		if i > 0 {
			add("", "")
		}
		add(verdictChange(a), a.Name, t.of(&a.Total.Before, nil), t.of(&a.Total.After, nil), changeOf(a.Total.Before, a.Total.After),
			yesOrNo(a.Qualifies.Before), yesOrNo(a.Qualifies.After))
		for _, x := range a.Metrics {
			before, after := x.Before, x.After
			if !before.Applicable && !after.Applicable {
				continue
			}
			sentence := ""
			if !sameValue(before, after) && !said[x.Metric] {
				sentence = after.Reason
			}
			shared := x.Metric != scoring.IntermediateCertifications && x.Metric != scoring.AdvancedCertifications
			said[x.Metric] = shared // the same in every area, said once
			add(sentence, " "+wording.Metric(x.Metric), t.of(before.Points, before.Max), t.of(after.Points, after.Max),
				changeOf(pointsOf(before.Points), pointsOf(after.Points)), measured(x.Metric, before), measured(x.Metric, after))
		}
	}
	return m.String()
}

// of writes points of how many, shorter where there is little room.
func (t whatIfTable) of(points, most *scoring.Hundredths) string {
	full := scoring.Hundredths(100_00)
	switch {
	case points == nil:
		return "–"
	case most == nil:
		most = &full
	}
	if t.width < RoomyWidth {
		return points.String() + "/" + most.String()
	}
	return points.String() + " of " + most.String()
}

// verdictChange says whether the designation is won or lost, and what an area lacks after the changes.
func verdictChange(a answers.WhatIfArea) string {
	lacking := ""
	if text := wording.Lacking(a.Lacking.After, a.Blocking.After); text != "" {
		lacking = ": " + text
	}
	switch {
	case !a.Qualifies.Before && a.Qualifies.After:
		return "Wins the designation."
	case a.Qualifies.Before && !a.Qualifies.After:
		return "Loses the designation" + lacking + "."
	case !a.Qualifies.After:
		return "Does not qualify" + lacking + "."
	default:
		return "Qualifies."
	}
}

func yesOrNo(qualifies bool) string {
	if qualifies {
		return "yes"
	}
	return "no"
}

func pointsOf(p *scoring.Hundredths) scoring.Hundredths {
	if p == nil {
		return 0
	}
	return *p
}

// changeOf writes a difference with its sign; a dash for none.
func changeOf(before, after scoring.Hundredths) string {
	if before == after {
		return "–"
	}
	return wording.SignedPoints(after - before)
}

// sameValue reports whether a metric is what it was.
func sameValue(a, b published.MetricValue) bool { return a.Reason == b.Reason && a.Status == b.Status }

// measured writes what the points of a metric follow from: net adds, people, growth, services.
func measured(m scoring.Metric, v published.MetricValue) string {
	switch {
	case v.Measure == nil:
		return "–"
	case m == scoring.UsageGrowth:
		return wording.Percent(*v.Measure)
	case m == scoring.NetCustomerAdds && *v.Measure > 0:
		return "+" + wording.Whole(*v.Measure)
	default:
		return wording.Whole(*v.Measure)
	}
}

// WhatIfColumns are the columns of the CSV of a hypothesis.
func WhatIfColumns() Columns {
	return Columns{
		{"score_month partner_id", "that is changed"},
		{"solution_area metric", "that the line is about; without a metric it is the total"},
		{"points_before points_after", "points"},
		{"max_before max_after", "the most there are"},
		{"qualifies_before qualifies_after", "true or false, of a total"},
		{"current_before current_after", "eligible customers, or ACR in USD"},
		{"baseline_before baseline_after", "the same of a year before"},
		{"measure_before measure_after", "net adds, people, growth in percent, services"},
		{"status_before status_after", "of the metric, as in the published tables"},
		{"reason_after", "in words"},
	}
}

// WhatIfCSV has a line for each total and metric.
func WhatIfCSV(w *answers.WhatIf) (header []string, rows [][]string) {
	header = WhatIfColumns().Header()
	add := func(a answers.WhatIfArea, cells ...string) {
		rows = append(rows, append([]string{w.ScoreMonth.String(), w.ID, string(a.Area)}, cells...))
	}
	for _, a := range w.Areas {
		add(a, "", a.Total.Before.Decimal(), a.Total.After.Decimal(), "100.00", "100.00", strconv.FormatBool(a.Qualifies.Before),
			strconv.FormatBool(a.Qualifies.After), "", "", "", "", "", "", "", "", "")
		for _, m := range a.Metrics {
			x, y := m.Before, m.After
			add(a, string(m.Metric), optional(x.Points), optional(y.Points), optional(x.Max), optional(y.Max), "", "",
				optional(x.Current), optional(y.Current), optional(x.Baseline), optional(y.Baseline),
				optional(x.Measure), optional(y.Measure), string(x.Status), string(y.Status), y.Reason)
		}
	}
	return header, rows
}
