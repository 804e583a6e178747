package schema

import (
	"flag"
	"os"
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
