package results

import (
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Plan says what a run would read, build and publish for a month.
type Plan struct {
	Month       scoring.Month `json:"score_month"`
	Rulebook    string        `json:"rulebook"`
	Provisional []string      `json:"provisional"`
	Usage       []PlanMonth   `json:"usage"`
	// Certifications is the month of the snapshot used, empty without one.
	Certifications string          `json:"certifications_month,omitempty"`
	Inputs         []snapshot.File `json:"inputs"`
	// Publish is "new", "changed", or "unchanged" when the run would find nothing to do.
	Publish string `json:"publish"`
}

// PlanMonth is one usage month of a Plan.
type PlanMonth struct {
	Month scoring.Month `json:"month"`
	Files int           `json:"files"`
	Rows  int64         `json:"rows"`
	// Facts is "build" or "reuse".
	Facts string `json:"facts"`
}

// MonthPlan says what a backfill would do to one month.
type MonthPlan struct {
	Month scoring.Month
	Plan  *Plan // nil when it would fail
	Err   error
}
