package pipeline

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

// TestFactsAreACache: without facts, and over broken ones, the published bytes are the same; only what is missing or broken is built.
func TestFactsAreACache(t *testing.T) {
	w := everythingWorld()
	w.add(june.Add(1), usage{location: "base", amount: "250"})
	exports, clean := w.write(t), filepath.Join(t.TempDir(), "clean")
	scoreInto(t, exports, clean, june)
	damaged, deleted := copied(t, clean), copied(t, clean)
	scoreInto(t, exports, clean, june.Add(1))
	want := tableBytes(t, clean)

	facts := func(m scoring.Month, name string) string {
		return filepath.Join(damaged, "_facts", "month="+m.String(), name)
	}
	parquet := parquetFiles(t, filepath.Dir(facts(june, "facts.json")))
	first, last := parquet[0], parquet[len(parquet)-1]
	broken := map[scoring.Month]bool{june.Add(1): true} // july is new
	for i, damage := range []func(m scoring.Month){
		func(m scoring.Month) { must(t, os.RemoveAll(filepath.Dir(facts(m, "facts.json")))) },
		func(m scoring.Month) { must(t, os.Remove(facts(m, first))) },
		func(m scoring.Month) { flip(t, facts(m, first)) },
		func(m scoring.Month) { flip(t, facts(m, last)) },
		func(m scoring.Month) { must(t, os.Truncate(facts(m, first), 100)) },
		func(m scoring.Month) { must(t, os.Truncate(facts(m, last), 0)) },
		func(m scoring.Month) {
			for _, name := range parquet {
				flip(t, facts(m, name))
			}
		},
		func(m scoring.Month) { must(t, os.Truncate(facts(m, "facts.json"), 50)) },
		func(m scoring.Month) { must(t, os.Truncate(facts(m, "facts.json"), 0)) },
		func(m scoring.Month) { writeFile(t, facts(m, "facts.json"), []byte("{}")) },
		func(m scoring.Month) { writeFile(t, facts(m, "facts.json"), []byte("null")) },
		func(m scoring.Month) {
			data, err := os.ReadFile(facts(m.Add(1), "facts.json"))
			must(t, err)
			writeFile(t, facts(m, "facts.json"), data)
		},
	} {
		m := june.Add(-1 - i)
		damage(m)
		broken[m] = true
	}
	writeFile(t, filepath.Join(damaged, "_facts", "hashes.json"), []byte("}{"))
	r := scoreInto(t, exports, damaged, june.Add(1))
	for m := june.Add(-12); m <= june.Add(1); m++ {
		if built := strings.Contains(r.log, `msg="facts built" month=`+m.String()); built != broken[m] {
			t.Errorf("facts of %s: built %v, broken %v", m, built, broken[m])
		}
	}
	if r.FactsBuilt != len(broken) || r.FactsReused != 14-len(broken) {
		t.Errorf("%d facts built, %d reused, want %d built", r.FactsBuilt, r.FactsReused, len(broken))
	}
	if diff := cmp.Diff(want, tableBytes(t, damaged)); diff != "" {
		t.Errorf("over broken facts other bytes:\n%s", diff)
	}
	must(t, os.RemoveAll(filepath.Join(deleted, "_facts")))
	if r := scoreInto(t, exports, deleted, june.Add(1)); r.FactsBuilt != 14 {
		t.Errorf("%d facts built after all were deleted", r.FactsBuilt)
	}
	if diff := cmp.Diff(want, tableBytes(t, deleted)); diff != "" {
		t.Errorf("without facts other bytes:\n%s", diff)
	}
}

// parquetFiles lists the files of one month's facts, without its description.
func parquetFiles(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
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
	walk(tb, snapshots, func(rel string, data []byte, _ fs.FileInfo) { writeFile(tb, filepath.Join(root, rel), data) })
	return root
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// flip turns one bit in the middle of a file and leaves its size and times.
func flip(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	data, err := os.ReadFile(path)
	must(t, err)
	data[len(data)/3] ^= 4
	must(t, os.WriteFile(path, data, 0o644))
	must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
}

// TestRestatedMonth: a delivery that changes one month builds the facts of this month only, and gives what a clean run gives.
func TestRestatedMonth(t *testing.T) {
	w := everythingWorld()
	exports, snapshots := w.write(t), filepath.Join(t.TempDir(), "s")
	sow(t, exports, snapshots)
	before := scoreInto(t, exports, snapshots, june)
	w.add(june.Add(-2), usage{location: "base", tenant: tenant("late"), service: "Event Hubs", amount: "7.5", file: 1})
	w.writeTo(t, exports)
	after := scoreInto(t, exports, snapshots, june)
	if !after.Changed || after.FactsBuilt != 1 || after.FactsReused != 13 {
		t.Errorf("after a restated month: %+v", after.Outcome)
	}
	if len(after.find("services", "service_level_2", "Event Hubs")) != 1 || len(before.find("services", "service_level_2", "Event Hubs")) != 0 {
		t.Error("the late row does not show")
	}
	if diff := cmp.Diff(tableBytes(t, scoreFresh(t, exports).snapshots), tableBytes(t, snapshots)); diff != "" {
		t.Errorf("not what a clean run gives:\n%s", diff)
	}
}

// TestPartnersFileAndFacts: facts are built again where the partners file says something else of their locations, and only there.
func TestPartnersFileAndFacts(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "branch", tenant: tenant("b"), amount: "2000"})
	w.partners = []location{{id: "base", global: "base", globalName: "Base"}, {id: "branch", global: "branch"}}
	snapshots := filepath.Join(t.TempDir(), "s")
	run := func(what string, built int) result {
		t.Helper()
		exports := w.write(t)
		if what == "first" {
			sow(t, exports, snapshots)
		}
		r := scoreInto(t, exports, snapshots, june)
		if r.FactsBuilt != built {
			t.Errorf("%s: %d facts built, want %d", what, r.FactsBuilt, built)
		}
		if diff := cmp.Diff(score(t, exports).tables, r.tables); diff != "" {
			t.Errorf("%s: not what a clean run gives (-clean +cached):\n%s", what, diff)
		}
		return r
	}
	run("first", 1)
	w.partners = append(w.partners, location{id: "elsewhere", global: "base"})
	run("a location nobody uses", 0)
	w.partners[0].globalName = "Base Ltd"
	if r := run("another name", 0); r.find("scores")[0]["partner_name"] != "Base Ltd" {
		t.Error("the name is the old one")
	}
	w.partners[1].global = "base"
	r := run("a location of one month moves", 1)
	if len(r.find("scores", "partner_id", "branch")) != 0 || len(r.find("customers", "partner_id", "base")) != 2 {
		t.Error("the branch is not part of base")
	}
	w.partners = nil
	run("no partners file", 14)
	if r := run("no partners file, again", 0); len(r.find("customers", "partner_id", "branch")) != 1 {
		t.Error("the branch is no partner of its own")
	}
}

// TestRulesAndFacts: only rules about which rows count build facts again.
func TestRulesAndFacts(t *testing.T) {
	exports, snapshots := everythingWorld().write(t), filepath.Join(t.TempDir(), "s")
	sow(t, exports, snapshots)
	scoreInto(t, exports, snapshots, june)
	for _, c := range []struct {
		what    string
		rules   string
		built   int
		changed func(result) bool
	}{
		{"other points", "deployments: {points_per_service: 3}\n", 0, func(r result) bool { return len(r.find("scores", "deployments_points", "6.00")) > 0 }},
		{"other exclusions of services", "deployments: {excluded_services: [Key Vault]}\n", 0, func(r result) bool {
			return len(r.find("services", "service_level_2", "Key Vault", "reason", "excluded_service")) == 1
		}},
		{"an offer that counts", "usage: {ineligible_offers: {trial: {labels: [Probe]}}}\n", 14, func(r result) bool { return len(r.tables["exclusions"]) == 0 }},
	} {
		r := scoreInto(t, exports, snapshots, june, ownRules(t, c.rules))
		if !r.Changed || r.FactsBuilt != c.built {
			t.Errorf("%s: %+v, want %d facts built", c.what, r.Outcome, c.built)
		}
		if !c.changed(r) {
			t.Errorf("%s does not show", c.what)
		}
	}
}

// ownRules scores by a rulebook that changes azure-2023-06.
func ownRules(tb testing.TB, changes string) func(*Options) {
	return func(o *Options) {
		book, err := o.Library.Load("own.yaml", []byte("id: own\ntitle: Own rules\nextends: azure-2023-06\n"+changes))
		if err != nil {
			tb.Fatal(err)
		}
		o.Rulebook = book
	}
}
