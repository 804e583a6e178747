package answers

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// WhatIf is a published month and the same month under a hypothesis.
type WhatIf struct {
	ScoreMonth scoring.Month `json:"score_month"`
	PartnerName
	Changes  []string     `json:"changes"` // sentences; empty: nothing is changed
	Rulebook Pair[string] `json:"rulebook"`
	Track    Pair[string] `json:"track"`
	Areas    []WhatIfArea `json:"areas"`
	// Notes say what a change does not do, and what else it does, in sentences.
	Notes []string `json:"notes"`
}

// Pair is a value before and after a change.
type Pair[T any] struct {
	Before T `json:"before"`
	After  T `json:"after"`
}

// WhatIfArea is one area of a WhatIf.
type WhatIfArea struct {
	Area      scoring.Area              `json:"solution_area"`
	Name      string                    `json:"name"`
	Total     Pair[snapshot.Hundredths] `json:"total_points"`
	Qualifies Pair[bool]                `json:"qualifies"`
	Lacking   Pair[snapshot.Hundredths] `json:"points_to_designation"`
	Blocking  Pair[[]scoring.Metric]    `json:"blocking_metrics"` // those worth 0, which published points above 0 can look like
	Metrics   []WhatIfMetric            `json:"metrics"`          // in the programme's order
}

// WhatIfMetric is one metric of a WhatIfArea.
type WhatIfMetric struct {
	Metric scoring.Metric `json:"metric"`
	Pair[MetricValue]
}

// MetricValue is what a metric comes to; what the tables have as null is nil.
type MetricValue struct {
	Applicable bool                 `json:"applicable"`
	Current    *snapshot.Amount     `json:"current_value"` // eligible customers, ACR
	Baseline   *snapshot.Amount     `json:"baseline_value"`
	Measure    *snapshot.Amount     `json:"measure"` // net adds, people, growth in percent, services
	Points     *snapshot.Hundredths `json:"points"`
	Max        *snapshot.Hundredths `json:"max_points"`
	Status     scoring.Status       `json:"status"`
	Reason     string               `json:"reason"`
}

func metricValue(m Metric) MetricValue {
	return MetricValue{m.Applicable, m.Current, m.Baseline, m.Measure, m.Points, m.Max, m.Status, m.Reason}
}

// ChangeError says why a change cannot be made.
type ChangeError struct{ What string }

// FaultKind is fault.Usage.
func (e *ChangeError) FaultKind() string { return fault.Usage }

// Error says why.
func (e *ChangeError) Error() string { return e.What }

// WhatIf scores a published month of a partner under changes, in an area or, where that is empty, in all. Besides the errors of
// Reader.Partner it is an *UnknownError for a tenant, service, certification or person that does not exist, a *ChangeError for a change that
// cannot be made, and a *NotKnownError when the facts or the cache do not tell what the changes need.
func (r *Reader) WhatIf(ctx context.Context, m scoring.Month, id string, area scoring.Area, ch Changes) (*WhatIf, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
	h, err := r.hypothesis(ctx, p, ch)
	if err != nil {
		return nil, err
	}
	for _, apply := range []func(context.Context) error{h.loseUsage, h.changeTenants, h.addServices, h.changeACR, h.changePeople, h.addCustomers} {
		if err := apply(ctx); err != nil {
			return nil, err
		}
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	track, scores, err := h.score(h.labels)
	if err != nil {
		return nil, err
	}
	if track.ID != h.track0 {
		h.note("the partner changes to the %s track, and with it what makes a customer eligible and what a gate needs", track.ID)
	}
	w := &WhatIf{ScoreMonth: m, PartnerName: p.PartnerName, Changes: append([]string{}, h.changes...), Notes: append([]string{}, h.notes...),
		Rulebook: Pair[string]{p.Rules.ID, h.rules.ID}, Track: Pair[string]{p.Track.ID, track.ID}}
	for _, after := range scores {
		if before := p.Score(after.Area); before != nil && (area == "" || area == after.Area) {
			w.Areas = append(w.Areas, compareArea(h.rules, *before, after))
		}
	}
	return w, nil
}

func compareArea(rules *scoring.Rulebook, before, after Score) WhatIfArea {
	a := WhatIfArea{Area: after.Area, Name: rules.AreaName(after.Area), Total: Pair[snapshot.Hundredths]{before.Total, after.Total},
		Qualifies: Pair[bool]{before.Qualifies, after.Qualifies}, Lacking: Pair[snapshot.Hundredths]{before.PointsToDesignation, after.PointsToDesignation},
		Blocking: Pair[[]scoring.Metric]{append([]scoring.Metric{}, before.Blocking...), append([]scoring.Metric{}, after.Blocking...)}}
	for _, m := range after.Metrics {
		if was := before.Metric(m.Metric); was != nil {
			a.Metrics = append(a.Metrics, WhatIfMetric{m.Metric, Pair[MetricValue]{metricValue(*was), metricValue(m)}})
		}
	}
	return a
}

// hypothesis is a scenario on its way from the published month to the changed one.
type hypothesis struct {
	*scenario
	p       *Partner
	ch      Changes
	usage   *Usage // nil where nothing needs it
	labels  ruleNames
	track0  string          // the track before the changes, by the rules that are asked for
	acr0    snapshot.Amount // published ACR of the month
	lost    map[string]bool // tenants
	fold    func(text string) (string, error)
	offered func() (map[string]string, error) // the services of all partners of the month, by key
	changes []string
	notes   []string
}

func (h *hypothesis) say(format string, args ...any) {
	h.changes = append(h.changes, fmt.Sprintf(format, args...))
}
func (h *hypothesis) note(format string, args ...any) {
	h.notes = append(h.notes, fmt.Sprintf(format, args...))
}

// hypothesis reads what the changes need, facts only where they do.
func (r *Reader) hypothesis(ctx context.Context, p *Partner, ch Changes) (*hypothesis, error) {
	h := &hypothesis{p: p, ch: ch}
	rules := p.Rules
	if ch.Rulebook != nil && ch.Rulebook.SHA256 != rules.SHA256 {
		if ch.Rulebook.EligibilitySHA256 != rules.EligibilitySHA256 {
			return nil, &NotKnownError{p.ScoreMonth, fmt.Sprintf("the rulebook %s counts other usage rows than the facts hold", ch.Rulebook.ID),
				scoreAside(p.ScoreMonth, ch.Rulebook)}
		}
		rules = ch.Rulebook
		h.say("scored by the rulebook %s instead of %s", rules.ID, p.Rules.ID)
	}
	from := p.ScoreMonth.Add(1)
	if len(ch.LostCustomers) > 0 || slices.ContainsFunc(ch.Customers, func(c CustomersChange) bool { return c.Number < 0 }) {
		from = p.ScoreMonth.Add(-1)
	}
	if len(ch.LostServices) > 0 {
		from = p.ScoreMonth.Add(-11)
	}
	if len(rules.Tracks) > 1 {
		from = p.ScoreMonth.Add(-13)
	}
	var err error
	if from <= p.ScoreMonth {
		if h.usage, err = r.wholeUsage(ctx, p, from); err != nil {
			return nil, err
		}
	}
	if h.scenario, h.labels, err = r.scenario(ctx, p, rules, h.usage); err != nil {
		return nil, err
	}
	h.track0 = h.track().ID
	for _, c := range p.Customers {
		h.acr0 += c.Current
	}
	h.fold = func(text string) (string, error) {
		keys, err := r.fold(ctx, text)
		return keys[text], err
	}
	h.offered = func() (map[string]string, error) {
		names := map[string]string{}
		return names, r.query(ctx, p.ScoreMonth, "answers/all_services", func(rows *sql.Rows) error {
			var key, name string
			err := rows.Scan(&key, &name)
			names[key] = name
			return err
		}, r.tables(snapshot.Services, p.ScoreMonth))
	}
	return h, nil
}

// maxAmount is the largest amount that DECIMAL(18,6) holds, in millionths.
const maxAmount = 999_999_999_999_999_999

// check refuses amounts that the tables could not publish.
func (h *hypothesis) check() error {
	var acr, ttm snapshot.Amount
	for _, c := range h.customers {
		acr, ttm = acr+c.Current, ttm+c.TTM
		if tooLarge(acr) || tooLarge(ttm) {
			break
		}
	}
	if tooLarge(acr) || tooLarge(ttm) || tooLarge(h.unassigned) || tooLarge(acr+h.unassigned) || tooLarge(ttm+h.unassigned) {
		return &ChangeError{"the changes make a consumption of a trillion US dollars or more; check the amounts"}
	}
	return nil
}

func tooLarge(a snapshot.Amount) bool { return a > maxAmount || a < -maxAmount }
