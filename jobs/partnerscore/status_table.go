package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// printStatus prints the coverage matrix, and below it the reasons, which are mostly the same for many months.
func (p *program) printStatus(r statusResult) error {
	var b strings.Builder
	for _, folder := range []struct {
		statusFolder
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
	for _, state := range []string{months.StateStale, months.StateNotScorable} {
		b.WriteString(reasonsOf(stateWord(state), r.Months, p.sentenceWidth(), func(m months.MonthStatus) (scoring.Month, []string) {
			if m.Snapshot != state {
				return m.Month, nil
			}
			return m.Month, m.Reasons
		}))
	}
	b.WriteString(reasonsOf("provisional", r.Months, p.sentenceWidth(), func(m months.MonthStatus) (scoring.Month, []string) {
		return m.Month, m.Provisional
	}))
	fmt.Fprintf(&b, "%s: %d published, %d stale, %d missing, %d not scorable.\n", monthWord(len(r.Months)), counts[months.StatePublished],
		counts[months.StateStale], counts[months.StateMissing], counts[months.StateNotScorable])
	return p.write(b.String())
}

func coverageTable(months []months.MonthStatus) string {
	w := table.NewWriter()
	w.SetStyle(show.PlainStyle())
	w.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, Align: text.AlignRight, AlignHeader: text.AlignRight},
		{Number: 3, Align: text.AlignRight, AlignHeader: text.AlignRight},
	})
	w.AppendHeader(table.Row{"Month", "Usage files", "Size", "Certifications", "Facts", "Snapshot"})
	for _, m := range months {
		files, size := "–", ""
		if m.UsageFiles > 0 {
			files, size = show.Grouped(int64(m.UsageFiles)), sizeOf(m.UsageBytes)
		}
		snapshot := stateWord(m.Snapshot)
		if len(m.Provisional) > 0 {
			snapshot += ", provisional"
		}
		w.AppendRow(table.Row{m.Month.String(), files, size, mark(m.Certifications), mark(m.Facts), snapshot})
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

// reasonsOf lists the reasons of months, each with the months that have it, in the order in which they first appear.
func reasonsOf[T any](heading string, months []T, width int, reasons func(T) (scoring.Month, []string)) string {
	var order []string
	with := map[string][]scoring.Month{}
	for _, m := range months {
		month, all := reasons(m)
		for _, reason := range all {
			if with[reason] == nil {
				order = append(order, reason)
			}
			with[reason] = append(with[reason], month)
		}
	}
	if len(order) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s:\n", strings.ToUpper(heading[:1]), heading[1:])
	for _, reason := range order {
		which := scoring.MonthRanges(with[reason])
		const column = len("  2024-01 to 2024-06  ")
		if lines := strings.TrimLeft(show.Indented(reason, column, width), " "); len(which) <= column-4 {
			fmt.Fprintf(&b, "  %-*s%s", column-2, which, lines)
		} else {
			b.WriteString(show.Indented(which, 2, width) + show.Indented(reason, column, width))
		}
	}
	return b.String() + "\n"
}

// sizeOf writes a number of bytes for people.
func sizeOf(bytes int64) string {
	const unit = 1000
	if bytes < unit {
		return fmt.Sprintf("%d B", bytes)
	}
	size, i := float64(bytes)/unit, 0
	for ; size >= 999.95 && i < 4; i++ {
		size /= unit
	}
	return fmt.Sprintf("%.1f %cB", size, "kMGTP"[i])
}
