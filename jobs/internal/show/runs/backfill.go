package runs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Backfill is the result of `backfill`.
type Backfill struct {
	Months     []BackfillMonth `json:"months"`
	Total      int             `json:"total"`
	Scored     int             `json:"scored"`
	Unchanged  int             `json:"unchanged"`
	Failed     int             `json:"failed"`
	NotReached int             `json:"not_reached"` // because the run was interrupted, or an earlier month failed
	FactsBuilt int             `json:"facts_built"`
	RowsRead   int64           `json:"rows_read"`
}

// BackfillMonth is how one month ended.
type BackfillMonth struct {
	Month       scoring.Month `json:"score_month"`
	Result      string        `json:"result"` // scored, unchanged or failed
	Error       string        `json:"error,omitempty"`
	Provisional []string      `json:"provisional"`
	FactsBuilt  int           `json:"facts_built"`
	FactsReused int           `json:"facts_reused"`
	RowsRead    int64         `json:"rows_read"`
	Seconds     float64       `json:"seconds"`

	sentence string // the first of Error
	elapsed  time.Duration
}

// NewBackfillMonth says how a month ended.
func NewBackfillMonth(r results.MonthResult) BackfillMonth {
	m := BackfillMonth{Month: r.Month, Result: "failed", Provisional: append([]string{}, r.Provisional...), elapsed: r.Elapsed,
		Seconds: r.Elapsed.Round(time.Millisecond).Seconds()}
	if r.Err != nil {
		m.Error, m.sentence = r.Err.Error(), FirstSentence(r.Err)
		return m
	}
	if m.Result = "unchanged"; r.Outcome.Changed {
		m.Result = "scored"
	}
	m.FactsBuilt, m.FactsReused, m.RowsRead = r.Outcome.FactsBuilt, r.Outcome.FactsReused, r.Outcome.RowsRead
	return m
}

// NewBackfill adds the counts to the months that have ended.
func NewBackfill(months []BackfillMonth, s results.Backfilled) Backfill {
	return Backfill{Months: append([]BackfillMonth{}, months...), Total: s.Months, Scored: s.Scored, Unchanged: s.Unchanged, Failed: s.Failed,
		NotReached: s.Months - s.Scored - s.Unchanged - s.Failed, FactsBuilt: s.FactsBuilt, RowsRead: s.Rows}
}

// Text has a line per month, and the counts.
func (r Backfill) Text(width int) string {
	if r.Total == 0 {
		return "Nothing to do: no published month is stale.\n"
	}
	t := document.Table{Inset: document.MonthInset,
		Columns: append(document.Named("Month", "Result"), document.Numbers("Facts built", "Reused", "Rows read", "Elapsed")...)}
	for _, m := range r.Months {
		result := m.Result
		if len(m.Provisional) > 0 && m.Error == "" {
			result += ", provisional"
		}
		if m.Error != "" {
			t.Add(0, m.sentence, m.Month.String(), result, "", "", "", show.Duration(m.elapsed))
			continue
		}
		t.Add(0, "", m.Month.String(), result, strconv.Itoa(m.FactsBuilt), strconv.Itoa(m.FactsReused), scoring.Grouped(m.RowsRead), show.Duration(m.elapsed))
	}
	var b strings.Builder
	if len(r.Months) > 0 {
		b.WriteString(show.Table(t, width) + "\n")
	}
	fmt.Fprintf(&b, "%s: %d scored, %d unchanged, %d failed", monthCount(r.Total), r.Scored, r.Unchanged, r.Failed)
	if r.NotReached > 0 {
		fmt.Fprintf(&b, ", %d not reached", r.NotReached)
	}
	fmt.Fprintf(&b, ".\nFacts built: %s, from %s of usage.\n", monthCount(r.FactsBuilt), wording.Count(r.RowsRead, "row"))
	return b.String()
}

// monthCount writes a number of months.
func monthCount(n int) string { return wording.Count(int64(n), "month") }

// FirstSentence says what went wrong, without advice.
func FirstSentence(err error) string {
	var missing *exports.MissingError
	if errors.As(err, &missing) {
		plain := *missing
		plain.Hint = ""
		line, _, _ := strings.Cut(plain.Error(), "\n")
		return line
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	line, _, _ = strings.Cut(line, "; ")
	return line
}
