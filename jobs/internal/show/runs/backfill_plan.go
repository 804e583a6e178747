package runs

import (
	"fmt"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// BackfillPlan is the result of `backfill --dry-run`.
type BackfillPlan struct {
	Months []BackfillPlanMonth `json:"months"`
}

// BackfillPlanMonth is what would be done to one month.
type BackfillPlanMonth struct {
	Month scoring.Month `json:"score_month"`
	// Publish is new, changed, unchanged or failed.
	Publish     string   `json:"publish"`
	Error       string   `json:"error,omitempty"`
	Rulebook    string   `json:"rulebook,omitempty"`
	Provisional []string `json:"provisional"`
	FactsBuilt  int      `json:"facts_built"`
	FactsReused int      `json:"facts_reused"`
	RowsRead    int64    `json:"rows_read"`

	sentence string // the first of Error
}

// NewBackfillPlan says what would be done to each month.
func NewBackfillPlan(plans []results.MonthPlan) BackfillPlan {
	all := BackfillPlan{Months: []BackfillPlanMonth{}}
	for _, plan := range plans {
		m := BackfillPlanMonth{Month: plan.Month, Publish: "failed", Provisional: []string{}}
		if plan.Err != nil {
			m.Error, m.sentence = plan.Err.Error(), FirstSentence(plan.Err)
			all.Months = append(all.Months, m)
			continue
		}
		m.Publish, m.Rulebook, m.Provisional = plan.Plan.Publish, plan.Plan.Rulebook, plan.Plan.Provisional
		for _, u := range plan.Plan.Usage {
			if u.Facts == "build" && m.Publish != "unchanged" { // which looks at no facts
				m.FactsBuilt++
				m.RowsRead += u.Rows
			} else {
				m.FactsReused++
			}
		}
		all.Months = append(all.Months, m)
	}
	return all
}

// Text has a line per month, and the counts.
func (plan BackfillPlan) Text(width int) string {
	if len(plan.Months) == 0 {
		return "Dry run: nothing to do, no published month is stale.\n"
	}
	words := map[string]string{"new": "publish", "changed": "replace", "unchanged": "nothing", "failed": "fail"}
	counts := map[string]int{}
	var facts int
	var rows int64
	t := document.Table{Inset: document.MonthInset, Columns: append(document.Named("Month", "Would"), document.Numbers("Facts to build", "Reused", "Rows to read")...)}
	for _, m := range plan.Months {
		counts[m.Publish]++
		facts, rows = facts+m.FactsBuilt, rows+m.RowsRead
		would := words[m.Publish]
		if len(m.Provisional) > 0 {
			would += ", provisional"
		}
		if m.Error != "" {
			t.Add(0, m.sentence, m.Month.String(), would)
			continue
		}
		t.Add(0, "", m.Month.String(), would, strconv.Itoa(m.FactsBuilt), strconv.Itoa(m.FactsReused), scoring.Grouped(m.RowsRead))
	}
	var b strings.Builder
	b.WriteString(show.Table(t, width) + "\n")
	fmt.Fprintf(&b, "Dry run, nothing was changed. %s: %d to publish, %d to replace, %d unchanged, %d would fail.\n", monthCount(len(plan.Months)),
		counts["new"], counts["changed"], counts["unchanged"], counts["failed"])
	fmt.Fprintf(&b, "Facts to build: %s, from %s of usage.\n", monthCount(facts), wording.Count(rows, "row"))
	return b.String()
}
