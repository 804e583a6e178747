package pipeline

import (
	"fmt"
	"testing"

	"partnerscore/jobs/internal/snapshot"
)

// TestTrackOfPartner: who is a partner of small and medium customers, at the edges of both rulebooks that have the track.
func TestTrackOfPartner(t *testing.T) {
	w := newWorld()
	customers := func(partner string, from, to int, segment, amount string) {
		for i := from; i < to; i++ {
			w.add(june, usage{location: partner, tenant: tenant(fmt.Sprint("c", i)), segment: segment, amount: amount})
		}
	}
	customers("all", 0, 3, "SMB", "10")
	customers("four-of-five", 0, 4, "Small and medium business", "10")
	customers("four-of-five", 4, 5, "Enterprise", "10")
	customers("five-of-six", 0, 5, " smb ", "10")
	customers("five-of-six", 5, 6, "", "10")
	customers("no-segment", 0, 2, "", "10")
	customers("just-below", 0, 1, "SMC", "999999.99")
	customers("a-million", 0, 1, "SMB", "1000000")
	customers("month", 0, 4, "SMB", "10")
	customers("last-year", 0, 1, "SMB", "10")
	w.add(june.Add(-5), usage{location: "month", tenant: tenant("e"), segment: "Enterprise", amount: "10"}, usage{location: "month", tenant: tenant("f"), segment: "Enterprise", amount: "10"})
	w.add(june.Add(-12), usage{location: "last-year", tenant: tenant("e"), segment: "Enterprise", amount: "10"})
	w.hold(june, holding{global: "people-only", mcp: "p", title: "AZ-104"})
	exports := w.write(t)
	for rules, tracks := range map[string]map[string]string{
		"azure-2023-06": {"all": "enterprise", "five-of-six": "enterprise", "a-million": "enterprise"},
		"azure-2026-05": {"all": "smb", "four-of-five": "enterprise", "five-of-six": "smb", "no-segment": "enterprise", "just-below": "smb", "a-million": "enterprise",
			"month": "enterprise", "last-year": "smb", "people-only": "enterprise"},
		"azure-2026-07": {"all": "smb", "four-of-five": "smb", "five-of-six": "smb", "no-segment": "enterprise", "just-below": "smb", "a-million": "smb",
			"month": "smb", "last-year": "smb", "people-only": "enterprise"},
	} {
		r := score(t, exports, rulebook(t, rules))
		for partner, want := range tracks {
			r.one(t, snapshot.Scores, "partner_id", partner, "solution_area", "data_ai").expect(t, rules+" "+partner, "track", want, "rulebook", rules)
		}
	}
}

// TestSMBTrack: gates need one person and earn points; a customer of 500 US dollars is one.
func TestSMBTrack(t *testing.T) {
	w := newWorld()
	people := func(partner string, counts ...any) {
		w.add(june, usage{location: partner, tenant: tenant("smb"), segment: "SMB", amount: "500"}, usage{location: partner, tenant: tenant("small"), segment: "SMB", amount: "499.999999"})
		for i := 0; i < len(counts); i += 2 {
			for person := range counts[i+1].(int) {
				w.hold(june, holding{global: partner, mcp: fmt.Sprint(partner, person), title: counts[i].(string)})
			}
		}
	}
	people("223", "AZ-104", 2, "AZ-305", 2, "DP-600", 3)
	people("222", "AZ-104", 2, "AZ-305", 2, "Microsoft Certified: Fabric Data Engineer Associate (dp-700)", 2)
	people("202", "AZ-104", 2, "DP-300", 2)
	people("002", "DP-300", 2)
	people("retired", "AZ-104", 1, "AZ-305", 1, "DP-203", 2, "MB-260", 1)
	people("022", "AZ-305", 2, "DP-300", 2)
	people("two-22", "AZ-104", 2, "AZ-700", 2, "AZ-305", 2, "AZ-140", 2)
	people("two-12", "AZ-104", 1, "AZ-700", 2, "AZ-305", 1, "Microsoft Certified: Azure Virtual Desktop Specialty", 2)
	people("two-02", "AZ-700", 2, "AZ-140", 2)
	people("digital", "AZ-305", 1, "AZ-220", 3, "GH-300", 1, "GitHub Administration", 2)
	r := score(t, w.write(t), rulebook(t, "azure-2026-05"))
	for _, c := range []struct{ partner, area, metric, points, measure, status string }{
		{"223", "data_ai", "intermediate_certifications", "20.00", "3.000000", "scored"},
		{"222", "data_ai", "intermediate_certifications", "16.00", "2.000000", "scored"},
		{"202", "data_ai", "intermediate_certifications", "4.00", "2.000000", "gate_unmet"},
		{"002", "data_ai", "intermediate_certifications", "0.00", "2.000000", "gate_unmet"},
		{"022", "data_ai", "intermediate_certifications", "4.00", "2.000000", "gate_unmet"},
		{"retired", "data_ai", "intermediate_certifications", "8.00", "0.000000", "scored"},
		{"two-22", "infrastructure", "intermediate_certifications", "12.00", "2.000000", "scored"},
		{"two-22", "infrastructure", "advanced_certifications", "12.00", "2.000000", "scored"},
		{"two-12", "infrastructure", "intermediate_certifications", "12.00", "2.000000", "scored"},
		{"two-12", "infrastructure", "advanced_certifications", "12.00", "2.000000", "scored"},
		{"two-02", "infrastructure", "intermediate_certifications", "0.00", "2.000000", "gate_unmet"},
		{"two-02", "infrastructure", "advanced_certifications", "0.00", "2.000000", "gate_unmet"},
		{"digital", "digital_app_innovation", "advanced_certifications", "12.00", "2.000000", "scored"},
	} {
		r.one(t, snapshot.Metrics, "partner_id", c.partner, "solution_area", c.area, "metric", c.metric).
			expect(t, c.partner+" "+c.metric, "points", c.points, "measure", c.measure, "status", c.status)
	}
	r.one(t, snapshot.Metrics, "partner_id", "223", "solution_area", "data_ai", "metric", "net_customer_adds").expect(t, "customers", "current_value", "1.000000")
	r.one(t, snapshot.Customers, "partner_id", "223", "customer_tenant_id", tenant("small")).expect(t, "small", "eligible", "false", "shortfall_usd", "0.000001")
	r.one(t, snapshot.Certifications, "partner_id", "223", "solution_area", "data_ai", "step", "1", "person_id", r.find(snapshot.Certifications, "partner_id", "223", "step", "1")[0]["person_id"]).
		expect(t, "the first gate", "certification", "Azure Administrator Associate")
}
