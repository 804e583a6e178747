package world

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

var runs atomic.Int64

// Quiet is a progress that nobody watches.
type Quiet struct{}

// Step does nothing.
func (Quiet) Step(int, int, string) {}

// Done does nothing.
func (Quiet) Done(monitor.Step) {}

// logged is a run whose steps are in the log.
type logged struct{ *monitor.Recorder }

// Step does nothing.
func (logged) Step(int, int, string) {}

// Options are those of a plain run. Runs share nothing.
func Options(exports, snapshots, temp string) months.Options {
	library, err := rulebook.Embedded()
	if err != nil {
		panic(err)
	}
	return months.Options{
		Options: inputs.Options{
			Places:  local.Places{},
			Exports: exports, Library: library, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Limits: warehouse.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: temp, MaxTemp: 64 << 30},
		},
		Snapshots: snapshots, MaxRejected: 0.01,
		ToolVersion: "test", RunID: fmt.Sprintf("run-%d-%d", os.Getpid(), runs.Add(1)), Progress: Quiet{},
	}
}

// Result is what one run published.
type Result struct {
	*months.Outcome
	Snapshots string
	Log       string
	Tables    map[string][]Row
}

// Row is one row of a published table by column name; NULL is the text \N.
type Row map[string]string

// Score scores june from the exports into a new folder and reads the tables back. Facts of months that are those of newWorld come from a
// seed: the cache goes by the bytes of exports, which facts_test.go makes sure of, and building fourteen months is what takes the time.
func Score(tb testing.TB, exports string, change ...func(*months.Options)) Result {
	tb.Helper()
	return ScoreInto(tb, exports, Sown(tb, exports), June, change...)
}

// ScoreFresh scores june from the exports into a new folder in which nothing is.
func ScoreFresh(tb testing.TB, exports string, change ...func(*months.Options)) Result {
	tb.Helper()
	return ScoreInto(tb, exports, filepath.Join(tb.TempDir(), "snapshots"), June, change...)
}

// seeds are snapshots folders with the facts of newWorld, without and with a partners file.
var seeds = map[bool]func() (string, error){
	false: sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "partnerscore-seed-") }),
	true:  sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "partnerscore-seed-") }),
}

// Sow copies the facts of a seed into a snapshots folder.
func Sow(tb testing.TB, exports, snapshots string) {
	tb.Helper()
	_, err := os.Stat(filepath.Join(exports, "partners"))
	seed, seedErr := seeds[err == nil]()
	if seedErr != nil {
		tb.Fatal(seedErr)
	}
	if _, made := os.Stat(filepath.Join(seed, "_facts")); made != nil {
		w := New()
		if err == nil {
			w.Partners = []Location{{ID: "base", Global: "base"}}
		}
		ScoreInto(tb, w.Write(tb), seed, June)
	}
	CopyFacts(tb, filepath.Join(seed, "_facts"), snapshots)
}

// Sown returns a new snapshots folder with the facts of a seed.
func Sown(tb testing.TB, exports string) string {
	tb.Helper()
	snapshots := filepath.Join(tb.TempDir(), "snapshots")
	Sow(tb, exports, snapshots)
	return snapshots
}

// OnlyLong skips a test that takes seconds and proves again, in another form, what shorter ones prove.
func OnlyLong(tb testing.TB) {
	tb.Helper()
	if !Long {
		tb.Skip("takes seconds; set PARTNERSCORE_TEST_LONG=1")
	}
}

// CopyFacts puts a copy of a facts folder into a snapshots folder.
func CopyFacts(tb testing.TB, facts, snapshots string) {
	tb.Helper()
	Walk(tb, facts, func(rel string, data []byte, _ fs.FileInfo) {
		WriteFile(tb, filepath.Join(snapshots, "_facts", rel), data)
	})
}

// ScoreInto scores a month into a folder that may hold others.
func ScoreInto(tb testing.TB, exports, snapshots string, m scoring.Month, change ...func(*months.Options)) Result {
	tb.Helper()
	out, log, err := Try(tb, exports, snapshots, m, change...)
	if err != nil {
		tb.Fatalf("score %s: %v", m, err)
	}
	return Result{Outcome: out, Snapshots: snapshots, Log: log, Tables: ReadTables(tb, snapshots, m)}
}

// Try scores a month and returns what came of it, with the log.
func Try(tb testing.TB, exports, snapshots string, m scoring.Month, change ...func(*months.Options)) (*months.Outcome, string, error) {
	tb.Helper()
	var log bytes.Buffer
	opt := Options(exports, snapshots, tb.TempDir())
	opt.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	opt.Progress = logged{monitor.NewRecorder("score", opt.RunID, opt.ToolVersion, nil, opt.Now, opt.Log)}
	for _, c := range change {
		c(&opt)
	}
	out, err := months.Score(tb.Context(), opt, m)
	return out, log.String(), err
}

// NoHistory allows that usage of earlier months is missing.
func NoHistory(o *months.Options) { o.AllowMissingHistory = true }

// Find returns the rows of a table that have these values: column, value, column, value …
func (r Result) Find(table string, pairs ...string) []Row {
	var found []Row
	for _, candidate := range r.Tables[table] {
		match := true
		for i := 0; i < len(pairs); i += 2 {
			match = match && candidate[pairs[i]] == pairs[i+1]
		}
		if match {
			found = append(found, candidate)
		}
	}
	return found
}

// One returns the only row that has these values.
func (r Result) One(tb testing.TB, table string, pairs ...string) Row {
	tb.Helper()
	found := r.Find(table, pairs...)
	if len(found) != 1 {
		tb.Fatalf("%s has %d rows of %q, want 1", table, len(found), pairs)
	}
	return found[0]
}

// Expect compares columns of the row with values: column, value, …
func (r Row) Expect(tb testing.TB, what string, pairs ...string) {
	tb.Helper()
	for i := 0; i < len(pairs); i += 2 {
		got, ok := r[pairs[i]]
		if !ok {
			tb.Fatalf("no column %s", pairs[i])
		}
		if got != pairs[i+1] {
			tb.Errorf("%s: %s is %s, want %s", what, pairs[i], got, pairs[i+1])
		}
	}
}
