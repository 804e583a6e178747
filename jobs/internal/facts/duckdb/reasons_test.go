package duckdb_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

func rowsOfEveryReason() []world.Usage {
	const zeros = "{00000000-0000-0000-0000-000000000000}"
	return []world.Usage{
		{Location: "base", Tenant: zeros, Amount: "1.5"},
		{Location: "base", Tenant: world.None, Amount: "2"},
		{Tenant: " \u00a0", Offer: world.None, Association: world.None, Amount: "bad", Month: "x"},
		{Global: "base", Amount: "3"},
		{Location: "\t", Amount: "bad", Offer: world.None, Association: "TPOR"},
		{Location: "nowhere", Amount: "4"},
		{Location: "nowhere", Amount: "5", Offer: world.None, Association: world.None, Month: "2024-05"},
		{Location: "base", Offer: world.None, Amount: "6"},
		{Location: "base", Offer: " ", OfferID: " ", Association: world.None, Amount: "-7"},
		{Location: "base", Association: world.None, Amount: "8"},
		{Location: "base", Association: "\u3000", Amount: "(8)", Month: "13/2023"},
		{Location: "base", Amount: ""},
		{Location: "base", Amount: "NaN", Month: world.None},
		{Location: "base", Amount: "9", Month: world.None},
		{Location: "base", Amount: "10", Month: "2023-13", Association: "TPOR"},
		{Location: "base", Amount: "11", Month: "2023-12-01", Offer: "Trial"},
		{Location: "base", Amount: "12", Month: "2024-10-31"},
		{Location: "base", Amount: "13", Association: "DAP", Offer: "Trial"},
		{Location: "base", Amount: "14", Association: "N/A"},
		{Location: "base", Amount: "15.25", Offer: "Benefit  programs"},
		{Location: "base", Amount: "16", Offer: world.None, OfferID: "ms-azr-0044p"},
		{Location: "base", Amount: "-17", Offer: "support"},
		{Location: "base", Subscription: "s", Service: "Backup", Amount: "20"},
		{Location: "base", Subscription: "s", Service: "Backup", Amount: "1"},
		{Location: "base", Subscription: "s", Service: "Backup", Amount: "30", Association: "DPOR"},
		{Location: "base", Subscription: "s", Service: "Backup", Amount: "-2", Association: "DPOR"},
		{Location: "base", Amount: "40", Month: "11/30/2023 11:59:59 PM", Offer: "Trials", OfferID: "MS-AZR-0044P"},
	}
}

// TestEveryReason has rows that fail for each reason, alone and together with all later ones in the order of tests: the first counts.
func TestEveryReason(t *testing.T) {
	w := world.New()
	w.Partners = []world.Location{{ID: "base", Global: "base"}}
	november := world.June.Add(-7)
	maps.DeleteFunc(w.Usage, func(m scoring.Month, _ []world.Usage) bool { return m != november && m != world.June })
	world.Fill(w, world.June, 1, "0") // so that another month holds more than one row
	w.Add(november, rowsOfEveryReason()...)
	r := world.ScoreFresh(t, w.Write(t), world.NoHistory, func(o *months.Options) { o.MaxRejected = 0.7 })
	var got [][]string
	for _, e := range r.Tables[snapshot.Exclusions] {
		e.Expect(t, e["reason"], "usage_month", "2023-11-01", "score_month", "2024-06-01")
		got = append(got, []string{e["class"], e["reason"], e["rows"], e["acr_usd"]})
	}
	want := [][]string{ // in byte order
		{"data", "bad_amount", "2", "0.000000"},
		{"data", "bad_month", "2", "19.000000"},
		{"data", "missing_association", "2", "8.000000"},
		{"data", "missing_offer", "2", "-1.000000"},
		{"data", "missing_partner", "2", "3.000000"},
		{"data", "missing_tenant", "3", "3.500000"},
		{"data", "unknown_location", "2", "9.000000"},
		{"data", "wrong_month", "2", "23.000000"},
		{"rule", "association_not_eligible", "2", "27.000000"},
		{"rule", "duplicate_attribution", "2", "21.000000"},
		{"rule", "offer_not_eligible", "3", "14.250000"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exclusions (-want +got):\n%s", diff)
	}
	// What counts: 100 of each month, 28 of the contested, 40 of the last day of the month.
	r.One(t, snapshot.Customers).Expect(t, "the customer", "acr_ttm", "268.000000")
	store, err := snapshot.Open(t.Context(), local.Places{}, r.Snapshots, "")
	if err != nil {
		t.Fatal(err)
	}
	man, err := store.Manifest(t.Context(), world.June)
	if err != nil || len(man.Exclusions) != len(want) {
		t.Errorf("the manifest sums up %v, %v", man.Exclusions, err)
	}
}

// TestMissingOfferThatCounts: the setting of the rulebook.
func TestMissingOfferThatCounts(t *testing.T) {
	w := world.New().Lately(1)
	w.Add(world.June, world.Usage{Location: "base", Offer: world.None, Amount: "5"})
	r := world.ScoreFresh(t, w.Write(t), world.NoHistory, ownRules(t, "usage: {missing_offer: eligible}\n"))
	if len(r.Tables[snapshot.Exclusions]) != 0 {
		t.Errorf("exclusions %v", r.Tables[snapshot.Exclusions])
	}
	r.One(t, snapshot.Customers).Expect(t, "the customer", "acr_current", "105.000000")
}

// TestLabelsVary: every spelling of the rulebook, and some that only compare equal.
func TestLabelsVary(t *testing.T) {
	w := world.New().Lately(1)
	eligible := []string{"CSP Tier1", "CSP Tier 1", "Cloud Solution Provider (CSP) Tier 1", "CSP Tier 2", "CSP Tier2", "cloud solution provider (csp)  tier 2",
		"Partner Admin Link (PAL)", "Partner admin link", "PAL", "pal ", "Partner of record", "DPOR", "Digital Partner of\u00a0Record", "\tDigital  Partner of Record"}
	refused := []string{"TPOR", "Transacting partner of record", "CPOR", "Deal registration", "Partner as end-customer", "DAP", "GDAP", "Advisor", "Distributor", "Reseller",
		"PAL2", "CSP", "CSP Tier 3", "CSP-Tier-1", "Partner-Admin-Link", "N/A", "P A L", "PAL\u200b"}
	for i, label := range append(eligible, refused...) {
		w.Add(world.June, world.Usage{Location: "base", Subscription: fmt.Sprint("association", i), Association: label, Amount: "1"})
	}
	excluded := []string{"Support", "SUPPORT ", "Internal", "Trial", "Benefit Program", "Benefits programs", "Benefit Program(s)", "Benefit  Programs"}
	counted := []string{"Azure Plan", "Trial offer", "Free Trial", "Supported", "Internal use rights", "Benefit", "N/A", "MS-AZR-0044P x"}
	for i, label := range append(excluded, counted...) {
		w.Add(world.June, world.Usage{Location: "base", Subscription: fmt.Sprint("offer", i), Offer: label, Amount: "100"})
	}
	for i, id := range []string{"MS-AZR-0044P", "MS-AZR-0120P", "MS-AZR-0130P", "MS-AZR-0025P", "MS-AZR-0170P", "MS-AZR-0043P", "ms-azr-0015p", "MS-AZR-0145P", "MS-AZR-0017P"} {
		w.Add(world.June, world.Usage{Location: "base", Subscription: fmt.Sprint("id", i), Offer: world.None, OfferID: id, Amount: "10000"})
	}
	r := world.ScoreFresh(t, w.Write(t), world.NoHistory)
	// 100 of the base, one for each eligible label, 100 for each offer that counts, 10,000 for the two ids that are nothing special.
	r.One(t, snapshot.Customers).Expect(t, "the customer", "acr_current", "20914.000000")
	r.One(t, snapshot.Exclusions, "reason", "association_not_eligible").Expect(t, "associations", "rows", "18", "acr_usd", "18.000000")
	r.One(t, snapshot.Exclusions, "reason", "offer_not_eligible").Expect(t, "offers", "rows", "15", "acr_usd", "70800.000000")
}
