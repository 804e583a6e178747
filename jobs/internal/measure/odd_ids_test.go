package measure_test

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// TestIDsThatLookMissing: they count, since no rule says that they may not, and the score is provisional.
func TestIDsThatLookMissing(t *testing.T) {
	w := world.New()
	w.Add(world.June, world.Usage{Location: "base", Tenant: "NaN", Amount: "7"}, world.Usage{Location: "base", Global: "nan", Amount: "5.5"},
		world.Usage{Location: "N/A", Tenant: "Contoso", Amount: "1"})
	got := world.Score(t, w.Write(t))
	reasons := strings.Join(got.Provisional, "|")
	for _, want := range []string{`the tenant id "nan" looks like a missing one and counts as an id: 7.00 USD`, `the partner id "nan" looks`, `the partner id "n/a" looks`} {
		if !strings.Contains(reasons, want) {
			t.Errorf("%q is not in %q", want, reasons)
		}
	}
	for _, s := range got.Find(snapshot.Scores) {
		s.Expect(t, "score", "provisional", "true")
	}
	w = world.New()
	w.Add(world.June, world.Usage{Location: "base", Tenant: "Contoso", Amount: "7"})
	if plain := world.Score(t, w.Write(t)); len(plain.Provisional) > 0 {
		t.Errorf("other ids are doubted: %q", plain.Provisional)
	}
}

// TestAnIDOfManyPeople: one certification id with the addresses of many is one person; the log says so without the id.
func TestAnIDOfManyPeople(t *testing.T) {
	hold := func(emails ...string) string {
		w := world.New()
		for _, email := range emails {
			w.Hold(world.June, world.Holding{Global: "base", MCP: "990001", Email: email, Title: "AZ-104"})
		}
		return world.Score(t, w.Write(t)).Log
	}
	log := hold("a@x", "b@x", "c@x", "d@x", "D@x ", "")
	if want := "ids=1 rows=6 addresses=4"; !strings.Contains(log, want) || strings.Contains(log, "990001") || strings.Contains(log, "@x") {
		t.Errorf("the log lacks %s, or names a person:\n%s", want, world.Warnings(log))
	}
	if log := hold("a@x", "b@x", "A@X"); strings.Contains(log, "addresses=") {
		t.Errorf("two addresses are told of:\n%s", world.Warnings(log))
	}
}
