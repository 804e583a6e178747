package schema

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	near "partnerscore/jobs/internal/nearest"
)

// hint is what to do about a defect.
type hint struct {
	text string
	// explains is set for the advice to name a profile: the other defects of the file follow from the wrong one.
	explains bool
}

// advice gives hints about columns that a file lacks.
type advice struct {
	mapper Mapper
	header Header
	// listed is set once a hint has listed the columns of the file; later ones name the closest only.
	listed bool
}

// about proposes the columns of the file, those spelt most like the wanted names first. Only the first hint about a file lists them all.
func (a *advice) about(canonical string, wanted []string) hint {
	first := !a.listed
	a.listed = true
	columns, profile := a.header.Columns, a.profile()
	key := "or name the right one in the config under " + a.mapper.configKey(canonical)
	switch {
	case len(columns) == 0:
		return hint{text: "the file has no columns at all"}
	case profile != PartnerCenter && !first:
		return hint{} // said once
	case profile != PartnerCenter:
		return hint{text: fmt.Sprintf("it looks like an export of Azure Cost Management: if it is, write profile: %s into the config", profile), explains: true}
	case a.mapper.anonymous(a.header) && !first:
		return hint{}
	case a.mapper.anonymous(a.header):
		return hint{text: fmt.Sprintf("none of its %d columns is known: is the header row missing? add it, %s", len(columns), key)}
	case !first:
		return hint{text: fmt.Sprintf("the closest in the file are %s; rename it there, %s", listNearest(a.proposable(), wanted, 3), key)}
	}
	more := ""
	if n := len(columns) - shownColumns; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return hint{text: fmt.Sprintf("the file has %s%s; rename it there, %s", listNearest(a.proposable(), wanted, shownColumns), more, key)}
}

// proposable returns the columns of the file less those that are known to be something else than what they look like.
func (a *advice) proposable() []Column {
	return a.header.filter(func(c Column) bool {
		return !slices.ContainsFunc(a.mapper.specs, func(s spec) bool { return s.lookalike(c.Name) != "" })
	})
}

// profile returns the profile whose required columns a file has that lacks those of Partner Center, else PartnerCenter.
func (a *advice) profile() Profile {
	if a.mapper.table != Usage || a.mapper.opt.Profile != PartnerCenter {
		return PartnerCenter
	}
	for _, p := range Profiles() {
		if mapping := NewMapper(Usage, Options{Profile: p}).Map(a.header); len(mapping.Defects) == 0 {
			return p
		}
	}
	return PartnerCenter
}

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
