package pipeline

import (
	"strings"
	"testing"
)

// TestTextsForNoTenantAreToldOf: they count, since no rule says that they may not.
func TestTextsForNoTenantAreToldOf(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", tenant: "NaN", amount: "7"}, usage{location: "base", tenant: "#N/A", amount: "5.5"})
	got := score(t, w.write(t))
	if want := `tenants=2 acr_usd=12.50`; !strings.Contains(got.log, want) {
		t.Errorf("the log lacks %s:\n%s", want, warnings(got.log))
	}
	w = newWorld()
	w.add(june, usage{location: "base", tenant: "Contoso", amount: "7"})
	if plain := score(t, w.write(t)); strings.Contains(plain.log, "like nan") {
		t.Errorf("other tenants are told of:\n%s", warnings(plain.log))
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
