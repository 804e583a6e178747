package runs

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// overview has a line per partner: the total of each area and whether the partner qualifies there.
func (s Score) overview(book *scoring.Rulebook, width int) string {
	header := table.Row{"Partner", "Name"}
	configs := []table.ColumnConfig{
		{Number: 1, WidthMax: 20, WidthMaxEnforcer: text.WrapHard},
		{Number: 2, WidthMax: max(width-72, 16), WidthMaxEnforcer: text.Trim},
	}
	for _, area := range book.Areas {
		header = append(header, area.Name)
		configs = append(configs, table.ColumnConfig{Number: len(header), Align: text.AlignRight, AlignHeader: text.AlignRight,
			WidthMax: len("Infrastructure"), WidthMaxEnforcer: text.WrapSoft})
	}
	w := show.NewTable(header)
	w.SetColumnConfigs(configs)
	for _, partner := range s.Partners {
		row := table.Row{show.Printable(partner.ID), show.Printable(partner.Name)}
		for _, area := range partner.Areas {
			row = append(row, fmt.Sprintf("%s %-4s", area.Total, yesNo(area)))
		}
		w.AppendRow(row)
	}
	return show.Render(w)
}

func yesNo(area results.AreaCard) string {
	answer := "no"
	if area.Qualifies {
		answer = "yes"
	}
	if area.RoundingSensitive {
		answer += "*"
	}
	return answer
}

// qualified counts the partners that qualify, and explains the marks of the table.
func (s Score) qualified(book *scoring.Rulebook) (sentences []string) {
	if len(s.Partners) == 0 {
		return nil
	}
	qualify := map[string]int64{}
	sensitive := false
	for _, p := range s.Partners {
		for _, a := range p.Areas {
			if a.Qualifies {
				qualify[string(a.Area)]++
			}
			sensitive = sensitive || a.RoundingSensitive
		}
	}
	var parts []string
	for _, a := range book.Areas {
		parts = append(parts, fmt.Sprintf("%s in %s", scoring.Grouped(qualify[string(a.Area)]), a.Name))
	}
	sentences = []string{fmt.Sprintf("Qualified, of %s: %s.", wording.Count(int64(len(s.Partners)), "partner"), strings.Join(parts, ", ")),
		fmt.Sprintf("It takes %d points and no metric at 0.", book.DesignationPoints)}
	if sensitive {
		sentences = append(sentences, "* "+wording.Words{}.RoundingSensitive())
	}
	return sentences
}

// leftOut sums up the usage rows that did not count.
func (s Score) leftOut() string {
	rows, amount := map[string]int64{}, map[string]scoring.USD{}
	for _, e := range s.Exclusions {
		rows[e.Class] += e.Rows
		amount[e.Class] += e.ACRUSD
	}
	return fmt.Sprintf("Left out of the usage: %s by rule (%s USD), %s of bad data (%s USD).",
		wording.Count(rows["rule"], "row"), wording.Cents(amount["rule"]), wording.Count(rows["data"], "row"), wording.Cents(amount["data"]))
}

// published says what became of the snapshot.
func (s Score) published(snapshots string) string {
	if !s.Changed {
		return fmt.Sprintf("Unchanged: the snapshot of %s in %s is what these inputs give.", s.Month, show.Printable(snapshots))
	}
	return fmt.Sprintf("Published: the snapshot of %s in %s (facts: %s built, %d reused).", s.Month, show.Printable(snapshots),
		wording.Count(int64(s.FactsBuilt), "month"), s.FactsReused)
}

// restated says which other months were scored again; empty when there was none.
func (s Score) restated() string {
	var again []scoring.Month
	for _, m := range s.Restated {
		if m.Result == "scored" {
			again = append(again, m.Month)
		}
	}
	if len(again) == 0 {
		return ""
	}
	return fmt.Sprintf("Scored again, since their inputs, rules or settings changed: %s.", scoring.MonthRanges(again))
}
