package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"partnerscore/jobs/internal/machine"
)

// engine opens a warehouse over the directories, closed at the end of the test.
func engine(tb testing.TB, directories ...string) *DB {
	tb.Helper()
	db, err := Open(tb.Context(), Options{
		Limits: machine.Limits{Threads: 2, MemoryLimit: 512 << 20, TempDir: tb.TempDir(), MaxTemp: 1 << 30}, Directories: directories, Inputs: true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return db
}

// macroEngine is the one engine that all tests of macros share: macros keep no state, and starting an engine is what takes the time.
var macroEngine = sync.OnceValues(func() (*DB, error) {
	return Open(context.Background(), Options{Limits: machine.Limits{Threads: 1, MemoryLimit: 512 << 20, TempDir: os.TempDir(), MaxTemp: 1 << 30}, Inputs: true})
})

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" { // each check has dozens of values, and is a statement
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	if db, err := macroEngine(); err != nil || db.Close() != nil {
		code = 1
	}
	os.Exit(code)
}

// text is a result of SQL: nil is NULL.
type text = *string

// fatal is what tests, fuzz targets and properties have in common.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// evaluate applies an expression over the column v to every value and returns the results as text, in order. The values go through a table:
// constants would be folded when the statement is planned, by other code than rows go through.
func evaluate[T any](tb fatal, expression, typ string, values ...T) []text {
	tb.Helper()
	db, err := macroEngine()
	if err != nil {
		tb.Fatalf("open engine: %v", err)
	}
	results := make([]text, len(values))
	for start := 0; start < len(values); start += 1000 {
		part := values[start:min(start+1000, len(values))]
		numbers := make([]int64, len(part))
		for i := range part {
			numbers[i] = int64(start + i)
		}
		query := "SELECT i, CAST(" + expression + " AS VARCHAR) FROM (SELECT unnest($1::BIGINT[]) AS i, unnest($2::" + typ + "[]) AS v)"
		err = db.query(context.Background(), expression, query, func(rows *sql.Rows) error {
			var i int64
			var result sql.NullString
			if err := rows.Scan(&i, &result); err != nil {
				return err
			}
			if result.Valid {
				results[i] = &result.String
			}
			return nil
		}, numbers, part)
		if err != nil {
			tb.Fatalf("%v", err)
		}
	}
	return results
}

// show makes a result readable in a message.
func show(t text) string {
	if t == nil {
		return "NULL"
	}
	return "'" + *t + "'"
}

func same(a, b text) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// run executes raw SQL and returns its error; rows are read to the end.
func (db *DB) run(ctx context.Context, query string) error {
	return db.query(ctx, "test", query, func(*sql.Rows) error { return nil })
}

// column reads the first column of a query as text, NULL as "NULL".
func column(tb testing.TB, db *DB, query string) []string {
	tb.Helper()
	var values []string
	err := db.query(tb.Context(), "test", query, func(rows *sql.Rows) error {
		var v sql.NullString
		if err := rows.Scan(&v); err != nil {
			return err
		}
		if !v.Valid {
			v.String = "NULL"
		}
		values = append(values, v.String)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return values
}

// save writes a file, folders included, and returns its path.
func save(tb testing.TB, data string, parts ...string) string {
	tb.Helper()
	path := filepath.Join(parts...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(data), 0o644)); err != nil {
		tb.Fatal(err)
	}
	return path
}

// parquetOf makes a Parquet file of a query and returns its bytes.
func parquetOf(tb testing.TB, query string) string {
	tb.Helper()
	dir := tb.TempDir()
	db := engine(tb, dir)
	path := filepath.Join(dir, "made.parquet")
	if err := db.run(tb.Context(), "COPY ("+query+") TO "+literal(path)+" (FORMAT parquet)"); err != nil {
		tb.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// mustFail fails the test unless err says something that contains want.
func mustFail(tb testing.TB, err error, want string) {
	tb.Helper()
	if err == nil {
		tb.Errorf("no error, want one that says %q", want)
	} else if !strings.Contains(err.Error(), want) {
		tb.Errorf("error %q, want one that says %q", err, want)
	}
}
