package reader_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// TestEveryAmount: amounts that the published type can hold are read as they are, by every statement that reads some.
func TestEveryAmount(t *testing.T) {
	dir := t.TempDir()
	db, err := warehouse.Open(t.Context(), warehouse.Options{Limits: machine.Limits{Threads: 1, MemoryLimit: 1 << 30, TempDir: t.TempDir(), MaxTemp: 1 << 30}, Directories: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	want := []scoring.USD{-999_999_999_999_999_999, -1, 0, 1, 5_976_043_680_000, 999_999_999_999_999_999}
	path := filepath.Join(dir, "amounts.parquet")
	exec(t, `COPY (
		SELECT 'p' AS partner_id, DATE '2024-06-01' AS score_month, DATE '2024-06-01' AS usage_month, 'a' AS solution_area, CAST(i AS VARCHAR) AS metric,
		       CAST(i AS VARCHAR) AS customer_tenant_id, CAST(i AS VARCHAR) AS service_level_2, 's' AS service_key, 'n' AS customer_name, 'c' AS class,
		       CAST(i AS VARCHAR) AS reason, 'scored' AS status, 'none' AS movement, true AS applicable, true AS eligible, true AS eligible_baseline,
		       true AS counted, 1 AS rows, 1 AS customers, 1.0::DECIMAL(6, 2) AS points, 1.0::DECIMAL(6, 2) AS max_points,
		       a AS current_value, a AS baseline_value, a AS measure, a AS acr_current, a AS acr_previous, a AS acr_baseline, a AS acr_baseline_previous,
		       a AS acr_ttm, a AS shortfall_usd, a AS acr_usd
		FROM (SELECT i, CAST(t AS DECIMAL(18, 6)) AS a FROM (SELECT unnest(range(6)) AS i, unnest(['-999999999999.999999', '-0.000001', '0', '0.000001',
		      '5976043.68', '999999999999.999999']) AS t))
		) TO '`+path+`' (FORMAT parquet)`)
	for name, args := range map[string][]any{
		"metrics": {"p"}, "customers": {"p"}, "services": {"p"}, "consumption": {"p"}, "exclusions": nil,
	} {
		n := 0
		err := db.Query(t.Context(), "answers/"+name, func(rows *sql.Rows) error {
			names, err := rows.Columns()
			if err != nil {
				return err
			}
			values, targets := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				targets[i] = &values[i]
			}
			if err := rows.Scan(targets...); err != nil {
				return err
			}
			for i, column := range names {
				if slices.Contains([]string{"current_value", "baseline_value", "measure", "acr_current", "acr_previous", "acr_baseline",
					"acr_baseline_previous", "acr_ttm", "shortfall_usd", "acr_usd"}, column) && values[i] != int64(want[n]) {
					t.Errorf("%s %s: %v, want %d", name, column, values[i], want[n])
				}
			}
			n++
			return nil
		}, append([]any{[]string{path}}, args...)...)
		if err != nil || n != len(want) {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
}

// exec runs a statement in an engine of its own.
func exec(t *testing.T, text string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}
