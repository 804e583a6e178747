package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/pipeline"
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

func newBackfillMonth(r pipeline.MonthResult) backfillMonth {
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

func (r *backfillResult) sum(s pipeline.Backfilled) {
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
	t := newMonthsTable(p.sentenceWidth(), "Month", "Result", "Facts built", "Reused", "Rows read", "Elapsed")
	for _, m := range r.Months {
		result := m.Result
		if len(m.Provisional) > 0 && m.Error == "" {
			result += ", provisional"
		}
		if m.Error != "" {
			t.row(m.sentence, m.Month.String(), result, "", "", "", duration(m.elapsed))
			continue
		}
		t.row("", m.Month.String(), result, m.FactsBuilt, m.FactsReused, grouped(m.RowsRead), duration(m.elapsed))
	}
	var b strings.Builder
	if len(r.Months) > 0 {
		b.WriteString(t.String() + "\n")
	}
	fmt.Fprintf(&b, "%s: %d scored, %d unchanged, %d failed", monthWord(r.Total), r.Scored, r.Unchanged, r.Failed)
	if r.NotReached > 0 {
		fmt.Fprintf(&b, ", %d not reached", r.NotReached)
	}
	fmt.Fprintf(&b, ".\nFacts built: %s, from %s of usage.\n", monthWord(r.FactsBuilt), count(r.RowsRead, "row"))
	return p.write(b.String())
}

// monthsTable has a line per month, and below the line of a month what there is to say about it.
type monthsTable struct {
	writer    table.Writer
	width     int
	indent    int // of the sentences
	sentences []string
}

// monthIndent puts sentences below the second column of a table whose first one has months.
const monthIndent = len("2024-06  ")

// newMonthsTable makes a table whose columns from the third on are numbers.
func newMonthsTable(width int, header ...string) *monthsTable {
	t := &monthsTable{writer: table.NewWriter(), width: width, indent: monthIndent}
	t.writer.SetStyle(plainStyle())
	var configs []table.ColumnConfig
	row := table.Row{}
	for i, name := range header {
		if row = append(row, name); i > 1 {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	t.writer.AppendHeader(row)
	t.writer.SetColumnConfigs(configs)
	return t
}

// row adds a line. sentence is empty where there is nothing to say.
func (t *monthsTable) row(sentence, month string, cells ...any) {
	t.writer.AppendRow(append(table.Row{month}, cells...))
	t.sentences = append(t.sentences, sentence)
}

// String renders the table.
func (t *monthsTable) String() string {
	var b strings.Builder
	const heading = 2 // the header and the line below it
	i := -heading
	for line := range strings.Lines(render(t.writer)) {
		b.WriteString(line)
		if i >= 0 && t.sentences[i] != "" {
			b.WriteString(indented(t.sentences[i], t.indent, t.width))
		}
		i++
	}
	return b.String()
}
