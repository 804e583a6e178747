package show

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// MonthsTable has a line per month, and below the line of a month what there is to say about it.
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
