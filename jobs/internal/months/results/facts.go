package results

import (
	"time"

	"partnerscore/scoring"
)

// FactsMonth is how the facts of one month ended.
type FactsMonth struct {
	Month   scoring.Month
	Rows    int64 // of its usage files
	State   FactsState
	Elapsed time.Duration
}

// FactsState says who built the facts of a month.
type FactsState string

// The states of facts.
const (
	FactsBuilt     FactsState = "built"
	FactsReused    FactsState = "reused"    // they were there
	FactsElsewhere FactsState = "elsewhere" // another run is building them
)
