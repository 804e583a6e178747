package report

import (
	"fmt"
	"strings"
	"unicode"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
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

// why is what a metric's reason says after the points, which the page shows beside it.
func why(m published.MetricScore) string {
	if m.Points != nil && m.Max != nil {
		return wording.Sentence(strings.TrimPrefix(m.Reason, fmt.Sprintf("%s of %s points: ", m.Points, m.Max)))
	}
	return wording.Sentence(m.Reason)
}

// cut returns the first n of a list, and how many are left out; empty for none.
func cut[T any](all []T, n int) (first []T, more string) {
	if len(all) <= n {
		return all, ""
	}
	return all[:n], scoring.Grouped(int64(len(all) - n))
}
