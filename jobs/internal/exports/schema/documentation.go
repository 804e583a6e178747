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
	// WithoutAll says what happens without all of OneOf.
	WithoutAll string
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
			d.OneOf, d.WithoutAll = c.canonical, c.without
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

// notUsed is what happens without a column that is known and read for nothing.
const notUsed = "not used"

// ColumnsTable is the short Markdown table of the columns of Partner Center's exports, for the README. Columns with one answer to what happens
// without them share a row; columns that are not used are left out.
func ColumnsTable() string {
	var b strings.Builder
	b.WriteString("| file | column: accepted names, the first that a file has is taken | required | without it |\n|---|---|---|---|\n")
	for _, t := range Tables() {
		file := fmt.Sprintf("`%s`", t)
		for _, row := range groups(PartnerCenter.Document(t)) {
			var columns []string
			for _, d := range row {
				columns = append(columns, fmt.Sprintf("`%s`: %s", d.Canonical, strings.Join(d.Names, ", ")))
			}
			need, without := row[0].answer()
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", file, strings.Join(columns, "<br>"), need, without)
			file = ""
		}
	}
	return b.String()
}

// groups puts columns of one answer together, in the order of the first of each.
func groups(columns []Documented) (rows [][]Documented) {
	for _, d := range columns {
		need, without := d.answer()
		if without == notUsed {
			continue
		}
		i := slices.IndexFunc(rows, func(row []Documented) bool {
			n, w := row[0].answer()
			return n == need && w == without && slices.Equal(row[0].OneOf, d.OneOf)
		})
		if i < 0 {
			rows = append(rows, []Documented{d})
			continue
		}
		rows[i] = append(rows[i], d)
	}
	return rows
}

// answer says whether a file must have the column, and what happens without it; of several columns, without all of them.
func (d Documented) answer() (need, without string) {
	switch {
	case d.OneOf != nil:
		return "one of them", d.WithoutAll
	case d.Required:
		return "yes", d.Without
	default:
		return "no", d.Without
	}
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
