package show

import (
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Widths of tables, in columns.
const (
	PipeWidth  = 120 // when stdout is not a terminal
	RoomyWidth = 100 // from here on there is room for "24 of 40" and for what is short
)

// NewTable begins a table without frames: columns two blanks apart, a line below the header. Columns of the numeric numbers, from 1, stand to the right.
func NewTable(header table.Row, numeric ...int) table.Writer {
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatDefault
	w := table.NewWriter()
	w.SetStyle(style)
	var configs []table.ColumnConfig
	for _, n := range numeric {
		configs = append(configs, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	return w
}

// Render writes a table without the blanks to the right of its last column, and the line below the header as long as the rows are.
func Render(w table.Writer) string {
	rows, longest := strings.Split(w.Render(), "\n"), 0
	for i, row := range rows {
		rows[i] = strings.TrimRight(row, " ")
		if !isRule(row) {
			longest = max(longest, utf8.RuneCountInString(rows[i]))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		if isRule(row) {
			row = strings.Repeat("─", longest)
		}
		b.WriteString(row + "\n")
	}
	return b.String()
}

// LongestLine is how many columns a text takes.
func LongestLine(text string) (longest int) {
	for line := range strings.Lines(text) {
		longest = max(longest, utf8.RuneCountInString(strings.TrimRight(line, "\n")))
	}
	return longest
}

// isRule tells a line that separates the header.
func isRule(row string) bool { return strings.HasPrefix(row, "──") }
