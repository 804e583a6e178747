package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"

	"gonum.org/v1/plot"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// trendView is how scores moved over the published months.
type trendView struct {
	Months  int
	Needed  string
	Totals  []figure
	Metrics []figure
	Values  []figure
	Heads   []string // the columns of Rows
	Rows    []trendRow
	Columns []string // the columns of Points
	Points  []trendRow
	Amounts []trendRow
}

// figure is a chart with its caption.
type figure struct {
	Caption, Note string
	SVG           template.HTML
}

// trendRow is a month of a table.
type trendRow struct {
	Month string
	Cells []string
}

const (
	totalWidth, totalHeight   = 340, 190
	metricWidth, metricHeight = 250, 110
)

func (s Subject) trend() (trendView, error) {
	x := trend{Subject: s}
	for _, past := range s.Trend {
		if !slices.Contains(x.months, past.Month) {
			x.months = append(x.months, past.Month)
		}
	}
	return x.view()
}

// trend is how the scores of a subject moved.
type trend struct {
	Subject
	months []scoring.Month // in which the partner has a score, oldest first
}

func (s trend) view() (v trendView, err error) {
	v.Needed = fmt.Sprint(s.Rules.DesignationPoints)
	v.Months = len(s.months)
	for _, score := range s.Scores {
		v.Heads = append(v.Heads, s.Rules.AreaName(score.Area))
		if err = v.add(&v.Totals, s.Rules.AreaName(score.Area), s.totalDrawing(score.Area)); err != nil {
			return v, err
		}
	}
	for _, c := range s.series() {
		v.Columns = append(v.Columns, c.name)
		if err = v.add(&v.Metrics, c.name, s.metricDrawing(c)); err != nil {
			return v, err
		}
	}
	for _, m := range s.months {
		row := trendRow{Month: wording.ShortMonth(m)}
		for _, score := range s.Scores {
			row.Cells = append(row.Cells, s.totalCell(m, score.Area))
		}
		v.Rows = append(v.Rows, row)
		row = trendRow{Month: wording.ShortMonth(m)}
		for _, c := range s.series() {
			cell := "–"
			if past := s.past(m, c.area); past != nil {
				if metric := past.Metric(c.metric); metric != nil && metric.Points != nil {
					cell = metric.Points.String()
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Points = append(v.Points, row)
		v.Amounts = append(v.Amounts, trendRow{Month: wording.ShortMonth(m), Cells: s.values(m)})
	}
	v.Amounts = append(v.Amounts, s.aheadRows()...)
	return v, s.valueFigures(&v)
}

func (v *trendView) add(to *[]figure, caption string, d drawing) error {
	svg, err := d.svg()
	*to = append(*to, figure{Caption: caption, SVG: svg})
	return err
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

func (s trend) totalCell(m scoring.Month, a scoring.Area) string {
	past := s.past(m, a)
	switch {
	case past == nil:
		return "–"
	case past.Qualifies:
		return past.Total.String() + ", qualifies"
	default:
		return past.Total.String()
	}
}

// micro is the millionths of one.
const micro = 1_000_000

// drawn is the length of a number on a chart; tables have the exact one.
func drawn(n int64, per int64) float64 { return float64(n) / float64(per) }

func (s trend) totalDrawing(a scoring.Area) drawing {
	d := s.drawing(totalWidth, totalHeight, 100)
	d.mark = float64(s.Rules.DesignationPoints)
	d.ticks = []plot.Tick{{Value: 0, Label: "0"}, {Value: 50, Label: "50"}, {Value: d.mark, Label: fmt.Sprint(s.Rules.DesignationPoints)}, {Value: 100, Label: "100"}}
	l := line{}
	for _, past := range s.Trend {
		if past.Area == a {
			l.points = append(l.points, point{past.Month, drawn(int64(past.Total), 100), !past.Qualifies})
			l.last = past.Total.String()
		}
	}
	d.lines = []line{l}
	d.label = fmt.Sprintf("Line chart of the total points of %s from %s to %s, last %s of 100; the figures stand in the table below.",
		s.Rules.AreaName(a), wording.Month(d.from), wording.Month(d.to), l.last)
	return d
}

// drawing returns an empty chart over the months of the trend.
func (s trend) drawing(width, height, top float64) drawing {
	d := drawing{width: width, height: height, from: s.ScoreMonth, to: s.ScoreMonth, top: top}
	if n := len(s.months); n > 0 {
		d.from, d.to = s.months[0], s.months[n-1]
	}
	return d
}

// series is a metric whose points are drawn; those that are the same in every area once.
type series struct {
	name   string
	area   scoring.Area
	metric scoring.Metric
	max    scoring.Hundredths
}

func (s trend) series() (all []series) {
	for _, metric := range []scoring.Metric{scoring.NetCustomerAdds, scoring.UsageGrowth, scoring.Deployments} {
		all = append(all, series{wording.Metric(metric), s.Scores[0].Area, metric, *s.Scores[0].Metric(metric).Max})
	}
	for _, score := range s.Scores {
		for _, metric := range skillingMetrics() {
			if m := score.Metric(metric); m.Max != nil {
				all = append(all, series{wording.Metric(metric) + ", " + s.Rules.AreaName(score.Area), score.Area, metric, *m.Max})
			}
		}
	}
	return all
}

func (s trend) metricDrawing(c series) drawing {
	top := drawn(int64(c.max), 100)
	d := s.drawing(metricWidth, metricHeight, top)
	d.ticks = []plot.Tick{{Value: 0, Label: "0"}, {Value: top, Label: c.max.String()}}
	l := line{}
	for _, past := range s.Trend {
		if past.Area != c.area {
			continue
		}
		if m := past.Metric(c.metric); m != nil && m.Points != nil {
			l.points = append(l.points, point{past.Month, drawn(int64(*m.Points), 100), slices.Contains(past.Blocking, c.metric)})
			l.last = m.Points.String()
		}
	}
	d.lines = []line{l}
	d.label = fmt.Sprintf("Line chart of the points of %s from %s to %s, last %s of %s; the figures stand in the table below.",
		c.name, wording.Month(d.from), wording.Month(d.to), l.last, c.max)
	return d
}

// values are eligible customers and consumption of a month and of the year before.
func (s trend) values(m scoring.Month) []string {
	cells := []string{"–", "–", "–", "–"}
	past := s.past(m, s.Scores[0].Area)
	if past == nil {
		return cells
	}
	for i, metric := range []scoring.Metric{scoring.NetCustomerAdds, scoring.UsageGrowth} {
		write := wording.Cents[scoring.Fixed6]
		if metric == scoring.NetCustomerAdds {
			write = wording.Whole
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
	for _, metric := range []scoring.Metric{scoring.NetCustomerAdds, scoring.UsageGrowth} {
		now, before := line{}, line{behind: true}
		top := int64(0)
		for _, past := range s.Trend {
			m := past.Metric(metric)
			if past.Area != s.Scores[0].Area || m == nil {
				continue
			}
			if m.Current != nil {
				now.points = append(now.points, point{month: past.Month, value: drawn(int64(*m.Current), micro)})
				top = max(top, int64(*m.Current))
			}
			if m.Baseline != nil {
				before.points = append(before.points, point{month: past.Month, value: drawn(int64(*m.Baseline), micro)})
				top = max(top, int64(*m.Baseline))
			}
		}
		before.points, top = s.aheadPoints(metric, before.points, top)
		caption := "Eligible customers"
		if metric == scoring.UsageGrowth {
			caption = "Consumption of the month (ACR), USD"
		}
		d := s.drawing(totalWidth, totalHeight, 1)
		d.lines = []line{before, now}
		if n := len(before.points); n > 0 {
			d.to = max(d.to, before.points[n-1].month)
		}
		d.scale(drawn(top, micro))
		d.label = fmt.Sprintf("Line chart of %s from %s to %s, with the same months a year before as a dashed line; the figures stand in the table below.",
			caption, wording.Month(d.from), wording.Month(d.to))
		if err := v.add(&v.Values, caption, d); err != nil {
			return err
		}
	}
	return nil
}

// scale chooses round numbers along an axis that must reach top.
func (d *drawing) scale(top float64) {
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
		d.ticks = append(d.ticks, plot.Tick{Value: v, Label: short(v)})
	}
}

// short writes a round number along an axis: 150k, 2M.
func short(v float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "bn"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= unit.size {
			return fmt.Sprintf("%g%s", v/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%g", v)
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
		points, top = append(points, point{month: m.Month, value: drawn(baseline, micro)}), max(top, baseline)
	}
	return points, top
}

// aheadRows are the same months in the table.
func (s trend) aheadRows() (rows []trendRow) {
	if s.Outlook == nil {
		return nil
	}
	for _, m := range s.Outlook.Months {
		rows = append(rows, trendRow{Month: wording.ShortMonth(m.Month), Cells: []string{
			"–", wording.Known(m.BaselineCustomers, scoring.Grouped), "–", wording.Known(m.BaselineACR, wording.Cents[scoring.USD])}})
	}
	return rows
}
