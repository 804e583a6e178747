package inspection

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// month is a month of usage, laid out for people.
type month struct {
	*writer
	inspect.InspectedMonth
}

// write lays out all there is to say, first what a score would say; or, below a list of months, what is wrong with it.
func (m month) write(whole bool) {
	m.line("\nUsage of %s, judged by rulebook %s", m.Month, show.Printable(m.Rulebook))
	if whole && m.Score.State != inspect.VerdictReady {
		m.score()
	}
	m.problems(m.Problems)
	m.files(m.Files, whole)
	if !whole && !m.TooMany {
		return
	}
	if m.Judged && m.Rows > 0 {
		m.line("\n%s: %s, %s left out by rule, %s of bad data (%s).", wording.Count(m.Rows, "row"), wording.Counted(m.Counted, "counts", "count"),
			scoring.Grouped(rowsOf(m.Excluded)), scoring.Grouped(rowsOf(m.Rejected)), percent(rowsOf(m.Rejected), m.Rows))
	}
	m.leftOut()
	if !whole {
		return
	}
	m.tracks()
	for _, kind := range m.Labels {
		m.labels(strings.ToUpper(kind.Kind[:1])+kind.Kind[1:], kind)
	}
}

// percent writes a share with two decimals; what is above zero is not written as zero.
func percent(part, whole int64) string {
	if whole == 0 || part == 0 {
		return "0 %"
	}
	if share := 100 * float64(part) / float64(whole); share >= 0.005 {
		return fmt.Sprintf("%.2f %%", share)
	}
	return "below 0.01 %"
}

// score says why a month cannot be scored, or only as provisional.
func (m month) score() {
	switch code := verdictExit(m.Score.State); {
	case code != 0:
		m.line("A score of %s would end with exit code %d:", m.Month, code)
	default:
		m.line("A score of %s can be made, as provisional:", m.Month)
	}
	for _, reason := range append(m.Score.Reasons[:len(m.Score.Reasons):len(m.Score.Reasons)], m.Score.Provisional...) {
		m.sentence(2, reason)
	}
	if m.Score.Advice != "" {
		m.sentence(2, m.Score.Advice)
	}
}

// leftOut lists why rows do not count, and below examples of bad data.
func (m month) leftOut() {
	if len(m.Excluded)+len(m.Rejected) == 0 {
		return
	}
	w := show.NewTable(table.Row{"Left out", "", "Rows", "ACR in USD"}, 3, 4)
	for _, class := range []struct {
		name string
		list []inspect.LeftOut
	}{{"by rule", m.Excluded}, {"bad data", m.Rejected}} {
		for _, l := range class.list {
			w.AppendRow(table.Row{class.name, l.Reason, scoring.Grouped(l.Rows), wording.Cents(l.ACRUSD)})
		}
	}
	m.table(w)
	m.examples()
}

// examples says where rows of bad data are, and what stands there.
func (m month) examples() {
	if len(m.Rejected) == 0 {
		return
	}
	folder := commonFolder(m.Files)
	m.line("\nExamples of bad data in %s", show.Printable(folder))
	const column = len("  missing_association  ")
	for _, l := range m.Rejected {
		name := l.Reason
		for _, e := range l.Examples {
			lines := show.Indented(example(e, folder), column, m.width)
			fmt.Fprintf(&m.b, "  %-*s%s", column-2, name, strings.TrimLeft(lines, " "))
			name = ""
		}
	}
}

func example(e inspect.RejectedRow, folder string) string {
	where := inFolder(e.File, folder)
	if e.Row > 0 {
		where += ", row " + scoring.Grouped(e.Row)
	}
	if e.Line > 0 {
		where += ", line " + scoring.Grouped(e.Line)
	}
	switch {
	case strings.TrimSpace(e.Value) != "":
		return where + fmt.Sprintf(", value %q", e.Value)
	case strings.TrimSpace(e.Like) != "":
		return where + fmt.Sprintf(", value like %q", e.Like)
	default:
		return where
	}
}
