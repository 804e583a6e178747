package runs

import (
	"fmt"
	"time"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// Facts is the result of `facts`.
type Facts struct {
	Months    []FactsMonth `json:"months"`
	Built     int          `json:"built"`
	Reused    int          `json:"reused"`
	Elsewhere int          `json:"elsewhere"` // another run builds them
}

// FactsMonth is how the facts of one month ended.
type FactsMonth struct {
	Month   scoring.Month      `json:"usage_month"`
	Result  results.FactsState `json:"result"`
	Rows    int64              `json:"rows"`
	Seconds float64            `json:"seconds"`

	elapsed time.Duration
}

// Add adds a month.
func (r *Facts) Add(m results.FactsMonth) {
	switch m.State {
	case results.FactsBuilt:
		r.Built++
	case results.FactsReused:
		r.Reused++
	case results.FactsElsewhere:
		r.Elsewhere++
	}
	r.Months = append(r.Months, FactsMonth{Month: m.Month, Result: m.State, Rows: m.Rows, Seconds: m.Elapsed.Round(time.Millisecond).Seconds(), elapsed: m.Elapsed})
}

// Text has a line per month, and the counts.
func (r Facts) Text(width int) string {
	if len(r.Months) == 0 {
		return "Nothing to do: no month of the range is this process's.\n"
	}
	t := document.Table{Inset: document.MonthInset, Columns: append(document.Named("Usage month", "Facts"), document.Numbers("Rows", "Elapsed")...)}
	words := map[results.FactsState]string{
		results.FactsBuilt: "built", results.FactsReused: "there already", results.FactsElsewhere: "another run builds them",
	}
	for _, m := range r.Months {
		t.Add(0, "", m.Month.String(), words[m.Result], scoring.Grouped(m.Rows), show.Duration(m.elapsed))
	}
	text := fmt.Sprintf("%s\nFacts of %s: %d built, %d there already", show.Table(t, width), monthCount(len(r.Months)), r.Built, r.Reused)
	if r.Elsewhere > 0 {
		text += fmt.Sprintf(", %d left to another run", r.Elsewhere)
	}
	return text + ".\n"
}
