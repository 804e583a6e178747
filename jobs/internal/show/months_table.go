package show

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/scoring"
)

// MonthsTable has a line per month, followed by the remarks on that month.
type MonthsTable struct {
	writer    table.Writer
	width     int
	indent    int // of the sentences
	sentences []string
}

// monthIndent puts sentences below the second column of a table whose first one has months.
const monthIndent = len("2024-06  ")

// NewMonthsTable makes a table whose columns from the third on are numbers.
func NewMonthsTable(width int, header ...string) *MonthsTable {
	t := &MonthsTable{writer: table.NewWriter(), width: width, indent: monthIndent}
	t.writer.SetStyle(PlainStyle())
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

// NewMonthsList makes a table whose columns are all texts.
func NewMonthsList(width int, header ...string) *MonthsTable {
	t := NewMonthsTable(width, header...)
	t.writer.SetColumnConfigs(nil)
	return t
}

// Row adds a line. sentence is empty where there is nothing to say.
func (t *MonthsTable) Row(sentence, month string, cells ...any) {
	t.writer.AppendRow(append(table.Row{month}, cells...))
	t.sentences = append(t.sentences, sentence)
}

// String renders the table.
func (t *MonthsTable) String() string {
	var b strings.Builder
	const heading = 2 // the header and the line below it
	i := -heading
	for line := range strings.Lines(Render(t.writer)) {
		b.WriteString(line)
		if i >= 0 && t.sentences[i] != "" {
			b.WriteString(Indented(t.sentences[i], t.indent, t.width))
		}
		i++
	}
	return b.String()
}

// ReasonsOfMonths lists the reasons of months, each with the months that have it, in the order in which they first appear.
func ReasonsOfMonths[T any](heading string, months []T, width int, reasons func(T) (scoring.Month, []string)) string {
	var order []string
	with := map[string][]scoring.Month{}
	for _, m := range months {
		month, all := reasons(m)
		for _, reason := range all {
			if with[reason] == nil {
				order = append(order, reason)
			}
			with[reason] = append(with[reason], month)
		}
	}
	if len(order) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s:\n", strings.ToUpper(heading[:1]), heading[1:])
	for _, reason := range order {
		which := scoring.MonthRanges(with[reason])
		const column = len("  2024-01 to 2024-06  ")
		if lines := strings.TrimLeft(Indented(reason, column, width), " "); len(which) <= column-4 {
			fmt.Fprintf(&b, "  %-*s%s", column-2, which, lines)
		} else {
			b.WriteString(Indented(which, 2, width) + Indented(reason, column, width))
		}
	}
	return b.String() + "\n"
}
