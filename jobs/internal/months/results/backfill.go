package results

import (
	"strings"
	"time"

	"partnerscore/scoring"
)

// MonthResult is how one month of a backfill ended.
type MonthResult struct {
	Month   scoring.Month
	Outcome *Outcome // nil when it failed
	// Provisional says why the month is provisional, if it is.
	Provisional []string
	Elapsed     time.Duration
	Err         error
}

// Backfilled counts how the months of a backfill ended.
type Backfilled struct {
	// Months is how many there were to do, 0 where none was begun. Those that are neither scored nor unchanged nor failed were not reached.
	Months                    int
	Scored, Unchanged, Failed int
	FactsBuilt                int
	// Rows is the number of usage rows of the months whose facts were built: each raw month counts once.
	Rows int64
}

// BackfillError says which months of a backfill failed. It unwraps to the error of the first.
type BackfillError struct{ Failures []MonthResult }

// Error has the error of every month that failed. Months with the same error, because they need the same input, share a line.
func (e *BackfillError) Error() string {
	var texts []string
	months := map[string][]scoring.Month{}
	for _, f := range e.Failures {
		text := f.Err.Error()
		if months[text] == nil {
			texts = append(texts, text)
		}
		months[text] = append(months[text], f.Month)
	}
	for i, text := range texts {
		texts[i] = scoring.MonthRanges(months[text]) + ": " + text
	}
	return strings.Join(texts, "\n")
}

// Unwrap returns the error of the first month that failed.
func (e *BackfillError) Unwrap() error { return e.Failures[0].Err }

// Add counts how a month ended.
func (s *Backfilled) Add(r MonthResult) {
	switch {
	case r.Err != nil:
		s.Failed++
	case r.Outcome.Changed:
		s.Scored++
	default:
		s.Unchanged++
	}
	if r.Outcome != nil {
		s.FactsBuilt += r.Outcome.FactsBuilt
		s.Rows += r.Outcome.RowsRead
	}
}
