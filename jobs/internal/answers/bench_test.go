package answers

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	statements "partnerscore/sql"

	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/scoring"
)

const (
	benchPartners = 1_000
	benchTenants  = 1_000_000
	benchPartner  = "2000500"
)

// large makes two published months of a thousand partners with a thousand customers each, who use two services, and the facts behind them.
// Consumption is the same in every month, which makes the sums simple; the tables are written by the statements that publish them.
func large(b *testing.B) string {
	b.Helper()
	root := b.TempDir()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	exec := func(text string, args ...any) {
		b.Helper()
		if _, err := db.Exec(text, args...); err != nil {
			b.Fatalf("%s: %v", text, err)
		}
	}
	exec(fmt.Sprintf(`CREATE TABLE used AS
		SELECT CAST(2000000 + tenant // (%d // %d) AS VARCHAR) AS partner_id, CAST(CAST(md5(CAST(tenant AS VARCHAR)) AS UUID) AS VARCHAR) AS customer_tenant_id,
		       ['sql database', 'storage'][1 + service] AS service_key, CAST((hash(tenant, service) %% 100000) AS DECIMAL(18, 6)) / 100 AS acr
		FROM (SELECT i // 2 AS tenant, i %% 2 AS service FROM range(%d) AS t(i)) ORDER BY 1, 2, 3`, benchTenants, benchPartners, 2*benchTenants))
	exec("ALTER TABLE used ALTER acr TYPE DECIMAL(18, 6)")
	exec("CREATE TABLE used_by AS SELECT DISTINCT partner_id, customer_tenant_id FROM used ORDER BY ALL")
	exec("CREATE TABLE used_of AS SELECT DISTINCT partner_id, service_key FROM used ORDER BY ALL")
	store, err := snapshot.Open(b.Context(), local.Places{}, root, "")
	if err != nil {
		b.Fatal(err)
	}
	release, err := store.Lock(b.Context(), 0, "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := release(); err != nil {
			b.Error(err)
		}
	})
	for m := june.Add(-13); m <= june.Add(1); m++ {
		largeFacts(b, exec, store, m)
	}
	largeTables(b, db, exec)
	for _, m := range []scoring.Month{june, june.Add(1)} {
		largeMonth(b, exec, store, m)
		largeHoldings(b, exec, store, m)
	}
	return root
}

// largeHoldings puts who holds what into the cache of a score month.
func largeHoldings(b *testing.B, exec func(string, ...any), store *snapshot.Store, m scoring.Month) {
	b.Helper()
	rules, err := publishedtest.Library().InForce(m)
	if err != nil {
		b.Fatal(err)
	}
	stage, err := store.Cache().StageHoldings(b.Context(), m)
	if err != nil {
		b.Fatal(err)
	}
	exec(fmt.Sprintf("COPY (SELECT DISTINCT partner_id, person_id, lower(certification) AS label, completed, expires, true AS active FROM holding ORDER BY ALL) "+
		"TO '%s' (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd)", stage.Path(snapshot.HoldingsRows)))
	err = stage.PublishHoldings(b.Context(), snapshot.Holdings{Version: snapshot.HoldingsVersion, ScoreMonth: m, Fingerprint: "bench",
		Types: rules.Holdings.Types, Active: rules.Holdings.Active, Labels: rules.CertificationLabels()})
	if err != nil {
		b.Fatal(err)
	}
}

func largeFacts(b *testing.B, exec func(string, ...any), store *snapshot.Store, m scoring.Month) {
	b.Helper()
	stage, err := store.Cache().StageFacts(b.Context(), m, snapshot.Claim{})
	if err != nil {
		b.Fatal(err)
	}
	for name, columns := range map[string]string{
		snapshot.FactsConsumption: "DATE '%s-01' AS usage_month, partner_id, customer_tenant_id, service_key, acr AS acr_usd FROM used",
		snapshot.FactsCustomers: `DATE '%s-01' AS usage_month, partner_id, customer_tenant_id, 'Customer ' || customer_tenant_id AS customer_name,
			'enterprise' AS customer_segment FROM used_by`,
		snapshot.FactsServices: "partner_id, service_key, service_key AS service_level_2 FROM used_of WHERE '%s' <> ''",
	} {
		exec(fmt.Sprintf("COPY (SELECT "+columns+") TO '%s' (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd)", m, stage.Path(name)))
	}
	if _, err := stage.PublishFacts(b.Context(), snapshot.Facts{Version: snapshot.FactsVersion, Month: m, Exclusions: []snapshot.Exclusion{}}); err != nil {
		b.Fatal(err)
	}
}

// largeTables fills the tables that the publishing statements read.
func largeTables(b *testing.B, db *sql.DB, exec func(string, ...any)) {
	b.Helper()
	exec(`CREATE TABLE customer AS
		SELECT partner_id, customer_tenant_id, 'Customer ' || customer_tenant_id AS customer_name, acr AS acr_current, acr AS acr_previous, acr AS acr_baseline,
		       acr AS acr_baseline_previous, 12 * acr AS acr_ttm, acr >= 1000 AS eligible, acr >= 1000 AS eligible_baseline, 1000 - acr AS shortfall_usd
		FROM (SELECT partner_id, customer_tenant_id, sum(acr) AS acr FROM used GROUP BY ALL)`)
	exec(`CREATE TABLE service AS
		SELECT partner_id, service_key AS service_level_2, 12 * sum(acr) AS acr_ttm, count(*) FILTER (WHERE acr > 0) AS customers, 'counted' AS reason
		FROM used GROUP BY ALL`)
	exec("CREATE TABLE holding (partner_id VARCHAR, solution_area VARCHAR, metric VARCHAR, step INTEGER, person_id VARCHAR, certification VARCHAR, " +
		"completed DATE, expires DATE, counted BOOLEAN, reason VARCHAR)")
	rules, err := publishedtest.Library().InForce(june)
	if err != nil {
		b.Fatal(err)
	}
	skills := map[scoring.StepKey]int64{}
	for _, c := range rules.StepCertifications(scoring.Enterprise) {
		exec("INSERT INTO holding SELECT partner_id, $1, $2, $3, 'person' || i, $4, DATE '2023-01-31', DATE '2030-01-31', true, 'counted' "+
			"FROM (SELECT DISTINCT partner_id FROM used), range(3) AS p(i)", string(c.Area), string(c.Metric), c.Step, c.Title)
		skills[c.StepKey] = 3
	}
	for _, name := range []string{"tables/score_row", "tables/metric_row", "tables/exclusion_row"} {
		exec(strings.Replace(statement(b, name), "TEMP TABLE", "TABLE", 1))
	}
	rows, err := db.Query("SELECT partner_id, count(*) FILTER (WHERE eligible), CAST(sum(acr_current) * 1000000 AS BIGINT) FROM customer GROUP BY partner_id")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var scored, measured []string
	for rows.Next() {
		var id string
		m := scoring.Measures{CountedServices: 2, Skills: skills}
		if err := rows.Scan(&id, &m.EligibleCustomers, &m.ACR); err != nil {
			b.Fatal(err)
		}
		m.EligibleCustomersBaseline, m.ACRBaseline, m.ACRTTM = m.EligibleCustomers, m.ACR, 12*m.ACR
		scores, err := rules.Score(scoring.Enterprise, m)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range scores {
			score, metrics := largeScore(id, rules.ID, s)
			scored, measured = append(scored, score), append(measured, metrics...)
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	exec("INSERT INTO score_row VALUES " + strings.Join(scored, ", "))
	exec("INSERT INTO metric_row VALUES " + strings.Join(measured, ", "))
}

// largeScore returns the rows of a score and of its metrics, as statements have them.
func largeScore(partner, rulebook string, s scoring.Score) (score string, metrics []string) {
	number := func(p *scoring.Points) string {
		if p == nil {
			return "NULL"
		}
		return scoring.Hundredths(p.Hundredths()).Decimal()
	}
	fixed := func(f *scoring.Fixed6) string {
		if f == nil {
			return "NULL"
		}
		return fmt.Sprintf("%d / 1000000::DECIMAL(18, 6)", int64(*f))
	}
	points := map[scoring.Metric]string{}
	for _, m := range s.Metrics {
		points[m.Metric] = number(m.Points)
		metrics = append(metrics, fmt.Sprintf("('%s', '%s', '%s', %t, %s, %s, %s, %s, %s, '%s', '%s')", partner, s.Area, m.Metric,
			m.Applicable, fixed(m.Current), fixed(m.Baseline), fixed(m.Measure), number(m.Points), number(m.Max), m.Status, m.Reason))
	}
	var blocking []string
	for _, m := range s.Blocking {
		blocking = append(blocking, string(m))
	}
	return fmt.Sprintf("('%s', NULL, '%s', '%s', %s, %s, %s, %s, %s, %s, %t, %s, '%s', %t, false, '%s')", partner, s.Area, s.Track,
		number(&s.Total), points[scoring.NetCustomerAdds], points[scoring.IntermediateCertifications], points[scoring.AdvancedCertifications],
		points[scoring.UsageGrowth], points[scoring.Deployments], s.Qualifies, number(&s.PointsToDesignation), strings.Join(blocking, ","), s.RoundingSensitive, rulebook), metrics
}

func largeMonth(b *testing.B, exec func(string, ...any), store *snapshot.Store, m scoring.Month) {
	b.Helper()
	rules, err := publishedtest.Library().InForce(m)
	if err != nil {
		b.Fatal(err)
	}
	stage, err := store.Stage(b.Context(), m)
	if err != nil {
		b.Fatal(err)
	}
	md := snapshot.Metadata{ScoreMonth: m, Rulebook: rules.ID, RulebookSHA256: rules.SHA256, InputsFingerprint: "bench"}
	for _, t := range snapshot.Tables() {
		md.Table = t.Name
		args := []any{stage.Path(t.Name), m.First()}
		for _, pair := range md.Pairs() {
			if pair.Key != "partnerscore.table" {
				args = append(args, pair.Value)
			}
		}
		exec(statement(b, "tables/"+t.Name), args...)
	}
	if err := stage.Check(b.Context()); err != nil {
		b.Fatal(err)
	}
	man := &snapshot.Manifest{Rulebook: snapshot.RulebookRef{ID: rules.ID, SHA256: rules.SHA256}, InputsFingerprint: "bench",
		Settings: map[string]any{"skills_as_of": m.Last().Format(time.DateOnly)}}
	if _, err := stage.Publish(b.Context(), man); err != nil {
		b.Fatal(err)
	}
}

func statement(b *testing.B, name string) string {
	b.Helper()
	text, err := statements.Statement(name)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// bareRows fetches the rows of one partner that a command needs, with nothing around it: an engine as it comes, and one statement a table.
func bareRows(b *testing.B, root string, months []scoring.Month, facts bool, partner string) time.Duration {
	b.Helper()
	start := time.Now()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("SET threads = 2"); err != nil {
		b.Fatal(err)
	}
	fetch := func(paths []string, condition string) {
		rows, err := db.Query("SELECT * FROM read_parquet(['" + strings.Join(paths, "', '") + "'], hive_partitioning = false) " + condition)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			b.Fatal(err)
		}
		values, targets := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		n := 0
		for ; rows.Next(); n++ {
			if err := rows.Scan(targets...); err != nil {
				b.Fatal(err)
			}
		}
		if rows.Err() != nil || n == 0 && len(condition) > 0 {
			b.Fatalf("%d rows of %v: %v", n, paths, rows.Err())
		}
	}
	own := "WHERE partner_id = '" + partner + "'"
	for _, m := range months {
		for _, t := range snapshot.Tables() {
			condition := own
			if t.Name == snapshot.Exclusions {
				condition = ""
			}
			fetch([]string{filepath.Join(root, t.Name, "month="+m.String(), "part-0.parquet")}, condition)
		}
		if facts {
			for _, name := range []string{snapshot.FactsConsumption, snapshot.FactsServices, snapshot.FactsCustomers} {
				var paths []string
				for u := m.Add(-13); u <= m; u++ {
					paths = append(paths, filepath.Join(root, "_facts", "month="+u.String(), name))
				}
				fetch(paths, own)
			}
		}
	}
	return time.Since(start)
}

// readPage reads what a page of a report is about, as package report does.
func readPage(b *testing.B, r published.Reader, partner string) error {
	p, err := r.Partner(b.Context(), june, partner)
	if err != nil {
		return err
	}
	if _, err := r.Windows(b.Context(), p); err != nil {
		return err
	}
	if _, err := r.Trend(b.Context(), p); err != nil {
		return err
	}
	if _, err := PathOf(p, "", DefaultPathCosts(), 3); err != nil {
		return err
	}
	_, err = OutlookOf(b.Context(), r, p, "", 6)
	return err
}

// BenchmarkAnswers measures the commands for one partner of a thousand with a million customers a month, from opening the folder to the
// answer, against the bare queries that fetch the same rows.
func BenchmarkAnswers(b *testing.B) {
	snapshots := large(b)
	months := []scoring.Month{june, june.Add(1)}
	for _, c := range []struct {
		name   string
		months []scoring.Month
		facts  bool
		ask    func(published.Reader) error
	}{
		{"explain", months[:1], false, func(r published.Reader) error {
			_, err := Explain(b.Context(), r, june, benchPartner, Question{})
			return err
		}},
		{"explain-months", months[:1], true, func(r published.Reader) error {
			_, err := Explain(b.Context(), r, june, benchPartner, Question{Usage: true})
			return err
		}},
		{"compare", months, false, func(r published.Reader) error {
			_, err := Compare(b.Context(), r, june, june.Add(1), benchPartner, "")
			return err
		}},
		{"outlook", months[:1], true, func(r published.Reader) error {
			_, err := LookAhead(b.Context(), r, june, benchPartner, "", 6)
			return err
		}},
		{"whatif", months[:1], false, func(r published.Reader) error {
			_, err := Suppose(b.Context(), r, june, benchPartner, "", scenario.Changes{ACR: []scenario.ACRChange{{Percent: true, Value: 5_000_000}}})
			return err
		}},
		{"whatif-service", months[:1], true, func(r published.Reader) error {
			_, err := Suppose(b.Context(), r, june, benchPartner, "", scenario.Changes{LostServices: []string{"Storage"}})
			return err
		}},
		{"path", months[:1], false, func(r published.Reader) error {
			_, err := FindPath(b.Context(), r, june, benchPartner, "", DefaultPathCosts(), 5)
			return err
		}},
		{"report", months[:1], true, func(r published.Reader) error { return readPage(b, r, benchPartner) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			bare, best := time.Hour, time.Hour
			for b.Loop() {
				bare = min(bare, bareRows(b, snapshots, c.months, c.facts, benchPartner))
				start := time.Now()
				r, err := reader.Open(b.Context(), reader.Options{Places: local.Places{}, Snapshots: snapshots, Library: publishedtest.Library(), Limits: machine.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30}})
				if err != nil {
					b.Fatal(err)
				}
				if err := c.ask(r); err != nil {
					b.Fatal(err)
				}
				if err := r.Close(); err != nil {
					b.Fatal(err)
				}
				best = min(best, time.Since(start))
			}
			b.ReportMetric(float64(best)/float64(bare), "x-bare")
			b.ReportMetric(1000*bare.Seconds(), "bare-ms")
			b.ReportMetric(1000*best.Seconds(), "answer-ms")
		})
	}
}
