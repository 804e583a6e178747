// Package runs lays out what runs over months give: the result of score, backfill, status and verify, and what a dry run would do. Each result is
// a document: its fields are the JSON, and a method lays it out for people.
package runs

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// detailedPartner is the number of partners from which on each gets one line.
const detailedPartner = 40

// Score is the result of `score`.
type Score struct {
	*results.Scorecard
	Changed     bool `json:"changed"` // false: what was published already is what the inputs give
	FactsBuilt  int  `json:"facts_built"`
	FactsReused int  `json:"facts_reused"`
	// Restated are the months of --restated: those whose inputs, rules or settings changed.
	Restated []BackfillMonth `json:"restated,omitempty"`
	// Pages are the reports of --report: of the month, and of restated ones.
	Pages []Pages `json:"pages,omitempty"`
}

// Text lays out the scores, under the rules that they were made by. snapshots is the folder that they are published in.
func (s Score) Text(book *scoring.Rulebook, snapshots string, width int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", s.title(width))
	switch {
	case len(s.Partners) == 0:
		b.WriteString("No partner has usage that counts or a certification.\n")
	case len(s.Partners) > detailedPartner:
		b.WriteString(s.overview(book, width))
	default:
		b.WriteString(scoreTableOf(s.Partners, book, width))
	}
	b.WriteString("\n")
	for _, sentence := range append(s.qualified(book), s.leftOut(), s.published(snapshots), s.restated()) {
		if sentence == "" {
			continue
		}
		b.WriteString(strings.Join(show.Wrapped(sentence, width), "\n") + "\n")
	}
	for _, pages := range s.Pages {
		b.WriteString(pages.Text())
	}
	return b.String()
}

func (s Score) title(width int) string {
	title := fmt.Sprintf("Partner capability scores of %s (%s), rulebook %s", s.Month.First().Format("January 2006"), s.Month, s.Rulebook)
	if len(s.Provisional) > 0 {
		title += "\n" + strings.Join(show.Wrapped("PROVISIONAL: "+strings.Join(s.Provisional, "; "), width), "\n")
	}
	return title
}
