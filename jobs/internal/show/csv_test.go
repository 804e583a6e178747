package show

import (
	"bytes"
	"testing"

	"partnerscore/jobs/internal/document"
)

// Names come from exports, and people open the CSV with a spreadsheet.
func TestCSVHoldsNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "Harbourline": "Harbourline", "-12.50": "-12.50", "+3": "+3", "2024-06": "2024-06", "a=b": "a=b",
		`=HYPERLINK("x")`: `'=HYPERLINK("x")`, "@SUM(A1)": "'@SUM(A1)", "-2+3|cmd": "'-2+3|cmd", "+1 Ltd": "'+1 Ltd", "\t=1": "'\t=1", "-": "'-",
	} {
		if got := noFormula(cell); got != want {
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
	}
	var out bytes.Buffer
	rows := [][]string{{`=1+"1"`, "1"}, {"a,b\nc", "-2"}}
	if err := CSV(&out, document.Records{Keys: document.Keys{{"name points", "of whom"}}, Rows: rows}); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "name,points\n\"'=1+\"\"1\"\"\",1\n\"a,b\nc\",-2\n"; got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
	if rows[0][0] != `=1+"1"` {
		t.Errorf("writing changed the record to %q", rows[0][0])
	}
}
