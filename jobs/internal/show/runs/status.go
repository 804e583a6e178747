package runs

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// Status is the result of `status`.
type Status struct {
	Exports   Folder                `json:"exports"`
	Snapshots Folder                `json:"snapshots"`
	Months    []results.MonthStatus `json:"months"`
	Delta     []results.DeltaLog    `json:"delta,omitempty"`
}

// Folder is a folder that the status is about.
type Folder struct {
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

// Text has a line per month, and below them the reasons, which are mostly the same for many months.
func (r Status) Text(width int) string {
	var b strings.Builder
	for _, folder := range []struct {
		Folder
		what string
	}{{r.Exports, "exports"}, {r.Snapshots, "snapshots"}} {
		if !folder.Exists {
			fmt.Fprintf(&b, "There is no %s folder %s yet.\n\n", folder.what, show.Printable(folder.Path))
		}
	}
	if len(r.Months) > 0 {
		b.WriteString(coverageTable(r.Months) + "\n")
	}
	counts := map[string]int{}
	for _, m := range r.Months {
		counts[m.Snapshot]++
	}
	for _, state := range []string{results.StateStale, results.StateNotScorable} {
		b.WriteString(show.ReasonsOfMonths(stateWord(state), r.Months, width, func(m results.MonthStatus) (scoring.Month, []string) {
			if m.Snapshot != state {
				return m.Month, nil
			}
			return m.Month, m.Reasons
		}))
	}
	b.WriteString(show.ReasonsOfMonths("provisional", r.Months, width, func(m results.MonthStatus) (scoring.Month, []string) {
		return m.Month, m.Provisional
	}))
	b.WriteString(deltaProblems(r.Delta, width))
	fmt.Fprintf(&b, "%s: %d published, %d stale, %d missing, %d not scorable.\n", monthCount(len(r.Months)), counts[results.StatePublished],
		counts[results.StateStale], counts[results.StateMissing], counts[results.StateNotScorable])
	return b.String()
}

// deltaProblems lists what Delta logs say wrong. Logs that are right need no word.
func deltaProblems(logs []results.DeltaLog, width int) string {
	var b strings.Builder
	for _, l := range logs {
		for _, problem := range l.Problems {
			b.WriteString(show.Indented(l.Table+"/"+problem, 2, width))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "Delta logs that differ from the published months:\n" + b.String() + "\n"
}

func coverageTable(months []results.MonthStatus) string {
	w := show.NewTable(table.Row{"Month", "Usage files", "Size", "Certifications", "Facts", "Snapshot"}, 2, 3)
	for _, m := range months {
		files, size := "–", ""
		if m.UsageFiles > 0 {
			files, size = scoring.Grouped(int64(m.UsageFiles)), show.Bytes(m.UsageBytes)
		}
		snapshot := stateWord(m.Snapshot)
		if len(m.Provisional) > 0 {
			snapshot += ", provisional"
		}
		w.AppendRow(table.Row{m.Month.String(), files, size, mark(m.Certifications), cmp.Or(m.FactsEngine, mark(m.Facts)), snapshot})
	}
	return show.Render(w)
}

func stateWord(state string) string { return strings.ReplaceAll(state, "_", " ") }

func mark(there bool) string {
	if there {
		return "yes"
	}
	return "–"
}
