package pipeline

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// TestIDsOfFloats: ids that a tool turned into floats are the ids that they were, in every table.
func TestIDsOfFloats(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "7001.0", global: "7000.00", amount: "5"}, usage{location: "7001", amount: "6"})
	w.hold(june, holding{location: "7001.0", mcp: "900.0", title: "AZ-104"}, holding{location: "7001", mcp: "900", title: "AZ-305"})
	w.partners = []location{{id: "7001.0", global: "7000.0", globalName: "Seven"}, {id: "base", global: "base"}}
	got := score(t, w.write(t))
	for _, p := range got.find(snapshot.Scores, "solution_area", "data_ai") {
		if p["partner_id"] != "7000" && p["partner_id"] != "base" {
			t.Errorf("partner %s", p["partner_id"])
		}
	}
	people := map[string]bool{}
	for _, c := range got.find(snapshot.Certifications, "partner_id", "7000") {
		people[c["person_id"]] = true
	}
	if len(people) != 1 {
		t.Errorf("%d people, want 1", len(people))
	}
	got.one(t, snapshot.Customers, "partner_id", "7000").expect(t, "customer", "acr_current", "11.000000")
}

// TestNullTexts: what writers of text put for no value is none, unless it is quoted.
func TestNullTexts(t *testing.T) {
	w := newWorld()
	for _, null := range []string{"NULL", "null", `\N`, "(null)"} {
		w.add(june, usage{location: "base", tenant: null, amount: "1"}, usage{location: "base", service: null, amount: "10", resource: null})
	}
	got := score(t, w.write(t), func(o *Options) { o.MaxRejected = 1 })
	got.one(t, snapshot.Exclusions, "reason", "missing_tenant").expect(t, "NULL for a tenant", "rows", "4", "acr_usd", "4.000000")
	got.one(t, snapshot.Services, "service_level_2", "Unknown").expect(t, "NULL for a service", "acr_ttm", "40.000000")
	root := newWorld().write(t)
	header := strings.Join(usageHeader, ",")
	writeFile(t, filepath.Join(root, "azure_usage/month=2024-06/quoted.csv"),
		[]byte(header+"\n2024-06,base,,PAL,"+tenant("a")+",,,,,\"NULL\",,,,Azure plan,,7\n"))
	score(t, root).one(t, snapshot.Services, "service_level_2", "NULL").expect(t, "a quoted NULL", "acr_ttm", "7.000000")
}

// TestPersonIsNamedByTheFirstOfThree: MCPID, else the corporate e-mail, else the e-mail, row by row.
func TestPersonIsNamedByTheFirstOfThree(t *testing.T) {
	root := newWorld().write(t)
	header := []string{"PGAMpnId", "MCPID", "Email", "CorpEmail", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus"}
	row := func(mcp, email, corp, title string) []string {
		return []string{"base", mcp, email, corp, title, "Certification", "2024-01-15", "", ""}
	}
	writeCSV(t, filepath.Join(root, "certifications/month=2024-06/part-0.csv"), header, [][]string{
		row("m1", "a@home", "a@work", "AZ-104"), row("", "b@home", "b@work", "AZ-104"), row("", "c@home", "", "AZ-104"), row("", "other@home", "B@work", "AZ-305"),
	})
	got := score(t, root)
	want := map[string]bool{pseudonym(nil, "m1"): true, pseudonym(nil, "b@work"): true, pseudonym(nil, "c@home"): true}
	for _, c := range got.tables[snapshot.Certifications] {
		if !want[c["person_id"]] {
			t.Errorf("person %s", c["person_id"])
		}
	}
	got.one(t, snapshot.Certifications, "certification", "Azure Solutions Architect Expert", "solution_area", "data_ai").
		expect(t, "the second row of b", "person_id", pseudonym(nil, "b@work"))
}

// dated is a world whose two people hold a certification by these dates.
func dated(completed, expires string) *world {
	w := newWorld()
	w.certifications = nil
	w.hold(june, holding{global: "base", mcp: "m1", title: "AZ-104", completed: completed, expires: expires},
		holding{global: "base", mcp: "m2", title: "AZ-104", completed: "2024-01-15"})
	return w
}

// TestDatesWithSlashes: the config, else the dates themselves, else month first; where both orders give other holdings the score is provisional.
func TestDatesWithSlashes(t *testing.T) {
	for _, c := range []struct {
		name, completed, expires string
		order                    exports.DateOrder
		counted                  string // whether m1 counts; empty: refused
		provisional              string
	}{
		{"month first decides", "1/20/2024", "12/07/2024", "", "true", ""},
		{"day first decides", "20/01/2024", "05/07/2024", "", "true", ""},
		{"open, and it matters", "05/07/2023", "05/07/2024", "", "false", "dates: {order: dmy}"},
		{"open, and it does not matter", "05/04/2023", "05/07/2025", "", "true", ""},
		{"day first by config", "05/07/2023", "05/07/2024", exports.DayFirst, "true", ""},
		{"month first by config", "05/07/2023", "05/07/2024", exports.MonthFirst, "false", ""},
		{"the config is contradicted", "20/01/2024", "20/01/2025", exports.MonthFirst, "", ""},
		{"two orders in one file", "20/01/2024", "1/20/2025", "", "", ""},
		{"month first expires before completion", "03/01/2024", "01/02/2024", "", "", ""},
		{"the same day in both orders", "05/05/2023", "06/06/2025", "", "true", ""},
		{"dates without slashes", "2023-05-07", "2024-05-07", "", "false", ""},
	} {
		if c.order != "" && c.counted != "" && !long { // other orders are other facts, which takes seconds
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			root := dated(c.completed, c.expires).write(t)
			snapshots := filepath.Join(t.TempDir(), "snapshots")
			sow(t, root, snapshots)
			out, _, err := try(t, root, snapshots, june, func(o *Options) { o.Dates = c.order })
			if c.counted == "" {
				var broken *exports.ContractError
				if !errors.As(err, &broken) || !strings.Contains(err.Error(), "certifications/month=2024-06/part-0.csv") {
					t.Fatalf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := result{Outcome: out, snapshots: snapshots, tables: readTables(t, snapshots, june)}
			got.one(t, snapshot.Certifications, "person_id", pseudonym(nil, "m1"), "solution_area", "data_ai").expect(t, c.name, "counted", c.counted)
			for _, s := range got.find(snapshot.Scores) {
				s.expect(t, c.name, "provisional", fmt.Sprint(c.provisional != ""))
			}
			if reasons := strings.Join(out.Provisional, "; "); (c.provisional == "") != (reasons == "") || !strings.Contains(reasons, c.provisional) {
				t.Errorf("provisional: %q, want %q", reasons, c.provisional)
			}
			if c.provisional == "" && !long {
				return
			}
			if found := inspect(t, root, june, june, func(o *Options) { o.Dates = c.order }).Months[0].Score; strings.Join(found.Provisional, "; ") != strings.Join(out.Provisional, "; ") {
				t.Errorf("inspect says %q, the score %q", found.Provisional, out.Provisional)
			}
		})
	}
}

// TestDatesOfUsageWithSlashes: one date of a file that only one order can read decides for the file; rows that the order cannot place are
// rejected with the setting in the message.
func TestDatesOfUsageWithSlashes(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", amount: "1", month: "03/06/2024", file: 1}, usage{location: "base", amount: "2", month: "13/06/2024", file: 1})
	got := score(t, w.write(t))
	got.one(t, snapshot.Customers, "partner_id", "base").expect(t, "day first by one date", "acr_current", "103.000000")
	w = newWorld()
	w.add(june, usage{location: "base", amount: "1", month: "03/06/2024"}, usage{location: "base", amount: "2", month: "04/06/2024"})
	root := w.write(t)
	if _, _, err := try(t, root, sown(t, root), june); err == nil || !strings.Contains(err.Error(), "dates: {order: dmy}") {
		t.Errorf("error %v", err)
	}
	score(t, root, func(o *Options) { o.Dates = exports.DayFirst }).one(t, snapshot.Customers, "partner_id", "base").
		expect(t, "day first by config", "acr_current", "103.000000")
}

// TestPartnerByConfig: it stands in for columns that a file lacks and for tenant ids, and for nothing else.
func TestPartnerByConfig(t *testing.T) {
	root := newWorld().write(t)
	header := []string{"Month", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "OfferType", "ACR_USD"}
	writeCSV(t, filepath.Join(root, "azure_usage/month=2024-06/none.csv"), header, [][]string{{"2024-06", "PAL", tenant("b"), "Storage", "Azure plan", "7"}})
	writeCSV(t, filepath.Join(root, "azure_usage/month=2024-06/tenant.csv"), append(header, "PGAMpnID"), [][]string{
		{"2024-06", "PAL", tenant("c"), "Storage", "Azure plan", "8", "99999999-0000-4000-8000-00000000000A"}, {"2024-06", "PAL", tenant("d"), "Storage", "Azure plan", "9", "7002"}})
	writeCSV(t, filepath.Join(root, "certifications/month=2024-06/none.csv"),
		[]string{"MCPID", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus"},
		[][]string{{"m9", "AZ-104", "Certification", "2024-01-15", "", ""}})
	if _, _, err := try(t, root, sown(t, root), june); err == nil || !strings.Contains(err.Error(), "partner: ID") {
		t.Errorf("without the setting: %v", err)
	}
	got := score(t, root, func(o *Options) { o.Partner = "7001" })
	for customer, partner := range map[string]string{"a": "base", "b": "7001", "c": "7001", "d": "7002"} {
		got.one(t, snapshot.Customers, "customer_tenant_id", tenant(customer)).expect(t, "customer "+customer, "partner_id", partner)
	}
	got.one(t, snapshot.Certifications, "person_id", pseudonym(nil, "m9"), "solution_area", "data_ai").expect(t, "the person", "partner_id", "7001")
}

// TestTwoSides: usage and certifications of different partners throughout are told of, and only then.
func TestTwoSides(t *testing.T) {
	const told = "no partner has both usage and certifications"
	w := newWorld()
	if got := score(t, w.write(t)); strings.Contains(got.log, told) {
		t.Errorf("told of partners that have both: %s", got.log)
	}
	w.certifications = nil
	w.hold(june, holding{global: "other", mcp: "m1", title: "AZ-104"})
	if got := score(t, w.write(t)); !strings.Contains(got.log, told) {
		t.Errorf("not told: %s", got.log)
	}
}

// TestUnknownLabels: labels that the rulebook does not know are told of once more rows carry them than may be bad data, from cached facts, too.
func TestUnknownLabels(t *testing.T) {
	w := newWorld()
	w.usage[june] = nil
	for range 20 {
		w.add(june, usage{location: "base", offer: "Azure plan", amount: "10"})
	}
	w.add(june, usage{location: "base", offer: "Azure plan", association: "CSP-Ebene  1", amount: "5.5"}, usage{location: "base", offer: "Azure plan", association: "Distributor", amount: "7"},
		usage{location: "base", offer: "Kostenlose Testversion", amount: "3"}, usage{location: "base", offer: "jane@example.com", amount: "4"})
	root, snapshots := w.write(t), filepath.Join(t.TempDir(), "snapshots")
	sow(t, root, snapshots)
	for range 2 {
		got := scoreInto(t, root, snapshots, june, func(o *Options) { o.ToolVersion += "x" + o.RunID })
		for _, part := range []string{"associations that the rulebook does not know; it is left out", "rows=1 acr_usd=5.50 months=2024-06 labels=\"CSP-Ebene 1\"",
			"offers that the rulebook does not know; it counts", "Kostenlose Testversion", "(no label, 16 characters)"} {
			if !strings.Contains(got.log, part) {
				t.Errorf("the log lacks %q: %s", part, got.log)
			}
		}
		if strings.Contains(got.log, "jane@example.com") || strings.Contains(got.log, "Distributor") {
			t.Errorf("the log has what it must not: %s", got.log)
		}
	}
	if got := score(t, root, func(o *Options) { o.MaxRejected = 0.5 }); strings.Contains(got.log, "Kostenlose") || strings.Contains(got.log, "CSP-Ebene") {
		t.Errorf("told below the limit: %s", got.log)
	}
}

// TestEmptyScoreMonth: a score month without any row is not ready, unless that is allowed.
func TestEmptyScoreMonth(t *testing.T) {
	w := newWorld()
	w.usage[june] = nil
	root := w.write(t)
	_, _, err := try(t, root, filepath.Join(t.TempDir(), "s"), june)
	var notReady *NotReadyError
	if !errors.As(err, &notReady) || !strings.Contains(err.Error(), "azure_usage/month=2024-06/part-0.csv: no rows at all") {
		t.Errorf("error %v", err)
	}
	if found := inspect(t, root, june, june).Months[0].Score; found.State != VerdictMissing || !strings.Contains(found.Reasons[0], "no rows at all") {
		t.Errorf("inspect: %+v", found)
	}
	score(t, root, func(o *Options) { o.AllowEmpty = true })
}

// TestColumnsThatLeaveAScoreOpen: without an offer column a month is refused, or provisional where that is allowed; the same rows with blank offers
// stay rejected.
func TestColumnsThatLeaveAScoreOpen(t *testing.T) {
	root := newWorld().write(t)
	header := []string{"Month", "MPNId", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "ACR_USD"}
	writeCSV(t, filepath.Join(root, "azure_usage/month=2024-06/none.csv"), header, [][]string{{"2024-06", "base", "PAL", tenant("b"), "Storage", "7"}})
	if _, _, err := try(t, root, sown(t, root), june); err == nil || !strings.Contains(err.Error(), "--allow-missing offers") {
		t.Errorf("error %v", err)
	}
	allow := func(o *Options) { o.AllowMissingOffers = true }
	got := score(t, root, allow)
	if len(got.Provisional) != 1 || !strings.Contains(got.Provisional[0], "no offer column in 2024-06") {
		t.Errorf("provisional: %q", got.Provisional)
	}
	got.one(t, snapshot.Customers, "customer_tenant_id", tenant("b")).expect(t, "the row without an offer", "acr_current", "7.000000")
	w := newWorld()
	w.add(june, usage{location: "base", offer: none, amount: "1"})
	got = score(t, w.write(t), allow, func(o *Options) { o.MaxRejected = 1 })
	got.one(t, snapshot.Exclusions, "reason", "missing_offer").expect(t, "a blank offer", "rows", "1")
	if len(got.Provisional) != 0 {
		t.Errorf("provisional: %q", got.Provisional)
	}
}

// TestDoubtfulColumnMakesProvisional: a config that names a column which multiplies amounts is warned of, and so is whoever reads the score.
func TestDoubtfulColumnMakesProvisional(t *testing.T) {
	root := newWorld().write(t)
	for m := june.Add(-13); m <= june; m++ {
		rows := [][]string{append(usage{location: "base", amount: "100"}.cells(m), "100")}
		writeCSV(t, filepath.Join(root, "azure_usage", "month="+m.String(), "part-0.csv"), append(append([]string{}, usageHeader...), "MonthlySubscriptionLevelACR"), rows)
	}
	got := scoreFresh(t, root, func(o *Options) {
		o.Columns = map[schema.Table]map[string][]string{schema.Usage: {"acr_usd": {"MonthlySubscriptionLevelACR"}}}
	})
	if !strings.Contains(got.log, "the config names a wrong column") || len(got.Provisional) != 1 || got.tables[snapshot.Scores][0]["provisional"] != "true" {
		t.Errorf("provisional %q, log %s", got.Provisional, got.log)
	}
	if got.one(t, snapshot.Scores, "solution_area", string(scoring.DataAI))["partner_id"] != "base" {
		t.Error("no score")
	}
}

// TestUnknownSegments: customer segments that the rulebook's tracks do not know are told of, where it has tracks.
func TestUnknownSegments(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", segment: "Kleinunternehmen", amount: "5"}, usage{location: "base", tenant: tenant("b"), segment: "SMB", amount: "1"})
	root := w.write(t)
	const told = "customer segments that the rulebook does not know"
	if got := score(t, root); strings.Contains(got.log, told) {
		t.Errorf("told under one track: %s", got.log)
	}
	got := score(t, root, func(o *Options) {
		var err error
		if o.Rulebook, err = o.Library.Get("azure-2026-07"); err != nil {
			t.Fatal(err)
		}
	})
	if !strings.Contains(got.log, told) || !strings.Contains(got.log, "rows=1 acr_usd=5.00 months=2024-06 labels=Kleinunternehmen") {
		t.Errorf("not told: %s", got.log)
	}
}

// TestNobodyCounts: certifications whose types or statuses are all written in another way are told of.
func TestNobodyCounts(t *testing.T) {
	for told, change := range map[string]func(*holding){
		"is of a type that counts":           func(h *holding) { h.typ = "Zertifizierung" },
		"has a status that counts as active": func(h *holding) { h.activation = "Aktiv" },
		"":                                   func(*holding) {},
	} {
		w := newWorld()
		for i := range w.certifications[june] {
			change(&w.certifications[june][i])
		}
		if got := score(t, w.write(t)); (told != "") != strings.Contains(got.log, "so nobody counts") || !strings.Contains(got.log, told) {
			t.Errorf("%q is not what is told: %s", told, got.log)
		}
	}
}
