package schema

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the tables of columns")

// between compares the text between two marks of a file, and reports whether the file has them; -update rewrites it.
func between(t *testing.T, path, begin, end, want string) bool {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	have, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return false
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if have != want {
		t.Errorf("the columns in %s are not those of the code; run this test with -update", path)
	}
	return true
}

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

// TestDocumentedColumns holds the tables of columns for people against the columns that are read.
func TestDocumentedColumns(t *testing.T) {
	if !between(t, "../README.md", "<!-- columns: made by go test -update -->\n", "<!-- end of columns -->\n", ColumnsTables()) {
		t.Error("README.md lacks the marks of the tables")
	}
	if !between(t, "../../../../README.md", "<!-- columns -->\n", "<!-- /columns -->\n", ColumnsTable()) {
		t.Error("the README of the project lacks the marks of the table")
	}
}

// TestEveryColumnSaysWhatHappensWithoutIt: for each input and profile.
func TestEveryColumnSaysWhatHappensWithoutIt(t *testing.T) {
	for _, p := range append(Profiles(), PartnerCenter) {
		for _, table := range Tables() {
			for _, d := range p.Document(table) {
				if d.Without == "" || strings.HasPrefix(d.Without, ";") || strings.Contains(d.Without, "|") {
					t.Errorf("%s, %s of %q: %q", d.Canonical, table, p, d.Without)
				}
			}
		}
	}
}

// TestNoAliasForTwo guards the table itself: a folded name stands for one canonical column.
func TestNoAliasForTwo(t *testing.T) {
	for _, table := range Tables() {
		owner := map[string]string{}
		for _, c := range specsOf(table, PartnerCenter) {
			for _, name := range append(c.names, c.canonical) {
				if other, ok := owner[Fold(name)]; ok && other != c.canonical {
					t.Errorf("%s: %s stands for %s and %s", table, name, other, c.canonical)
				}
				owner[Fold(name)] = c.canonical
			}
		}
	}
}
