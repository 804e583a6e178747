package schema

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReadmeListsTheColumns holds the tables of README.md against the columns that are read; -update rewrites them.
func TestReadmeListsTheColumns(t *testing.T) {
	const path, begin, end = "../README.md", "<!-- columns: made by go test -update -->\n", "<!-- end of columns -->\n"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), begin)
	have, _, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the marks of the tables", path)
	}
	want := columnTables()
	if have != want {
		t.Errorf("the tables of %s are not those of the code", path)
	}
}

// columnTables lists the columns of every kind of file, one table each.
func columnTables() string {
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
		fmt.Fprintf(&b, "\n### %s\n\n| column | needed | names, the first that a file has is taken |\n|---|---|---|\n", kind.title)
		choices := choicesOf(kind.table, kind.profile)
		for _, c := range specsOf(kind.table, kind.profile) {
			needed := ""
			if c.required {
				needed = "yes"
			}
			for _, choice := range choices {
				if slices.Contains(choice.canonical, c.canonical) {
					needed = "one of " + strings.Join(choice.canonical, ", ")
				}
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.canonical, needed, strings.Join(c.preference(), ", "))
		}
	}
	return b.String() + "\n"
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
