package inputs_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// fact is one row of logical usage: what every form of it must say. Texts are as in the plain form, "" is nothing.
type fact struct {
	location, global, association, tenant, name, segment string
	subscription, level1, level2, level3, level4         string
	resource, offer, offerID                             string
	day                                                  int   // of the month
	micros                                               int64 // US dollars
}

// factColumns are the canonical columns of a fact in the order of the plain form.
func factColumns() []string { return schema.Canonical(schema.Usage) }

func (f fact) value(canonical string) string {
	return map[string]string{
		"partner_location_id": f.location, "partner_global_id": f.global, "association_type": f.association, "customer_tenant_id": f.tenant,
		"customer_name": f.name, "customer_segment": f.segment, "subscription_id": f.subscription, "service_level_1": f.level1,
		"service_level_2": f.level2, "service_level_3": f.level3, "service_level_4": f.level4, "resource_id": f.resource,
		"offer_type": f.offer, "offer_id": f.offerID,
	}[canonical]
}

// logicalMonth makes the rows of a month. Amounts of every third month are whole dollars, of every other third quarters: types of little
// precision can hold them. Customers, services and attributions come again, so that rows compete and sums matter.
func logicalMonth(m scoring.Month) []fact {
	random := rand.New(rand.NewPCG(uint64(m), 7))
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	unit := []int64{1_000_000, 250_000, 1}[int(m)%3]
	facts := make([]fact, 0, 60)
	for range cap(facts) {
		service := pick("Storage", "Key Vault", "Virtual Machines", "Azure App Service", "SQL Database", "Unknown", "")
		f := fact{
			location: pick("1000001", "1000002", "1000003", "1000004"), global: pick("2000001", "2000001", ""),
			association: pick("PAL", "CSP Tier 1", "CSP Tier 2", "DPOR", "Reseller", "TPOR"),
			tenant:      uuidOf(1, random.IntN(6)), name: pick("Contoso", "Fabrikam, Inc.", "Śnieg & \"Söhne\"", ""), segment: pick("SMB", "Enterprise", ""),
			subscription: pick(uuidOf(2, random.IntN(3)), ""), level1: pick("Azure", ""), level2: service, level3: pick("Standard", ""), level4: pick("LRS", ""),
			resource: pick("/subscriptions/1/Disk-1", "/subscriptions/1/disk-2", ""), offer: pick("Microsoft Azure", "Azure plan", "Trial", ""), offerID: "MS-AZR-0017P",
			day: 1 + random.IntN(28), micros: (random.Int64N(4_000_000) - 400_000) * unit,
		}
		switch random.IntN(30) {
		case 0:
			f.tenant = "00000000-0000-0000-0000-000000000000"
		case 1:
			f.tenant = ""
		case 2:
			f.location = ""
		case 3:
			f.association = ""
		}
		facts = append(facts, f)
	}
	return facts
}

func uuidOf(kind, n int) string { return fmt.Sprintf("%08x-abcd-4000-8000-%012x", kind, 0xabcdef+n) }

// TestFormsOfTheSame writes the same usage in forms of chance, file by file another one: names, spellings and types of columns, their order,
// text and Parquet, codecs and encodings, several files and places. All of them must give the facts of the plain form byte for byte, and the
// same tables.
func TestFormsOfTheSame(t *testing.T) {
	plain := t.TempDir()
	facts := map[scoring.Month][]fact{}
	first := world.June.Add(-13)
	if !world.Long {
		first = world.June.Add(-2) // one month of each kind of amounts
	}
	for m := first; m <= world.June; m++ {
		facts[m] = logicalMonth(m)
		writePlainMonth(t, plain, m, facts[m])
	}
	writeHoldings(t, plain)
	change := func(opt *months.Options) { world.NoHistory(opt); opt.MaxRejected = 0.5 }
	want := world.ScoreFresh(t, plain, change)
	wantFacts := factsBytes(t, want.Snapshots)
	if len(wantFacts) != 3*len(facts) {
		t.Fatalf("%d files of facts", len(wantFacts))
	}
	seeds := []uint64{1, 2}
	if world.Long {
		for seed := range uint64(3) {
			seeds = append(seeds, seed+3)
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newFormWriter(t, seed)
			for m, facts := range facts {
				w.writeMonth(m, facts)
			}
			writeHoldings(t, w.root)
			got := world.ScoreFresh(t, w.root, change, w.options)
			for path, sum := range factsBytes(t, got.Snapshots) {
				if sum != wantFacts[path] {
					t.Errorf("%s differs from that of the plain form; the month is %s", path, w.said[filepath.Base(filepath.Dir(path))])
				}
			}
			if diff := cmp.Diff(want.Tables, got.Tables); diff != "" {
				t.Errorf("tables differ (-plain +forms):\n%s", diff)
			}
		})
	}
}

// writePlainMonth writes one CSV file with the canonical names.
func writePlainMonth(t *testing.T, root string, m scoring.Month, facts []fact) {
	t.Helper()
	var rows [][]string
	for _, f := range facts {
		var row []string
		for _, name := range factColumns() {
			switch name {
			case "month":
				row = append(row, m.String())
			case "acr_usd":
				row = append(row, plainAmount(f.micros))
			default:
				row = append(row, f.value(name))
			}
		}
		rows = append(rows, row)
	}
	world.WriteCSV(t, filepath.Join(root, "azure_usage", "month="+m.String(), "usage.csv"), factColumns(), rows)
}

func plainAmount(micros int64) string {
	sign := ""
	if micros < 0 {
		sign, micros = "-", -micros
	}
	return fmt.Sprintf("%s%d.%06d", sign, micros/1_000_000, micros%1_000_000)
}

func writeHoldings(t *testing.T, root string) {
	t.Helper()
	world.WriteCSV(t, filepath.Join(root, "certifications", "month=2024-06", "people.csv"),
		[]string{"PGAMpnId", "MCPID", "TrainingTitle", "TrainingType", "TrainingCompletionDate"},
		[][]string{{"2000001", "p1", "AZ-104", "Certification", "2024-01-15"}})
}

// factsBytes returns the hash of every data file of facts, by month and name.
func factsBytes(t *testing.T, snapshots string) map[string]string {
	t.Helper()
	found := map[string]string{}
	world.Walk(t, filepath.Join(snapshots, "_facts"), func(rel string, data []byte, _ fs.FileInfo) {
		if strings.HasSuffix(rel, ".parquet") && strings.HasPrefix(rel, "month=") {
			found[rel] = fmt.Sprintf("%x", hashOf(data))
		}
	})
	return found
}

// layouts are the patterns under which usage may lie, with where a file of a month goes.
func layouts() map[string]func(m scoring.Month, n int) string {
	parts := func(m scoring.Month) (year, month string) { return m.String()[:4], m.String()[5:] }
	return map[string]func(m scoring.Month, n int) string{
		"": func(m scoring.Month, n int) string { return fmt.Sprintf("azure_usage/month=%s/part-%d", m, n) },
		"usage/{yyyy}/{mm}/*": func(m scoring.Month, n int) string {
			year, month := parts(m)
			return fmt.Sprintf("usage/%s/%s/part %d", year, month, n)
		},
		"lake/{yyyy}/AzureUsage_{month}_*": func(m scoring.Month, n int) string {
			year, _ := parts(m)
			return fmt.Sprintf("lake/%s/AzureUsage_%s_%d", year, m, n)
		},
		"by-region/*/{month}/*": func(m scoring.Month, n int) string {
			return fmt.Sprintf("by-region/r%d [x]/%s/usage", n%2, m) + fmt.Sprint(n)
		},
		"y={yyyy}/m={mm}/*/*": func(m scoring.Month, n int) string {
			return fmt.Sprintf("y=%s/m=%s/d=%d/f", m.String()[:4], m.String()[5:], n)
		},
	}
}

// aliases are the names by which the contract knows a column, besides the canonical one.
func formAliases() map[string][]string {
	return map[string][]string{
		"month":               {"Month", "UsageMonth", "UsageDate", "Date", "ChargePeriodStart", "BillingPeriodStart"},
		"partner_location_id": {"MPNID", "PartnerID"}, "partner_global_id": {"PGAMpnID", "PGAPartnerID", "PGA_MPNID"},
		"association_type":   {"PartnerAttributionType", "AssociationType", "AttributionType"},
		"customer_tenant_id": {"CustomerTenantId", "TenantId", "x_CustomerId"}, "customer_name": {"CustomerName"},
		"customer_segment": {"CustomerSegment", "TopSegment"}, "subscription_id": {"SubscriptionId", "SubscriptionGuid", "SubAccountId"},
		"service_level_1": {"ServiceLevel1"}, "service_level_2": {"ServiceLevel2", "ServiceName", "MeterCategory"}, "service_level_3": {"ServiceLevel3"},
		"service_level_4": {"ServiceLevel4"}, "resource_id": {"ResourceId", "InstanceId"}, "offer_type": {"OfferType", "OfferName", "Offer"},
		"offer_id": {"OfferId", "x_SkuOfferId"}, "acr_usd": {"ACR_USD", "ACRUSD", "TotalACR", "AzureConsumedRevenueUSD"},
	}
}

// formWriter writes months in forms of chance.
type formWriter struct {
	t       *testing.T
	random  *rand.Rand
	root    string
	pattern string
	amounts exports.Separators
	said    map[string]string // the forms of a month's files
}

func newFormWriter(t *testing.T, seed uint64) *formWriter {
	w := &formWriter{t: t, random: rand.New(rand.NewPCG(seed, 11)), root: t.TempDir(), said: map[string]string{}}
	patterns := make([]string, 0, len(layouts()))
	for pattern := range layouts() {
		patterns = append(patterns, pattern)
	}
	slices.Sort(patterns)
	w.pattern = patterns[w.random.IntN(len(patterns))]
	w.amounts = []exports.Separators{{}, {}, {Thousands: ","}, {Thousands: ".", Decimal: ","}, {Decimal: ","}, {Thousands: "\u202f", Decimal: ","}}[w.random.IntN(6)]
	return w
}

// options tells the run what the writer decided for all months.
func (w *formWriter) options(opt *months.Options) {
	opt.Patterns.Usage, opt.Amounts = w.pattern, w.amounts
	opt.Columns = map[schema.Table]map[string][]string{schema.Usage: {}}
	opt.Aliases = map[schema.Table]map[string][]string{schema.Usage: {"acr_usd": {"Umsatz €"}, "service_level_2": {"Dienst"}}}
}

func (w *formWriter) chance(n int) bool { return w.random.IntN(n) == 0 }

func (w *formWriter) pick(values ...string) string { return values[w.random.IntN(len(values))] }

// writeMonth deals the rows out to files, each of a form of its own; sometimes a file comes twice.
func (w *formWriter) writeMonth(m scoring.Month, facts []fact) {
	files := make([][]fact, 1+w.random.IntN(3))
	for _, f := range facts {
		n := w.random.IntN(len(files))
		files[n] = append(files[n], f)
	}
	month := "month=" + m.String()
	for n, part := range files {
		form := w.newForm(m)
		data := form.encode(part)
		w.said[month] += "\n  " + form.String()
		place := layouts()[w.pattern](m, n)
		world.WriteFile(w.t, filepath.Join(w.root, place+form.ending), data)
		if w.chance(6) {
			world.WriteFile(w.t, filepath.Join(w.root, place+"-again"+form.ending), data)
		}
	}
}
