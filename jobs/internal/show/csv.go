package show

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"

	"partnerscore/jobs/internal/document"
)

// CSV prints records with a header. Numbers are plain: no separators, a point before decimals.
func CSV(out io.Writer, r document.Records) error {
	lines := [][]string{r.Keys.Header()}
	for _, row := range r.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = noFormula(cell)
		}
		lines = append(lines, cells)
	}
	if err := csv.NewWriter(out).WriteAll(lines); err != nil {
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
