package duckdb_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestFactsAreACache: without facts, and over broken ones, the published bytes are the same; only what is missing or broken is built.
func TestFactsAreACache(t *testing.T) {
	w := world.Everything()
	all := 14 // months of facts of July
	if !world.Long {
		all = 7
		w.Lately(all - 1)
	}
	w.Add(world.June.Add(1), world.Usage{Location: "base", Amount: "250"})
	exports, clean := w.Write(t), filepath.Join(t.TempDir(), "clean")
	world.ScoreInto(t, exports, clean, world.June, world.NoHistory)
	damaged, deleted := copied(t, clean), copied(t, clean)
	world.ScoreInto(t, exports, clean, world.June.Add(1), world.NoHistory)
	want := world.TableBytes(t, clean)

	facts := func(m scoring.Month, name string) string {
		return filepath.Join(damaged, "_facts", "month="+m.String(), name)
	}
	parquet := parquetFiles(t, filepath.Dir(facts(world.June, "facts.json")))
	broken := map[scoring.Month]bool{world.June.Add(1): true} // july is new
	for i, damage := range damagesOf(t, facts, parquet)[:all-2] {
		m := world.June.Add(-1 - i)
		damage(m)
		broken[m] = true
	}
	world.WriteFile(t, filepath.Join(damaged, "_facts", "hashes.json"), []byte("}{"))
	r := world.ScoreInto(t, exports, damaged, world.June.Add(1), world.NoHistory)
	for m := world.June.Add(2 - all); m <= world.June.Add(1); m++ {
		if built := strings.Contains(r.Log, `msg="facts built" month=`+m.String()); built != broken[m] {
			t.Errorf("facts of %s: built %v, broken %v", m, built, broken[m])
		}
	}
	if r.FactsBuilt != len(broken) || r.FactsReused != all-len(broken) {
		t.Errorf("%d facts built, %d reused, want %d built", r.FactsBuilt, r.FactsReused, len(broken))
	}
	if diff := cmp.Diff(want, world.TableBytes(t, damaged)); diff != "" {
		t.Errorf("over broken facts other bytes:\n%s", diff)
	}
	if !world.Long {
		return
	}
	world.Must(t, os.RemoveAll(filepath.Join(deleted, "_facts")))
	if r := world.ScoreInto(t, exports, deleted, world.June.Add(1)); r.FactsBuilt != 14 {
		t.Errorf("%d facts built after all were deleted", r.FactsBuilt)
	}
	if diff := cmp.Diff(want, world.TableBytes(t, deleted)); diff != "" {
		t.Errorf("without facts other bytes:\n%s", diff)
	}
}

// damagesOf are ways to break the facts of a month, those of short tests first.
func damagesOf(t *testing.T, facts func(scoring.Month, string) string, parquet []string) []func(scoring.Month) {
	first, last := parquet[0], parquet[len(parquet)-1]
	return []func(m scoring.Month){
		func(m scoring.Month) { world.Must(t, os.RemoveAll(filepath.Dir(facts(m, "facts.json")))) },
		func(m scoring.Month) { world.Flip(t, facts(m, first)) },
		func(m scoring.Month) { world.Must(t, os.Truncate(facts(m, last), 0)) },
		func(m scoring.Month) { world.Must(t, os.Truncate(facts(m, "facts.json"), 50)) },
		func(m scoring.Month) { // those of another month
			data, err := os.ReadFile(facts(world.June, "facts.json"))
			world.Must(t, err)
			world.WriteFile(t, facts(m, "facts.json"), data)
		},
		// From here on only in long tests.
		func(m scoring.Month) { world.Must(t, os.Remove(facts(m, first))) },
		func(m scoring.Month) { world.Flip(t, facts(m, last)) },
		func(m scoring.Month) { world.Must(t, os.Truncate(facts(m, first), 100)) },
		func(m scoring.Month) {
			for _, name := range parquet {
				world.Flip(t, facts(m, name))
			}
		},
		func(m scoring.Month) { world.Must(t, os.Truncate(facts(m, "facts.json"), 0)) },
		func(m scoring.Month) { world.WriteFile(t, facts(m, "facts.json"), []byte("{}")) },
		func(m scoring.Month) { world.WriteFile(t, facts(m, "facts.json"), []byte("null")) },
	}
}

// parquetFiles lists the files of one month's facts, without its description.
func parquetFiles(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	world.Must(t, err)
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".parquet") {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 || len(names) == len(entries) {
		t.Fatalf("the facts are %v", entries)
	}
	return names
}

// copied copies a snapshots folder.
func copied(tb testing.TB, snapshots string) string {
	tb.Helper()
	root := filepath.Join(tb.TempDir(), "copy")
	world.Walk(tb, snapshots, func(rel string, data []byte, _ fs.FileInfo) { world.WriteFile(tb, filepath.Join(root, rel), data) })
	return root
}

// TestPartnersFileAndFacts: facts are built again where the partners file says something else of their locations, and only there.
func TestPartnersFileAndFacts(t *testing.T) {
	w := world.New().Lately(2)
	w.Add(world.June, world.Usage{Location: "branch", Tenant: world.Tenant("b"), Amount: "2000"})
	w.Partners = []world.Location{{ID: "base", Global: "base", GlobalName: "Base"}, {ID: "branch", Global: "branch"}}
	snapshots := filepath.Join(t.TempDir(), "s")
	run := func(what string, built int) world.Result {
		t.Helper()
		exports := w.Write(t)
		r := world.ScoreInto(t, exports, snapshots, world.June, world.NoHistory)
		if r.FactsBuilt != built {
			t.Errorf("%s: %d facts built, want %d", what, r.FactsBuilt, built)
		}
		if what == "first" || built == 0 && !world.Long {
			return r
		}
		if diff := cmp.Diff(world.ScoreFresh(t, exports, world.NoHistory).Tables, r.Tables); diff != "" {
			t.Errorf("%s: not what a clean run gives (-clean +cached):\n%s", what, diff)
		}
		return r
	}
	run("first", 2)
	w.Partners = append(w.Partners, world.Location{ID: "elsewhere", Global: "base"})
	w.Partners[0].GlobalName = "Base Ltd"
	if r := run("a location nobody uses, and another name", 0); r.Find("scores")[0]["partner_name"] != "Base Ltd" {
		t.Error("the name is the old one")
	}
	w.Partners[1].Global = "base"
	r := run("a location of one month moves", 1)
	if len(r.Find("scores", "partner_id", "branch")) != 0 || len(r.Find("customers", "partner_id", "base")) != 2 {
		t.Error("the branch is not part of base")
	}
	w.Partners = nil
	run("no partners file", 2)
	if r := run("no partners file, again", 0); len(r.Find("customers", "partner_id", "branch")) != 1 {
		t.Error("the branch is no partner of its own")
	}
}

// TestRulesAndFacts: only rules about which rows count build facts again.
func TestRulesAndFacts(t *testing.T) {
	exports, snapshots := world.Everything().Lately(2).Write(t), filepath.Join(t.TempDir(), "s")
	world.ScoreInto(t, exports, snapshots, world.June, world.NoHistory)
	for _, c := range []struct {
		what    string
		rules   string
		built   int
		changed func(world.Result) bool
	}{
		{"other points and exclusions of services", "deployments: {points_per_service: 3, excluded_services: [Backup]}\n", 0, func(r world.Result) bool {
			return len(r.Find("scores", "deployments_points", "6.00")) > 0 && len(r.Find("services", "service_level_2", "Backup", "reason", "excluded_service")) == 1
		}},
		{"an offer that counts", "usage: {ineligible_offers: {trial: {labels: [Probe]}}}\n", 2, func(r world.Result) bool { return len(r.Tables["exclusions"]) == 0 }},
	} {
		r := world.ScoreInto(t, exports, snapshots, world.June, world.NoHistory, ownRules(t, c.rules))
		if !r.Changed || r.FactsBuilt != c.built {
			t.Errorf("%s: %+v, want %d facts built", c.what, r.Outcome, c.built)
		}
		if !c.changed(r) {
			t.Errorf("%s does not show", c.what)
		}
	}
}

// ownRules scores by a rulebook that changes azure-2023-06.
func ownRules(tb testing.TB, changes string) func(*months.Options) {
	return func(o *months.Options) {
		book, err := o.Library.Load("own.yaml", []byte("id: own\ntitle: Own rules\nextends: azure-2023-06\n"+changes))
		if err != nil {
			tb.Fatal(err)
		}
		o.Rulebook = book
	}
}
