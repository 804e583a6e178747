package tables_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/xitongsys/parquet-go/reader"
	"github.com/xitongsys/parquet-go/source"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestThreeReaders reads the six tables with DuckDB, arrow-go and parquet-go: equal names, types and cells.
func TestThreeReaders(t *testing.T) {
	own, db := world.ScoreAlone(t, world.Everything().Only(1, 12, 13).Write(t)).Snapshots, openDuckDB(t)
	for name, root := range map[string]string{"samples": world.SampleSnapshots(t), "everything": own} {
		for _, table := range snapshot.Tables() {
			t.Run(name+" "+table.Name, func(t *testing.T) {
				path := world.TablePath(root, table.Name, world.June)
				names, cells := world.ReadArrow(t, path)
				var want []string
				for _, c := range table.Columns {
					want = append(want, c.Name)
				}
				if diff := cmp.Diff(want, names); diff != "" {
					t.Fatalf("columns (-contract +file):\n%s", diff)
				}
				if len(cells) == 0 {
					t.Fatal("no rows: nothing is tested")
				}
				duckNames, duckCells := readDuckDB(t, db, path, table)
				if diff := cmp.Diff(append([][]string{names}, cells...), append([][]string{duckNames}, duckCells...)); diff != "" {
					t.Errorf("arrow-go and DuckDB differ (-arrow +duckdb):\n%s", diff)
				}
				oldNames, oldCells := readXitongsys(t, path, table)
				if diff := cmp.Diff(append([][]string{names}, cells...), append([][]string{oldNames}, oldCells...)); diff != "" {
					t.Errorf("arrow-go and parquet-go differ (-arrow +parquet-go):\n%s", diff)
				}
			})
		}
	}
}

// openDuckDB opens an engine of the test.
func openDuckDB(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	world.Must(t, err)
	t.Cleanup(func() { world.Must(t, db.Close()) })
	return db
}

// readDuckDB reads a file and checks the types of the contract.
func readDuckDB(t *testing.T, db *sql.DB, path string, table snapshot.Table) (names []string, cells [][]string) {
	t.Helper()
	rows, err := db.Query("SELECT * FROM read_parquet('" + path + "', hive_partitioning = false)")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range types {
		names = append(names, c.Name())
		if want := string(table.Columns[i].Type); c.DatabaseTypeName() != want {
			t.Errorf("%s is %s, want %s", c.Name(), c.DatabaseTypeName(), want)
		}
	}
	values := make([]any, len(names))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for i, v := range values {
			line = append(line, duckCell(t, *v.(*any), table.Columns[i]))
		}
		cells = append(cells, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names, cells
}

func duckCell(t *testing.T, value any, c snapshot.Column) string {
	t.Helper()
	switch v := value.(type) {
	case nil:
		if !c.Nullable {
			t.Errorf("%s is null", c.Name)
		}
		return world.Null
	case time.Time:
		return v.Format(time.DateOnly)
	case duckdb.Decimal:
		return decimal(v.Value, int(v.Scale))
	default:
		return fmt.Sprint(v)
	}
}

// decimal writes an unscaled value with its decimals.
func decimal(unscaled *big.Int, scale int) string {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	whole, rest := new(big.Int).QuoRem(new(big.Int).Abs(unscaled), ten, new(big.Int))
	sign := ""
	if unscaled.Sign() < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%s.%0*d", sign, whole, scale, rest)
}

// localFile is a file for parquet-go, which opens it once per column.
type localFile struct {
	*os.File
	path string
}

// Open opens the file anew; the library asks for no other.
func (f localFile) Open(string) (source.ParquetFile, error) {
	opened, err := os.Open(f.path)
	return localFile{opened, f.path}, err
}

// Create is for writers.
func (f localFile) Create(string) (source.ParquetFile, error) { return nil, errors.New("read only") }

// readXitongsys reads a file with parquet-go 1.6.2, as the dashboards do: raw values of physical types.
func readXitongsys(t *testing.T, path string, table snapshot.Table) (names []string, cells [][]string) {
	t.Helper()
	file, err := localFile{path: path}.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := reader.NewParquetColumnReader(file, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.ReadStop()
	cells = make([][]string, r.GetNumRows())
	for c, column := range table.Columns {
		names = append(names, r.SchemaHandler.GetExName(c+1))
		values, _, _, err := r.ReadColumnByIndex(int64(c), r.GetNumRows())
		if err != nil || len(values) != len(cells) {
			t.Fatalf("%s: %d of %d values, %v", column.Name, len(values), len(cells), err)
		}
		for i, v := range values {
			cells[i] = append(cells[i], rawCell(t, v, column))
		}
	}
	return names, cells
}

func rawCell(t *testing.T, value any, c snapshot.Column) string {
	t.Helper()
	var n int64
	switch v := value.(type) {
	case nil:
		return world.Null
	case int32:
		n = int64(v)
	case int64:
		n = v
	case bool, string:
		return fmt.Sprint(v)
	default:
		t.Fatalf("%s is a %T", c.Name, value)
	}
	switch c.Type {
	case snapshot.Date:
		return time.Unix(n*86400, 0).UTC().Format(time.DateOnly)
	case snapshot.Points:
		return decimal(big.NewInt(n), 2)
	case snapshot.Amounts:
		return decimal(big.NewInt(n), 6)
	default:
		return fmt.Sprint(n)
	}
}

// TestEmptyTables: tables without rows are files with all columns.
func TestEmptyTables(t *testing.T) {
	w := world.New().Only()
	w.Certifications = nil
	w.Hold(world.June, world.Holding{Global: "base", MCP: "m1", Title: "Some exam", Type: "Exam"})
	r, db := world.ScoreAlone(t, w.Write(t)), openDuckDB(t)
	for _, table := range []string{snapshot.Certifications, snapshot.Exclusions} {
		names, cells := world.ReadArrow(t, world.TablePath(r.Snapshots, table, world.June))
		if len(names) == 0 || len(cells) != 0 {
			t.Errorf("%s: %d columns, %d rows", table, len(names), len(cells))
		}
		for _, definition := range snapshot.Tables() {
			if definition.Name == table {
				if oldNames, oldCells := readXitongsys(t, world.TablePath(r.Snapshots, table, world.June), definition); len(oldNames) != len(names) || len(oldCells) != 0 {
					t.Errorf("%s by parquet-go: %v, %d rows", table, oldNames, len(oldCells))
				}
				readDuckDB(t, db, world.TablePath(r.Snapshots, table, world.June), definition)
			}
		}
	}
}

// TestSortedByKey: rows come in byte order of the key, integers as numbers.
func TestSortedByKey(t *testing.T) {
	root := world.SampleSnapshots(t)
	for _, table := range snapshot.Tables() {
		for _, m := range world.SampleMonths() {
			rows := world.ReadTables(t, root, m)[table.Name]
			for i := 1; i < len(rows); i++ {
				if order := compareKeys(rows[i-1], rows[i], table); order >= 0 {
					t.Errorf("%s %s, row %d: %v does not come before %v", table.Name, m, i, rows[i-1], rows[i])
				}
			}
		}
	}
}

func compareKeys(a, b world.Row, table snapshot.Table) int {
	for _, key := range table.Key {
		x, y := a[key], b[key]
		if key == "step" {
			x, y = fmt.Sprintf("%09s", x), fmt.Sprintf("%09s", y)
		}
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
	}
	return 0
}

// TestMetadata: a file says what it is without its path.
func TestMetadata(t *testing.T) {
	root := world.SampleSnapshots(t)
	store, err := snapshot.Open(t.Context(), local.Places{}, root, "")
	if err != nil {
		t.Fatal(err)
	}
	man, err := store.Manifest(t.Context(), world.June)
	if err != nil {
		t.Fatal(err)
	}
	db := openDuckDB(t)
	for _, table := range snapshot.Tables() {
		got := metadataOf(t, db, world.TablePath(root, table.Name, world.June))
		want := map[string]string{"partnerscore.schema_version": "1", "partnerscore.table": table.Name, "partnerscore.score_month": "2024-06",
			"partnerscore.rulebook": "azure-2023-06", "partnerscore.rulebook_sha256": man.Rulebook.SHA256, "partnerscore.inputs_fingerprint": man.InputsFingerprint}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", table.Name, diff)
		}
	}
	if man.ScoreMonth != world.June || man.Rulebook.ID != "azure-2023-06" || len(man.Outputs) != 6 || man.Started.After(man.Finished) || len(man.Provisional) != 0 {
		t.Errorf("manifest %+v", man)
	}
	checkManifestFiles(t, root, man)
}

// metadataOf reads the key-value metadata of a Parquet file.
func metadataOf(t *testing.T, db *sql.DB, path string) map[string]string {
	t.Helper()
	rows, err := db.Query("SELECT decode(key), decode(value) FROM parquet_kv_metadata('" + path + "')")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	pairs := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			t.Fatal(err)
		}
		pairs[key] = value
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return pairs
}

// checkManifestFiles compares what the manifest says of files with the files.
func checkManifestFiles(t *testing.T, root string, man *snapshot.Manifest) {
	t.Helper()
	folders := map[bool]string{true: filepath.Join(world.Samples, "exports"), false: root}
	for input, files := range map[bool][]snapshot.File{true: man.Inputs, false: man.Outputs} {
		for _, f := range files {
			sum, size, err := world.Hash(filepath.Join(folders[input], filepath.FromSlash(f.Path)))
			if err != nil || sum != f.SHA256 || size != f.Bytes || f.Rows <= 0 {
				t.Errorf("%s: %d bytes, %s, %d rows, %v in the manifest %d, %s", f.Path, size, sum, f.Rows, err, f.Bytes, f.SHA256)
			}
		}
	}
	seen := map[string]bool{}
	for _, f := range man.Inputs {
		seen[f.Path] = true
	}
	for m := world.June.Add(-13); m <= world.June; m++ {
		if !seen["azure_usage/month="+m.String()+"/part-00000.parquet"] {
			t.Errorf("the manifest lacks usage of %s", m)
		}
	}
	if !seen["certifications/month="+world.June.String()+"/part-00000.parquet"] || !seen["partners/part-00000.parquet"] || seen["azure_usage/month="+scoring.Month.String(world.June.Add(-14))+"/part-00000.parquet"] {
		t.Errorf("inputs in the manifest: %v", seen)
	}
}
