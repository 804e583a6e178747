package report

import (
	"strings"
	"unicode"

	"partnerscore/jobs/internal/wording"
)

// breakable lets a name break wherever it has more letters in a row than a column of a table is wide; browsers break tables at spaces only.
func breakable(name string) string {
	const most = 16
	var b strings.Builder
	row := 0
	for _, r := range name {
		if row++; unicode.IsSpace(r) {
			row = 0
		} else if row > most && !unicode.Is(unicode.M, r) { // marks stay with their letter
			b.WriteRune('\u200b') // a space of no width
			row = 1
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cut returns the first n of a list, and how many are left out; empty for none.
func cut[T any](w wording.Words, all []T, n int) (first []T, more string) {
	if len(all) <= n {
		return all, ""
	}
	return all[:n], w.Grouped(int64(len(all) - n))
}
