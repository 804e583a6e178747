// Package show lays answers out for people and spreadsheets: a table for a terminal of some width, or the lines of a CSV.
package show

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// explainTable prints an explanation for people, top-down: the conditions of each area as a tree, then what is behind the metrics.
type explainTable struct {
	e     *answers.Explanation
	q     answers.Question
	width int
}

// Explain lays an explanation out for people.
func Explain(e *answers.Explanation, q answers.Question, width int) fmt.Stringer {
	return explainTable{e: e, q: q, width: width}
}

// The words of a condition's status.
const (
	isMet  = "met"
	notMet = "not met"
)

// String lays the explanation out.
func (t explainTable) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", t.title())
	if t.q.Customer != "" {
		b.WriteString(t.customerPage())
		return b.String()
	}
	b.WriteString("\n" + t.tree())
	for _, section := range []string{t.customers(), t.growth(), t.services(), t.people(), t.leftOut()} {
		if section != "" {
			b.WriteString("\n" + section)
		}
	}
	return b.String()
}

func (t explainTable) title() string {
	e := t.e
	title := fmt.Sprintf("%s, %s (%s), rulebook %s", Printable(e.PartnerName.String()), e.ScoreMonth.First().Format("January 2006"), e.ScoreMonth,
		e.Rulebook.ID)
	if len(e.Rules.Tracks) > 1 {
		title += ", " + e.Track + " track"
	}
	if len(e.Provisional) > 0 {
		title += "\nPROVISIONAL: " + strings.Join(e.Provisional, "; ")
	}
	var lines []string
	for line := range strings.Lines(title) {
		lines = append(lines, Wrapped(line, t.width)...)
	}
	return strings.Join(lines, "\n")
}

// plainTable is a table without frames; right are the numbers, from 1, of the columns of numbers.
func plainTable(header []string, right ...int) table.Writer {
	w := table.NewWriter()
	w.SetStyle(PlainStyle())
	var configs []table.ColumnConfig
	for _, n := range right {
		configs = append(configs, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(row(header...))
	return w
}

func row(cells ...string) table.Row {
	r := make(table.Row, len(cells))
	for i, cell := range cells {
		r[i] = cell
	}
	return r
}

// tree has the conditions of the areas. With one area or metric asked for, sentences below the metrics say why.
func (t explainTable) tree() string {
	tree := &MonthsTable{writer: plainTable([]string{"Condition", "Status", "Criteria", "Current"}, 4), width: t.width, indent: len("    ")}
	add := func(sentence string, cells ...string) {
		if t.q.Area == "" && t.q.Metric == "" {
			sentence = ""
		}
		tree.writer.AppendRow(row(cells...))
		tree.sentences = append(tree.sentences, sentence)
	}
	for i, a := range t.e.Areas {
		if i > 0 {
			add("", "")
		}
		add(t.verdict(a), a.Name, status(a.Qualifies), fmt.Sprintf("%s, none at 0", a.Needed), fmt.Sprintf("%s of %s", a.Total, a.Max))
		for _, m := range a.Metrics {
			if !m.Applicable {
				if t.q.Metric != "" {
					add(fmt.Sprintf("%s does not measure %s.", a.Name, strings.ToLower(metricName(m.Metric))), " "+metricName(m.Metric), "does not apply", "", "–")
				}
				continue
			}
			same := i > 0 && len(m.Steps) == 0 // as in the area before
			sentence := m.Reason + " " + accounting(m)
			if same {
				sentence = ""
			}
			add(sentence, " "+metricName(m.Metric), status(!slices.Contains(a.Blocking, m.Metric)), t.criteria(m.Metric), fmt.Sprintf("%s of %s", m.Points, m.Max))
			if !same {
				t.below(m, func(cells ...string) { add("", cells...) })
			}
		}
		if t.q.Metric == "" {
			t.window(a, add)
		}
	}
	return tree.String()
}

func status(met bool) string {
	if met {
		return isMet
	}
	return notMet
}

// verdict says what an area lacks.
func (t explainTable) verdict(a answers.AreaExplanation) string {
	var lacking []string
	if a.PointsToDesignation > 0 {
		lacking = append(lacking, a.PointsToDesignation.InPoints()+" short")
	}
	for _, m := range a.Blocking {
		lacking = append(lacking, "0 in "+strings.ToLower(metricName(m)))
	}
	verdict := "Qualifies."
	if !a.Qualifies {
		verdict = "Does not qualify: " + strings.Join(lacking, ", ") + "."
	}
	if a.RoundingSensitive {
		verdict += " The answer depends on how usage growth is rounded."
	}
	return verdict
}

// metricName is a metric for people: Net customer adds.
func metricName(m scoring.Metric) string {
	name := strings.ReplaceAll(string(m), "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// criteria says what a metric pays.
func (t explainTable) criteria(m scoring.Metric) string {
	r := t.e.Rules
	switch m {
	case scoring.NetCustomerAdds:
		return fmt.Sprintf("%d a customer", r.PointsPerCustomer)
	case scoring.UsageGrowth:
		return fmt.Sprintf("%d a percent", r.PointsPerPercent)
	case scoring.Deployments:
		return fmt.Sprintf("%d a service", r.PointsPerService)
	default:
		return fmt.Sprintf("%d a person", r.PointsPerPerson)
	}
}

// below adds the lines below a metric.
func (t explainTable) below(m answers.MetricExplanation, add func(cells ...string)) {
	at := t.e.ScoreMonth
	switch m.Metric {
	case scoring.NetCustomerAdds:
		least := t.e.TrackRules.EligibleCustomerUSD.String() + " USD"
		add(fmt.Sprintf("  eligible in %s or %s", at.Add(-1), at), "", least, Whole(m.Current))
		add(fmt.Sprintf("  eligible in %s or %s", at.Add(-13), at.Add(-12)), "", least, Whole(m.Baseline))
	case scoring.UsageGrowth:
		add("  ACR of "+at.String(), "", "", money(m.Current))
		base := "–"
		if m.Baseline != nil {
			base = status(m.Status != scoring.NoBaseline && m.Status != scoring.InvalidBaseline)
		}
		add("  ACR of "+at.Add(-12).String(), base, "more than 0", money(m.Baseline))
		var ttm snapshot.Amount
		for _, c := range t.e.Customers {
			ttm += c.TTM
		}
		add("  ACR of twelve months", status(ttm >= snapshot.Amount(t.e.Rules.ACRGateUSD)), t.e.Rules.ACRGateUSD.String()+" USD", money(&ttm))
	case scoring.Deployments:
	default:
		for _, s := range m.Steps {
			if s.Gate {
				add(fmt.Sprintf("  gate %d: %s", s.Step, s.Certifications[0]), status(s.Met), persons(s.Needed), persons(s.People))
				continue
			}
			held := ""
			if m.Status == scoring.GateUnmet && s.People > 0 {
				held = "held back"
			}
			add(fmt.Sprintf("  list: any of %s", Count(int64(len(s.Certifications)), "certification")), "", held, persons(s.People))
		}
	}
}

// window adds the line of the qualification window.
func (t explainTable) window(a answers.AreaExplanation, add func(sentence string, cells ...string)) {
	w := a.Window
	current := "–"
	if w.Until != nil {
		current = "until " + w.Until.String()
	}
	qualified := map[string][]scoring.Month{}
	for _, m := range w.Months {
		qualified[m.State] = append(qualified[m.State], m.Month)
	}
	var parts []string
	for _, state := range []string{answers.Qualified, answers.NotQualified, answers.NotPublished} {
		if months := qualified[state]; len(months) > 0 {
			parts = append(parts, strings.ReplaceAll(state, "_", " ")+" in "+scoring.MonthRanges(months))
		}
	}
	add(fmt.Sprintf("May enrol when it qualified in one of %s: %s.", Count(int64(len(w.Months)), "month"), strings.Join(parts, ", ")),
		" Qualification window", w.State, "in "+Count(int64(len(w.Months)), "month"), current)
}

func persons(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return Grouped(n) + " people"
}

// Whole writes a count that is published as an amount.
func Whole(a *snapshot.Amount) string {
	if a == nil {
		return "not known"
	}
	return Grouped(int64(*a) / 1_000_000)
}

// money writes an amount, rounded to cents.
func money(a *snapshot.Amount) string {
	if a == nil {
		return "not known"
	}
	return Cents(int64(*a))
}
