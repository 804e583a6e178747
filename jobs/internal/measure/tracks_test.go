package measure_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// TestTrackOfPartner: who is a partner of small and medium customers, at the edges of both rulebooks that have the track.
func TestTrackOfPartner(t *testing.T) {
	w := world.New().Only(5, 12)
	customers := func(partner string, from, to int, segment, amount string) {
		for i := from; i < to; i++ {
			w.Add(world.June, world.Usage{Location: partner, Tenant: world.Tenant(fmt.Sprint("c", i)), Segment: segment, Amount: amount})
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
	w.Add(world.June.Add(-5), world.Usage{Location: "month", Tenant: world.Tenant("e"), Segment: "Enterprise", Amount: "10"}, world.Usage{Location: "month", Tenant: world.Tenant("f"), Segment: "Enterprise", Amount: "10"})
	w.Add(world.June.Add(-12), world.Usage{Location: "last-year", Tenant: world.Tenant("e"), Segment: "Enterprise", Amount: "10"})
	w.Hold(world.June, world.Holding{Global: "people-only", MCP: "p", Title: "AZ-104"})
	exports := w.Write(t)
	for rules, tracks := range map[string]map[string]string{
		"azure-2023-06": {"all": "enterprise", "five-of-six": "enterprise", "a-million": "enterprise"},
		"azure-2026-05": {"all": "smb", "four-of-five": "enterprise", "five-of-six": "smb", "no-segment": "enterprise", "just-below": "smb", "a-million": "enterprise",
			"month": "enterprise", "last-year": "smb", "people-only": "enterprise"},
		"azure-2026-07": {"all": "smb", "four-of-five": "smb", "five-of-six": "smb", "no-segment": "enterprise", "just-below": "smb", "a-million": "smb",
			"month": "smb", "last-year": "smb", "people-only": "enterprise"},
	} {
		if rules != "azure-2026-07" && !world.Long {
			continue
		}
		r := world.ScoreAlone(t, exports, world.Rulebook(t, rules))
		for partner, want := range tracks {
			r.One(t, snapshot.Scores, "partner_id", partner, "solution_area", "data_ai").Expect(t, rules+" "+partner, "track", want, "rulebook", rules)
		}
	}
}

// TestSMBTrack: gates need one person and earn points; a customer of 500 US dollars is one.
func TestSMBTrack(t *testing.T) {
	w := world.New().Only(1, 12, 13)
	people := func(partner string, counts ...any) {
		w.Add(world.June, world.Usage{Location: partner, Tenant: world.Tenant("smb"), Segment: "SMB", Amount: "500"}, world.Usage{Location: partner, Tenant: world.Tenant("small"), Segment: "SMB", Amount: "499.999999"})
		for i := 0; i < len(counts); i += 2 {
			for person := range counts[i+1].(int) {
				w.Hold(world.June, world.Holding{Global: partner, MCP: fmt.Sprint(partner, person), Title: counts[i].(string)})
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
	r := world.ScoreAlone(t, w.Write(t), world.Rulebook(t, "azure-2026-05"))
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
		r.One(t, snapshot.Metrics, "partner_id", c.partner, "solution_area", c.area, "metric", c.metric).
			Expect(t, c.partner+" "+c.metric, "points", c.points, "measure", c.measure, "status", c.status)
	}
	r.One(t, snapshot.Metrics, "partner_id", "223", "solution_area", "data_ai", "metric", "net_customer_adds").Expect(t, "customers", "current_value", "1.000000")
	r.One(t, snapshot.Customers, "partner_id", "223", "customer_tenant_id", world.Tenant("small")).Expect(t, "small", "eligible", "false", "shortfall_usd", "0.000001")
	r.One(t, snapshot.Certifications, "partner_id", "223", "solution_area", "data_ai", "step", "1", "person_id", r.Find(snapshot.Certifications, "partner_id", "223", "step", "1")[0]["person_id"]).
		Expect(t, "the first gate", "certification", "Azure Administrator Associate")
}

// openWorld has partners whose track depends on customers of unknown size, and others whose does not.
func openWorld() *world.World {
	w := world.New()
	for m := range w.Usage { // the one of every world is no matter of segments
		w.Usage[m][0].Segment = "Enterprise"
	}
	for partner, segments := range map[string][]string{
		"both-ways": {"SMB", "SMB", "SMB", "Growth", ""},                     // 60 % or 100 %
		"edge":      {"SMB", "SMB", "SMB", "SME&C - SMB Commercial", "Foo"},  // 80 % or 100 %
		"never":     {"Enterprise", "Enterprise", "Corporate", "Foo", "SMB"}, // 20 % or 40 %
		"no-labels": {"", ""},
		"settled":   {"Small, Medium & Corporate Commercial", "SMC"},
	} {
		for i, segment := range segments {
			w.Add(world.June, world.Usage{Location: partner, Tenant: world.Tenant(fmt.Sprint(partner[:2], i)), Segment: segment, Amount: "700"})
		}
	}
	return w
}

// TestOpenTracks: a partner is provisional where customers of unknown size could change its track, and nobody else.
func TestOpenTracks(t *testing.T) {
	exports := openWorld().Write(t)
	for rules, want := range map[string]struct {
		tracks map[string]string // with an asterisk: provisional
		reason string
	}{
		"azure-2023-06": {tracks: map[string]string{"both-ways": "enterprise", "edge": "enterprise", "never": "enterprise", "no-labels": "enterprise", "settled": "enterprise"}},
		"azure-2026-05": {
			tracks: map[string]string{"both-ways": "enterprise*", "edge": "enterprise*", "never": "enterprise", "no-labels": "enterprise*", "settled": "smb"},
			reason: `the track of 3 partners (both-ways, edge, no-labels) is uncertain and taken as enterprise, since the size of 5 customers is unknown ` +
				`(3 without a customer segment, 2 with a segment that rulebook azure-2026-05 does not know: "foo", "growth")`,
		},
		"azure-2026-07": {
			tracks: map[string]string{"both-ways": "enterprise*", "edge": "smb", "never": "enterprise", "no-labels": "enterprise*", "settled": "smb"},
			reason: `the track of 2 partners (both-ways, no-labels) is uncertain and taken as enterprise, since the size of 4 customers is unknown ` +
				`(3 without a customer segment, 1 with a segment that rulebook azure-2026-07 does not know: "growth")`,
		},
	} {
		if rules != "azure-2026-07" && !world.Long {
			continue
		}
		r := world.ScoreFresh(t, exports, world.Rulebook(t, rules))
		for partner, track := range want.tracks {
			track, provisional := strings.CutSuffix(track, "*")
			for _, s := range r.Find(snapshot.Scores, "partner_id", partner) {
				s.Expect(t, rules+" "+partner, "track", track, "provisional", fmt.Sprint(provisional))
			}
		}
		if got := strings.Join(r.Provisional, "|"); got != want.reason {
			t.Errorf("%s: provisional %q, want %q", rules, got, want.reason)
		}
		if !world.Long { // TestInspectTracks compares the same, without all months
			continue
		}
		found := world.Inspect(t, exports, world.June, world.June, world.Rulebook(t, rules)).Months[0]
		if !slices.Equal(found.Score.Provisional, r.Provisional) || (found.Tracks == nil) != (rules == "azure-2023-06") {
			t.Errorf("%s: inspect says %q, tracks %+v", rules, found.Score.Provisional, found.Tracks)
		}
		if found.Tracks == nil {
			continue
		}
		got := map[string]string{}
		for _, p := range found.Tracks.Partners {
			got[p.PartnerID] = p.Track + map[bool]string{false: "*"}[p.Certain]
		}
		want.tracks["base"] = "enterprise"
		if diff := cmp.Diff(want.tracks, got); diff != "" {
			t.Errorf("%s: tracks of the score (-), of inspect (+):\n%s", rules, diff)
		}
	}
}

// TestReasonOfOpenTracksIsBounded: many partners, many labels, and what is no label.
func TestReasonOfOpenTracksIsBounded(t *testing.T) {
	w := world.New().Only()
	for i := range 20 {
		for n, segment := range []string{fmt.Sprint("Region ", i), "secret.person@plant.example.com", world.Tenant("x")} {
			w.Add(world.June, world.Usage{Location: fmt.Sprint("p", 10+i), Tenant: world.Tenant(fmt.Sprint(i, "-", n)), Segment: segment, Amount: "1"})
		}
	}
	reason := strings.Join(world.ScoreAlone(t, w.Write(t), world.Rulebook(t, "azure-2026-07")).Provisional, "|")
	world.NoPlants(t, "the reason", []byte(reason))
	for _, want := range []string{"the track of 21 partners (base, p10, p11, p12, p13 and 16 more) is", "the size of 61 customers is unknown (1 without a customer segment, 60 with",
		`"(no label, 36 characters)", "(no label, 31 characters)", "region 0", "region 1", `, " and 12 more)"} {
		if !strings.Contains(reason, want) {
			t.Errorf("the reason does not say %q: %s", want, reason)
		}
	}
	w = world.New().Only()
	for i := range ingest.MaxLabels + 1 {
		w.Add(world.June, world.Usage{Location: "p", Tenant: fmt.Sprint("t", i), Segment: fmt.Sprint("Customer ", i), Amount: "1"})
	}
	reason = strings.Join(world.ScoreAlone(t, w.Write(t), world.Rulebook(t, "azure-2026-07")).Provisional, "|")
	if !strings.Contains(reason, "1,001 with one of 1,001 different texts, too many to be segments") || strings.Contains(reason, "ustomer 1") {
		t.Errorf("the reason names what are no segments: %s", reason)
	}
}

// TestInspectTracks: which track each partner would get and how far the other one is; the segments of earlier months count as in a score.
func TestInspectTracks(t *testing.T) {
	w := openWorld().Only(3)
	w.Add(world.June.Add(-3), world.Usage{Location: "no-labels", Tenant: world.Tenant("no0"), Segment: "Strategic", Amount: "1"})
	exports := w.Write(t)
	found := world.Inspect(t, exports, world.June, world.June, world.NoHistory, world.Rulebook(t, "azure-2026-07")).Months[0]
	const open = `the track of partner both-ways is uncertain and taken as enterprise, since the size of 2 customers is unknown`
	if why := found.Score.Provisional; len(why) != 2 || !strings.HasPrefix(why[1], open) {
		t.Errorf("provisional: %q", why)
	}
	n := func(away int64) *int64 { return &away }
	want := &inspect.InspectedTracks{Customers: "month", Enterprise: 4, SMB: 2, Uncertain: 1, Partners: []inspect.InspectedTrack{
		{PartnerID: "both-ways", Track: "enterprise", Customers: 5, SMB: 3, Open: 2, Away: n(1)},
		{PartnerID: "base", Track: "enterprise", Certain: true, Customers: 1, Away: n(1)},
		{PartnerID: "edge", Track: "smb", Certain: true, Customers: 5, SMB: 4, Open: 1, Away: n(1)},
		{PartnerID: "settled", Track: "smb", Certain: true, Customers: 2, SMB: 2, Away: n(1)},
		{PartnerID: "no-labels", Track: "enterprise", Certain: true, Customers: 2, Open: 1, Away: n(2)},
		{PartnerID: "never", Track: "enterprise", Certain: true, Customers: 5, SMB: 1, Open: 1, Away: n(3)},
	}}
	if diff := cmp.Diff(want, found.Tracks); diff != "" {
		t.Errorf("tracks (-want +got):\n%s", diff)
	}
	var segments []string
	for _, l := range found.Labels[3].Labels {
		segments = append(segments, fmt.Sprintf("%s %d %s %v", l.Label, l.Rows, l.Meaning, l.Known))
	}
	if diff := cmp.Diff([]string{"SMB 7 SMB true", " 3 missing, the size of its customers is unknown true", "Enterprise 3 not SMB true",
		"Foo 2 the size of its customers is unknown false", "Corporate 1 not SMB true", "Growth 1 the size of its customers is unknown false",
		"Small, Medium & Corporate Commercial 1 SMB true", "SMC 1 SMB true", "SME&C - SMB Commercial 1 SMB true"}, segments); diff != "" {
		t.Errorf("segments (-want +got):\n%s", diff)
	}
	for _, m := range world.Inspect(t, exports, 0, 0, world.NoHistory, world.Rulebook(t, "azure-2023-06")).Months {
		if m.Tracks != nil || m.Month == world.June && m.Labels[3].Labels[0].Meaning != "not used, the rulebook has one track" || m.Month != world.June && len(m.Labels) > 4 {
			t.Errorf("%s: %+v, %+v", m.Month, m.Tracks, m.Labels)
		}
	}
}
