package report

import (
	"html/template"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// trendView is how scores moved over the published months.
type trendView struct {
	Before  int64    // months before one that count for enrolment in it
	Months  []string // of the strip: up to twelve, the last one is the month of the page
	Rows    []stripRow
	Values  []figure // none where fewer than three months are published
	Amounts []trendRow
}

// stripRow is an area in the months of the strip.
type stripRow struct {
	Area  string
	Cells []stripCell
}

type stripCell struct {
	Text      string
	Qualified bool
}

// figure is a chart with its caption.
type figure struct {
	Caption string
	SVG     template.HTML
}

// trendRow is a month of a table.
type trendRow struct {
	Month string
	Cells []string
}

const (
	stripMonths = 12
	fewMonths   = 3 // what a line through fewer says stands in the table
)

// trend is how the scores of a subject moved.
type trend struct{ Subject }

func (s trend) view() (trendView, error) {
	v, first := trendView{Before: s.Rules.QualificationMonths - 1}, s.ScoreMonth
	months := s.scoredMonths()
	if len(months) > 0 {
		first = max(months[0], s.ScoreMonth.Add(1-stripMonths))
	}
	for m := first; m <= s.ScoreMonth; m++ {
		v.Months = append(v.Months, s.ShortMonth(m))
	}
	for _, score := range s.Scores {
		row := stripRow{Area: s.area(score.Area)}
		for m := first; m <= s.ScoreMonth; m++ {
			cell := stripCell{Text: "–"}
			if past := s.past(m, score.Area); past != nil {
				cell = stripCell{s.Number(past.Total.String()), past.Qualifies}
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	if len(months) < fewMonths {
		return v, nil
	}
	for m := first; m <= s.ScoreMonth; m++ {
		v.Amounts = append(v.Amounts, trendRow{Month: s.ShortMonth(m), Cells: s.values(m)})
	}
	v.Amounts = append(v.Amounts, s.aheadRows()...)
	err := s.valueFigures(&v)
	return v, err
}

// scoredMonths are the months in which the partner has a score, oldest first.
func (s trend) scoredMonths() (months []scoring.Month) {
	for _, past := range s.Trend {
		months = append(months, past.Month)
	}
	return slices.Compact(months)
}

// past returns the score of an area in a month, or nil.
func (s trend) past(m scoring.Month, a scoring.Area) *published.MonthScore {
	for i := range s.Trend {
		if s.Trend[i].Month == m && s.Trend[i].Area == a {
			return &s.Trend[i]
		}
	}
	return nil
}

// micro is the millionths of one.
const micro = 1_000_000

// drawn is the length of so many millionths on a chart; tables have the exact number.
func drawn(n int64) float64 { return float64(n) / micro }

// values are eligible customers and consumption of a month and of the year before.
func (s trend) values(m scoring.Month) []string {
	cells := []string{"–", "–", "–", "–"}
	past := s.past(m, s.Scores[0].Area)
	if past == nil {
		return cells
	}
	for i, metric := range []scoring.Metric{scoring.NetCustomerAdds, scoring.UsageGrowth} {
		write := func(f scoring.Fixed6) string { return s.Number(wording.Cents(f)) }
		if metric == scoring.NetCustomerAdds {
			write = s.Whole
		}
		one := past.Metric(metric)
		if one.Current != nil {
			cells[2*i] = write(*one.Current)
		}
		if one.Baseline != nil {
			cells[2*i+1] = write(*one.Baseline)
		}
	}
	return cells
}

// valueFigures draws what two metrics are measured on, against the year before.
func (s trend) valueFigures(v *trendView) error {
	months := s.scoredMonths()
	for _, metric := range []scoring.Metric{scoring.NetCustomerAdds, scoring.UsageGrowth} {
		now, before := line{}, line{behind: true}
		top := int64(0)
		for _, past := range s.Trend {
			m := past.Metric(metric)
			if past.Area != s.Scores[0].Area || m == nil {
				continue
			}
			if m.Current != nil {
				now.points = append(now.points, point{month: past.Month, value: drawn(int64(*m.Current))})
				top = max(top, int64(*m.Current))
			}
			if m.Baseline != nil {
				before.points = append(before.points, point{month: past.Month, value: drawn(int64(*m.Baseline))})
				top = max(top, int64(*m.Baseline))
			}
		}
		before.points, top = s.aheadPoints(metric, before.points, top)
		caption := s.Say("Eligible customers")
		if metric == scoring.UsageGrowth {
			caption = s.Say("Consumption of the month (ACR), USD")
		}
		d := drawing{words: s.Words, from: months[0], to: months[len(months)-1], lines: []line{before, now}}
		if n := len(before.points); n > 0 {
			d.to = max(d.to, before.points[n-1].month)
		}
		d.scale(s.Words, drawn(top))
		d.label = s.Say("Line chart of %s from %s to %s, with the same months a year before as a dashed line; the figures stand in the table below.",
			caption, s.Words.Month(d.from), s.Words.Month(d.to))
		svg, err := d.svg()
		if err != nil {
			return err
		}
		v.Values = append(v.Values, figure{Caption: caption, SVG: svg})
	}
	return nil
}

// scale chooses round numbers along an axis that must reach top.
func (d *drawing) scale(w wording.Words, top float64) {
	step := 1.0
	for 4*step < top {
		for _, next := range []float64{2, 2.5, 2} { // 1, 2, 5, 10
			if step *= next; 4*step >= top {
				break
			}
		}
	}
	d.top = max(1, math.Ceil(top/step)) * step
	for v := 0.0; v <= d.top; v += step {
		d.ticks = append(d.ticks, plot.Tick{Value: v, Label: short(w, v)})
	}
}

// short writes a round number along an axis: 150k, 2M.
func short(w wording.Words, v float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, w.Say("bn")}, {1e6, "M"}, {1e3, "k"}} {
		if v >= unit.size {
			return w.Number(strconv.FormatFloat(v/unit.size, 'g', -1, 64)) + unit.name
		}
	}
	return w.Number(strconv.FormatFloat(v, 'g', -1, 64))
}

// aheadPoints adds what the months to come will be compared with, which is known.
func (s trend) aheadPoints(metric scoring.Metric, points []point, top int64) ([]point, int64) {
	if s.Outlook == nil {
		return points, top
	}
	for _, m := range s.Outlook.Months {
		var baseline int64
		switch {
		case !m.Known():
			continue
		case metric == scoring.NetCustomerAdds:
			baseline = *m.BaselineCustomers * micro
		default:
			baseline = int64(*m.BaselineACR)
		}
		points, top = append(points, point{month: m.Month, value: drawn(baseline)}), max(top, baseline)
	}
	return points, top
}

// aheadRows are the same months in the table.
func (s trend) aheadRows() (rows []trendRow) {
	if s.Outlook == nil {
		return nil
	}
	for _, m := range s.Outlook.Months {
		rows = append(rows, trendRow{Month: s.ShortMonth(m.Month), Cells: []string{
			"–", wording.Known(s.Words, m.BaselineCustomers, s.Grouped), "–", wording.Known(s.Words, m.BaselineACR, s.Cents)}})
	}
	return rows
}
