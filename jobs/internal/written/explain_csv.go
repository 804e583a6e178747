package written

import (
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/scoring"
)

// explainRow is a line of the CSV of an explanation: one fact, of the kind that says which of the others are filled.
type explainRow struct {
	area   scoring.Area
	metric scoring.Metric
	kind   string
	id     string
	name   string
	month  string
	amount *scoring.USD
	points *scoring.Hundredths
	count  string
	reason string
	step   string // of a certifications metric
}

// ExplainKeys are the columns of the CSV of an explanation.
func ExplainKeys() document.Keys {
	return document.Keys{
		{"score_month partner_id", "of the score"},
		{"solution_area metric", "that the fact is about"},
		{"kind", "total or metric: its points; window: a month of the qualification window; part: what adds to the points of a metric; step and holding: of a " +
			"certifications metric; customer, customer_month, customer_service: consumption; service: of all customers; exclusion: rows that did not " +
			"count; facts_gap: a month without consumption by customer"},
		{"id name", "of the customer (tenant id), the person and certification, or the service; of a step its number, of an exclusion its class"},
		{"usage_month", "of consumption and exclusions; of a window the score month"},
		{"acr_usd", "consumption, of twelve months if usage_month is empty"},
		{"points", "of a total, metric, part or month of the window; of a customer what it adds to growth"},
		{"count", "people of a step, customers of a service, rows of an exclusion"},
		{"reason", "status, state, cause, movement or reason, in a word"},
		{"step", "of a certifications metric, from 1"},
	}
}

// explainRecords lists everything that an explanation holds, a fact a line.
func explainRecords(e *answers.Explanation) document.Records {
	var rows [][]string
	add := func(r explainRow) {
		rows = append(rows, []string{e.ScoreMonth.String(), e.ID, string(r.area), string(r.metric), r.kind, r.id, r.name, r.month,
			optional(r.amount), optional(r.points), r.count, r.reason, r.step})
	}
	for _, a := range e.Areas {
		add(explainRow{area: a.Area, kind: "total", points: &a.Total, reason: map[bool]string{true: "qualifies", false: "does_not_qualify"}[a.Qualifies]})
		for _, w := range a.Window.Months {
			add(explainRow{area: a.Area, kind: "window", month: w.Month.String(), points: w.Total, reason: string(w.State)})
		}
		for _, m := range a.Metrics {
			metricRows(a.Area, m, add)
		}
	}
	for _, c := range e.Customers {
		add(explainRow{kind: "customer", id: c.Tenant, name: c.Name, amount: &c.TTM, points: c.GrowthPoints, reason: string(c.Movement)})
		for _, m := range c.Months {
			add(explainRow{kind: "customer_month", id: c.Tenant, name: c.Name, month: m.UsageMonth.String(), amount: &m.ACR})
		}
		for _, s := range c.Services {
			add(explainRow{kind: "customer_service", id: c.Tenant, name: s.Service, month: s.UsageMonth.String(), amount: &s.ACR})
		}
	}
	for _, s := range e.Services {
		add(explainRow{kind: "service", name: s.Name, amount: &s.TTM, count: strconv.FormatInt(s.Customers, 10), reason: string(s.Reason)})
	}
	for _, x := range e.Exclusions {
		add(explainRow{kind: "exclusion", id: x.Class, month: x.UsageMonth.String(), amount: &x.ACRUSD, count: strconv.FormatInt(x.Rows, 10), reason: x.Reason})
	}
	for _, g := range e.FactsGaps {
		add(explainRow{kind: "facts_gap", month: g.UsageMonth.String(), reason: string(g.Reason)})
	}
	return document.Records{Keys: ExplainKeys(), Rows: rows}
}

func metricRows(area scoring.Area, m answers.MetricExplanation, add func(explainRow)) {
	add(explainRow{area: area, metric: m.Metric, kind: "metric", points: m.Points, reason: string(m.Status)})
	for _, part := range m.Parts {
		add(explainRow{area: area, metric: m.Metric, kind: "part", id: part.ID, name: part.Name, points: &part.Points, reason: string(part.Cause)})
	}
	for _, s := range m.Steps {
		step := strconv.Itoa(s.Step)
		add(explainRow{area: area, metric: m.Metric, kind: "step", id: step, step: step, count: strconv.FormatInt(s.People, 10),
			reason: map[bool]string{true: "met", false: "unmet"}[s.Met]})
		for _, h := range s.Holdings {
			add(explainRow{area: area, metric: m.Metric, kind: "holding", id: h.Person, name: h.Certification, step: step, reason: string(h.Reason)})
		}
	}
}
