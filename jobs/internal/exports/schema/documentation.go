package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Documented is a canonical column as documentation shows it.
type Documented struct {
	Canonical string
	Required  bool
	// OneOf are the columns of which a file must have one; nil where the column is not one of several.
	OneOf []string
	// Names are the accepted names: of several columns, the first that a file has is taken.
	Names []string
	// Without says what happens without the column.
	Without string
}

// Document lists the columns of a table in the order of its documentation.
func (p Profile) Document(t Table) []Documented {
	var columns []Documented
	said := map[string]bool{}
	for _, s := range specsOf(t, p) {
		d := Documented{Canonical: s.canonical, Required: s.required, Names: s.preference(), Without: s.without}
		if s.required {
			d.Without = "the file is refused"
		}
		for _, c := range choicesOf(t, p) {
			if !slices.Contains(c.canonical, s.canonical) {
				continue
			}
			d.OneOf = c.canonical
			if !said[c.canonical[0]] {
				d.Without += "; without any of these columns, " + c.without
			}
			said[c.canonical[0]] = true
		}
		columns = append(columns, d)
	}
	return columns
}

// need says whether a file must have the column.
func (d Documented) need() string {
	switch {
	case d.Required:
		return "yes"
	case d.OneOf != nil:
		return "this or " + strings.Join(slices.DeleteFunc(slices.Clone(d.OneOf), func(name string) bool { return name == d.Canonical }), " or ")
	default:
		return "no"
	}
}

const columnsHead = "| column | required | accepted names, the first that a file has is taken | without it |\n|---|---|---|---|\n"

// ColumnsTable is the Markdown table of the columns of Partner Center's exports, for the README. Columns that are needed alike share a line.
func ColumnsTable() string {
	var b strings.Builder
	b.WriteString(columnsHead)
	for _, t := range Tables() {
		fmt.Fprintf(&b, "| **%s** | | | |\n", t)
		all := PartnerCenter.Document(t)
		for len(all) > 0 {
			first, columns, names := all[0], "`"+all[0].Canonical+"`", strings.Join(all[0].Names, ", ")
			for all = all[1:]; len(all) > 0 && all[0].need() == first.need() && all[0].Without == first.Without; all = all[1:] {
				columns, names = columns+"; `"+all[0].Canonical+"`", names+"; "+strings.Join(all[0].Names, ", ")
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", columns, first.need(), names, first.Without)
		}
	}
	return b.String()
}

// ColumnsTables is a Markdown table for every kind of file.
func ColumnsTables() string {
	var b strings.Builder
	for _, kind := range []struct {
		title   string
		table   Table
		profile Profile
	}{
		{"Usage from Partner Center (dataset AzureUsage)", Usage, PartnerCenter},
		{"Certifications (dataset TrainingCompletions)", Certifications, PartnerCenter},
		{"Partners (dataset Profile)", Partners, PartnerCenter},
		{"Usage from Azure Cost Management, `profile: azure-cost-management`", Usage, AzureCostManagement},
		{"Usage from Azure Cost Management, `profile: focus`", Usage, Focus},
	} {
		fmt.Fprintf(&b, "\n### %s\n\n%s", kind.title, columnsHead)
		writeColumns(&b, kind.profile.Document(kind.table))
	}
	return b.String() + "\n"
}

func writeColumns(b *strings.Builder, columns []Documented) {
	for _, d := range columns {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", d.Canonical, d.need(), strings.Join(d.Names, ", "), d.Without)
	}
}
