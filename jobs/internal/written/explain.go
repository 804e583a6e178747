package written

import (
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
	wording.Words
	e     *answers.Explanation
	q     answers.Question
	limit int  // rows of a list that are shown; 0: all
	page  bool // a page has lists of its own
}

// Explain writes an explanation top-down: the conditions of each area, then what is behind the metrics; or one customer.
func Explain(w wording.Words, e *answers.Explanation, q answers.Question) document.Document {
	d := document.Document{Title: []string{title(w, e.PartnerName, titleMonth(w, e.ScoreMonth), e.Rulebook.ID, e.Rules, e.Track)}, Records: explainRecords(e)}
	if len(e.Provisional) > 0 {
		d.Title = append(d.Title, w.Say("PROVISIONAL: %s", w.Parts(e.Provisional)))
	}
	x := explanation{Words: w, e: e, q: q, limit: shownOfAll}
	switch {
	case q.Metric != "":
		x.limit = 0
	case q.Area != "":
		x.limit = shownOfArea
	}
	if q.Customer != "" {
		c := customer{Words: w, e: e, c: e.Customers[0]}
		d.Title = append(d.Title, w.Say("Customer %s", c.name()))
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
func Customers(w wording.Words, e *answers.Explanation, rows int) []document.Section {
	x := explanation{Words: w, e: e, limit: rows, page: true}
	return append(x.customers(), x.growth()...)
}

// Services writes which services count; a list of at most so many rows.
func Services(w wording.Words, e *answers.Explanation, rows int) []document.Section {
	return explanation{Words: w, e: e, limit: rows}.services()
}

// conditions are those of the areas. With one area or metric asked for, sentences below the metrics say why.
func (t explanation) conditions() document.Section {
	tree := &document.Table{Columns: append(document.Named(t.Say("Condition"), t.Say("Status"), t.Say("Criteria")), document.Numbers(t.Say("Current"))...)}
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
		add(0, verdict(t.Words, a), t.Term(a.Name), status(t.Words, a.Qualifies), t.Say("%s, none at 0", a.Needed), t.Say("%s of %s", a.Total, a.Max))
		for _, m := range a.Metrics {
			if !m.Applicable {
				if t.q.Metric != "" {
					add(1, t.Say("%s does not measure %s.", t.Term(a.Name), m.Metric.Name()), t.Metric(m.Metric), t.Say("does not apply"), "", "–")
				}
				continue
			}
			same := i > 0 && len(m.Steps) == 0 // as in the area before
			sentence := t.Published(m.Reason, m.Why) + " " + t.accounting(m)
			if same {
				sentence = ""
			}
			add(1, sentence, t.Metric(m.Metric), status(t.Words, !slices.Contains(a.Blocking, m.Metric)), criteria(t.Words, t.e.Rules, m.Metric),
				t.Say("%s of %s", *m.Points, *m.Max))
			if !same {
				t.below(m, func(cells ...string) { tree.Add(2, "", cells...) })
			}
		}
		if t.q.Metric == "" {
			window, cells := t.windowRow(a)
			add(1, window, cells...)
		}
	}
	return document.Section{Table: tree}
}

func status(w wording.Words, met bool) string {
	if met {
		return w.Say("met")
	}
	return w.Say("not met")
}

// verdict says what an area lacks.
func verdict(w wording.Words, a answers.AreaExplanation) string {
	text := w.Say("Qualifies.")
	if !a.Qualifies {
		text = w.Say("Does not qualify: %s.", w.Lacking(a.PointsToDesignation, a.Blocking))
	}
	if a.RoundingSensitive {
		text += " " + wording.Sentence(w.RoundingSensitive())
	}
	return text
}

// criteria says what a metric pays.
func criteria(w wording.Words, r *scoring.Rulebook, m scoring.Metric) string {
	switch m {
	case scoring.NetCustomerAdds:
		return w.Say("%d a customer", r.PointsPerCustomer)
	case scoring.UsageGrowth:
		return w.Say("%d a percent", r.PointsPerPercent)
	case scoring.Deployments:
		return w.Say("%d a service", r.PointsPerService)
	default:
		return w.Say("%d a person", r.PointsPerPerson)
	}
}

// below adds the lines below a metric.
func (t explanation) below(m answers.MetricExplanation, add func(cells ...string)) {
	at := t.e.ScoreMonth
	switch m.Metric {
	case scoring.NetCustomerAdds:
		least := t.Say("%s USD", t.e.TrackRules.EligibleCustomerUSD)
		add(t.Say("eligible in %s or %s", at.Add(-1), at), "", least, wording.Known(t.Words, m.Current, t.Whole))
		add(t.Say("eligible in %s or %s", at.Add(-13), at.Add(-12)), "", least, wording.Known(t.Words, m.Baseline, t.Whole))
	case scoring.UsageGrowth:
		add(t.Say("ACR of %s", at), "", "", money(t.Words, m.Current))
		base := "–"
		if m.Baseline != nil {
			base = status(t.Words, m.Status != scoring.NoBaseline && m.Status != scoring.InvalidBaseline)
		}
		add(t.Say("ACR of %s", at.Add(-12)), base, t.Say("more than 0"), money(t.Words, m.Baseline))
		var ttm scoring.USD
		for _, c := range t.e.Customers {
			ttm += c.TTM
		}
		add(t.Say("ACR of twelve months"), status(t.Words, ttm >= t.e.Rules.ACRGateUSD), t.Say("%s USD", t.e.Rules.ACRGateUSD), money(t.Words, &ttm))
	case scoring.Deployments:
	default:
		for _, s := range m.Steps {
			if s.Gate {
				add(t.Say("required: %s", s.Certifications[0]), status(t.Words, s.Met), t.People(s.Needed), t.People(s.People))
				continue
			}
			held := ""
			if m.Status == scoring.GateUnmet && s.People > 0 {
				held = t.Say("held back")
			}
			add(t.Counted(int64(len(s.Certifications)), "additional: any of %s certification", "additional: any of %s certifications"), "", held, t.People(s.People))
		}
	}
}

// windowRow is the line of the qualification window, with the sentence below it.
func (t explanation) windowRow(a answers.AreaExplanation) (sentence string, cells []string) {
	w := a.Window
	current := "–"
	if w.Until != nil {
		current = t.Say("until %s", *w.Until)
	}
	qualified := map[published.MonthState][]scoring.Month{}
	for _, m := range w.Months {
		qualified[m.State] = append(qualified[m.State], m.Month)
	}
	var parts []string
	if months := qualified[published.Qualified]; len(months) > 0 {
		parts = append(parts, t.Say("qualified in %s", t.Ranges(months)))
	}
	if months := qualified[published.NotQualified]; len(months) > 0 {
		parts = append(parts, t.Say("not qualified in %s", t.Ranges(months)))
	}
	if months := qualified[published.NotPublished]; len(months) > 0 {
		parts = append(parts, t.Say("not published in %s", t.Ranges(months)))
	}
	return Enrolment(t.Words, w) + " " + wording.Sentence(strings.Join(parts, ", ")) + ".",
		[]string{t.Say("Qualification window"), windowState(t.Words, w.State), t.Counted(int64(len(w.Months)), "in %s month", "in %s months"), current}
}

func windowState(w wording.Words, s published.WindowState) string {
	switch s {
	case published.WindowOpen:
		return w.Say("open")
	case published.WindowUnknown:
		return w.Say("unknown")
	default:
		return w.Say("closed")
	}
}

// Enrolment says whether a partner may enrol.
func Enrolment(words wording.Words, w published.Window) string {
	months := int64(len(w.Months))
	switch w.State {
	case published.WindowOpen:
		return words.Say("You may enrol until %s.", words.Month(*w.Until))
	case published.WindowUnknown:
		scored := len(slices.DeleteFunc(slices.Clone(w.Months), func(m published.WindowMonth) bool { return m.State == published.NotPublished }))
		return words.Counted(int64(scored), "Enrolment: unknown. %s of the last %d months is scored.", "Enrolment: unknown. %s of the last %d months are scored.", months)
	default:
		return words.Counted(months, "You cannot enrol: none of the last %s month qualified.", "You cannot enrol: none of the last %s months qualified.")
	}
}
