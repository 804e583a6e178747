package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// detailedMonths is how many months with problems are shown whole below the list of months.
const detailedMonths = 3

// inspectTable prints what the exports hold for people.
type inspectTable struct {
	result *inspect.Inspection
	width  int
	again  string // the command that inspects the same exports
	asked  string // the months that were asked for, in words; "" for all
	b      strings.Builder
}

// printInspection prints a line per month, and all there is to say of a single month or of the first months with problems.
func (p *program) printInspection(result *inspect.Inspection, o *inspectOptions) error {
	t := &inspectTable{result: result, width: p.sentenceWidth(), again: p.inspectAlike()}
	if o.from != nil || o.to != nil {
		t.asked = " that --month, --from and --to ask for"
	}
	t.verdict()
	single := len(result.Months) == 1
	if result.Profile != "" {
		t.line("\nUsage is read by the profile %s.", result.Profile)
	}
	if single {
		t.month(result.Months[0], true)
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
	return p.write(t.b.String())
}

func (t *inspectTable) line(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

// problems lists the problems of the folder, nothing where there are none.
func (t *inspectTable) problems(all []string) {
	if len(all) == 0 {
		return
	}
	t.line("\nProblems:")
	for i, s := range all {
		if i == shownProblems {
			t.line("  and %s more", show.Grouped(int64(len(all)-i)))
			return
		}
		t.b.WriteString(show.Indented(s, 2, t.width))
	}
}

// newInspectWriter starts a table whose columns of these numbers are numbers.
func newInspectWriter(header table.Row, numeric ...int) table.Writer {
	w := table.NewWriter()
	w.SetStyle(show.PlainStyle())
	var configs []table.ColumnConfig
	for _, n := range numeric {
		configs = append(configs, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	return w
}

// overview has a line per month, why months cannot be scored, and details of the first with problems.
func (t *inspectTable) overview() {
	if len(t.result.Months) > 0 {
		w := newInspectWriter(table.Row{"Usage of", "Files", "Size", "Rows", "Count", "By rule", "Bad data", "Score"}, 2, 3, 4, 5, 6, 7)
		for _, m := range t.result.Months {
			row := table.Row{m.Month.String(), len(m.Files), filesSize(m.Files), show.Grouped(m.Rows), "?", "?", "?"}
			if m.Judged {
				row = append(row[:4], show.Grouped(m.Counted), show.Grouped(rowsOf(m.Excluded)), show.Grouped(rowsOf(m.Rejected)))
			}
			w.AppendRow(append(row, verdictWord(m.Score)))
		}
		t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n"))
	}
	if len(t.result.Certifications) > 0 {
		w := newInspectWriter(table.Row{"Certifications of", "Files", "Size", "Rows", "Certifications", "Unknown partner", "Nobody's"}, 2, 3, 4, 5, 6, 7)
		for _, c := range t.result.Certifications {
			row := table.Row{certificationsMonth(c), len(c.Files), filesSize(c.Files), show.Grouped(c.Rows), "?", "?", "?"}
			if c.Judged {
				row = append(row[:4], show.Grouped(c.Certifications), show.Grouped(c.UnknownPartner), show.Grouped(c.Nobody))
			}
			w.AppendRow(row)
		}
		t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n"))
	}
	t.verdicts()
	left := detailedMonths
	var more []scoring.Month
	for _, m := range t.result.Months {
		if !hasProblems(m) {
			continue
		}
		if left--; left >= 0 {
			t.month(m, false)
		} else {
			more = append(more, m.Month)
		}
	}
	if len(more) > 0 {
		t.line("\nMore of %s: %s --month %s", scoring.MonthRanges(more), t.again, more[0])
	}
}

// verdicts says why months cannot be scored, or only provisionally.
func (t *inspectTable) verdicts() {
	for _, state := range []struct{ name, heading string }{
		{inspect.VerdictNoRules, "cannot be scored (exit code 2)"}, {inspect.VerdictMissing, "cannot be scored (exit code 3)"},
		{inspect.VerdictBroken, "cannot be scored (exit code 4)"}, {inspect.VerdictProvisional, "can be scored as provisional"},
	} {
		list := reasonsOf(state.heading, t.result.Months, t.width, func(m inspect.InspectedMonth) (scoring.Month, []string) {
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
	for _, f := range files {
		if len(f.Problems) > 0 {
			return true
		}
	}
	return false
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
	return sizeOf(bytes)
}
