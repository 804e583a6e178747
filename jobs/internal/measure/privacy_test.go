package measure_test

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

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

func TestPeopleStayPrivate(t *testing.T) {
	w := world.New().Only()
	w.Hold(world.June, world.Planted()...)
	w.Partners = []world.Location{{ID: "base", Global: "base", GlobalName: "Base"}}
	exports := w.Write(t)
	for name, key := range map[string]string{"without key": "", "with key": "a key of the partner"} {
		t.Run(name, func(t *testing.T) {
			r := world.ScoreAlone(t, exports, func(o *months.Options) { o.PersonKey = []byte(key) })
			world.Walk(t, r.Snapshots, func(rel string, data []byte, _ fs.FileInfo) {
				world.NoPlants(t, rel, data)
				world.NoPlants(t, "the name", []byte(rel))
				if key != "" && bytes.Contains(data, []byte(key)) {
					t.Errorf("%s holds the key", rel)
				}
			})
			for _, h := range r.Tables[snapshot.Certifications] { // pages are compressed: look at the cells as well
				for column, cell := range h {
					world.NoPlants(t, column, []byte(cell))
				}
			}
			for _, m := range r.Tables[snapshot.Metrics] {
				world.NoPlants(t, "reason", []byte(m["reason"]))
			}
			world.NoPlants(t, "the log", []byte(r.Log))
			if !strings.Contains(r.Log, "certification rows of no known partner") {
				t.Errorf("the log does not tell of the unknown location:\n%s", r.Log)
			}
			checkPseudonyms(t, r, key)
		})
	}
}

// TestAddressesAreNoIDs: an e-mail address in the place of an id, as in shifted rows, is bad data and is named nowhere.
func TestAddressesAreNoIDs(t *testing.T) {
	const address = "secret.person@plant.example.com"
	w := world.New().Only()
	w.Add(world.June, world.Usage{Location: address, Amount: "1"}, world.Usage{Location: "base", Global: address, Amount: "2"})
	w.Hold(world.June, world.Holding{Global: address, MCP: "m2", Title: "AZ-104"}, world.Holding{Location: address, Global: "base", MCP: "m3", Title: "AZ-104"})
	r := world.ScoreAlone(t, w.Write(t), func(o *months.Options) { o.MaxRejected = 1 })
	r.One(t, snapshot.Exclusions).Expect(t, "the exclusion", "reason", "missing_partner", "rows", "2", "acr_usd", "3.000000")
	for table, rows := range r.Tables {
		for _, row := range rows {
			world.NoPlants(t, table, []byte(fmt.Sprint(row)))
		}
	}
	world.NoPlants(t, "the log", []byte(r.Log))
	if !strings.Contains(r.Log, "certification rows of no known partner") {
		t.Errorf("the log does not tell of the certifications:\n%s", r.Log)
	}
	for says, partners := range map[string][]world.Location{
		"has an e-mail address for an id": {{ID: address, Global: "base"}},
		"belongs to two global accounts":  {{ID: "Plant", Global: "Plant"}, {ID: "Plant", Global: "Ann Plant"}},
	} {
		w.Partners = partners
		_, log, err := world.Try(t, w.Write(t), filepath.Join(t.TempDir(), "snapshots"), world.June, world.NoHistory)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Fatalf("error %v, want %q", err, says)
		}
		world.NoPlants(t, "the error", []byte(err.Error()))
		world.NoPlants(t, "the log", []byte(log))
	}
}

// checkPseudonyms: a person is the MCPID, else the e-mail, each trimmed and in lower case; rows are not linked through an e-mail.
func checkPseudonyms(t *testing.T, r world.Result, key string) {
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
		r.One(t, snapshot.Certifications, "solution_area", c.area, "metric", c.metric, "step", c.step, "person_id", id(c.person)).Expect(t, c.person, "certification", c.title)
	}
	if n := len(r.Find(snapshot.Certifications, "solution_area", "infrastructure")); n != 6 {
		t.Errorf("%d holdings in infrastructure, want 6: a row without a person counts for nobody, one of an unknown location neither", n)
	}
}

// TestErrorsNameNobody: a message about a row of a person names the row.
func TestErrorsNameNobody(t *testing.T) {
	w := world.New().Only()
	w.Hold(world.June, world.Holding{Global: "base", Email: "secret.person@plant.example.com", FirstName: "Plantfirst", Title: "AZ-305", Completed: "31.31.2024"},
		world.Holding{Global: "base", MCP: "m7", Title: "AZ-305", Completed: "secret.person@plant.example.com"},
		world.Holding{Global: "base", MCP: "m8", Title: "AZ-305", Expires: "Plantfirst Plantlast"})
	_, log, err := world.Try(t, w.Write(t), filepath.Join(t.TempDir(), "snapshots"), world.June, world.NoHistory)
	if err == nil {
		t.Fatal("no error")
	}
	for _, row := range []string{"TrainingCompletionDate, line 3", "TrainingCompletionDate, line 4", "ExpirationDate, line 5"} {
		if !strings.Contains(err.Error(), row) {
			t.Errorf("the message lacks %s: %v", row, err)
		}
	}
	world.NoPlants(t, "the message", []byte(err.Error()))
	world.NoPlants(t, "the log", []byte(log))
}

// TestKeyChangesPeopleOnly: another key is another month, without giving itself away.
func TestKeyChangesPeopleOnly(t *testing.T) {
	exports := world.New().Only().Write(t)
	plain := world.ScoreAlone(t, exports)
	keyed := world.ScoreInto(t, exports, plain.Snapshots, world.June, world.NoHistory, func(o *months.Options) { o.PersonKey = []byte("k") })
	if !keyed.Changed {
		t.Error("a new key publishes nothing")
	}
	for table, rows := range plain.Tables {
		for i, r := range rows {
			for column, cell := range r {
				if other := keyed.Tables[table][i][column]; (other != cell) != (column == "person_id") {
					t.Errorf("%s.%s: %s and %s with a key", table, column, cell, other)
				}
			}
		}
	}
}
