package pipeline

import (
	"strings"
	"testing"
)

// TestTenantsThatAreNoGUIDAreToldOf: they count, since no rule says that they may not, but a name or an account may stand in their place.
func TestTenantsThatAreNoGUIDAreToldOf(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", tenant: "Contoso", amount: "7"}, usage{location: "base", tenant: "Fabrikam", amount: "5.5"})
	got := score(t, w.write(t))
	if want := `tenants=2 acr_usd=12.50`; !strings.Contains(got.log, want) || strings.Contains(strings.ToLower(got.log), "contoso") {
		t.Errorf("the log lacks %s, or names a tenant:\n%s", want, warnings(got.log))
	}
	if plain := score(t, newWorld().write(t)); strings.Contains(plain.log, "no GUID") {
		t.Errorf("GUIDs are told of:\n%s", warnings(plain.log))
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
