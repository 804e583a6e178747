package inspection

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

const (
	listedProblems = 100
	listedLabels   = 12 // of a kind, in a table
)

// writer collects the text.
type writer struct {
	width int
	b     strings.Builder
}

// sentence writes a sentence in as many lines as it needs.
func (t *writer) sentence(indent int, text string) {
	t.b.WriteString(show.Indented(text, indent, t.width))
}

// table writes a table below an empty line.
func (t *writer) table(w table.Writer) { t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n")) }

func (t *writer) line(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

// problems lists the problems of the folder, if any.
func (t *writer) problems(all []string) {
	if len(all) == 0 {
		return
	}
	t.line("\nProblems:")
	for i, s := range all {
		if i == listedProblems {
			t.line("  and %s more", scoring.Grouped(int64(len(all)-i)))
			return
		}
		t.sentence(2, s)
	}
}

// labels lists labels with what the rulebook takes them for; what it does not know is marked.
func (t *writer) labels(title string, kind inspect.LabelKind) {
	if len(kind.Labels) == 0 {
		if kind.More > 0 {
			t.line("\n%s: %s different values, too many for labels; check which column is read as this one", title, scoring.Grouped(kind.More))
		}
		return
	}
	w := show.NewTable(table.Row{title, "Rows", "Meaning"}, 2)
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
		name := show.Shortened(show.Printable(l.Label), max(t.width-60, 24))
		if l.Label == "" {
			name = "(blank)"
		}
		w.AppendRow(table.Row{name, scoring.Grouped(l.Rows), show.Printable(meaning)})
	}
	t.table(w)
	if more > 0 {
		t.line("and %s more", scoring.Grouped(more))
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
