package months_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// cachedHoldings reads the cells of the holdings of June.
func cachedHoldings(t *testing.T, snapshots string) (rows []string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	world.Must(t, err)
	defer db.Close()
	path := filepath.Join(snapshots, "_facts", "holdings", "month="+world.June.String(), snapshot.HoldingsRows)
	found, err := db.Query("SELECT concat_ws(' ', partner_id, label, completed, expires, active), person_id FROM read_parquet('" + path + "')")
	world.Must(t, err)
	defer found.Close()
	for found.Next() {
		var row, person string
		world.Must(t, found.Scan(&row, &person))
		world.NoPlants(t, "a row", []byte(row+person))
		if len(person) != 16 {
			t.Errorf("person %q", person)
		}
		rows = append(rows, row)
	}
	world.Must(t, found.Err())
	return rows
}

// TestHoldingsCache: it has what any rulebook asks for and nothing else, comes back when it is deleted, and changes nothing that is published.
func TestHoldingsCache(t *testing.T) {
	const built = 2 // months of facts
	w := world.New().Lately(built)
	w.Hold(world.June, world.Planted()...)
	w.Hold(world.June,
		world.Holding{Global: "other", MCP: "m1", Title: "Plantfirst Plantlast"},
		world.Holding{Global: "other", MCP: "m1", Title: "Microsoft® Certified: Fabric Analytics  Engineer Associate", Completed: "2024-07-01"},
		world.Holding{Global: "other", MCP: "m1", Title: "DP-700", Expires: "2024-08-01", Activation: "x"},
		world.Holding{Global: "other", MCP: "m1", Title: "DP-700", Expires: "2024-08-01", Activation: "x"},
		world.Holding{Global: "other", MCP: "m2", Title: "DP-700", Completed: world.None})
	exports := w.Write(t)
	r := world.Score(t, exports, world.NoHistory)
	var other []string
	for _, row := range cachedHoldings(t, r.Snapshots) {
		if row[:5] == "other" {
			other = append(other, row)
		}
	}
	want := []string{"other microsoft certified: fabric analytics engineer associate 2024-07-01 true", "other dp-700 2024-01-15 2024-08-01 false", "other dp-700 true"}
	slices.Sort(want)
	slices.Sort(other)
	if diff := cmp.Diff(want, other); diff != "" {
		t.Errorf("holdings (-want +got):\n%s", diff)
	}

	before := world.TableBytes(t, r.Snapshots)
	world.Must(t, os.RemoveAll(filepath.Join(r.Snapshots, "_facts", "holdings")))
	again := world.ScoreInto(t, exports, r.Snapshots, world.June, world.NoHistory)
	if again.Changed || again.FactsBuilt != 0 {
		t.Errorf("without holdings: changed %v, %d facts built", again.Changed, again.FactsBuilt)
	}
	if diff := cmp.Diff(before, world.TableBytes(t, r.Snapshots)); diff != "" {
		t.Errorf("without holdings other bytes:\n%s", diff)
	}
	if rows := cachedHoldings(t, r.Snapshots); len(rows) <= len(want) {
		t.Errorf("holdings did not come back: %q", rows)
	}
	lenient, err := world.Options("", "", "").Library.Load("own.yaml", []byte("id: own\ntitle: t\nextends: azure-2023-06\nusage: {missing_offer: eligible}\n"))
	world.Must(t, err)
	w.Add(world.June.Add(1), world.Usage{Location: "base", Amount: "100"})
	w.WriteTo(t, exports)
	world.ScoreInto(t, exports, r.Snapshots, world.June.Add(1), world.NoHistory, func(o *months.Options) { o.Rulebook = lenient })
	if again = world.ScoreInto(t, exports, r.Snapshots, world.June, world.NoHistory); again.Changed || again.FactsBuilt != built {
		t.Errorf("over facts of other rules: changed %v, %d facts built", again.Changed, again.FactsBuilt)
	}
	world.Must(t, os.RemoveAll(filepath.Join(r.Snapshots, "_facts")))
	if again = world.ScoreInto(t, exports, r.Snapshots, world.June, world.NoHistory); again.Changed || again.FactsBuilt != built {
		t.Errorf("without cache: changed %v, %d facts built", again.Changed, again.FactsBuilt)
	}
	if again = world.ScoreInto(t, exports, r.Snapshots, world.June, world.NoHistory); strings.Contains(again.Log, "count for nobody") {
		t.Errorf("with all there, certifications were read: %s", again.Log)
	}
}
