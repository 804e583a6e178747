package exports

import (
	"context"
	"strings"
)

// Examined is a file as far as it can be known, whether or not it keeps the contract.
type Examined struct {
	// Checked has Columns and Mapping where footer or header can be read, and SHA256 and Rows where there are no problems.
	Checked
	// Problems are what Check would refuse the file for; none: it keeps the contract.
	Problems []Problem
	// Uses has all columns in their order; none where the header of a text file may be a row of data, which is not shown.
	Uses []ColumnUse
	// Lacks are the optional canonical columns that the file does not have, but for those with a problem.
	Lacks []string
}

// ColumnUse says what a column of a file is taken for.
type ColumnUse struct {
	Name string // for people: quoted where it must be
	Type string
	// Canonical are the names that the column stands for; none: it is ignored.
	Canonical []string
	// Rival is the canonical name that the column would stand for, were it not for the config or for another column; else empty.
	Rival string
}

// Examine looks at files as Check does, each on its own: a file that breaks the contract takes no other one with it.
// The files come back in the order given, all of them.
func Examine(ctx context.Context, files []File, opt Options) ([]Examined, error) {
	states, err := readShapes(ctx, files, opt)
	if err != nil {
		return nil, err
	}
	err = each(ctx, len(files), func(i int) error {
		if s := &states[i]; len(s.problems) == 0 {
			return s.readBytes(ctx)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]Examined, len(files))
	for i, s := range states {
		m := newMapper(s.checked.Table, opt)
		all[i] = Examined{Checked: s.checked, Problems: s.problems, Uses: m.uses(s.checked), Lacks: m.lacks(s.checked, s.problems)}
	}
	return all, nil
}

// Passed returns what Check would of files that were examined, less those with problems.
func Passed(files []Examined) []Checked {
	var checked []Checked
	for _, f := range files {
		if len(f.Problems) == 0 {
			checked = append(checked, f.Checked)
		}
	}
	return dropDuplicates(checked)
}

func (m mapper) uses(c Checked) []ColumnUse {
	if m.anonymous(c.File, c.Columns) {
		return nil
	}
	uses := make([]ColumnUse, len(c.Columns))
	for i, column := range c.Columns {
		uses[i] = ColumnUse{Name: shownName(column.Name), Type: column.Type()}
	}
	for _, s := range m.specs {
		if column, ok := c.Mapping[s.canonical]; ok {
			uses[column.Index].Canonical = append(uses[column.Index].Canonical, s.canonical)
		}
	}
	for i, column := range c.Columns {
		if len(uses[i].Canonical) == 0 {
			uses[i].Rival, _ = m.standsFor(column.Name)
		}
	}
	return uses
}

// lacks returns the optional columns that are not there. One that has a problem, like two columns that stand for it, is not simply absent.
func (m mapper) lacks(c Checked, problems []Problem) (lacks []string) {
	told := map[string]bool{}
	for _, p := range problems {
		for name := range strings.SplitSeq(p.Column, orColumn) {
			told[name] = true
		}
	}
	for _, s := range m.specs {
		if _, ok := c.Mapping[s.canonical]; !ok && !s.required && !told[s.canonical] {
			lacks = append(lacks, s.canonical)
		}
	}
	return lacks
}
