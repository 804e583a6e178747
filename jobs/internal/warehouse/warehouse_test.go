package warehouse

import (
	"context"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/machine"
)

func itoa(i int) string { return strconv.Itoa(i) }

func join(parts []string) string { return strings.Join(parts, ", ") }

// TestCancel: a statement that would run for hours ends soon after its context, and the error is the reason for which that ended.
func TestCancel(t *testing.T) {
	db := engine(t)
	for name, query := range map[string]string{
		"scan":  "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE (a.range * b.range) % 7 = 8",
		"group": "SELECT max(n) FROM (SELECT a.range % 1000 AS k, count(*) AS n FROM range(1000000) AS a, range(1000000) AS b GROUP BY k)",
		"table": "CREATE OR REPLACE TEMP TABLE t AS SELECT sum(a.range * b.range) AS n FROM range(10000000) AS a, range(10000000) AS b",
	} {
		t.Run(name, func(t *testing.T) {
			reason := errors.New("the person left")
			ctx, cancel := context.WithCancelCause(t.Context())
			timer := time.AfterFunc(50*time.Millisecond, func() { cancel(reason) })
			defer timer.Stop()
			begun := time.Now()
			err := db.run(ctx, query)
			if !errors.Is(err, reason) {
				t.Errorf("error %v, want the cause", err)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
	if got := column(t, db, "SELECT 'alive'"); got[0] != "alive" {
		t.Errorf("after cancelling: %v", got)
	}
}

func TestCancelledBefore(t *testing.T) {
	reason := errors.New("too late")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	db := engine(t)
	if err := db.Exec(ctx, "sql/none"); err == nil {
		t.Error("no error for a statement that does not exist")
	}
	if err := db.Exec(ctx, "facts/usage_setting", time.Now(), true, true, "Unknown"); !errors.Is(err, reason) {
		t.Errorf("Exec: %v", err)
	}
	if err := db.FileView(ctx, "v", "x"); !errors.Is(err, reason) {
		t.Errorf("FileView: %v", err)
	}
	if err := db.View(ctx, "v", nil); err == nil {
		t.Error("View: no error")
	}
}

// TestCloseRemovesTemporaryFiles: what a big sort spilled is gone afterwards.
func TestCloseRemovesTemporaryFiles(t *testing.T) {
	temp := t.TempDir()
	db, err := Open(t.Context(), Options{Limits: machine.Limits{Threads: 2, MemoryLimit: 60 << 20, TempDir: temp, MaxTemp: 2 << 30}})
	if err != nil {
		t.Fatal(err)
	}
	query := "CREATE TEMP TABLE big AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(1500000)"
	if err := db.run(t.Context(), query); err != nil {
		t.Error(err)
	}
	if spilled, err := db.Spilled(); err != nil || spilled == 0 {
		t.Errorf("spilled %d bytes, %v; the test needs more", spilled, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestOpenFails(t *testing.T) {
	_, err := Open(t.Context(), Options{Limits: machine.Limits{Threads: 1, MemoryLimit: 1 << 28, TempDir: filepath.Join(t.TempDir(), "missing"), MaxTemp: 1 << 30}})
	mustFail(t, err, "temporary directory")
	temp := t.TempDir()
	_, err = Open(t.Context(), Options{Limits: machine.Limits{Threads: 0, MemoryLimit: 1 << 28, TempDir: temp, MaxTemp: 1 << 30}})
	mustFail(t, err, "threads")
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAnotherLibraryIsRefused: the linked one is the one that go.mod names, and no other one will do.
func TestAnotherLibraryIsRefused(t *testing.T) {
	version, err := engine(t).Version(t.Context())
	if err != nil || version != libraryVersion {
		t.Errorf("linked is %q, %v", version, err)
	}
	for _, other := range []string{"v1.5.4", "v1.5.50", "1.5.5", ""} {
		mustFail(t, checkLibrary(other), "the linked library is DuckDB "+other)
	}
}

// TestTempLimit: a statement that needs more than it may use fails, and the engine lives on.
func TestTempLimit(t *testing.T) {
	db, err := Open(t.Context(), Options{Limits: machine.Limits{Threads: 1, MemoryLimit: 40 << 20, TempDir: t.TempDir(), MaxTemp: 10 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = db.run(t.Context(), "CREATE TEMP TABLE big AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(5000000)")
	mustFail(t, err, "Out of Memory")
	if got := column(t, db, "SELECT 1"); got[0] != "1" {
		t.Errorf("afterwards: %v", got)
	}
}

func TestAppendAndViolations(t *testing.T) {
	db := engine(t)
	if err := db.Exec(t.Context(), "holdings/person"); err != nil {
		t.Fatal(err)
	}
	err := db.Append(t.Context(), "person", func(add func(values ...driver.Value) error) error {
		return errors.Join(add("key 'one'", "id"), add("", "none"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := column(t, db, "SELECT person_key || '=' || person_id FROM person ORDER BY 1"); join(got) != "=none, key 'one'=id" {
		t.Errorf("appended %v", got)
	}
	reason := errors.New("stop")
	if err := db.Append(t.Context(), "person", func(func(...driver.Value) error) error { return reason }); !errors.Is(err, reason) {
		t.Errorf("Append: %v", err)
	}
	mustFail(t, db.Append(t.Context(), "nobody", func(func(...driver.Value) error) error { return nil }), "append to nobody")
	if err := db.run(t.Context(), "CREATE TEMP TABLE staged_scores AS SELECT DATE '2024-06-01' AS score_month, 'p' AS partner_id, NULL AS solution_area FROM range(2)"); err != nil {
		t.Fatal(err)
	}
	found, err := db.Violations(t.Context(), "audits/scores_key")
	if err != nil || len(found) != 1 || found[0] != "score_month=2024-06-01 00:00:00 +0000 UTC partner_id=p solution_area=<nil> times=2" {
		t.Errorf("Violations = %q, %v", found, err)
	}
	if version, err := db.Version(t.Context()); err != nil || !strings.HasPrefix(version, "v1.") {
		t.Errorf("Version = %q, %v", version, err)
	}
}

// TestMacrosAreAllLoaded: the list in the program and the folder agree.
func TestMacrosAreAllLoaded(t *testing.T) {
	files, err := os.ReadDir("../../../sql/macros")
	if err != nil {
		t.Fatal(err)
	}
	db, err := macroEngine()
	if err != nil {
		t.Fatal(err)
	}
	if got := column(t, db, "SELECT count(*) FROM duckdb_functions() WHERE function_type = 'macro' AND NOT internal"); got[0] != itoa(len(files)) {
		t.Errorf("%s macros in the engine, %d files", got[0], len(files))
	}
}

func TestErrorsOfTheEngineQuoteNoValues(t *testing.T) {
	for text, want := range map[string]string{
		`Conversion Error: Could not convert string 'canary@example.com' to DECIMAL(18,6)`:       `Conversion Error: Could not convert string '…' to DECIMAL(18,6)`,
		"Constraint Error: Duplicate key \"tenant: cafe-1\" violates\n\nOriginal Line: 7,cafe-1": `Constraint Error: Duplicate key "…" violates`,
		`IO Error: Cannot open file "/exports/azure_usage/a.parquet": it can't be, isn't it`:     `IO Error: Cannot open file "/exports/azure_usage/a.parquet": it can't be, isn't it`,
		`Invalid Input Error: bad resource '/subscriptions/cafe-1/x'`:                            `Invalid Input Error: bad resource '…'`,
	} {
		err := cause(t.Context(), errors.New(text))
		if err.Error() != want {
			t.Errorf("%s, want %s", err, want)
		}
	}
}
