package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesOfAnyLengthBreak(t *testing.T) {
	for _, name := range []string{"", "Harbourline Systems", "Telekommunikation GmbH", "مؤسسة الأفق للتقنية"} {
		if got := breakable(name); strings.ReplaceAll(got, "\u200b", "") != name || name != "Telekommunikation GmbH" && got != name {
			t.Errorf("%q becomes %q", name, got)
		}
	}
	got := breakable(strings.Repeat("W", 300) + " " + strings.Repeat("e\u0301", 40))
	for _, part := range strings.FieldsFunc(got, func(r rune) bool { return r == ' ' || r == '\u200b' }) {
		if n := utf8.RuneCountInString(strings.ReplaceAll(part, "\u0301", "")); n > 16 || strings.HasPrefix(part, "\u0301") {
			t.Errorf("%q has %d letters in a row", part, n)
		}
	}
}
