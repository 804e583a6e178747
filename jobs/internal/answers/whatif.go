package answers

import (
	"context"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// WhatIf is a published month and the same month under a hypothesis.
type WhatIf struct {
	ScoreMonth scoring.Month `json:"score_month"`
	published.PartnerName
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
	Area      scoring.Area             `json:"solution_area"`
	Name      string                   `json:"name"`
	Total     Pair[scoring.Hundredths] `json:"total_points"`
	Qualifies Pair[bool]               `json:"qualifies"`
	Lacking   Pair[scoring.Hundredths] `json:"points_to_designation"`
	Blocking  Pair[[]scoring.Metric]   `json:"blocking_metrics"` // those worth 0, which published points above 0 can look like
	Metrics   []WhatIfMetric           `json:"metrics"`          // in the programme's order
}

// WhatIfMetric is one metric of a WhatIfArea.
type WhatIfMetric struct {
	Metric scoring.Metric `json:"metric"`
	Pair[published.MetricValue]
}

// Suppose scores a published month of a partner under changes, in an area or, where that is empty, in all. The errors are those of
// published.Reader.Partner and of scenario.Suppose.
func Suppose(ctx context.Context, r published.Reader, m scoring.Month, id string, area scoring.Area, ch scenario.Changes) (*WhatIf, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
	return SupposeOf(ctx, r, p, area, ch)
}

// SupposeOf is Suppose for a partner that has been read.
func SupposeOf(ctx context.Context, r published.Reader, p *published.Partner, area scoring.Area, ch scenario.Changes) (*WhatIf, error) {
	h, err := scenario.Suppose(ctx, r, p, ch)
	if err != nil {
		return nil, err
	}
	track, scores, err := h.Score()
	if err != nil {
		return nil, err
	}
	w := &WhatIf{ScoreMonth: p.ScoreMonth, PartnerName: p.PartnerName, Changes: append([]string{}, h.Said...), Notes: append([]string{}, h.Notes...),
		Rulebook: Pair[string]{p.Rules.ID, h.Rules.ID}, Track: Pair[string]{p.Track.ID, track.ID}}
	for _, after := range scores {
		if before := p.Score(after.Area); before != nil && (area == "" || area == after.Area) {
			w.Areas = append(w.Areas, compareArea(h.Rules, *before, after))
		}
	}
	return w, nil
}

func compareArea(rules *scoring.Rulebook, before, after published.Score) WhatIfArea {
	a := WhatIfArea{Area: after.Area, Name: rules.AreaName(after.Area), Total: Pair[scoring.Hundredths]{before.Total, after.Total},
		Qualifies: Pair[bool]{before.Qualifies, after.Qualifies}, Lacking: Pair[scoring.Hundredths]{before.PointsToDesignation, after.PointsToDesignation},
		Blocking: Pair[[]scoring.Metric]{append([]scoring.Metric{}, before.Blocking...), append([]scoring.Metric{}, after.Blocking...)}}
	for _, m := range after.Metrics {
		if was := before.Metric(m.Metric); was != nil {
			a.Metrics = append(a.Metrics, WhatIfMetric{m.Metric, Pair[published.MetricValue]{was.MetricValue, m.MetricValue}})
		}
	}
	return a
}
