// Package show lays answers out for people and spreadsheets: a table for a terminal of some width, or the lines of a CSV.
package show

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
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
		b.WriteString(customerPage{e: t.e, c: t.e.Customers[0], width: t.width}.String())
		return b.String()
	}
	b.WriteString("\n" + t.tree())
	lists := explainLists(t)
	for _, section := range []string{lists.customers(), lists.growth(), lists.services(), lists.people(), lists.leftOut()} {
		if section != "" {
			b.WriteString("\n" + section)
		}
	}
	return b.String()
}

func (t explainTable) title() string {
	e := t.e
	lines := Wrapped(title(e.PartnerName, titleMonth(e.ScoreMonth), e.Rulebook.ID, e.Rules, e.Track), t.width)
	if len(e.Provisional) > 0 {
		lines = append(lines, Wrapped("PROVISIONAL: "+strings.Join(e.Provisional, "; "), t.width)...)
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
		add(verdict(a), a.Name, status(a.Qualifies), fmt.Sprintf("%s, none at 0", a.Needed), fmt.Sprintf("%s of %s", a.Total, a.Max))
		for _, m := range a.Metrics {
			if !m.Applicable {
				if t.q.Metric != "" {
					add(fmt.Sprintf("%s does not measure %s.", a.Name, wording.MetricInText(m.Metric)), " "+wording.Metric(m.Metric), "does not apply", "", "–")
				}
				continue
			}
			same := i > 0 && len(m.Steps) == 0 // as in the area before
			sentence := m.Reason + " " + accounting(m)
			if same {
				sentence = ""
			}
			add(sentence, " "+wording.Metric(m.Metric), status(!slices.Contains(a.Blocking, m.Metric)), criteria(t.e.Rules, m.Metric), fmt.Sprintf("%s of %s", m.Points, m.Max))
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
func verdict(a answers.AreaExplanation) string {
	text := "Qualifies."
	if !a.Qualifies {
		text = "Does not qualify: " + wording.Lacking(a.PointsToDesignation, a.Blocking) + "."
	}
	if a.RoundingSensitive {
		text += " The answer depends on how usage growth is rounded."
	}
	return text
}

// criteria says what a metric pays.
func criteria(r *scoring.Rulebook, m scoring.Metric) string {
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
		add(fmt.Sprintf("  eligible in %s or %s", at.Add(-1), at), "", least, wording.Known(m.Current, wording.Whole))
		add(fmt.Sprintf("  eligible in %s or %s", at.Add(-13), at.Add(-12)), "", least, wording.Known(m.Baseline, wording.Whole))
	case scoring.UsageGrowth:
		add("  ACR of "+at.String(), "", "", money(m.Current))
		base := "–"
		if m.Baseline != nil {
			base = status(m.Status != scoring.NoBaseline && m.Status != scoring.InvalidBaseline)
		}
		add("  ACR of "+at.Add(-12).String(), base, "more than 0", money(m.Baseline))
		var ttm scoring.USD
		for _, c := range t.e.Customers {
			ttm += c.TTM
		}
		add("  ACR of twelve months", status(ttm >= t.e.Rules.ACRGateUSD), t.e.Rules.ACRGateUSD.String()+" USD", money(&ttm))
	case scoring.Deployments:
	default:
		for _, s := range m.Steps {
			if s.Gate {
				add("  required: "+s.Certifications[0], status(s.Met), wording.People(s.Needed), wording.People(s.People))
				continue
			}
			held := ""
			if m.Status == scoring.GateUnmet && s.People > 0 {
				held = "held back"
			}
			add(fmt.Sprintf("  additional: any of %s", wording.Count(int64(len(s.Certifications)), "certification")), "", held, wording.People(s.People))
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
	qualified := map[published.MonthState][]scoring.Month{}
	for _, m := range w.Months {
		qualified[m.State] = append(qualified[m.State], m.Month)
	}
	var parts []string
	for _, state := range []published.MonthState{published.Qualified, published.NotQualified, published.NotPublished} {
		if months := qualified[state]; len(months) > 0 {
			parts = append(parts, wording.Label(state)+" in "+scoring.MonthRanges(months))
		}
	}
	add(fmt.Sprintf("May enrol when it qualified in one of %s: %s.", wording.Count(int64(len(w.Months)), "month"), strings.Join(parts, ", ")),
		" Qualification window", string(w.State), "in "+wording.Count(int64(len(w.Months)), "month"), current)
}

// money writes an amount, rounded to cents; nil: it is not known.
func money[T scoring.USD | scoring.Fixed6](a *T) string { return wording.Known(a, wording.Cents[T]) }
