package pipeline

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot"
)

// TestTextsForNoValueAreNoIDs: tools write a missing id as nan, None or N/A. Such rows are of no tenant and no account, in text and in Parquet.
func TestTextsForNoValueAreNoIDs(t *testing.T) {
	for _, parquet := range []bool{false, true} {
		w := newWorld()
		w.parquet = parquet
		texts := []string{"nan", "None", "NaN", "NULL", "N/A", "#N/A", "-", "<NA>"}
		for _, text := range texts {
			w.add(june, usage{location: "base", tenant: text, amount: "5000"}, usage{location: text, amount: "1"},
				usage{location: "base", global: text, amount: "10", subscription: "s"})
		}
		got := score(t, w.write(t), func(o *Options) { o.MaxRejected = 1 })
		for _, reason := range []string{"missing_tenant", "missing_partner"} {
			got.one(t, snapshot.Exclusions, "reason", reason).expect(t, reason, "rows", fmt.Sprint(len(texts)))
		}
		if n := len(got.find(snapshot.Customers)); n != 1 {
			t.Errorf("%d customers, want 1", n)
		}
		got.one(t, snapshot.Customers, "partner_id", "base").expect(t, "the account falls back on the location", "acr_current", "180.000000")
	}
}

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

// TestCertificationIDsOfNobody: zeros and texts for no value are no certification id, nor addresses, so the next column decides.
func TestCertificationIDsOfNobody(t *testing.T) {
	for _, id := range []string{"0", "N/A", "nan", "0.0", "000000", "-", "00000000-0000-0000-0000-000000000000"} {
		root := newWorld().write(t)
		header := []string{"PGAMpnId", "MCPID", "Email", "CorpEmail", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus"}
		row := func(email, corp string) []string {
			return []string{"base", id, email, corp, "AZ-104", "Certification", "2024-01-15", "", ""}
		}
		writeCSV(t, filepath.Join(root, "certifications/month=2024-06/part-0.csv"), header, [][]string{
			row("a@home", "a@work"), row("other@home", "A@work"), row("b@home", "nan"), row("c@home", ""), row("None", "N/A")})
		got := score(t, root)
		people := map[string]bool{}
		for _, c := range got.find(snapshot.Certifications, "partner_id", "base") {
			people[c["person_id"]] = true
		}
		if len(people) != 3 {
			t.Errorf("%q: %d people, want 3", id, len(people))
		}
		if !strings.Contains(got.log, "count for nobody") {
			t.Errorf("%q: the row of nobody is not told of:\n%s", id, warnings(got.log))
		}
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
