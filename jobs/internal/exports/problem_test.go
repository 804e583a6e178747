package exports

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"partnerscore/scoring"
)

func TestErrors(t *testing.T) {
	lines := []string{
		(&MissingError{Table: Usage, Months: []scoring.Month{june, june - 13, june - 12}, Hint: "deliver them"}).Error(),
		(&MissingError{Table: Certifications}).Error(),
		(&MissingError{Path: "no such", Hint: "it does not exist"}).Error(),
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

// TestDisplayName: whatever the name, a message stays on its line and is printable.
func TestDisplayName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "name"))
		shown := displayName(name)
		if !utf8.ValidString(shown) || strings.ContainsAny(shown, "\n\r\x00\x1b") || len(shown) > 1000 {
			t.Fatalf("%q is shown as %q", name, shown)
		}
	})
}
