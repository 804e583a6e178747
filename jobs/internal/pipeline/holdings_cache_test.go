package pipeline

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
)

// cachedHoldings reads the cells of the holdings of June.
func cachedHoldings(t *testing.T, snapshots string) (rows []string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	must(t, err)
	defer db.Close()
	path := filepath.Join(snapshots, "_facts", "holdings", "month="+june.String(), snapshot.HoldingsRows)
	found, err := db.Query("SELECT concat_ws(' ', partner_id, label, completed, expires, active), person_id FROM read_parquet('" + path + "')")
	must(t, err)
	defer found.Close()
	for found.Next() {
		var row, person string
		must(t, found.Scan(&row, &person))
		noPlants(t, "a row", []byte(row+person))
		if len(person) != 16 {
			t.Errorf("person %q", person)
		}
		rows = append(rows, row)
	}
	must(t, found.Err())
	return rows
}

// TestHoldingsCache: it has what any rulebook asks for and nothing else, comes back when it is deleted, and changes nothing that is published.
func TestHoldingsCache(t *testing.T) {
	w := newWorld()
	w.hold(june, planted()...)
	w.hold(june,
		holding{global: "other", mcp: "m1", title: "Plantfirst Plantlast"},
		holding{global: "other", mcp: "m1", title: "Microsoft® Certified: Fabric Analytics  Engineer Associate", completed: "2024-07-01"},
		holding{global: "other", mcp: "m1", title: "DP-700", expires: "2024-08-01", activation: "x"},
		holding{global: "other", mcp: "m1", title: "DP-700", expires: "2024-08-01", activation: "x"},
		holding{global: "other", mcp: "m2", title: "DP-700", completed: none})
	exports := w.write(t)
	r := score(t, exports)
	var other []string
	for _, row := range cachedHoldings(t, r.snapshots) {
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

	before := tableBytes(t, r.snapshots)
	must(t, os.RemoveAll(filepath.Join(r.snapshots, "_facts", "holdings")))
	again := scoreInto(t, exports, r.snapshots, june)
	if again.Changed || again.FactsBuilt != 0 {
		t.Errorf("without holdings: changed %v, %d facts built", again.Changed, again.FactsBuilt)
	}
	if diff := cmp.Diff(before, tableBytes(t, r.snapshots)); diff != "" {
		t.Errorf("without holdings other bytes:\n%s", diff)
	}
	if rows := cachedHoldings(t, r.snapshots); len(rows) <= len(want) {
		t.Errorf("holdings did not come back: %q", rows)
	}
	lenient, err := options("", "", "").Library.Load("own.yaml", []byte("id: own\ntitle: t\nextends: azure-2023-06\nusage: {missing_offer: eligible}\n"))
	must(t, err)
	w.add(june.Add(1), usage{location: "base", amount: "100"})
	w.writeTo(t, exports)
	scoreInto(t, exports, r.snapshots, june.Add(1), func(o *Options) { o.Rulebook = lenient })
	if again = scoreInto(t, exports, r.snapshots, june); again.Changed || again.FactsBuilt != windowMonths-1 {
		t.Errorf("over facts of other rules: changed %v, %d facts built", again.Changed, again.FactsBuilt)
	}
	must(t, os.RemoveAll(filepath.Join(r.snapshots, "_facts")))
	if again = scoreInto(t, exports, r.snapshots, june); again.Changed || again.FactsBuilt != windowMonths {
		t.Errorf("without cache: changed %v, %d facts built", again.Changed, again.FactsBuilt)
	}
	if again = scoreInto(t, exports, r.snapshots, june); strings.Contains(again.log, "count for nobody") {
		t.Errorf("with all there, certifications were read: %s", again.log)
	}
}
