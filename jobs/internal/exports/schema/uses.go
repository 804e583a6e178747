package schema

import "slices"

// ColumnUse says what a column of a file is taken for.
type ColumnUse struct {
	Name string // for people: quoted where it must be
	Type string
	// Canonical are the names that the column stands for; none: it is ignored.
	Canonical []string
	// Rival is the canonical name that the column would stand for if the config or another column did not take precedence; else empty.
	Rival string
}

// Uses says what each column of a file is taken for; nil where the header may be a row of data, which is not shown.
func (m Mapper) Uses(h Header, mapping Mapping) []ColumnUse {
	if m.anonymous(h) {
		return nil
	}
	uses := make([]ColumnUse, len(h.Columns))
	for i, column := range h.Columns {
		uses[i] = ColumnUse{Name: ShownName(column.Name), Type: column.Type()}
	}
	for _, s := range m.specs {
		if column, ok := mapping.Columns[s.canonical]; ok {
			uses[column.Index].Canonical = append(uses[column.Index].Canonical, s.canonical)
		}
	}
	for i, column := range h.Columns {
		if len(uses[i].Canonical) == 0 {
			uses[i].Rival, _ = m.canonicalName(column.Name)
		}
	}
	return uses
}

// Absent lists the optional canonical columns that a file does not have. One that has a defect, like two columns that stand for it, is not simply
// absent.
func (m Mapper) Absent(mapping Mapping) (absent []string) {
	for _, s := range m.specs {
		if _, ok := mapping.Columns[s.canonical]; !ok && !s.required && !mapping.failed[s.canonical] {
			absent = append(absent, s.canonical)
		}
	}
	return absent
}

// Guess returns the table that most of the columns belong to, and whether a month is among them; ok is false where no table knows more than one.
func Guess(columns []Column, opt Options) (guess Table, month, ok bool) {
	most := 0
	for _, candidate := range Tables() {
		m := NewMapper(candidate, opt)
		known := map[string]bool{}
		for _, c := range columns {
			if canonical, found := m.canonicalOf[Fold(c.Name)]; found {
				known[canonical] = true
			}
		}
		if len(known) > most {
			guess, month, most = candidate, known["month"], len(known)
		}
	}
	return guess, month, most > 1
}

// IsMonthName reports whether a column of usage of this name is a month or a day, in the exports of any profile.
func IsMonthName(name string) bool {
	return slices.ContainsFunc(append(Profiles(), PartnerCenter), func(p Profile) bool {
		return slices.ContainsFunc(p.usageColumns(), func(s spec) bool { return s.canonical == "month" && s.knows(name) })
	})
}
