package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// backfillResult is what `backfill --format json` prints.
type backfillResult struct {
	Months     []backfillMonth `json:"months"`
	Total      int             `json:"total"`
	Scored     int             `json:"scored"`
	Unchanged  int             `json:"unchanged"`
	Failed     int             `json:"failed"`
	NotReached int             `json:"not_reached"` // because the run was interrupted, or an earlier month failed
	FactsBuilt int             `json:"facts_built"`
	RowsRead   int64           `json:"rows_read"`
}

// backfillMonth is how one month ended.
type backfillMonth struct {
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

func newBackfillMonth(r months.MonthResult) backfillMonth {
	m := backfillMonth{Month: r.Month, Result: "failed", Provisional: append([]string{}, r.Provisional...), elapsed: r.Elapsed,
		Seconds: r.Elapsed.Round(time.Millisecond).Seconds()}
	if r.Err != nil {
		m.Error, m.sentence = r.Err.Error(), firstSentence(r.Err)
		return m
	}
	if m.Result = "unchanged"; r.Outcome.Changed {
		m.Result = "scored"
	}
	m.FactsBuilt, m.FactsReused, m.RowsRead = r.Outcome.FactsBuilt, r.Outcome.FactsReused, r.Outcome.RowsRead
	return m
}

// firstSentence says what went wrong, without advice.
func firstSentence(err error) string {
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

func (r *backfillResult) sum(s months.Backfilled) {
	r.Total, r.Scored, r.Unchanged, r.Failed = s.Months, s.Scored, s.Unchanged, s.Failed
	r.NotReached = s.Months - s.Scored - s.Unchanged - s.Failed
	r.FactsBuilt, r.RowsRead = s.FactsBuilt, s.Rows
}

func (p *program) printBackfill(r backfillResult, o *backfillOptions) error {
	if o.format == formatJSON {
		return writeJSON(p.stdout, r)
	}
	if r.Total == 0 {
		return p.write("Nothing to do: no published month is stale.\n")
	}
	t := show.NewMonthsTable(p.sentenceWidth(), "Month", "Result", "Facts built", "Reused", "Rows read", "Elapsed")
	for _, m := range r.Months {
		result := m.Result
		if len(m.Provisional) > 0 && m.Error == "" {
			result += ", provisional"
		}
		if m.Error != "" {
			t.Row(m.sentence, m.Month.String(), result, "", "", "", duration(m.elapsed))
			continue
		}
		t.Row("", m.Month.String(), result, m.FactsBuilt, m.FactsReused, show.Grouped(m.RowsRead), duration(m.elapsed))
	}
	var b strings.Builder
	if len(r.Months) > 0 {
		b.WriteString(t.String() + "\n")
	}
	fmt.Fprintf(&b, "%s: %d scored, %d unchanged, %d failed", monthWord(r.Total), r.Scored, r.Unchanged, r.Failed)
	if r.NotReached > 0 {
		fmt.Fprintf(&b, ", %d not reached", r.NotReached)
	}
	fmt.Fprintf(&b, ".\nFacts built: %s, from %s of usage.\n", monthWord(r.FactsBuilt), show.Count(r.RowsRead, "row"))
	return p.write(b.String())
}
