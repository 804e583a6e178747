package warehouse

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestBeside: another connection has the macros, tables and limits of the first, and nothing temporary of it or of one before it.
func TestBeside(t *testing.T) {
	db := engine(t)
	for _, text := range []string{"CREATE TABLE rule AS SELECT 1 AS a", "CREATE TEMP TABLE usage_total AS SELECT 1 AS a"} {
		if err := db.run(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	const settings = "SELECT name || '=' || value FROM duckdb_settings() ORDER BY name"
	for range 2 {
		beside, err := Beside(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if got := column(t, beside, "SELECT folded(' A  B ') || a FROM rule"); got[0] != "a b1" {
			t.Errorf("macro and table of the first connection: %s", got)
		}
		if got := column(t, beside, "SELECT table_name FROM duckdb_tables() WHERE temporary"); len(got) != 0 {
			t.Errorf("a new connection has temporary tables: %s", got)
		}
		if a, b := column(t, db, settings), column(t, beside, settings); !slices.Equal(a, b) {
			t.Errorf("settings of the first connection %s, of the other %s", a, b)
		}
		if err := beside.run(t.Context(), "SELECT * FROM read_text('/etc/passwd')"); err == nil {
			t.Error("the other connection reads what the first one cannot")
		}
		if err := beside.run(t.Context(), "CREATE TEMP TABLE usage_total AS SELECT 2 AS a"); err != nil {
			t.Error(err)
		}
		dir, err := beside.Folder()
		if err != nil {
			t.Fatal(err)
		}
		if err := beside.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("its folder: %v", err)
		}
	}
	if got := column(t, db, "SELECT a FROM usage_total"); strings.Join(got, " ") != "1" {
		t.Errorf("the first connection reads %s", got)
	}
}
