package answers

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/pipeline"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

const (
	benchPartners = 1_000
	benchTenants  = 1_000_000
)

// large holds two published months of a thousand partners with a million customers, made from exports of two services a customer.
var large = sync.OnceValues(func() (string, error) {
	root, err := os.MkdirTemp("", "partnerscore-answers-bench-")
	if err != nil {
		return "", err
	}
	return root, func() error {
		exports := filepath.Join(root, "exports")
		db, err := sql.Open("duckdb", "")
		if err != nil {
			return err
		}
		defer db.Close()
		for m := june.Add(-13); m <= june.Add(1); m++ {
			dir := filepath.Join(exports, "azure_usage", "month="+m.String())
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			if _, err := db.Exec(fmt.Sprintf(`COPY (
				SELECT DATE '%s-01' AS month, CAST(2000000 + tenant %% %d AS VARCHAR) AS MPNID, 'PAL' AS PartnerAttributionType,
				       CAST(CAST(md5(CAST(tenant AS VARCHAR)) AS UUID) AS VARCHAR) AS CustomerTenantId, 'Customer number ' || tenant AS CustomerName,
				       'sub' || tenant AS SubscriptionId, ['Storage', 'SQL Database'][1 + service] AS ServiceLevel2, 'Azure' AS OfferType,
				       CAST(hash(tenant, service, %d) %% 100000 AS DECIMAL(18, 0)) * 0.01 AS ACR_USD
				FROM (SELECT i // 2 AS tenant, i %% 2 AS service FROM range(%d) AS t(i))) TO '%s' (FORMAT parquet)`,
				m, benchPartners, int(m), 2*benchTenants, filepath.Join(dir, "a.parquet"))); err != nil {
				return err
			}
		}
		dir := filepath.Join(exports, "certifications", "month=2024-06")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if _, err := db.Exec(fmt.Sprintf(`COPY (
			SELECT CAST(2000000 + i %% %d AS VARCHAR) AS MpnId, 'person' || i AS MCPID, title AS TrainingTitle, 'Certification' AS TrainingType,
			       DATE '2023-01-31' AS TrainingCompletionDate, DATE '2025-01-31' AS ExpirationDate, 'Active' AS ActivationStatus
			FROM range(5000) AS p(i), unnest(['AZ-104', 'AZ-305', 'AZ-700', 'AZ-140', 'AZ-204', 'AZ-400', 'DP-300']) AS c(title)) TO '%s' (FORMAT parquet)`,
			benchPartners, filepath.Join(dir, "a.parquet"))); err != nil {
			return err
		}
		opt := scoreOptions(filepath.Join(root, "snapshots"))
		opt.Exports, opt.MemoryLimit, opt.MaxTemp = exports, 2<<30, 20<<30
		for _, m := range []scoring.Month{june, june.Add(1)} {
			if _, err := pipeline.Score(context.Background(), opt, m); err != nil {
				return err
			}
		}
		return os.RemoveAll(exports)
	}()
})

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

// BenchmarkAnswers measures the commands for one partner of a thousand with a million customers a month, from opening the folder to the
// answer, against the bare queries that fetch the same rows.
func BenchmarkAnswers(b *testing.B) {
	root, err := large()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(root) })
	snapshots := filepath.Join(root, "snapshots")
	const partner = "2000500"
	months := []scoring.Month{june, june.Add(1)}
	for _, c := range []struct {
		name   string
		months []scoring.Month
		facts  bool
		ask    func(*Reader) error
	}{
		{"explain", months[:1], false, func(r *Reader) error {
			_, err := r.Explain(b.Context(), june, partner, Question{})
			return err
		}},
		{"explain-months", months[:1], true, func(r *Reader) error {
			_, err := r.Explain(b.Context(), june, partner, Question{Usage: true})
			return err
		}},
		{"compare", months, false, func(r *Reader) error {
			_, err := r.Compare(b.Context(), june, june.Add(1), partner, "")
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			bare, best := time.Hour, time.Hour
			for b.Loop() {
				bare = min(bare, bareRows(b, snapshots, c.months, c.facts, partner))
				start := time.Now()
				r, err := Open(b.Context(), Options{Snapshots: snapshots, Library: library(), Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30})
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
