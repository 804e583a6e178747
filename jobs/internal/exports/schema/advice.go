package schema

import (
	"fmt"
	"slices"
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
