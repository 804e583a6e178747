package measure_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// TestHoldingStates: every reason, and which of several rows of one person and certification is published. Each case is a partner with one
// architect (AZ-305, or AZ-220, which ends on 2024-07-31); the score month is June 2024.
func TestHoldingStates(t *testing.T) {
	type rows []world.Holding
	cases := map[string]struct {
		rows rows
		want [4]string // completed, expires, counted, reason
	}{
		"counted":                      {rows{{Completed: "2024-01-15"}}, [4]string{"2024-01-15", world.Null, "true", "counted"}},
		"completed on the day":         {rows{{Completed: "2024-06-30"}}, [4]string{"2024-06-30", world.Null, "true", "counted"}},
		"completed the day after":      {rows{{Completed: "2024-07-01"}}, [4]string{"2024-07-01", world.Null, "false", "not_yet"}},
		"never completed":              {rows{{Completed: world.None}}, [4]string{world.Null, world.Null, "false", "not_yet"}},
		"expires on the day":           {rows{{Completed: "2023-01-01", Expires: "2024-06-30"}}, [4]string{"2023-01-01", "2024-06-30", "true", "counted"}},
		"expired the day before":       {rows{{Completed: "2023-01-01", Expires: "2024-06-29"}}, [4]string{"2023-01-01", "2024-06-29", "false", "expired"}},
		"inactive":                     {rows{{Completed: "2023-01-01", Activation: "Inactive"}}, [4]string{"2023-01-01", world.Null, "false", "inactive"}},
		"active in any case":           {rows{{Completed: "2023-01-01", Activation: " ACTIVE\u00a0"}}, [4]string{"2023-01-01", world.Null, "true", "counted"}},
		"not yet and expired":          {rows{{Completed: "2024-07-01", Expires: "2024-01-01", Activation: "x"}}, [4]string{"2024-07-01", "2024-01-01", "false", "not_yet"}},
		"expired and inactive":         {rows{{Completed: "2023-01-01", Expires: "2024-01-01", Activation: "x"}}, [4]string{"2023-01-01", "2024-01-01", "false", "expired"}},
		"day with a time":              {rows{{Completed: "2024-06-30T23:59:59Z", Expires: "6/30/2024 11:00:00 PM"}}, [4]string{"2024-06-30", "2024-06-30", "true", "counted"}},
		"the one that counts":          {rows{{Completed: "2024-07-09"}, {Completed: "2022-01-01"}, {Completed: "2024-06-01", Activation: "x"}}, [4]string{"2022-01-01", world.Null, "true", "counted"}},
		"two that count":               {rows{{Completed: "2022-01-01"}, {Completed: "2023-01-01", Expires: "2025-01-01"}}, [4]string{"2023-01-01", "2025-01-01", "true", "counted"}},
		"two that count, no expiry":    {rows{{Completed: "2023-01-01", Expires: "2025-01-01"}, {Completed: "2023-01-01"}}, [4]string{"2023-01-01", world.Null, "true", "counted"}},
		"last completed":               {rows{{Completed: "2022-01-01", Activation: "x"}, {Completed: "2023-01-01", Expires: "2024-01-01"}, {Completed: world.None}}, [4]string{"2023-01-01", "2024-01-01", "false", "expired"}},
		"last completed, though later": {rows{{Completed: "2023-01-01", Expires: "2024-01-01"}, {Completed: "2024-08-01"}}, [4]string{"2024-08-01", world.Null, "false", "not_yet"}},
		"last expiry":                  {rows{{Completed: "2023-01-01", Expires: "2024-02-01"}, {Completed: "2023-01-01", Expires: "2024-03-01"}}, [4]string{"2023-01-01", "2024-03-01", "false", "expired"}},
		"no expiry is last":            {rows{{Completed: "2023-01-01", Expires: "2024-03-01"}, {Completed: "2023-01-01", Activation: "x"}}, [4]string{"2023-01-01", world.Null, "false", "inactive"}},
		"first reason of equals":       {rows{{Completed: "2023-01-01", Expires: "2024-12-01", Activation: "x"}, {Completed: "2023-01-01", Expires: "2024-12-01", Activation: "y"}}, [4]string{"2023-01-01", "2024-12-01", "false", "inactive"}},
		"expired before inactive":      {rows{{Completed: "2023-01-01", Expires: "2024-03-01", Activation: "x"}, {Completed: "2023-01-01", Expires: "2024-03-01"}}, [4]string{"2023-01-01", "2024-03-01", "false", "expired"}},
		"title and code are one":       {rows{{Completed: "2023-01-01", Title: "Microsoft Certified: Azure Solutions Architect Expert"}, {Completed: "2023-02-01", Title: "az-305"}}, [4]string{"2023-02-01", world.Null, "true", "counted"}},
	}
	w := world.New().Only()
	for partner, c := range cases {
		for _, h := range c.rows {
			h.Global, h.MCP = partner, "Person"
			if h.Title == "" {
				h.Title = "AZ-305"
			}
			w.Hold(world.June, h)
		}
	}
	w.Hold(world.June, world.Holding{Global: "retired", MCP: "Person", Title: "AZ-220"}, world.Holding{Global: "retired", MCP: "Person", Title: "AZ-305"})
	exports := w.Write(t)
	r := world.ScoreAlone(t, exports)
	for partner, c := range cases {
		r.One(t, snapshot.Certifications, "partner_id", partner, "solution_area", "infrastructure").Expect(t, partner, "metric", "advanced_certifications", "step", "1",
			"certification", "Azure Solutions Architect Expert", "completed", c.want[0], "expires", c.want[1], "counted", c.want[2], "reason", c.want[3])
		people := "0.000000"
		r.One(t, snapshot.Metrics, "partner_id", partner, "solution_area", "infrastructure", "metric", "advanced_certifications").
			Expect(t, partner, "measure", people, "status", "gate_unmet", "points", "0.00", "current_value", world.Null, "baseline_value", world.Null)
	}
	r.One(t, snapshot.Certifications, "partner_id", "retired", "certification", "Azure IoT Developer Specialty").Expect(t, "in June", "reason", "counted", "step", "2")
	july := func(day int, month time.Month) func(*months.Options) {
		return func(o *months.Options) {
			asOf := time.Date(2024, month, day, 0, 0, 0, 0, time.UTC)
			o.SkillsAsOf = &asOf
		}
	}
	world.ScoreAlone(t, exports, july(31, time.July)).One(t, snapshot.Certifications, "partner_id", "retired", "certification", "Azure IoT Developer Specialty").
		Expect(t, "on the last day", "reason", "counted")
	august := world.ScoreAlone(t, exports, july(1, time.August))
	august.One(t, snapshot.Certifications, "partner_id", "retired", "certification", "Azure IoT Developer Specialty").Expect(t, "a day later", "reason", "list_ended", "counted", "false")
	august.One(t, snapshot.Certifications, "partner_id", "completed the day after", "solution_area", "infrastructure").Expect(t, "a day later", "reason", "counted")
}

// TestWhoHoldsWhat: types, titles, people, and the partner of a row.
func TestWhoHoldsWhat(t *testing.T) {
	w := world.New().Only()
	w.Certifications = nil
	w.Partners = []world.Location{{ID: "base", Global: "base", GlobalName: "B"}, {ID: "branch", Global: "base"}, {ID: "lonely"}}
	network := func(h world.Holding) { h.MCP = world.Text(h.MCP, "someone"); w.Hold(world.June, h) }
	for _, typ := range []string{"Exam", "Assessment", " ", "Certifications", "certificate"} {
		network(world.Holding{Global: "base", MCP: "no " + typ, Title: "AZ-700", Type: typ})
	}
	network(world.Holding{Global: "base", MCP: "type in capitals", Title: "AZ-700", Type: " CERTIFICATION "})
	for _, title := range []string{"Azure Network Engineer Associate (AZ-104)", "AZ700", "Exam AZ-700", "AZ-700: Designing",
		"Microsoft Certified Azure Network Engineer Associate", "", "AZ-801+AZ-800"} {
		network(world.Holding{Global: "base", MCP: "title " + title, Title: title})
	}
	for _, title := range []string{"azure  network engineer associate", "GitHub™ Certified®: Azure® Network Engineer Associate( az-700 )", "AZ-802",
		"Microsoft Certified:Azure Network Engineer Associate", "MICROSOFT CERTIFIED: AZURE NETWORK ENGINEER ASSOCIATE", "\u00a0az-700 ",
		"AZ-800", "AZ-801", "Windows Server Hybrid Administrator Associate"} {
		network(world.Holding{Location: "branch", MCP: "yes " + title, Title: title})
	}
	network(world.Holding{Location: "lonely", MCP: "l", Title: "AZ-700"})
	network(world.Holding{Location: "lonely", Global: "base", MCP: "location decides", Title: "AZ-700"})
	network(world.Holding{Location: "base", MCP: "two", Title: "AZ-800"})
	network(world.Holding{Location: "branch", MCP: "TWO ", Title: "AZ-801"})
	network(world.Holding{Location: "branch", MCP: "two", Title: "AZ-700"})
	network(world.Holding{Location: "base", MCP: "only a row", Title: "Something else"})
	network(world.Holding{Location: "nowhere", MCP: "n", Title: "AZ-700"})
	r := world.ScoreAlone(t, w.Write(t))
	measure := func(partner, want string) {
		t.Helper()
		r.One(t, snapshot.Metrics, "partner_id", partner, "solution_area", "infrastructure", "metric", "intermediate_certifications").Expect(t, partner, "measure", want)
	}
	measure("base", "11.000000") // one by type, nine by title, "two"
	measure("lonely", "2.000000")
	var partners []string
	for _, s := range r.Find(snapshot.Scores, "solution_area", "data_ai") {
		partners = append(partners, s["partner_id"])
	}
	if diff := cmp.Diff([]string{"base", "lonely"}, partners); diff != "" {
		t.Errorf("partners (-want +got):\n%s", diff)
	}
	two := r.Find(snapshot.Certifications, "certification", "Windows Server Hybrid Administrator Associate")
	if len(two) != 5 { // four by title, "two" once
		t.Errorf("%d people hold Windows Server, want 5", len(two))
	}
}
