package pipeline

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot"
)

// TestIDsThatLookMissing: they count, since no rule says that they may not, and the score is provisional.
func TestIDsThatLookMissing(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", tenant: "NaN", amount: "7"}, usage{location: "base", global: "nan", amount: "5.5"},
		usage{location: "N/A", tenant: "Contoso", amount: "1"})
	got := score(t, w.write(t))
	reasons := strings.Join(got.Provisional, "|")
	for _, want := range []string{`the tenant id "nan" looks like a missing one and counts as an id: 7.00 USD`, `the partner id "nan" looks`, `the partner id "n/a" looks`} {
		if !strings.Contains(reasons, want) {
			t.Errorf("%q is not in %q", want, reasons)
		}
	}
	for _, s := range got.find(snapshot.Scores) {
		s.expect(t, "score", "provisional", "true")
	}
	w = newWorld()
	w.add(june, usage{location: "base", tenant: "Contoso", amount: "7"})
	if plain := score(t, w.write(t)); len(plain.Provisional) > 0 {
		t.Errorf("other ids are doubted: %q", plain.Provisional)
	}
}

// TestAnIDOfManyPeople: one certification id with the addresses of many is one person; the log says so without the id.
func TestAnIDOfManyPeople(t *testing.T) {
	hold := func(emails ...string) string {
		w := newWorld()
		for _, email := range emails {
			w.hold(june, holding{global: "base", mcp: "990001", email: email, title: "AZ-104"})
		}
		return score(t, w.write(t)).log
	}
	log := hold("a@x", "b@x", "c@x", "d@x", "D@x ", "")
	if want := "ids=1 rows=6 addresses=4"; !strings.Contains(log, want) || strings.Contains(log, "990001") || strings.Contains(log, "@x") {
		t.Errorf("the log lacks %s, or names a person:\n%s", want, warnings(log))
	}
	if log := hold("a@x", "b@x", "A@X"); strings.Contains(log, "addresses=") {
		t.Errorf("two addresses are told of:\n%s", warnings(log))
	}
}

// warnings are the lines of a log that warn.
func warnings(log string) string {
	var lines []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, "level=WARN") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
