package written

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// explanation builds the document of an explanation.
type explanation struct {
	e     *answers.Explanation
	q     answers.Question
	limit int  // rows of a list that are shown; 0: all
	page  bool // a page has lists of its own
}

// Explain writes an explanation top-down: the conditions of each area, then what is behind the metrics; or one customer.
func Explain(e *answers.Explanation, q answers.Question) document.Document {
	d := document.Document{Title: []string{title(e.PartnerName, titleMonth(e.ScoreMonth), e.Rulebook.ID, e.Rules, e.Track)}, Records: explainRecords(e)}
	if len(e.Provisional) > 0 {
		d.Title = append(d.Title, "PROVISIONAL: "+strings.Join(e.Provisional, "; "))
	}
	x := explanation{e: e, q: q, limit: shownOfAll}
	switch {
	case q.Metric != "":
		x.limit = 0
	case q.Area != "":
		x.limit = shownOfArea
	}
	if q.Customer != "" {
		c := customer{e: e, c: e.Customers[0]}
		d.Title = append(d.Title, "Customer "+c.name())
		d.Sections = c.sections()
		return d
	}
	d.Sections = append(d.Sections, x.conditions())
	d.Sections = append(d.Sections, x.customers()...)
	for _, list := range [][]document.Section{x.growth(), x.services(), x.people(), x.leftOut()} {
		d.Sections = append(d.Sections, list...)
	}
	return d
}

// Customers writes who came and went, and whose consumption grew most; lists have at most so many rows.
func Customers(e *answers.Explanation, rows int) []document.Section {
	x := explanation{e: e, limit: rows, page: true}
	return append(x.customers(), x.growth()...)
}

// Services writes which services count; a list of at most so many rows.
func Services(e *answers.Explanation, rows int) []document.Section {
	return explanation{e: e, limit: rows}.services()
}

// The words of a condition's status.
const (
	isMet  = "met"
	notMet = "not met"
)

// conditions are those of the areas. With one area or metric asked for, sentences below the metrics say why.
func (t explanation) conditions() document.Section {
	tree := &document.Table{Columns: append(document.Named("Condition", "Status", "Criteria"), document.Numbers("Current")...)}
	add := func(depth int, sentence string, cells ...string) {
		if t.q.Area == "" && t.q.Metric == "" {
			sentence = ""
		}
		tree.Add(depth, sentence, cells...)
	}
	for i, a := range t.e.Areas {
		if i > 0 {
			tree.Rows = append(tree.Rows, document.Row{})
		}
		add(0, verdict(a), a.Name, status(a.Qualifies), fmt.Sprintf("%s, none at 0", a.Needed), fmt.Sprintf("%s of %s", a.Total, a.Max))
		for _, m := range a.Metrics {
			if !m.Applicable {
				if t.q.Metric != "" {
					add(1, fmt.Sprintf("%s does not measure %s.", a.Name, wording.MetricInText(m.Metric)), wording.Metric(m.Metric), "does not apply", "", "–")
				}
				continue
			}
			same := i > 0 && len(m.Steps) == 0 // as in the area before
			sentence := m.Reason + " " + accounting(m)
			if same {
				sentence = ""
			}
			add(1, sentence, wording.Metric(m.Metric), status(!slices.Contains(a.Blocking, m.Metric)), criteria(t.e.Rules, m.Metric), fmt.Sprintf("%s of %s", m.Points, m.Max))
			if !same {
				t.below(m, func(cells ...string) { tree.Add(2, "", cells...) })
			}
		}
		if t.q.Metric == "" {
			window, cells := windowRow(a)
			add(1, window, cells...)
		}
	}
	return document.Section{Table: tree}
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
		text += " " + wording.Sentence(wording.RoundingSensitive)
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
func (t explanation) below(m answers.MetricExplanation, add func(cells ...string)) {
	at := t.e.ScoreMonth
	switch m.Metric {
	case scoring.NetCustomerAdds:
		least := t.e.TrackRules.EligibleCustomerUSD.String() + " USD"
		add(fmt.Sprintf("eligible in %s or %s", at.Add(-1), at), "", least, wording.Known(m.Current, wording.Whole))
		add(fmt.Sprintf("eligible in %s or %s", at.Add(-13), at.Add(-12)), "", least, wording.Known(m.Baseline, wording.Whole))
	case scoring.UsageGrowth:
		add("ACR of "+at.String(), "", "", money(m.Current))
		base := "–"
		if m.Baseline != nil {
			base = status(m.Status != scoring.NoBaseline && m.Status != scoring.InvalidBaseline)
		}
		add("ACR of "+at.Add(-12).String(), base, "more than 0", money(m.Baseline))
		var ttm scoring.USD
		for _, c := range t.e.Customers {
			ttm += c.TTM
		}
		add("ACR of twelve months", status(ttm >= t.e.Rules.ACRGateUSD), t.e.Rules.ACRGateUSD.String()+" USD", money(&ttm))
	case scoring.Deployments:
	default:
		for _, s := range m.Steps {
			if s.Gate {
				add("required: "+s.Certifications[0], status(s.Met), wording.People(s.Needed), wording.People(s.People))
				continue
			}
			held := ""
			if m.Status == scoring.GateUnmet && s.People > 0 {
				held = "held back"
			}
			add(fmt.Sprintf("additional: any of %s", wording.Count(int64(len(s.Certifications)), "certification")), "", held, wording.People(s.People))
		}
	}
}

// windowRow is the line of the qualification window, with the sentence below it.
func windowRow(a answers.AreaExplanation) (sentence string, cells []string) {
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
	return Enrolment(w) + " " + wording.Sentence(strings.Join(parts, ", ")) + ".",
		[]string{"Qualification window", string(w.State), "in " + wording.Count(int64(len(w.Months)), "month"), current}
}

// Enrolment says whether a partner may enrol.
func Enrolment(w published.Window) string {
	months := wording.Count(int64(len(w.Months)), "month")
	switch w.State {
	case published.WindowOpen:
		return "You may enrol until " + wording.Month(*w.Until) + "."
	case published.WindowUnknown:
		scored := len(slices.DeleteFunc(slices.Clone(w.Months), func(m published.WindowMonth) bool { return m.State == published.NotPublished }))
		return fmt.Sprintf("Enrolment: unknown. %s scored.", wording.Counted(int64(scored), "of the last "+months+" is", "of the last "+months+" are"))
	default:
		return fmt.Sprintf("You cannot enrol: none of the last %s qualified.", months)
	}
}
