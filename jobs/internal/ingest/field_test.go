package ingest_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestIDsOfFloats: ids that a tool turned into floats are the ids that they were, in every table.
func TestIDsOfFloats(t *testing.T) {
	w := world.New().Only()
	w.Add(world.June, world.Usage{Location: "7001.0", Global: "7000.00", Amount: "5"}, world.Usage{Location: "7001", Amount: "6"})
	w.Hold(world.June, world.Holding{Location: "7001.0", MCP: "900.0", Title: "AZ-104"}, world.Holding{Location: "7001", MCP: "900", Title: "AZ-305"})
	w.Partners = []world.Location{{ID: "7001.0", Global: "7000.0", GlobalName: "Seven"}, {ID: "base", Global: "base"}}
	got := world.ScoreAlone(t, w.Write(t))
	for _, p := range got.Find(snapshot.Scores, "solution_area", "data_ai") {
		if p["partner_id"] != "7000" && p["partner_id"] != "base" {
			t.Errorf("partner %s", p["partner_id"])
		}
	}
	people := map[string]bool{}
	for _, c := range got.Find(snapshot.Certifications, "partner_id", "7000") {
		people[c["person_id"]] = true
	}
	if len(people) != 1 {
		t.Errorf("%d people, want 1", len(people))
	}
	got.One(t, snapshot.Customers, "partner_id", "7000").Expect(t, "customer", "acr_current", "11.000000")
}

// TestNullTexts: what writers of text put for no value is none, unless it is quoted.
func TestNullTexts(t *testing.T) {
	w := world.New().Only()
	for _, null := range []string{"NULL", "null", `\N`, "(null)"} {
		w.Add(world.June, world.Usage{Location: "base", Tenant: null, Amount: "1"}, world.Usage{Location: "base", Service: null, Amount: "10", Resource: null})
	}
	root := w.Write(t)
	header := strings.Join(world.UsageHeader, ",")
	world.WriteFile(t, filepath.Join(root, "azure_usage/month=2024-06/quoted.csv"),
		[]byte(header+"\n2024-06,base,,PAL,"+world.Tenant("a")+",,,,,\"NULL\",,,,Azure plan,,7\n"))
	got := world.ScoreAlone(t, root, func(o *months.Options) { o.MaxRejected = 1 })
	got.One(t, snapshot.Exclusions, "reason", "missing_tenant").Expect(t, "NULL for a tenant", "rows", "4", "acr_usd", "4.000000")
	got.One(t, snapshot.Services, "service_level_2", "Unknown").Expect(t, "NULL for a service", "acr_ttm", "40.000000")
	got.One(t, snapshot.Services, "service_level_2", "NULL").Expect(t, "a quoted NULL", "acr_ttm", "7.000000")
}

// TestPersonIsNamedByTheFirstOfThree: MCPID, else the corporate e-mail, else the e-mail, row by row.
func TestPersonIsNamedByTheFirstOfThree(t *testing.T) {
	root := world.New().Only().Write(t)
	header := []string{"PGAMpnId", "MCPID", "Email", "CorpEmail", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus"}
	row := func(mcp, email, corp, title string) []string {
		return []string{"base", mcp, email, corp, title, "Certification", "2024-01-15", "", ""}
	}
	world.WriteCSV(t, filepath.Join(root, "certifications/month=2024-06/part-0.csv"), header, [][]string{
		row("m1", "a@home", "a@work", "AZ-104"), row("", "b@home", "b@work", "AZ-104"), row("", "c@home", "", "AZ-104"), row("", "other@home", "B@work", "AZ-305"),
	})
	got := world.ScoreAlone(t, root)
	want := map[string]bool{inputs.PersonKey(nil).Pseudonym("m1"): true, inputs.PersonKey(nil).Pseudonym("b@work"): true, inputs.PersonKey(nil).Pseudonym("c@home"): true}
	for _, c := range got.Tables[snapshot.Certifications] {
		if !want[c["person_id"]] {
			t.Errorf("person %s", c["person_id"])
		}
	}
	got.One(t, snapshot.Certifications, "certification", "Azure Solutions Architect Expert", "solution_area", "data_ai").
		Expect(t, "the second row of b", "person_id", inputs.PersonKey(nil).Pseudonym("b@work"))
}

// dated is a world whose two people hold a certification by these dates.
func dated(completed, expires string) *world.World {
	w := world.New().Only()
	w.Certifications = nil
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m1", Title: "AZ-104", Completed: completed, Expires: expires},
		world.Holding{Global: "base", MCP: "m2", Title: "AZ-104", Completed: "2024-01-15"})
	return w
}

// TestDatesWithSlashes: the config, else the dates themselves, else month first; where both orders give other holdings the score is provisional.
func TestDatesWithSlashes(t *testing.T) {
	for _, c := range []struct {
		name, completed, expires string
		order                    exports.DateOrder
		counted                  string // whether m1 counts; empty: refused
		provisional              string
		long                     bool
	}{
		{"month first decides", "1/20/2024", "12/07/2024", "", "true", "", false},
		{"day first decides", "20/01/2024", "05/07/2024", "", "true", "", false},
		{"open, and it matters", "05/07/2023", "05/07/2024", "", "false", "dates: {order: dmy}", false},
		{"open, and it does not matter", "05/04/2023", "05/07/2025", "", "true", "", false},
		{"day first by config", "05/07/2023", "05/07/2024", exports.DayFirst, "true", "", true},
		{"month first by config", "05/07/2023", "05/07/2024", exports.MonthFirst, "false", "", true},
		{"the config is contradicted", "20/01/2024", "20/01/2025", exports.MonthFirst, "", "", false},
		{"two orders in one file", "20/01/2024", "1/20/2025", "", "", "", false},
		{"month first expires before completion", "03/01/2024", "01/02/2024", "", "", "", false},
		{"the same day in both orders", "05/05/2023", "06/06/2025", "", "true", "", true},
		{"dates without slashes", "2023-05-07", "2024-05-07", "", "false", "", true},
	} {
		if c.long && !world.Long {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			root := dated(c.completed, c.expires).Write(t)
			snapshots := filepath.Join(t.TempDir(), "snapshots")
			option := func(o *months.Options) { world.NoHistory(o); o.Dates = c.order }
			out, _, err := world.Try(t, root, snapshots, world.June, option)
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
			got := world.Result{Outcome: out, Snapshots: snapshots, Tables: world.ReadTables(t, snapshots, world.June)}
			got.One(t, snapshot.Certifications, "person_id", inputs.PersonKey(nil).Pseudonym("m1"), "solution_area", "data_ai").Expect(t, c.name, "counted", c.counted)
			reasons := out.Provisional[1:] // after that of the history
			if (c.provisional == "") != (len(reasons) == 0) || !strings.Contains(strings.Join(reasons, "; "), c.provisional) {
				t.Errorf("provisional: %q, want %q", reasons, c.provisional)
			}
			if c.provisional == "" && !world.Long {
				return
			}
			if found := world.Inspect(t, root, world.June, world.June, option).Months[0].Score; strings.Join(found.Provisional, "; ") != strings.Join(out.Provisional, "; ") {
				t.Errorf("inspect says %q, the score %q", found.Provisional, out.Provisional)
			}
		})
	}
}

// TestDatesOfUsageWithSlashes: one date of a file that only one order can read decides for the file; rows that the order cannot place are
// rejected with the setting in the message.
func TestDatesOfUsageWithSlashes(t *testing.T) {
	w := world.New().Only()
	w.Add(world.June, world.Usage{Location: "base", Amount: "1", Month: "03/06/2024", File: 1}, world.Usage{Location: "base", Amount: "2", Month: "13/06/2024", File: 1})
	got := world.ScoreAlone(t, w.Write(t))
	got.One(t, snapshot.Customers, "partner_id", "base").Expect(t, "day first by one date", "acr_current", "103.000000")
	w = world.New().Only()
	w.Add(world.June, world.Usage{Location: "base", Amount: "1", Month: "03/06/2024"}, world.Usage{Location: "base", Amount: "2", Month: "04/06/2024"})
	root := w.Write(t)
	if err := world.TryAlone(t, root); err == nil || !strings.Contains(err.Error(), "dates: {order: dmy}") {
		t.Errorf("error %v", err)
	}
	world.ScoreAlone(t, root, func(o *months.Options) { o.Dates = exports.DayFirst }).One(t, snapshot.Customers, "partner_id", "base").
		Expect(t, "day first by config", "acr_current", "103.000000")
}

// TestPartnerByConfig: it stands in for columns that a file lacks and for tenant ids, and for nothing else.
func TestPartnerByConfig(t *testing.T) {
	root := world.New().Only().Write(t)
	header := []string{"Month", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "OfferType", "ACR_USD"}
	world.WriteCSV(t, filepath.Join(root, "azure_usage/month=2024-06/none.csv"), header, [][]string{{"2024-06", "PAL", world.Tenant("b"), "Storage", "Azure plan", "7"}})
	world.WriteCSV(t, filepath.Join(root, "azure_usage/month=2024-06/tenant.csv"), append(header, "PGAMpnID"), [][]string{
		{"2024-06", "PAL", world.Tenant("c"), "Storage", "Azure plan", "8", "99999999-0000-4000-8000-00000000000A"}, {"2024-06", "PAL", world.Tenant("d"), "Storage", "Azure plan", "9", "7002"}})
	world.WriteCSV(t, filepath.Join(root, "certifications/month=2024-06/none.csv"),
		[]string{"MCPID", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus"},
		[][]string{{"m9", "AZ-104", "Certification", "2024-01-15", "", ""}})
	if err := world.TryAlone(t, root); err == nil || !strings.Contains(err.Error(), "partner: ID") {
		t.Errorf("without the setting: %v", err)
	}
	got := world.ScoreAlone(t, root, func(o *months.Options) { o.Partner = "7001" })
	for customer, partner := range map[string]string{"a": "base", "b": "7001", "c": "7001", "d": "7002"} {
		got.One(t, snapshot.Customers, "customer_tenant_id", world.Tenant(customer)).Expect(t, "customer "+customer, "partner_id", partner)
	}
	got.One(t, snapshot.Certifications, "person_id", inputs.PersonKey(nil).Pseudonym("m9"), "solution_area", "data_ai").Expect(t, "the person", "partner_id", "7001")
}

// TestTwoSides: usage and certifications of different partners throughout are told of, and only then.
func TestTwoSides(t *testing.T) {
	const told = "no partner has both usage and certifications"
	w := world.New().Only()
	if got := world.ScoreAlone(t, w.Write(t)); strings.Contains(got.Log, told) {
		t.Errorf("told of partners that have both: %s", got.Log)
	}
	w.Certifications = nil
	w.Hold(world.June, world.Holding{Global: "other", MCP: "m1", Title: "AZ-104"})
	if got := world.ScoreAlone(t, w.Write(t)); !strings.Contains(got.Log, told) {
		t.Errorf("not told: %s", got.Log)
	}
}

// TestUnknownLabels: labels that the rulebook does not know are told of once more rows carry them than may be bad data, from cached facts, too.
func TestUnknownLabels(t *testing.T) {
	w := world.New().Only()
	w.Usage[world.June] = nil
	for range 20 {
		w.Add(world.June, world.Usage{Location: "base", Offer: "Azure plan", Amount: "10"})
	}
	w.Add(world.June, world.Usage{Location: "base", Offer: "Azure plan", Association: "CSP-Ebene  1", Amount: "5.5"}, world.Usage{Location: "base", Offer: "Azure plan", Association: "Distributor", Amount: "7"},
		world.Usage{Location: "base", Offer: "Kostenlose Testversion", Amount: "3"}, world.Usage{Location: "base", Offer: "jane@example.com", Amount: "4"})
	root, snapshots := w.Write(t), filepath.Join(t.TempDir(), "snapshots")
	for range 2 {
		got := world.ScoreInto(t, root, snapshots, world.June, world.NoHistory, func(o *months.Options) { o.ToolVersion += "x" + o.RunID })
		for _, part := range []string{"associations that the rulebook does not know: their rows are left out", "rows=1 acr_usd=5.50 months=2024-06 labels=\"CSP-Ebene 1\"",
			"offers that the rulebook does not know: their rows count", "Kostenlose Testversion", "(no label, 16 characters)"} {
			if !strings.Contains(got.Log, part) {
				t.Errorf("the log lacks %q: %s", part, got.Log)
			}
		}
		if strings.Contains(got.Log, "jane@example.com") || strings.Contains(got.Log, "Distributor") {
			t.Errorf("the log has what it must not: %s", got.Log)
		}
	}
	if got := world.ScoreAlone(t, root, func(o *months.Options) { o.MaxRejected = 0.5 }); strings.Contains(got.Log, "Kostenlose") || strings.Contains(got.Log, "CSP-Ebene") {
		t.Errorf("told below the limit: %s", got.Log)
	}
}

// TestEmptyScoreMonth: a score month without any row is not ready, unless that is allowed.
func TestEmptyScoreMonth(t *testing.T) {
	w := world.New().Only()
	w.Usage[world.June] = nil
	root := w.Write(t)
	err := world.TryAlone(t, root)
	var notReady *inputs.NotReadyError
	if !errors.As(err, &notReady) || !strings.Contains(err.Error(), "azure_usage/month=2024-06/part-0.csv: no rows at all") {
		t.Errorf("error %v", err)
	}
	if found := world.Inspect(t, root, world.June, world.June, world.NoHistory).Months[0].Score; found.State != inspect.VerdictMissing || !strings.Contains(found.Reasons[0], "no rows at all") {
		t.Errorf("inspect: %+v", found)
	}
	world.ScoreAlone(t, root, func(o *months.Options) { o.AllowEmpty = true })
}

// TestColumnsThatLeaveAScoreOpen: without an offer column a month is refused, or provisional where that is allowed; the same rows with blank offers
// stay rejected.
func TestColumnsThatLeaveAScoreOpen(t *testing.T) {
	root := world.New().Only().Write(t)
	header := []string{"Month", "MPNId", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "ACR_USD"}
	world.WriteCSV(t, filepath.Join(root, "azure_usage/month=2024-06/none.csv"), header, [][]string{{"2024-06", "base", "PAL", world.Tenant("b"), "Storage", "7"}})
	if err := world.TryAlone(t, root); err == nil || !strings.Contains(err.Error(), "--allow-missing offers") {
		t.Errorf("error %v", err)
	}
	allow := func(o *months.Options) { o.AllowMissingOffers = true }
	got := world.ScoreAlone(t, root, allow)
	if len(got.Provisional) != 2 || !strings.Contains(got.Provisional[1], "no offer column in 2024-06") {
		t.Errorf("provisional: %q", got.Provisional)
	}
	got.One(t, snapshot.Customers, "customer_tenant_id", world.Tenant("b")).Expect(t, "the row without an offer", "acr_current", "7.000000")
	w := world.New().Only()
	w.Add(world.June, world.Usage{Location: "base", Offer: world.None, Amount: "1"})
	got = world.ScoreAlone(t, w.Write(t), allow, func(o *months.Options) { o.MaxRejected = 1 })
	got.One(t, snapshot.Exclusions, "reason", "missing_offer").Expect(t, "a blank offer", "rows", "1")
	if len(got.Provisional) != 1 {
		t.Errorf("provisional beside the history: %q", got.Provisional)
	}
}

// TestDoubtfulColumnMakesProvisional: a config that names a column which multiplies amounts is warned of, and so is whoever reads the score.
func TestDoubtfulColumnMakesProvisional(t *testing.T) {
	root := world.New().Only().Write(t)
	rows := [][]string{append(world.Usage{Location: "base", Amount: "100"}.Cells(world.June), "100")}
	world.WriteCSV(t, filepath.Join(world.UsageDir(root, world.June), "part-0.csv"), append(append([]string{}, world.UsageHeader...), "MonthlySubscriptionLevelACR"), rows)
	got := world.ScoreAlone(t, root, func(o *months.Options) {
		o.Columns = map[schema.Table]map[string][]string{schema.Usage: {"acr_usd": {"MonthlySubscriptionLevelACR"}}}
	})
	if !strings.Contains(got.Log, "the config names a wrong column") || len(got.Provisional) != 2 || !strings.Contains(strings.Join(got.Provisional, "; "), "MonthlySubscriptionLevelACR") {
		t.Errorf("provisional %q, log %s", got.Provisional, got.Log)
	}
	if got.One(t, snapshot.Scores, "solution_area", string(scoring.DataAI))["partner_id"] != "base" {
		t.Error("no score")
	}
}

// TestUnknownSegments: customer segments that the rulebook's tracks do not know are told of, where it has tracks.
func TestUnknownSegments(t *testing.T) {
	w := world.New().Only()
	w.Add(world.June, world.Usage{Location: "base", Segment: "Kleinunternehmen", Amount: "5"}, world.Usage{Location: "base", Tenant: world.Tenant("b"), Segment: "SMB", Amount: "1"})
	root := w.Write(t)
	const told = "customer segments that the rulebook does not know"
	if got := world.ScoreAlone(t, root); strings.Contains(got.Log, told) {
		t.Errorf("told under one track: %s", got.Log)
	}
	got := world.ScoreAlone(t, root, func(o *months.Options) {
		var err error
		if o.Rulebook, err = o.Library.Get("azure-2026-07"); err != nil {
			t.Fatal(err)
		}
	})
	if !strings.Contains(got.Log, told) || !strings.Contains(got.Log, "rows=1 acr_usd=5.00 months=2024-06 labels=Kleinunternehmen") {
		t.Errorf("not told: %s", got.Log)
	}
}

// TestNobodyCounts: certifications whose types or statuses are all written in another way are told of.
func TestNobodyCounts(t *testing.T) {
	for told, change := range map[string]func(*world.Holding){
		"is of a type that counts":           func(h *world.Holding) { h.Type = "Zertifizierung" },
		"has a status that counts as active": func(h *world.Holding) { h.Activation = "Aktiv" },
		"":                                   func(*world.Holding) {},
	} {
		w := world.New().Only()
		for i := range w.Certifications[world.June] {
			change(&w.Certifications[world.June][i])
		}
		if got := world.ScoreAlone(t, w.Write(t)); (told != "") != strings.Contains(got.Log, "so nobody counts") || !strings.Contains(got.Log, told) {
			t.Errorf("%q is not what is told: %s", told, got.Log)
		}
	}
}
