package pipeline

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
)

func rowsOfEveryReason() []usage {
	const zeros = "{00000000-0000-0000-0000-000000000000}"
	return []usage{
		{location: "base", tenant: zeros, amount: "1.5"},
		{location: "base", tenant: none, amount: "2"},
		{tenant: " \u00a0", offer: none, association: none, amount: "bad", month: "x"},
		{global: "base", amount: "3"},
		{location: "\t", amount: "bad", offer: none, association: "TPOR"},
		{location: "nowhere", amount: "4"},
		{location: "nowhere", amount: "5", offer: none, association: none, month: "2024-05"},
		{location: "base", offer: none, amount: "6"},
		{location: "base", offer: " ", offerID: " ", association: none, amount: "-7"},
		{location: "base", association: none, amount: "8"},
		{location: "base", association: "\u3000", amount: "(8)", month: "13/2023"},
		{location: "base", amount: ""},
		{location: "base", amount: "NaN", month: none},
		{location: "base", amount: "9", month: none},
		{location: "base", amount: "10", month: "2023-13", association: "TPOR"},
		{location: "base", amount: "11", month: "2023-12-01", offer: "Trial"},
		{location: "base", amount: "12", month: "2024-10-31"},
		{location: "base", amount: "13", association: "DAP", offer: "Trial"},
		{location: "base", amount: "14", association: "N/A"},
		{location: "base", amount: "15.25", offer: "Benefit  programs"},
		{location: "base", amount: "16", offer: none, offerID: "ms-azr-0044p"},
		{location: "base", amount: "-17", offer: "support"},
		{location: "base", subscription: "s", service: "Backup", amount: "20"},
		{location: "base", subscription: "s", service: "Backup", amount: "1"},
		{location: "base", subscription: "s", service: "Backup", amount: "30", association: "DPOR"},
		{location: "base", subscription: "s", service: "Backup", amount: "-2", association: "DPOR"},
		{location: "base", amount: "40", month: "11/30/2023 11:59:59 PM", offer: "Trials", offerID: "MS-AZR-0044P"},
	}
}

// TestEveryReason has rows that fail for each reason, alone and together with all later ones in the order of tests: the first counts.
func TestEveryReason(t *testing.T) {
	w := newWorld()
	w.partners = []location{{id: "base", global: "base"}}
	for m := june.Add(-13); m <= june; m++ {
		if m != june.Add(-7) {
			fill(w, m, 1, "0") // so that other months hold more than one row
		}
	}
	november := june.Add(-7)
	w.add(november, rowsOfEveryReason()...)
	r := score(t, w.write(t), func(o *Options) { o.MaxRejected = 0.7 })
	var got [][]string
	for _, e := range r.tables[snapshot.Exclusions] {
		e.expect(t, e["reason"], "usage_month", "2023-11-01", "score_month", "2024-06-01")
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
	// What counts: 100, 28 of the contested, 40 of the last day of the month.
	r.one(t, snapshot.Customers).expect(t, "the customer", "acr_ttm", "1268.000000")
	store, err := snapshot.Open(r.snapshots)
	if err != nil {
		t.Fatal(err)
	}
	man, err := store.Manifest(t.Context(), june)
	if err != nil || len(man.Exclusions) != len(want) {
		t.Errorf("the manifest sums up %v, %v", man.Exclusions, err)
	}
}

// TestMissingOfferThatCounts: the setting of the rulebook.
func TestMissingOfferThatCounts(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", offer: none, amount: "5"})
	exports := w.write(t)
	r := score(t, exports, ownRules(t, "usage: {missing_offer: eligible}\n"))
	if len(r.tables[snapshot.Exclusions]) != 0 {
		t.Errorf("exclusions %v", r.tables[snapshot.Exclusions])
	}
	r.one(t, snapshot.Customers).expect(t, "the customer", "acr_current", "105.000000")
}

// TestLabelsVary: every spelling of the rulebook, and some that only compare equal.
func TestLabelsVary(t *testing.T) {
	w := newWorld()
	eligible := []string{"CSP Tier1", "CSP Tier 1", "Cloud Solution Provider (CSP) Tier 1", "CSP Tier 2", "CSP Tier2", "cloud solution provider (csp)  tier 2",
		"Partner Admin Link (PAL)", "Partner admin link", "PAL", "pal ", "Partner of record", "DPOR", "Digital Partner of\u00a0Record", "\tDigital  Partner of Record"}
	refused := []string{"TPOR", "Transacting partner of record", "CPOR", "Deal registration", "Partner as end-customer", "DAP", "GDAP", "Advisor", "Distributor", "Reseller",
		"PAL2", "CSP", "CSP Tier 3", "CSP-Tier-1", "Partner-Admin-Link", "N/A", "P A L", "PAL\u200b"}
	for i, label := range append(eligible, refused...) {
		w.add(june, usage{location: "base", subscription: fmt.Sprint("association", i), association: label, amount: "1"})
	}
	excluded := []string{"Support", "SUPPORT ", "Internal", "Trial", "Benefit Program", "Benefits programs", "Benefit Program(s)", "Benefit  Programs"}
	counted := []string{"Azure Plan", "Trial offer", "Free Trial", "Supported", "Internal use rights", "Benefit", "N/A", "MS-AZR-0044P x"}
	for i, label := range append(excluded, counted...) {
		w.add(june, usage{location: "base", subscription: fmt.Sprint("offer", i), offer: label, amount: "100"})
	}
	for i, id := range []string{"MS-AZR-0044P", "MS-AZR-0120P", "MS-AZR-0130P", "MS-AZR-0025P", "MS-AZR-0170P", "MS-AZR-0043P", "ms-azr-0015p", "MS-AZR-0145P", "MS-AZR-0017P"} {
		w.add(june, usage{location: "base", subscription: fmt.Sprint("id", i), offer: none, offerID: id, amount: "10000"})
	}
	r := score(t, w.write(t))
	// 100 of the base, one for each eligible label, 100 for each offer that counts, 10,000 for the two ids that are nothing special.
	r.one(t, snapshot.Customers).expect(t, "the customer", "acr_current", "20914.000000")
	r.one(t, snapshot.Exclusions, "reason", "association_not_eligible").expect(t, "associations", "rows", "18", "acr_usd", "18.000000")
	r.one(t, snapshot.Exclusions, "reason", "offer_not_eligible").expect(t, "offers", "rows", "15", "acr_usd", "70800.000000")
}
