package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
)

// listedLabels is how many labels of a kind a table lists.
const listedLabels = 12

// month prints all there is to say of a month of usage, first what a score would say; or, below a list of months, what is wrong with it.
func (t *inspectTable) month(m inspect.InspectedMonth, whole bool) {
	t.line("\nUsage of %s, judged by rulebook %s", m.Month, show.Printable(m.Rulebook))
	if whole && m.Score.State != inspect.VerdictReady {
		t.score(m)
	}
	t.problems(m.Problems)
	t.files(m.Files, whole)
	if !whole && !m.TooMany {
		return
	}
	if m.Judged && m.Rows > 0 {
		t.line("\n%s: %s, %s left out by rule, %s of bad data (%s).", show.Count(m.Rows, "row"), show.Verb(m.Counted, "counts", "count"),
			show.Grouped(rowsOf(m.Excluded)), show.Grouped(rowsOf(m.Rejected)), percent(rowsOf(m.Rejected), m.Rows))
	}
	t.leftOut(m)
	if !whole {
		return
	}
	t.tracks(m)
	for _, kind := range m.Labels {
		t.labels(strings.ToUpper(kind.Kind[:1])+kind.Kind[1:], kind)
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
func (t *inspectTable) score(m inspect.InspectedMonth) {
	switch code := verdictExit(m.Score.State); {
	case code != 0:
		t.line("A score of %s would end with exit code %d:", m.Month, code)
	default:
		t.line("A score of %s can be made, as provisional:", m.Month)
	}
	for _, reason := range append(m.Score.Reasons[:len(m.Score.Reasons):len(m.Score.Reasons)], m.Score.Provisional...) {
		t.b.WriteString(show.Indented(reason, 2, t.width))
	}
	if m.Score.Advice != "" {
		t.b.WriteString(show.Indented(m.Score.Advice, 2, t.width))
	}
}

// leftOut lists why rows do not count, and below examples of bad data.
func (t *inspectTable) leftOut(m inspect.InspectedMonth) {
	if len(m.Excluded)+len(m.Rejected) == 0 {
		return
	}
	w := newInspectWriter(table.Row{"Left out", "", "Rows", "ACR in USD"}, 3, 4)
	for _, class := range []struct {
		name string
		list []inspect.LeftOut
	}{{"by rule", m.Excluded}, {"bad data", m.Rejected}} {
		for _, l := range class.list {
			w.AppendRow(table.Row{class.name, l.Reason, show.Grouped(l.Rows), show.Cents(int64(l.ACRUSD))})
		}
	}
	t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n"))
	t.examples(m)
}

// examples says where rows of bad data are, and what stands there.
func (t *inspectTable) examples(m inspect.InspectedMonth) {
	if len(m.Rejected) == 0 {
		return
	}
	folder := commonFolder(m.Files)
	t.line("\nExamples of bad data in %s", show.Printable(folder))
	const column = len("  missing_association  ")
	for _, l := range m.Rejected {
		name := l.Reason
		for _, e := range l.Examples {
			lines := show.Indented(example(e, folder), column, t.width)
			fmt.Fprintf(&t.b, "  %-*s%s", column-2, name, strings.TrimLeft(lines, " "))
			name = ""
		}
	}
}

func example(e inspect.RejectedRow, folder string) string {
	where := inFolder(e.File, folder)
	if e.Row > 0 {
		where += ", row " + show.Grouped(e.Row)
	}
	if e.Line > 0 {
		where += ", line " + show.Grouped(e.Line)
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

// labels lists labels with what the rulebook takes them for; what it does not know is marked.
func (t *inspectTable) labels(title string, kind inspect.LabelKind) {
	if len(kind.Labels) == 0 {
		if kind.More > 0 {
			t.line("\n%s: %s different values, which are no labels; check what stands for the column", title, show.Grouped(kind.More))
		}
		return
	}
	w := newInspectWriter(table.Row{title, "Rows", "Meaning"}, 2)
	more, marked := kind.More, false
	for i, l := range kind.Labels {
		mark := markOf(kind.Kind, l)
		if i >= listedLabels && mark == "" {
			more++
			continue
		}
		meaning := l.Meaning
		if l.Similar != "" {
			meaning += ", though it looks like " + l.Similar
		}
		if mark != "" {
			meaning, marked = mark+" "+meaning, true
		}
		name := clipped(show.Printable(l.Label), max(t.width-60, 24))
		if l.Label == "" {
			name = "(blank)"
		}
		w.AppendRow(table.Row{name, show.Grouped(l.Rows), show.Printable(meaning)})
	}
	t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n"))
	if more > 0 {
		t.line("and %s more", show.Grouped(more))
	}
	if marked {
		t.line("? the rulebook does not name it")
	}
}

// markOf is a question mark for a label that the rulebook should know and does not. Offers and services that it does not name count.
func markOf(kind string, l inspect.Label) string {
	if l.Similar != "" || !l.Known && (kind == "association" || kind == "title" || kind == "segment") {
		return "?"
	}
	return ""
}

// clipped shortens a text to n characters.
func clipped(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
