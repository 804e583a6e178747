package months_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
	statements "partnerscore/sql"
)

// benchRows is how many usage rows a month of the benchmarks has: PARTNERSCORE_BENCH_ROWS, by default a million.
func benchRows(b *testing.B) int {
	text := os.Getenv("PARTNERSCORE_BENCH_ROWS")
	if text == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("PARTNERSCORE_BENCH_ROWS: %v", err)
	}
	return n
}

// benchOptions are the options of a benchmark run: two threads, 1 GB.
func benchOptions(b *testing.B, exportsDir string) months.Options {
	library, err := rulebook.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	return months.Options{
		Options: inputs.Options{
			Places:  local.Places{},
			Exports: exportsDir, Library: library, AllowMissingHistory: true, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Limits: machine.Limits{Threads: 2, MemoryLimit: 1_000_000_000, TempDir: b.TempDir(), MaxTemp: 100_000_000_000},
		},
		Snapshots: b.TempDir(), MaxRejected: 1, ToolVersion: "bench", RunID: "bench", Progress: silent{},
	}
}

type silent struct{}

func (silent) Step(int, int, string) {}
func (silent) Done(monitor.Step)     {}

// engine opens a DuckDB with the limits of the run, for the bare queries.
func engine(b *testing.B) *sql.DB { return openEngine(b, "SET memory_limit = '1GB'") }

// openEngine opens a DuckDB of two threads with further settings, and with the macros of the program that queries of benchmarks use.
func openEngine(b *testing.B, settings ...string) *sql.DB {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	for _, s := range append([]string{"SET threads = 2", "SET preserve_insertion_order = false",
		"SET enable_external_file_cache = false", "SET temp_directory = '" + b.TempDir() + "'"}, settings...) {
		query(b, db, s)
	}
	for _, name := range []string{"trimmed", "squeezed", "folded", "guid", "resource", "identified"} {
		text, err := statements.Statement("macros/" + name)
		if err != nil {
			b.Fatal(err)
		}
		query(b, db, text)
	}
	return db
}

func query(b *testing.B, db *sql.DB, text string) {
	if _, err := db.Exec(text); err != nil {
		b.Fatalf("%s: %v", text, err)
	}
}

// timed returns how long do takes.
func timed(b *testing.B, do func() error) time.Duration {
	begun := time.Now()
	if err := do(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}

// BenchmarkAfterFacts scores and publishes from fourteen months of facts of a million rows each and compares with the bare sum by partner,
// tenant and month over the same files.
func BenchmarkAfterFacts(b *testing.B) {
	const rows, partners, services = 1_000_000, 500, 20
	db := engine(b)
	month := scoring.NewMonth(2024, time.June)
	opt := benchOptions(b, b.TempDir())
	store, err := snapshot.Open(b.Context(), local.Places{}, opt.Snapshots, "")
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	release, err := store.Lock(ctx, 0, opt.RunID)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = release() }()
	rules, err := opt.Library.InForce(month)
	if err != nil {
		b.Fatal(err)
	}
	in := &inputs.Inputs{Month: month, Rules: rules, Folders: []string{opt.Exports}, Usage: map[scoring.Month][]exports.File{}, Fingerprint: "bench"}
	var files []string
	for m := month.Add(1 - inputs.WindowMonths); m <= month; m++ {
		in.Months = append(in.Months, m)
		syntheticFacts(b, db, store, in, m, rows, partners, services)
		files = append(files, "'"+world.FactsFile(opt.Snapshots, m, snapshot.FactsConsumption)+"'")
	}
	bare := "CREATE OR REPLACE TEMP TABLE bare AS SELECT partner_id, customer_tenant_id, usage_month, sum(acr_usd) AS acr FROM read_parquet([" +
		strings.Join(files, ", ") + "]) GROUP BY ALL"
	bestBare, best := time.Hour, time.Hour
	for b.Loop() {
		bestBare = min(bestBare, timed(b, func() error { _, err := db.Exec(bare); return err }))
		best = min(best, timed(b, func() error { return months.ScoreInputs(ctx, opt, store, in) }))
		if err := os.RemoveAll(filepath.Join(opt.Snapshots, "_manifests")); err != nil { // so that each round publishes
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(best)/float64(bestBare), "x-bare")
	b.ReportMetric(bestBare.Seconds(), "bare-s")
	b.ReportMetric(best.Seconds(), "after-s")
}

// syntheticFacts puts facts of a month into the cache: every tenant of every partner uses every service.
func syntheticFacts(b *testing.B, db *sql.DB, store *snapshot.Store, in *inputs.Inputs, m scoring.Month, rows, partners, services int) {
	fingerprint, err := facts.Cache{Inputs: in, Version: warehouse.EngineVersion()}.Fingerprint(m)
	if err != nil {
		b.Fatal(err)
	}
	_, err = facts.Keep(b.Context(), store, m, fingerprint, func(path func(string) string) (*snapshot.Facts, error) {
		writeFacts(b, db, path, m, rows, partners, services)
		return &snapshot.Facts{Month: m, Rows: int64(rows)}, nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func writeFacts(b *testing.B, db *sql.DB, path func(string) string, m scoring.Month, rows, partners, services int) {
	keys := fmt.Sprintf(`
		SELECT DATE '%s-01' AS usage_month, CAST(2000000 + 100 * (tenant %% %d) AS VARCHAR) AS partner_id,
		       CAST(CAST(md5(CAST(tenant AS VARCHAR)) AS UUID) AS VARCHAR) AS customer_tenant_id, tenant, service
		FROM (SELECT i // %d AS tenant, i %% %d AS service FROM range(%d) AS t(i))`, m, partners, services, services, rows)
	query(b, db, fmt.Sprintf(`
		COPY (SELECT usage_month, partner_id, customer_tenant_id, 'service level two ' || service AS service_key,
		             CAST(CAST(hash(tenant, service, usage_month) %% 100000000000 AS DECIMAL(18, 0)) * 0.000001 AS DECIMAL(18, 6)) AS acr_usd
		      FROM (%s) ORDER BY partner_id, customer_tenant_id, service_key) TO '%s' (FORMAT parquet, COMPRESSION zstd)`,
		keys, path(snapshot.FactsConsumption)))
	query(b, db, fmt.Sprintf(`
		COPY (SELECT DISTINCT partner_id, 'service level two ' || service AS service_key, 'Service Level Two ' || service AS service_level_2
		      FROM (%s) ORDER BY partner_id, service_key) TO '%s' (FORMAT parquet, COMPRESSION zstd)`, keys, path(snapshot.FactsServices)))
	query(b, db, fmt.Sprintf(`
		COPY (SELECT DISTINCT usage_month, partner_id, customer_tenant_id, 'Customer number ' || tenant AS customer_name, 'enterprise' AS customer_segment
		      FROM (%s) ORDER BY partner_id, customer_tenant_id) TO '%s' (FORMAT parquet, COMPRESSION zstd)`, keys, path(snapshot.FactsCustomers)))
}
