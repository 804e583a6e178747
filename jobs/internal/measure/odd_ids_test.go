package measure_test

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/world"
)

// TestIDsThatLookMissing: they count, since no rule says that they may not, and the score is provisional, by which ids.
func TestIDsThatLookMissing(t *testing.T) {
	w := world.New().Only()
	w.Add(world.June, world.Usage{Location: "base", Tenant: "NaN", Amount: "7"}, world.Usage{Location: "base", Global: "nan", Amount: "5.5"},
		world.Usage{Location: "N/A", Tenant: "Contoso", Amount: "1"})
	got := world.ScoreAlone(t, w.Write(t))
	reasons := strings.Join(got.Provisional, "|")
	for _, want := range []string{`the tenant id "nan" looks like a missing one and counts as an id: 7.00 USD`, `the partner id "nan" looks`, `the partner id "n/a" looks`} {
		if !strings.Contains(reasons, want) {
			t.Errorf("%q is not in %q", want, reasons)
		}
	}
	if len(got.Provisional) != 4 || strings.Contains(strings.ToLower(reasons), "contoso") { // the first says that history is missing
		t.Errorf("other ids are doubted: %q", reasons)
	}
}

// TestAnIDOfManyPeople: one certification id with the addresses of many is one person; the log says so without the id.
func TestAnIDOfManyPeople(t *testing.T) {
	w := world.New().Only()
	for id, emails := range map[string][]string{"990001": {"a@x", "b@x", "c@x", "d@x", "D@x ", ""}, "990002": {"a@x", "b@x", "A@X"}} { // two addresses are not told of
		for _, email := range emails {
			w.Hold(world.June, world.Holding{Global: "base", MCP: id, Email: email, Title: "AZ-104"})
		}
	}
	log := world.ScoreAlone(t, w.Write(t)).Log
	if want := "ids=1 rows=6 addresses=4"; !strings.Contains(log, want) || strings.Contains(log, "99000") || strings.Contains(log, "@x") {
		t.Errorf("the log lacks %s, or names a person:\n%s", want, world.Warnings(log))
	}
}
