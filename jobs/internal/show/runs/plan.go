package runs

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// Plan lays out what a run would do. snapshots is the folder that it would publish in.
func Plan(plan *results.Plan, snapshots string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Dry run of %s (%s), rulebook %s: nothing was changed\n", plan.Month.First().Format("January 2006"), plan.Month, plan.Rulebook)
	if len(plan.Provisional) > 0 {
		b.WriteString("PROVISIONAL: " + strings.Join(plan.Provisional, "; ") + "\n")
	}
	b.WriteString("\n" + planTable(plan) + "\n")
	switch plan.Publish {
	case "unchanged":
		fmt.Fprintf(&b, "Would publish nothing: the snapshot in %s is what these inputs give.\n", show.Printable(snapshots))
	case "changed":
		fmt.Fprintf(&b, "Would replace the snapshot in %s.\n", show.Printable(snapshots))
	default:
		fmt.Fprintf(&b, "Would publish a new snapshot in %s.\n", show.Printable(snapshots))
	}
	return b.String()
}

// planTable has a line per usage month, and one for the certifications and the partners files.
func planTable(plan *results.Plan) string {
	w := show.NewTable(table.Row{"Input", "Month", "Files", "Rows", "Facts"}, 3, 4)
	for _, m := range plan.Usage {
		w.AppendRow(table.Row{"azure_usage", m.Month, scoring.Grouped(int64(m.Files)), scoring.Grouped(m.Rows), m.Facts})
	}
	for _, other := range []struct{ name, month string }{{"certifications", plan.Certifications}, {"partners", ""}} {
		var files, rows int64
		for _, input := range plan.Inputs {
			if input.Table == other.name {
				files, rows = files+1, rows+input.Rows
			}
		}
		if files > 0 {
			w.AppendRow(table.Row{other.name, other.month, scoring.Grouped(files), scoring.Grouped(rows)})
		} else {
			w.AppendRow(table.Row{other.name, "none"})
		}
	}
	return show.Render(w)
}
