package pipeline

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot"
)

// planted are people as exports name them; none of it may come out anywhere.
func planted() []holding {
	return []holding{
		{global: "base", mcp: "MCP-Plant-001", email: "Secret.Person@plant.example.com", firstName: "Plantfirst", lastName: "Plantlast", title: "AZ-305"},
		{global: "base", email: " Only.Mail@plant.example.com\u00a0", firstName: "Plantfirst", lastName: "Plantlast", title: "AZ-104"},
		{global: "base", email: "ONLY.MAIL@plant.example.com", title: "AZ-700"},
		{location: "unknown", email: "lost.soul@plant.example.com", firstName: "Plantfirst", title: "AZ-104"},
		{global: "base", mcp: " mcp-plant-001", email: "other.mail@plant.example.com", title: "AZ-120"},
		{global: "base", mcp: "mcp-plant-002", email: "secret.person@plant.example.com", title: "AZ-120"},
		{global: "base", firstName: "Plantfirst", lastName: "Plantlast", title: "AZ-700"},
	}
}

// noPlants fails when bytes hold anything that was planted, in any case or in UTF-16.
func noPlants(t *testing.T, where string, data []byte) {
	t.Helper()
	lower := bytes.ToLower(data)
	for _, word := range []string{"plant", "secret.person", "only.mail", "lost.soul", "p\x00l\x00a\x00n\x00t", "@plant"} {
		if bytes.Contains(lower, []byte(word)) {
			t.Errorf("%s holds %q", where, word)
		}
	}
}

func TestPeopleStayPrivate(t *testing.T) {
	w := newWorld()
	w.hold(june, planted()...)
	w.partners = []location{{id: "base", global: "base", globalName: "Base"}}
	exports := w.write(t)
	for name, key := range map[string]string{"without key": "", "with key": "a key of the partner"} {
		t.Run(name, func(t *testing.T) {
			r := score(t, exports, func(o *Options) { o.PersonKey = []byte(key) })
			walk(t, r.snapshots, func(rel string, data []byte, _ fs.FileInfo) {
				noPlants(t, rel, data)
				noPlants(t, "the name", []byte(rel))
				if key != "" && bytes.Contains(data, []byte(key)) {
					t.Errorf("%s holds the key", rel)
				}
			})
			for _, h := range r.tables[snapshot.Certifications] { // pages are compressed: look at the cells as well
				for column, cell := range h {
					noPlants(t, column, []byte(cell))
				}
			}
			for _, m := range r.tables[snapshot.Metrics] {
				noPlants(t, "reason", []byte(m["reason"]))
			}
			noPlants(t, "the log", []byte(r.log))
			if !strings.Contains(r.log, "certification rows of no known partner") {
				t.Errorf("the log does not tell of the unknown location:\n%s", r.log)
			}
			checkPseudonyms(t, r, key)
		})
	}
}

// TestAddressesAreNoIDs: an e-mail address in the place of an id, as in shifted rows, is bad data and is named nowhere.
func TestAddressesAreNoIDs(t *testing.T) {
	const address = "secret.person@plant.example.com"
	w := newWorld()
	w.add(june, usage{location: address, amount: "1"}, usage{location: "base", global: address, amount: "2"})
	w.hold(june, holding{global: address, mcp: "m2", title: "AZ-104"}, holding{location: address, global: "base", mcp: "m3", title: "AZ-104"})
	r := score(t, w.write(t), func(o *Options) { o.MaxRejected = 1 })
	r.one(t, snapshot.Exclusions).expect(t, "the exclusion", "reason", "missing_partner", "rows", "2", "acr_usd", "3.000000")
	for table, rows := range r.tables {
		for _, row := range rows {
			noPlants(t, table, []byte(fmt.Sprint(row)))
		}
	}
	noPlants(t, "the log", []byte(r.log))
	if !strings.Contains(r.log, "certification rows of no known partner") {
		t.Errorf("the log does not tell of the certifications:\n%s", r.log)
	}
	for says, partners := range map[string][]location{
		"has an e-mail address for an id": {{id: address, global: "base"}},
		"belongs to two global accounts":  {{id: "Plant", global: "Plant"}, {id: "Plant", global: "Ann Plant"}},
	} {
		w.partners = partners
		_, log, err := try(t, w.write(t), filepath.Join(t.TempDir(), "snapshots"), june)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Fatalf("error %v, want %q", err, says)
		}
		noPlants(t, "the error", []byte(err.Error()))
		noPlants(t, "the log", []byte(log))
	}
}

// checkPseudonyms: a person is the MCPID, else the e-mail, each trimmed and in lower case; rows are not linked through an e-mail.
func checkPseudonyms(t *testing.T, r result, key string) {
	t.Helper()
	id := func(person string) string {
		sum := sha256.Sum256([]byte(person))
		if key != "" {
			mac := hmac.New(sha256.New, []byte(key))
			mac.Write([]byte(person))
			copy(sum[:], mac.Sum(nil))
		}
		return hex.EncodeToString(sum[:])[:16]
	}
	for _, c := range []struct{ area, metric, step, person, title string }{
		{"infrastructure", "advanced_certifications", "1", "mcp-plant-001", "Azure Solutions Architect Expert"},
		{"infrastructure", "advanced_certifications", "2", "mcp-plant-001", "Azure for SAP Workloads Specialty"},
		{"infrastructure", "advanced_certifications", "2", "mcp-plant-002", "Azure for SAP Workloads Specialty"},
		{"infrastructure", "intermediate_certifications", "1", "only.mail@plant.example.com", "Azure Administrator Associate"},
		{"infrastructure", "intermediate_certifications", "2", "only.mail@plant.example.com", "Azure Network Engineer Associate"},
		{"infrastructure", "intermediate_certifications", "1", "m1", "Azure Administrator Associate"},
	} {
		r.one(t, snapshot.Certifications, "solution_area", c.area, "metric", c.metric, "step", c.step, "person_id", id(c.person)).expect(t, c.person, "certification", c.title)
	}
	if n := len(r.find(snapshot.Certifications, "solution_area", "infrastructure")); n != 6 {
		t.Errorf("%d holdings in infrastructure, want 6: a row without a person counts for nobody, one of an unknown location neither", n)
	}
}

// TestErrorsNameNobody: a message about a row of a person names the row.
func TestErrorsNameNobody(t *testing.T) {
	for name, row := range map[string]holding{
		"completed":          {global: "base", email: "secret.person@plant.example.com", firstName: "Plantfirst", title: "AZ-305", completed: "31.31.2024"},
		"e-mail in the date": {global: "base", mcp: "m7", title: "AZ-305", completed: "secret.person@plant.example.com"},
		"name in the date":   {global: "base", mcp: "m7", title: "AZ-305", expires: "Plantfirst Plantlast"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.hold(june, row)
			root := w.write(t)
			_, log, err := try(t, root, sown(t, root), june)
			if err == nil {
				t.Fatal("no error")
			}
			noPlants(t, "the message", []byte(err.Error()))
			noPlants(t, "the log", []byte(log))
		})
	}
}

// TestKeyChangesPeopleOnly: another key is another month, without giving itself away.
func TestKeyChangesPeopleOnly(t *testing.T) {
	exports := newWorld().write(t)
	plain, keyed := score(t, exports), score(t, exports, func(o *Options) { o.PersonKey = []byte("k") })
	for table, rows := range plain.tables {
		for i, r := range rows {
			for column, cell := range r {
				if other := keyed.tables[table][i][column]; (other != cell) != (column == "person_id") {
					t.Errorf("%s.%s: %s and %s with a key", table, column, cell, other)
				}
			}
		}
	}
	again := scoreInto(t, exports, plain.snapshots, june, func(o *Options) { o.PersonKey = []byte("k") })
	if !again.Changed {
		t.Error("a new key publishes nothing")
	}
}
