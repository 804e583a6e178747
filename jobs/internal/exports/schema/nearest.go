package schema

import (
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	near "partnerscore/jobs/internal/nearest"
)

// shownColumns is how many names of a file a message lists.
const shownColumns = 20

// listNearest lists at most n columns by how close their folded name is to one of the wanted names.
func listNearest(columns []Column, wanted []string, n int) string {
	type scored struct {
		column   Column
		distance int
	}
	ranked := make([]scored, len(columns))
	for i, c := range columns {
		ranked[i] = scored{c, nearest(c.Name, wanted)}
	}
	slices.SortStableFunc(ranked, func(a, b scored) int { return a.distance - b.distance })
	shown := make([]Column, min(n, len(ranked)))
	for i := range shown {
		shown[i] = ranked[i].column
	}
	return columnNames(shown, ", ")
}

func nearest(name string, wanted []string) int {
	best := len(name) + 1<<16
	for _, w := range wanted {
		best = min(best, near.Distance(Fold(defect.Shorten(name, 64)), Fold(defect.Shorten(w, 64))))
	}
	return best
}

// columnNames joins names for people.
func columnNames(columns []Column, separator string) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return quoteAll(names, separator)
}

func quoteAll(names []string, separator string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = ShownName(name)
	}
	return strings.Join(shown, separator)
}

// ShownName returns the name of a column for people. One with an @ may be an address from a file without a header.
func ShownName(name string) string {
	if strings.Contains(name, "@") {
		return "(a name with @)"
	}
	return defect.Quote(defect.Shorten(name, 60))
}
