package pipeline

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
)

// TestHoldingStates: every reason, and which of several rows of one person and certification is published. Each case is a partner with one
// architect (AZ-305, or AZ-220, which ends on 2024-07-31); the score month is June 2024.
func TestHoldingStates(t *testing.T) {
	type rows []holding
	cases := map[string]struct {
		rows rows
		want [4]string // completed, expires, counted, reason
	}{
		"counted":                      {rows{{completed: "2024-01-15"}}, [4]string{"2024-01-15", null, "true", "counted"}},
		"completed on the day":         {rows{{completed: "2024-06-30"}}, [4]string{"2024-06-30", null, "true", "counted"}},
		"completed the day after":      {rows{{completed: "2024-07-01"}}, [4]string{"2024-07-01", null, "false", "not_yet"}},
		"never completed":              {rows{{completed: none}}, [4]string{null, null, "false", "not_yet"}},
		"expires on the day":           {rows{{completed: "2023-01-01", expires: "2024-06-30"}}, [4]string{"2023-01-01", "2024-06-30", "true", "counted"}},
		"expired the day before":       {rows{{completed: "2023-01-01", expires: "2024-06-29"}}, [4]string{"2023-01-01", "2024-06-29", "false", "expired"}},
		"inactive":                     {rows{{completed: "2023-01-01", activation: "Inactive"}}, [4]string{"2023-01-01", null, "false", "inactive"}},
		"active in any case":           {rows{{completed: "2023-01-01", activation: " ACTIVE\u00a0"}}, [4]string{"2023-01-01", null, "true", "counted"}},
		"not yet and expired":          {rows{{completed: "2024-07-01", expires: "2024-01-01", activation: "x"}}, [4]string{"2024-07-01", "2024-01-01", "false", "not_yet"}},
		"expired and inactive":         {rows{{completed: "2023-01-01", expires: "2024-01-01", activation: "x"}}, [4]string{"2023-01-01", "2024-01-01", "false", "expired"}},
		"day with a time":              {rows{{completed: "2024-06-30T23:59:59Z", expires: "6/30/2024 11:00:00 PM"}}, [4]string{"2024-06-30", "2024-06-30", "true", "counted"}},
		"the one that counts":          {rows{{completed: "2024-07-09"}, {completed: "2022-01-01"}, {completed: "2024-06-01", activation: "x"}}, [4]string{"2022-01-01", null, "true", "counted"}},
		"two that count":               {rows{{completed: "2022-01-01"}, {completed: "2023-01-01", expires: "2025-01-01"}}, [4]string{"2023-01-01", "2025-01-01", "true", "counted"}},
		"two that count, no expiry":    {rows{{completed: "2023-01-01", expires: "2025-01-01"}, {completed: "2023-01-01"}}, [4]string{"2023-01-01", null, "true", "counted"}},
		"last completed":               {rows{{completed: "2022-01-01", activation: "x"}, {completed: "2023-01-01", expires: "2024-01-01"}, {completed: none}}, [4]string{"2023-01-01", "2024-01-01", "false", "expired"}},
		"last completed, though later": {rows{{completed: "2023-01-01", expires: "2024-01-01"}, {completed: "2024-08-01"}}, [4]string{"2024-08-01", null, "false", "not_yet"}},
		"last expiry":                  {rows{{completed: "2023-01-01", expires: "2024-02-01"}, {completed: "2023-01-01", expires: "2024-03-01"}}, [4]string{"2023-01-01", "2024-03-01", "false", "expired"}},
		"no expiry is last":            {rows{{completed: "2023-01-01", expires: "2024-03-01"}, {completed: "2023-01-01", activation: "x"}}, [4]string{"2023-01-01", null, "false", "inactive"}},
		"first reason of equals":       {rows{{completed: "2023-01-01", expires: "2024-12-01", activation: "x"}, {completed: "2023-01-01", expires: "2024-12-01", activation: "y"}}, [4]string{"2023-01-01", "2024-12-01", "false", "inactive"}},
		"expired before inactive":      {rows{{completed: "2023-01-01", expires: "2024-03-01", activation: "x"}, {completed: "2023-01-01", expires: "2024-03-01"}}, [4]string{"2023-01-01", "2024-03-01", "false", "expired"}},
		"title and code are one":       {rows{{completed: "2023-01-01", title: "Microsoft Certified: Azure Solutions Architect Expert"}, {completed: "2023-02-01", title: "az-305"}}, [4]string{"2023-02-01", null, "true", "counted"}},
	}
	w := newWorld()
	for partner, c := range cases {
		for _, h := range c.rows {
			h.global, h.mcp = partner, "Person"
			if h.title == "" {
				h.title = "AZ-305"
			}
			w.hold(june, h)
		}
	}
	w.hold(june, holding{global: "retired", mcp: "Person", title: "AZ-220"}, holding{global: "retired", mcp: "Person", title: "AZ-305"})
	exports := w.write(t)
	r := score(t, exports)
	for partner, c := range cases {
		r.one(t, snapshot.Certifications, "partner_id", partner, "solution_area", "infrastructure").expect(t, partner, "metric", "advanced_certifications", "step", "1",
			"certification", "Azure Solutions Architect Expert", "completed", c.want[0], "expires", c.want[1], "counted", c.want[2], "reason", c.want[3])
		people := "0.000000"
		r.one(t, snapshot.Metrics, "partner_id", partner, "solution_area", "infrastructure", "metric", "advanced_certifications").
			expect(t, partner, "measure", people, "status", "gate_unmet", "points", "0.00", "current_value", null, "baseline_value", null)
	}
	r.one(t, snapshot.Certifications, "partner_id", "retired", "certification", "Azure IoT Developer Specialty").expect(t, "in June", "reason", "counted", "step", "2")
	july := func(day int, month time.Month) func(*Options) {
		return func(o *Options) {
			asOf := time.Date(2024, month, day, 0, 0, 0, 0, time.UTC)
			o.SkillsAsOf = &asOf
		}
	}
	score(t, exports, july(31, time.July)).one(t, snapshot.Certifications, "partner_id", "retired", "certification", "Azure IoT Developer Specialty").
		expect(t, "on the last day", "reason", "counted")
	august := score(t, exports, july(1, time.August))
	august.one(t, snapshot.Certifications, "partner_id", "retired", "certification", "Azure IoT Developer Specialty").expect(t, "a day later", "reason", "list_ended", "counted", "false")
	august.one(t, snapshot.Certifications, "partner_id", "completed the day after", "solution_area", "infrastructure").expect(t, "a day later", "reason", "counted")
}

// TestWhoHoldsWhat: types, titles, people, and the partner of a row.
func TestWhoHoldsWhat(t *testing.T) {
	w := newWorld()
	w.certifications = nil
	w.partners = []location{{id: "base", global: "base", globalName: "B"}, {id: "branch", global: "base"}, {id: "lonely"}}
	network := func(h holding) { h.mcp = text(h.mcp, "someone"); w.hold(june, h) }
	for _, typ := range []string{"Exam", "Assessment", " ", "Certifications", "certificate"} {
		network(holding{global: "base", mcp: "no " + typ, title: "AZ-700", typ: typ})
	}
	network(holding{global: "base", mcp: "type in capitals", title: "AZ-700", typ: " CERTIFICATION "})
	for _, title := range []string{"Azure Network Engineer Associate (AZ-104)", "AZ700", "Exam AZ-700", "AZ-700: Designing",
		"Microsoft Certified Azure Network Engineer Associate", "", "AZ-801+AZ-800"} {
		network(holding{global: "base", mcp: "title " + title, title: title})
	}
	for _, title := range []string{"azure  network engineer associate", "GitHub™ Certified®: Azure® Network Engineer Associate( az-700 )", "AZ-802",
		"Microsoft Certified:Azure Network Engineer Associate", "MICROSOFT CERTIFIED: AZURE NETWORK ENGINEER ASSOCIATE", "\u00a0az-700 ",
		"AZ-800", "AZ-801", "Windows Server Hybrid Administrator Associate"} {
		network(holding{location: "branch", mcp: "yes " + title, title: title})
	}
	network(holding{location: "lonely", mcp: "l", title: "AZ-700"})
	network(holding{location: "lonely", global: "base", mcp: "location decides", title: "AZ-700"})
	network(holding{location: "base", mcp: "two", title: "AZ-800"})
	network(holding{location: "branch", mcp: "TWO ", title: "AZ-801"})
	network(holding{location: "branch", mcp: "two", title: "AZ-700"})
	network(holding{location: "base", mcp: "only a row", title: "Something else"})
	network(holding{location: "nowhere", mcp: "n", title: "AZ-700"})
	r := score(t, w.write(t))
	measure := func(partner, want string) {
		t.Helper()
		r.one(t, snapshot.Metrics, "partner_id", partner, "solution_area", "infrastructure", "metric", "intermediate_certifications").expect(t, partner, "measure", want)
	}
	measure("base", "11.000000") // one by type, nine by title, "two"
	measure("lonely", "2.000000")
	var partners []string
	for _, s := range r.find(snapshot.Scores, "solution_area", "data_ai") {
		partners = append(partners, s["partner_id"])
	}
	if diff := cmp.Diff([]string{"base", "lonely"}, partners); diff != "" {
		t.Errorf("partners (-want +got):\n%s", diff)
	}
	two := r.find(snapshot.Certifications, "certification", "Windows Server Hybrid Administrator Associate")
	if len(two) != 5 { // four by title, "two" once
		t.Errorf("%d people hold Windows Server, want 5", len(two))
	}
}
