package runs

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Verify is the result of `verify`.
type Verify struct {
	Months      int          `json:"months"` // how many were checked
	Deep        bool         `json:"deep"`
	Differences []Difference `json:"differences"`
	// ScoredAgain counts the months that --deep scored again and compared.
	ScoredAgain    int              `json:"scored_again"`
	NotScoredAgain []NotScoredAgain `json:"not_scored_again"`
	// Repaired lists the months that --repair scored again. The differences are then those that are left.
	Repaired []Repaired `json:"repaired,omitempty"`
	// DeltaLogs lists the tables whose Delta log --repair has corrected.
	DeltaLogs []string `json:"delta_logs,omitempty"`
}

// Repaired is a month that was scored again, with what was different, and what changed in the exports since it was published.
type Repaired struct {
	Month   scoring.Month `json:"score_month"`
	Was     []Difference  `json:"differences"`
	Changed []string      `json:"changed_since"`
}

// NotScoredAgain is a month for which a setting was not given, or whose inputs are missing or broken.
type NotScoredAgain struct {
	Month scoring.Month `json:"score_month"`
	Why   string        `json:"why"`
}

// Difference is one thing that is not as it should be. Month and table are empty where it belongs to none.
type Difference struct {
	Month string `json:"score_month"`
	Table string `json:"table"`
	Path  string `json:"path"`
	What  string `json:"what"`
}

// NewVerify lists the differences by month. deep says whether the months were to be scored again.
func NewVerify(found results.Verified, deep bool) Verify {
	differences := slices.Clone(found.Differences)
	slices.SortStableFunc(differences, func(a, b snapshot.Difference) int { return cmp.Compare(sortMonth(a), sortMonth(b)) })
	v := Verify{Months: found.Months, Deep: deep, Differences: []Difference{}, ScoredAgain: found.ScoredAgain, NotScoredAgain: []NotScoredAgain{}}
	for _, n := range found.NotScoredAgain {
		v.NotScoredAgain = append(v.NotScoredAgain, NotScoredAgain{n.Month, n.Why})
	}
	v.Differences = append(v.Differences, differencesOf(differences)...)
	v.DeltaLogs = found.DeltaLogs
	for _, r := range found.Repaired {
		v.Repaired = append(v.Repaired, Repaired{r.Month, differencesOf(r.Was), append([]string{}, r.Changed...)})
	}
	return v
}

func differencesOf(all []snapshot.Difference) (list []Difference) {
	for _, d := range all {
		one := Difference{Table: d.Table, Path: d.Path, What: d.What}
		if d.Month != 0 {
			one.Month = d.Month.String()
		}
		list = append(list, one)
	}
	return list
}

// Text has a line per difference, and the counts. snapshots is the folder that was checked.
func (v Verify) Text(snapshots string, width int) string {
	var b strings.Builder
	for _, r := range v.Repaired {
		fmt.Fprintf(&b, "Scored %s again, which had %s:\n%s\n", r.Month, wording.Count(int64(len(r.Was)), "difference"), differenceTable(r.Was, width))
		if len(r.Changed) > 0 {
			b.WriteString(strings.Join(show.Wrapped("It is not as it was, since the exports changed: "+strings.Join(r.Changed, "; ")+".", width), "\n") + "\n\n")
		}
	}
	if len(v.DeltaLogs) > 0 {
		fmt.Fprintf(&b, "Corrected the Delta logs of %s.\n\n", strings.Join(v.DeltaLogs, ", "))
	}
	if len(v.Repaired)+len(v.DeltaLogs) > 0 && len(v.Differences) > 0 {
		b.WriteString("Left:\n")
	}
	if len(v.Differences) > 0 {
		b.WriteString(differenceTable(v.Differences, width) + "\n")
	}
	did := "checked"
	switch {
	case len(v.Repaired) > 0:
		did = fmt.Sprintf("checked, %d scored again,", len(v.Repaired))
	case v.Deep && v.ScoredAgain == v.Months:
		did = "checked and scored again"
	case v.Deep && v.ScoredAgain == 0:
		did = "checked, none scored again,"
	case v.Deep:
		did = fmt.Sprintf("checked, %d scored again,", v.ScoredAgain)
	}
	fmt.Fprintf(&b, "%s %s in %s: ", monthCount(v.Months), did, show.Printable(snapshots))
	if len(v.Differences) == 0 {
		b.WriteString("no difference.\n")
	} else {
		fmt.Fprintf(&b, "%s.\n", wording.Count(int64(len(v.Differences)), "difference"))
	}
	return b.String()
}

// sortMonth puts what belongs to no month last.
func sortMonth(d snapshot.Difference) scoring.Month {
	if d.Month == 0 {
		return math.MaxInt
	}
	return d.Month
}

// differenceTable has a line per difference, and below it what is different.
func differenceTable(differences []Difference, width int) string {
	t := document.Table{Inset: document.MonthInset, Columns: document.Named("Month", "Table", "File")}
	for _, d := range differences {
		month := d.Month
		if month == "" {
			month = "–"
		}
		t.Add(0, d.What, month, d.Table, d.Path)
	}
	return show.Table(t, width)
}
