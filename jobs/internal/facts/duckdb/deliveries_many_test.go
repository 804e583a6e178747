package duckdb_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/world"
)

// TestMonthsSplitAnyhow: the months of the samples, of the generator and of a case are read when their rows are dealt to more files, without a doubt.
func TestMonthsSplitAnyhow(t *testing.T) {
	sizes := []int{7}
	if world.Long {
		sizes = []int{8, 64}
	}
	connector, err := duckdb.NewConnector("", nil)
	world.Must(t, err)
	db := sql.OpenDB(connector)
	defer db.Close()
	type source struct{ dir, read string }
	sources := []source{
		{world.UsageDir(filepath.Join(world.Samples, "exports"), world.June), "read_parquet('%s', file_row_number = true)"},
		{world.UsageDir("../../../../shared/cases/baseline/exports", world.June), "(SELECT *, row_number() OVER () AS file_row_number FROM read_csv('%s', all_varchar = true))"},
	}
	if _, err := os.Stat(sources[1].dir); err != nil { // the cases are not part of this repository
		sources = sources[:1]
	}
	if world.Long { // one month that is looked at whole, and one that is glanced at first and of which tenants are looked at
		for _, rows := range []int{15_000, 900_000} {
			sources = append(sources, source{world.UsageDir(world.Generate(t, rows, 1), world.June), sources[0].read})
		}
	}
	for _, source := range sources {
		paths, err := filepath.Glob(filepath.Join(source.dir, "*"))
		world.Must(t, err)
		for way, file := range map[string]string{
			"by chance": "hash(file_row_number) % $1",
			"in turn":   "file_row_number % $1",
			"in order":  "file_row_number * $1 // rows",
		} {
			for _, n := range sizes {
				root := t.TempDir()
				world.Must(t, os.MkdirAll(world.UsageDir(root, world.June), 0o777))
				for i, path := range paths {
					apart := t.TempDir()
					_, err := db.ExecContext(t.Context(), strings.ReplaceAll(fmt.Sprintf(
						"COPY (SELECT * EXCLUDE (file_row_number, rows), CAST(%s AS INTEGER) AS part FROM (SELECT *, sum(1) OVER () AS rows FROM "+source.read+")) "+
							"TO '%s' (FORMAT parquet, PARTITION_BY (part), OVERWRITE_OR_IGNORE)", file, path, apart), "$1", fmt.Sprint(n)))
					world.Must(t, err)
					parts, err := filepath.Glob(filepath.Join(apart, "*", "*"))
					world.Must(t, err)
					for j, part := range parts {
						world.Must(t, os.Rename(part, filepath.Join(world.UsageDir(root, world.June), fmt.Sprintf("%d-%d.parquet", i, j))))
					}
				}
				if unclear, err := readMonth(t, root, world.June); err != nil || len(unclear) > 0 {
					t.Errorf("%s, %s, each file in %d: provisional %q, error %v", source.dir, way, n, unclear, err)
				}
			}
		}
	}
}

// TestTwoDeliveriesOfManyRows: a large month is compared by some of its tenants, after a glance, and by a part of its keys where it has few tenants.
func TestTwoDeliveriesOfManyRows(t *testing.T) {
	connector, err := duckdb.NewConnector("", nil)
	world.Must(t, err)
	db := sql.OpenDB(connector)
	defer db.Close()
	for what, tenants := range map[string]int{"many tenants": 20_000, "a few tenants": 3} {
		if tenants == 3 && !world.Long {
			continue
		}
		root := t.TempDir()
		world.Must(t, os.MkdirAll(world.UsageDir(root, world.June), 0o777))
		for part, file := range map[string]string{"i % 2 = 0": "old-0", "i % 2 = 1": "old-1", "hash(i) % 3 = 0": "new-0", "hash(i) % 3 = 1": "new-1", "hash(i) % 3 = 2": "new-2"} {
			amount := "i % 100 + 1"
			if strings.HasPrefix(file, "new") {
				amount = "i % 99 + 1.5"
			}
			_, err := db.ExecContext(t.Context(), fmt.Sprintf(`
				COPY (SELECT '2024-06' AS Month, 'p' AS MPNId, 'PAL' AS PartnerAttributionType, md5(CAST(i %% %d AS VARCHAR)) AS CustomerTenantId,
				             'service ' || (i // %d %% 40) AS ServiceLevel2, 'Microsoft Azure' AS OfferType, '/r/' || i AS ResourceId, %s AS ACR_USD
				      FROM range(300000) AS t(i) WHERE %s) TO '%s' (FORMAT parquet)`,
				tenants, tenants, amount, part, filepath.Join(world.UsageDir(root, world.June), file+".parquet")))
			world.Must(t, err)
		}
		_, err := readMonth(t, root, world.June)
		refusedAs(t, err, "old-", "new-")
		world.Must(t, os.Remove(filepath.Join(world.UsageDir(root, world.June), "new-0.parquet")))
		world.Must(t, os.Remove(filepath.Join(world.UsageDir(root, world.June), "new-1.parquet")))
		world.Must(t, os.Remove(filepath.Join(world.UsageDir(root, world.June), "new-2.parquet")))
		if unclear, err := readMonth(t, root, world.June); err != nil || len(unclear) > 0 {
			t.Errorf("%s, once: provisional %q, error %v", what, unclear, err)
		}
	}
}
