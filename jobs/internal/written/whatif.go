package written

import (
	"fmt"
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// WhatIf writes a changed score: what is changed, then before and after of every metric, with the reason below those that change.
func WhatIf(w *answers.WhatIf) document.Document {
	title := fmt.Sprintf("What if: %s, %s, rulebook %s", w.PartnerName, titleMonth(wording.Words{}, w.ScoreMonth), w.Rulebook.After)
	if w.Track.Before != w.Track.After {
		title += fmt.Sprintf(", %s track before and %s after", w.Track.Before, w.Track.After)
	}
	var changes, notes document.Section
	if len(w.Changes) == 0 {
		changes.Note("Nothing is changed.")
	}
	for _, change := range w.Changes {
		changes.Item(document.Bullet, change)
	}
	for _, note := range w.Notes {
		notes.Item(document.Bullet, "Note: "+note)
	}
	d := document.Document{Title: []string{title}, Sections: []document.Section{changes, {Table: beforeAndAfter(w)}}, Records: whatIfRecords(w)}
	if len(w.Notes) > 0 {
		d.Sections = append(d.Sections, notes)
	}
	return d
}

func beforeAndAfter(w *answers.WhatIf) *document.Table {
	t := &document.Table{Columns: append([]document.Column{{Header: "Score", Bare: true}}, document.Numbers("Before", "After", "Change", "Was", "Is")...)}
	add := func(depth int, sentence, name string, before, after document.Cell, rest ...string) {
		t.Rows = append(t.Rows, document.Row{Depth: depth, Sentence: sentence,
			Cells: append([]document.Cell{{Text: name}, before, after}, document.Texts(rest...)...)})
	}
	said := map[scoring.Metric]bool{}
	for i, a := range w.Areas {
		if i > 0 {
			t.Rows = append(t.Rows, document.Row{})
		}
		add(0, verdictChange(a), a.Name, ofMost(&a.Total.Before, nil), ofMost(&a.Total.After, nil), changeOf(a.Total.Before, a.Total.After),
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
			add(1, sentence, wording.Words{}.Metric(x.Metric), ofMost(before.Points, before.Max), ofMost(after.Points, after.Max),
				changeOf(pointsOf(before.Points), pointsOf(after.Points)), measured(x.Metric, before), measured(x.Metric, after))
		}
	}
	return t
}

// ofMost writes points of how many.
func ofMost(points, most *scoring.Hundredths) document.Cell {
	full := scoring.Hundredths(100_00)
	switch {
	case points == nil:
		return document.Cell{Text: "–"}
	case most == nil:
		most = &full
	}
	return document.Cell{Text: points.String() + " of " + most.String(), Short: points.String() + "/" + most.String()}
}

// verdictChange says whether the designation is won or lost, and what an area lacks after the changes.
func verdictChange(a answers.WhatIfArea) string {
	lacking := ""
	text := wording.Words{}.Lacking(a.Lacking.After, a.Blocking.After)
	if text != "" {
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
	return wording.Words{}.SignedPoints(after - before)
}

// sameValue reports whether a metric is what it was.
func sameValue(a, b published.MetricValue) bool { return a.Reason == b.Reason && a.Status == b.Status }

// measured writes what the points of a metric follow from: net adds, people, growth, services.
func measured(m scoring.Metric, v published.MetricValue) string {
	switch {
	case v.Measure == nil:
		return "–"
	case m == scoring.UsageGrowth:
		return wording.Words{}.Percent(*v.Measure)
	case m == scoring.NetCustomerAdds && *v.Measure > 0:
		return "+" + wording.Words{}.Whole(*v.Measure)
	default:
		return wording.Words{}.Whole(*v.Measure)
	}
}

// WhatIfKeys are the columns of the CSV of a hypothesis.
func WhatIfKeys() document.Keys {
	return document.Keys{
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

// whatIfRecords has a line for each total and metric.
func whatIfRecords(w *answers.WhatIf) document.Records {
	var rows [][]string
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
	return document.Records{Keys: WhatIfKeys(), Rows: rows}
}
