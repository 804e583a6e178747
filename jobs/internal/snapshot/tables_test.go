package snapshot

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The structure is a promise to those who read the files: names are never changed, and
// new columns come last.
func TestTablesAreAsPromised(t *testing.T) {
	var got strings.Builder
	for _, table := range Tables() {
		fmt.Fprintf(&got, "%s (%s)\n", table.Name, strings.Join(table.Key, ", "))
		for _, c := range table.Columns {
			null := "not null"
			if c.Nullable {
				null = "null"
			}
			fmt.Fprintf(&got, "  %s %s %s\n", c.Name, c.Type, null)
		}
	}
	want, err := os.ReadFile("testdata/tables.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("tables (-promised +found):\n%s", diff)
	}
}

func TestTableKeys(t *testing.T) {
	for _, table := range Tables() {
		for _, key := range table.Key {
			i := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Name == key })
			if i < 0 || table.Columns[i].Nullable {
				t.Errorf("table %s: key column %s is missing or nullable", table.Name, key)
			}
		}
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		slices.Sort(names)
		if len(slices.Compact(names)) != len(table.Columns) {
			t.Errorf("table %s: a column name comes twice", table.Name)
		}
	}
}
