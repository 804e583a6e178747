// Package inspection lays out what `inspect` finds in the exports: the verdict, months, files, columns, labels, rows of bad data, and tracks.
package inspection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// detailedMonths is how many months with problems are shown whole below the list of months.
const detailedMonths = 3

// page is what the exports hold, laid out for people.
type page struct {
	*writer
	result *inspect.Inspection
	again  string // the command that inspects the same exports
	asked  string // the months that were asked for, in words; "" for all
}

// Text has a line per month, and all there is to say of a single month or of the first months with problems. asked says whether certain months
// were asked for; again is the command that inspects the same exports.
func Text(result *inspect.Inspection, asked bool, again string, width int) string {
	t := page{writer: &writer{width: width}, result: result, again: again}
	if asked {
		t.asked = " that --month, --from and --to ask for"
	}
	t.verdict()
	single := len(result.Months) == 1
	if result.Profile != "" {
		t.line("\nUsage is read by the profile %s.", result.Profile)
	}
	if single {
		month{t.writer, result.Months[0]}.write(true)
	} else {
		t.overview()
	}
	for _, c := range result.Certifications {
		if single || len(c.Problems) > 0 || brokenFile(c.Files) {
			t.certifications(c, single)
		}
	}
	t.partners(single)
	t.problems(result.Problems)
	t.undated()
	t.notTaken()
	return t.b.String()
}

// overview has a line per month, why months cannot be scored, and details of the first with problems.
func (t page) overview() {
	if len(t.result.Months) > 0 {
		w := show.NewTable(table.Row{"Usage of", "Files", "Size", "Rows", "Count", "By rule", "Bad data", "Score"}, 2, 3, 4, 5, 6, 7)
		for _, m := range t.result.Months {
			row := table.Row{m.Month.String(), len(m.Files), filesSize(m.Files), scoring.Grouped(m.Rows), "?", "?", "?"}
			if m.Judged {
				row = append(row[:4], scoring.Grouped(m.Counted), scoring.Grouped(rowsOf(m.Excluded)), scoring.Grouped(rowsOf(m.Rejected)))
			}
			w.AppendRow(append(row, verdictWord(m.Score)))
		}
		t.table(w)
	}
	if len(t.result.Certifications) > 0 {
		w := show.NewTable(table.Row{"Certifications of", "Files", "Size", "Rows", "Certifications", "Unknown partner", "No id"}, 2, 3, 4, 5, 6, 7)
		for _, c := range t.result.Certifications {
			row := table.Row{certificationsMonth(c), len(c.Files), filesSize(c.Files), scoring.Grouped(c.Rows), "?", "?", "?"}
			if c.Judged {
				row = append(row[:4], scoring.Grouped(c.Certifications), scoring.Grouped(c.UnknownPartner), scoring.Grouped(c.Nobody))
			}
			w.AppendRow(row)
		}
		t.table(w)
	}
	t.verdicts()
	left := detailedMonths
	var more []scoring.Month
	for _, m := range t.result.Months {
		if !hasProblems(m) {
			continue
		}
		if left--; left >= 0 {
			month{t.writer, m}.write(false)
		} else {
			more = append(more, m.Month)
		}
	}
	if len(more) > 0 {
		t.line("\nMore of %s: %s --month %s", scoring.MonthRanges(more), t.again, more[0])
	}
}

// verdicts says why months cannot be scored, or only provisionally.
func (t page) verdicts() {
	for _, state := range []struct{ name, heading string }{
		{inspect.VerdictNoRules, "cannot be scored (exit code 2)"}, {inspect.VerdictMissing, "cannot be scored (exit code 3)"},
		{inspect.VerdictBroken, "cannot be scored (exit code 4)"}, {inspect.VerdictProvisional, "can be scored as provisional"},
	} {
		list := show.ReasonsOfMonths(state.heading, t.result.Months, t.width, func(m inspect.InspectedMonth) (scoring.Month, []string) {
			if m.Score.State != state.name {
				return m.Month, nil
			}
			return m.Month, append(m.Score.Reasons[:len(m.Score.Reasons):len(m.Score.Reasons)], m.Score.Provisional...)
		})
		if list != "" {
			t.b.WriteString("\n" + strings.TrimSuffix(list, "\n"))
		}
	}
}

// verdictExit is the exit code that a score would end with.
func verdictExit(state string) int {
	kinds := map[string]fault.Kind{inspect.VerdictMissing: fault.Missing, inspect.VerdictBroken: fault.Broken, inspect.VerdictNoRules: fault.Usage}
	if kind, known := kinds[state]; known {
		return kind.ExitCode()
	}
	return 0
}

// verdictWord is ready, provisional, or the exit code.
func verdictWord(v inspect.Verdict) string {
	if code := verdictExit(v.State); code != 0 {
		return fmt.Sprintf("exit %d", code)
	}
	return v.State
}

// hasProblems reports whether a month is broken itself, not through another month of its window.
func hasProblems(m inspect.InspectedMonth) bool {
	return len(m.Problems) > 0 || m.TooMany || brokenFile(m.Files)
}

func brokenFile(files []inspect.InspectedFile) bool {
	return slices.ContainsFunc(files, func(f inspect.InspectedFile) bool { return len(f.Problems) > 0 })
}

func rowsOf(all []inspect.LeftOut) (rows int64) {
	for _, l := range all {
		rows += l.Rows
	}
	return rows
}

func filesSize(files []inspect.InspectedFile) string {
	var bytes int64
	for _, f := range files {
		bytes += f.Bytes
	}
	return show.Bytes(bytes)
}
