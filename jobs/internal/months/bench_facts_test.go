package months_test

import (
	"database/sql"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

//go:embed testdata/careful.sql
var carefulStatement string

// BenchmarkFacts builds the facts of one month (labels, eligibility, roll-up, deduplication, exclusions, the files), and compares with two peers, in turn
// in this process: the same rules as one careful statement, and the bare query, which is the same filters and sums over the same file. Each mix is a
// share of tenants whose consumption two attributions report. The ratios are of the best times. The careful statement may take all memory; within the
// limit of the run it does not end where rows are many.
func BenchmarkFacts(b *testing.B) {
	for _, twice := range []int{0, 8, 50, 100} {
		b.Run(fmt.Sprintf("twice=%d%%", twice), func(b *testing.B) { benchFacts(b, twice) })
	}
}

func benchFacts(b *testing.B, twice int) {
	rows, month := benchRows(b), scoring.NewMonth(2024, time.June)
	dir := world.Generate(b, rows, 1, "--attributed-twice", strconv.Itoa(twice))
	db, careful, bareText := engine(b), carefulEngine(b, dir, month), bareUsage(b, dir, month)
	opt := benchOptions(b, dir)
	e, err := world.OpenEngine(b, opt, month)
	if err != nil {
		b.Fatal(err)
	}
	bare, peer, ours := newBest(), newBest(), newBest()
	for b.Loop() {
		bare.time(b, func() error { _, err := db.Exec(bareText); return err })
		peer.time(b, func() error { _, err := careful.Exec(carefulStatement); return err })
		ours.time(b, func() error { _, err := e.BuildFacts(b.Context(), month); return err })
	}
	sameFacts(b, careful, world.FactsFile(opt.Snapshots, month, snapshot.FactsConsumption))
	b.ReportMetric(float64(peer.wall)/float64(ours.wall), "careful/ours")
	b.ReportMetric(float64(peer.cpu)/float64(ours.cpu), "careful/ours-cpu")
	b.ReportMetric(float64(ours.wall)/float64(bare.wall), "x-bare")
	b.ReportMetric(ours.wall.Seconds(), "ours-s")
	b.ReportMetric(peer.wall.Seconds(), "careful-s")
	b.ReportMetric(bare.wall.Seconds(), "bare-s")
}

// best is the least time that something took, by the clock and of the processors.
type best struct{ wall, cpu time.Duration }

func newBest() *best { return &best{time.Hour, time.Hour} }

func (t *best) time(b *testing.B, do func() error) {
	before := processorTime(b)
	t.wall = min(t.wall, timed(b, do))
	t.cpu = min(t.cpu, processorTime(b)-before)
}

// sameFacts fails if the facts of the careful statement differ from ours: then the two times cannot be compared.
func sameFacts(b *testing.B, careful *sql.DB, consumption string) {
	of := func(from string) (found string) {
		text := "SELECT count(*) || ' facts, USD ' || sum(acr_usd) || ', ' || sum(hash(partner_id, customer_tenant_id, service_key, CAST(acr_usd AS VARCHAR))) FROM "
		if err := careful.QueryRow(text + from).Scan(&found); err != nil {
			b.Fatal(err)
		}
		return found
	}
	if ours, peer := of("read_parquet('"+consumption+"')"), of("careful"); ours != peer {
		b.Errorf("ours %s, the careful statement %s", ours, peer)
	}
}

// carefulEngine opens a DuckDB for the careful statement, with what that asks for.
func carefulEngine(b *testing.B, dir string, m scoring.Month) *sql.DB {
	db := openEngine(b, "SET VARIABLE usage = '"+dir+"/azure_usage/month="+m.String()+"/*.parquet'", "SET VARIABLE first_day = DATE '"+m.String()+"-01'")
	rules := benchRules(b)
	query(b, db, "SET VARIABLE unknown = '"+rules.UnknownService+"'")
	query(b, db, "CREATE TABLE rule_association (label VARCHAR, priority INTEGER)")
	for i, a := range rules.Associations {
		query(b, db, fmt.Sprintf("INSERT INTO rule_association SELECT DISTINCT folded(unnest([%s])), %d", quoted(a.Labels), i+1))
	}
	query(b, db, "CREATE TABLE rule_offer (label VARCHAR)")
	for _, o := range rules.Offers {
		query(b, db, fmt.Sprintf("INSERT INTO rule_offer SELECT DISTINCT folded(unnest([%s]))", quoted(o.Labels)))
	}
	query(b, db, "CREATE TABLE partner_location AS SELECT DISTINCT MpnId AS location_id, PGA_MPNId AS partner_id FROM read_parquet('"+dir+"/partners/*.parquet')")
	return db
}

// benchRules are the rules of the benchmarks.
func benchRules(b *testing.B) *scoring.Rulebook {
	library, err := rulebook.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	rules, err := library.Get("azure-2023-06")
	if err != nil {
		b.Fatal(err)
	}
	return rules
}

// quoted lists texts as SQL does.
func quoted(texts []string) string { return "'" + strings.Join(texts, "', '") + "'" }

// bareUsage is the query that anyone would write to get partner, tenant, service and ACR from a month's export.
func bareUsage(b *testing.B, dir string, m scoring.Month) string {
	rules := benchRules(b)
	var eligible, ineligible []string
	for _, a := range rules.Associations {
		eligible = append(eligible, a.Labels...)
	}
	for _, o := range rules.Offers {
		ineligible = append(ineligible, o.Labels...)
	}
	list := func(labels []string) string { return strings.ToLower(quoted(labels)) }
	return fmt.Sprintf(`
		CREATE OR REPLACE TEMP TABLE bare AS
		SELECT coalesce(p.PGA_MPNId, u.MPNID) AS partner, lower(u.CustomerTenantId) AS tenant, folded(u.ServiceLevel2) AS service,
		       sum(u.ACR_USD) AS acr
		FROM read_parquet('%[1]s/azure_usage/month=%[4]s/*.parquet') AS u
		JOIN (SELECT DISTINCT MpnId, PGA_MPNId FROM read_parquet('%[1]s/partners/*.parquet')) AS p ON p.MpnId = u.MPNID
		WHERE folded(u.PartnerAttributionType) IN (%[2]s) AND folded(u.OfferType) NOT IN (%[3]s) AND folded(u.OfferType) <> ''
		  AND trim(u.CustomerTenantId) <> '' AND u.CustomerTenantId <> '00000000-0000-0000-0000-000000000000' AND u.Month = '%[4]s'
		GROUP BY ALL`, dir, list(eligible), list(ineligible), m)
}
