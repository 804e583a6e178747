package show

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Columns are the columns of a command's CSV, in their order: the header and its description are one.
type Columns []csvColumn

// csvColumn is a column, or several in a row that are described together.
type csvColumn struct {
	names   string // with spaces between
	meaning string
}

// Header returns the names of all columns.
func (c Columns) Header() (names []string) {
	for _, column := range c {
		names = append(names, strings.Fields(column.names)...)
	}
	return names
}

// Described are the columns as help lists them.
func (c Columns) Described() (rows [][2]string) {
	for _, column := range c {
		rows = append(rows, [2]string{strings.Join(strings.Fields(column.names), ", "), column.meaning})
	}
	return rows
}

// WriteCSV prints rows with a header. Numbers are plain: no separators, a point before decimals.
func WriteCSV(out io.Writer, header []string, rows [][]string) error {
	w := csv.NewWriter(out)
	if err := w.Write(header); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = noFormula(cell)
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// plainNumber is a number as amounts and points are written.
var plainNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

// noFormula puts an apostrophe before a text that a spreadsheet would run as a formula: names of customers are what these call themselves.
func noFormula(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) || plainNumber.MatchString(cell) {
		return cell
	}
	return "'" + cell
}

// optional writes a number plainly, nothing for none.
func optional[T interface{ Decimal() string }](number *T) string {
	if number == nil {
		return ""
	}
	return (*number).Decimal()
}
