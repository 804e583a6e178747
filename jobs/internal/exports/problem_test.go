package exports

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

func TestErrors(t *testing.T) {
	lines := []string{
		(&MissingError{Table: schema.Usage, Months: []scoring.Month{june, june - 13, june - 12}, Hint: "deliver them"}).Error(),
		(&MissingError{Table: schema.Certifications}).Error(),
		(&ChangedError{File: "a.csv", What: "vanished after it was checked"}).Error(),
		(&ContractError{Problems: []Problem{
			{File: "u/a.parquet", Month: june, Column: "ACR_USD", Row: 17, Value: "1,234.50", Message: "is no amount", Hint: "export plain numbers"},
			{File: "u/a.csv", Row: 17, Message: "is odd"},
			{File: "new\nline \xff.csv", Column: "a\tb", Value: "é\x00" + strings.Repeat("x", 100), Message: "is odd"},
			{File: "c.csv", Column: "Corp_Email", Value: "ada@example.com", Message: "is odd"},
			{File: "c.csv", Column: "person_mcp_id", Value: "990099", Message: "is odd"},
		}}).Error(),
	}
	golden(t, "errors.txt", strings.Join(lines, "\n"))
}

// TestGrouped: what is wrong with a whole file stands once for several files, what is wrong with a row each time.
func TestGrouped(t *testing.T) {
	e := &ContractError{Problems: []Problem{
		{File: "a.csv", Month: june - 2, Column: "acr_usd", Message: "missing column", Hint: "add it"},
		{File: "a.csv", Month: june - 2, Column: "month", Message: "missing column"},
		{File: "b.csv", Month: june - 1, Column: "acr_usd", Message: "missing column", Hint: "add it"},
		{File: "b.csv", Month: june - 1, Column: "month", Message: "missing column"},
		{File: "c.csv", Month: june, Column: "acr_usd", Message: "missing column", Hint: "add it"},
		{File: "a.csv", Row: 3, Message: "is odd"},
		{File: "b.csv", Row: 3, Message: "is odd"},
	}}
	want := `a.csv, month 2024-04, column acr_usd: missing column; add it; the same in 2 more files: 2024-05 to 2024-06
a.csv, month 2024-04, column month: missing column; the same in 1 more file: 2024-05
a.csv, line 3: is odd
b.csv, line 3: is odd`
	if got := e.Grouped(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestDisplayName: whatever the name, a message stays on its line and is printable.
func TestDisplayName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "name"))
		shown := defect.Quote(name)
		if !utf8.ValidString(shown) || strings.ContainsAny(shown, "\n\r\x00\x1b") || len(shown) > 1000 {
			t.Fatalf("%q is shown as %q", name, shown)
		}
	})
}
