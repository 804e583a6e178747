package runs

import (
	"fmt"
	"time"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/months"
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
	Month   scoring.Month     `json:"usage_month"`
	Result  months.FactsState `json:"result"`
	Rows    int64             `json:"rows"`
	Seconds float64           `json:"seconds"`

	elapsed time.Duration
}

// Add adds a month.
func (r *Facts) Add(m months.FactsMonth) {
	switch m.State {
	case months.FactsBuilt:
		r.Built++
	case months.FactsReused:
		r.Reused++
	case months.FactsElsewhere:
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
	words := map[months.FactsState]string{
		months.FactsBuilt: "built", months.FactsReused: "there already", months.FactsElsewhere: "another run builds them",
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
