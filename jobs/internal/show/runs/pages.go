package runs

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Pages is the result of `report`, and of `score --report` for a month.
type Pages struct {
	Month    scoring.Month `json:"score_month"`
	Partners int           `json:"partners"`
	Path     string        `json:"path"` // of the page, or of the index in its folder
	Pages    int           `json:"pages"`
	Bytes    int64         `json:"bytes"` // of all pages
	// Stale are pages in its folder of partners that the report is not about, which its index does not lead to.
	Stale []string `json:"stale_pages"`
}

// Text says where the result is.
func (r Pages) Text() string {
	what := wording.Count(int64(r.Partners), "partner")
	if r.Pages > 1 {
		what += ", " + wording.Count(int64(r.Pages), "page")
	}
	text := fmt.Sprintf("Report of %s (%s): %s, %s bytes.\n", r.Month, what, show.Printable(r.Path), scoring.Grouped(r.Bytes))
	if n := len(r.Stale); n > 0 {
		const named = 5
		more := ""
		if n > named {
			more = fmt.Sprintf(" and %d more", n-named)
		}
		text += fmt.Sprintf("Left as they were: %s of partners that %s does not have, %s%s.\n", wording.Count(int64(n), "page"), r.Month,
			strings.Join(r.Stale[:min(n, named)], ", "), more)
	}
	return text
}
