package spark_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// labels are texts that tools read differently: white space of all kinds, letters whose lower case is special, what SQL and patterns take for theirs.
var labels = []string{"", " ", "\u00a0", "a", "A", " a", "a\t", "A\u2003", "\u3000a\u00a0 b", "a  b", "a b", "a\nb", "\u200ba", "\ufeffa", "a\u180eb", "\u0085a\u0085",
	"Storage", "STORAGE", "storage\u00a0", "İstanbul", "istanbul", "I\u0307stanbul", "\u212aelvin", "kelvin", "ΣΑΣ", "σας", "σασ", "Straße", "STRASSE", "ǅ", "ǆ",
	"é", "e\u0301", "😀", "\uffff", "'; DROP TABLE x; --", `\`, `\\`, "`", `"`, "%", "_", "$1", "{a,b}", "\x01", "a\x00b", "\ue000a\ue000PAL", "NULL", "null",
	"Jane@example.com", "0", "007", "7.0", "7.00", "1e3", strings.Repeat("ä", 3000), "𐐀", "𐐨", "Ⅷ", "ⅷ", "Å", "å"}

var associations = []string{"PAL", "pal ", "CSP Tier 1", "csp  tier 1", "CSP Tier 2", "DPOR", "Digital Partner of\u00a0Record", "Reseller", "", " ", "K"}

var tenants = []string{world.Tenant("a"), " " + strings.ToUpper(world.Tenant("a")), "{" + world.Tenant("a") + "}", "{ " + world.Tenant("a") + "\u00a0}\t", "{{" + world.Tenant("a") + "}}",
	world.Tenant("b"), "\u212a-1", "k-1", "K-1", "İ-1", "i-1", "é-1", "É-1", "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "0", "{}", "{", "}", "", " "}

var amounts = []string{"1", "-1", "+1", "0", "-0", "0.5", ".5", "5.", "1.000001", "0.0000005", "0.00000049", "-0.0000005", "2.0000005", "1e2", "1E-7", "5e-7", "1e400", "1e-400", "123456789.5",
	"1000000000000", " 7 ", "7\u00a0", "7,5", "(7)", "$7", "NaN", "inf", "-Infinity", "0x10", "1_000", "", " ", "١", "1\x00", "0000000000000000000001", "1.0000000000000000000000000000001"}

var usageMonths = []string{"2024-06", "2024-6", "202406", "2024-06-01", "2024-06-30", "2024-06-31", "20240615", "2024-06-15T23:59:59Z", "2024-06-15 00:00:00", "2024-06-15 00:00:00.000 +02:00",
	"2024-07-01", "2024-05-31", "2024-13", "2024-06-1x", "0001-01", "9999-12-31", "x", " 2024-06 ", "2024-06-", "2024-06-01T", "٢٠٢٤-٠٦", "45444"}

// large are amounts that add up to more than facts can hold.
var large = []string{"123456789012", "999999999999.9999995", "999999999999.999999", "-999999999999"}

// slashed are dates whose order each file decides.
var slashed = []string{"6/1/2024", "06/30/2024", "30/06/2024", "6/6/2024", "6/1/2024 12:00 AM"}

// usage draws a row.
func usage(t *rapid.T, amounts, months []string) world.Usage {
	pick := func(from []string, what string) string { return rapid.SampledFrom(from).Draw(t, what) }
	some := func(usual string, from []string, what string) string { // mostly the same, so that rows meet
		if rapid.IntRange(0, 2).Draw(t, what+"?") > 0 {
			return usual
		}
		if text := pick(from, what); text != "" {
			return text
		}
		return world.None
	}
	return world.Usage{
		Location: pick([]string{"p", " p", "q", "7.0", "7", "", "\u00a0", "x@y"}, "location"), Global: pick([]string{"", "", "g", "g ", "h", "h@"}, "global"),
		Association: some("PAL", associations, "association"), Tenant: some(world.Tenant("a"), tenants, "tenant"), Name: pick(labels, "name"), Segment: some("SMB", labels, "segment"),
		Subscription: pick(append(tenants, "s1", "S1", "{s1}", "s 1"), "subscription"), Level1: some("Azure", labels, "level 1"), Service: some("Storage", labels, "service"),
		Level3: some("a", labels, "level 3"), Level4: some("b", labels, "level 4"), Resource: pick([]string{"", "/r/1", "/R/1", " /r/1", "/r/É", "/r/é", "/r/\u212a", "/r/k"}, "resource"),
		Offer: some("Microsoft Azure", append(labels, "Trial", " TRIAL", "Support"), "offer"), OfferID: pick([]string{"", "", "MS-AZR-0044P", "ms-azr-0044p "}, "offer id"),
		Amount: some("1.5", amounts, "amount"), Month: some("2024-06", months, "month"), File: rapid.IntRange(0, 2).Draw(t, "file"),
	}
}

// TestHostile: months of rows in which everything is written in ways that tools read differently, in one file and in three.
func TestHostile(t *testing.T) {
	s, rounds := server(t), 10
	if world.Long {
		rounds = 60
	}
	for seed := range rounds {
		files, months, amounts := 1+seed%2*2, usageMonths, amounts
		if seed%5 == 0 {
			months = append(months, slashed...)
		}
		if seed%4 == 3 {
			amounts = append(amounts, large...)
		}
		rows := rapid.Custom(func(t *rapid.T) []world.Usage {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) world.Usage { return usage(t, amounts, months) }), 100, 300).Draw(t, "rows")
		}).Example(seed)
		w := &world.World{Parquet: true}
		if seed%3 == 0 {
			w.Partners = []world.Location{{ID: "p", Global: "g"}, {ID: "q", Global: "g"}, {ID: "7", Global: "7"}}
		}
		for _, u := range rows {
			u.File %= files
			w.Add(world.June, u)
		}
		if b := alike(t, s, open(t, w.Write(t), world.June), world.June); b.err == nil && len(b.Rows[snapshot.FactsConsumption]) < 5 {
			t.Errorf("%d rows give too few facts", len(rows))
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
