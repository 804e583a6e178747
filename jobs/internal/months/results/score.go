// Package results holds the results of runs over months: what was scored, planned, found and verified. Package months makes them; who shows them needs
// no engine.
package results

import (
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Outcome says what a run did to one month.
type Outcome struct {
	Month       scoring.Month
	Changed     bool // false: what was published already is what the inputs give
	FactsBuilt  int
	FactsReused int
	RowsRead    int64 // usage rows of the months whose facts were built
	Provisional []string
	Card        *Scorecard // nil in a backfill, and where it cannot be read
	CardError   error      // why it cannot: the month is published all the same
}

// Scorecard is a published month for people and programs, read from its snapshot.
type Scorecard struct {
	Month       scoring.Month        `json:"score_month"`
	Rulebook    string               `json:"rulebook"`
	Provisional []string             `json:"provisional"` // the reasons; empty when final
	Partners    []PartnerCard        `json:"partners"`
	Exclusions  []snapshot.Exclusion `json:"exclusions"` // of the fourteen months together
}

// PartnerCard is one partner of a Scorecard, by id in byte order.
type PartnerCard struct {
	ID    string     `json:"partner_id"`
	Name  string     `json:"partner_name,omitempty"`
	Track string     `json:"track"`
	Areas []AreaCard `json:"areas"`
}

// AreaCard is the score in one area; points are hundredths.
type AreaCard struct {
	Area                scoring.Area       `json:"solution_area"`
	Total               scoring.Hundredths `json:"total_points"`
	PointsToDesignation scoring.Hundredths `json:"points_to_designation"`
	Qualifies           bool               `json:"qualifies"`
	RoundingSensitive   bool               `json:"rounding_sensitive"`
	Blocking            string             `json:"blocking_metrics"` // comma separated
	Metrics             []MetricCard       `json:"metrics"`
}

// MetricCard is one metric of an area in the programme's order; those that do not apply have nil points.
type MetricCard struct {
	Metric scoring.Metric      `json:"metric"`
	Points *scoring.Hundredths `json:"points"`
	Max    *scoring.Hundredths `json:"max_points"`
	Status scoring.Status      `json:"status"`
	Reason string              `json:"reason"`
}
