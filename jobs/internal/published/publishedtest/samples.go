// Package publishedtest publishes the sample months for tests that read published months.
package publishedtest

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/machine"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// June is the month that most tests ask about.
const June = scoring.Month(2024*12 + 5)

// Last is the newest sample month.
const Last = June + 4

// First is the first of the sample months that Run publishes: with PARTNERSCORE_TEST_LONG=1 the first that can be scored, otherwise one that makes
// six months, as long as the window for enrolment, which is a third of the work.
func First() scoring.Month {
	if os.Getenv("PARTNERSCORE_TEST_LONG") != "" {
		return June - 12 // fourteen months of usage and certifications stand behind it
	}
	return June - 1
}

// Samples are all sample months, scored once for the tests of a package. Tests must not change them.
type Samples struct {
	root     func() (string, error)
	partners func() ([]*published.Partner, error)
}

// Run runs the tests of a package with the sample months, and removes these afterwards. It returns the exit code.
func Run(m *testing.M, set func(*Samples)) int {
	debug.SetGCPercent(400) // the heap of Go is small beside that of the engine, and was collected all the time
	made := ""
	s := &Samples{}
	s.root = sync.OnceValues(func() (root string, err error) {
		if root, err = os.MkdirTemp("", "partnerscore-samples-"); err != nil {
			return "", err
		}
		made = root
		_, err = months.Backfill(context.Background(), ScoreOptions(root), months.Range{From: First(), To: Last}, func(int, int, results.MonthResult) {})
		return root, err
	})
	s.partners = sync.OnceValues(s.readPartners)
	set(s)
	code := m.Run()
	if made != "" && os.RemoveAll(made) != nil {
		return 1
	}
	return code
}

// quiet takes the steps of a run and shows none.
type quiet struct{}

// Step does nothing.
func (quiet) Step(int, int, string) {}

// Done does nothing.
func (quiet) Done(monitor.Step) {}

// Library returns the built-in rulebooks.
func Library() *rulebook.Library {
	lib, err := rulebook.Embedded()
	if err != nil {
		panic(err)
	}
	return lib
}

func limits() machine.Limits {
	return machine.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30}
}

// sampleExports is the folder of the committed exports.
func sampleExports() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..", "samples", "exports")
}

// ScoreOptions score the sample exports into a folder.
func ScoreOptions(snapshots string) months.Options {
	return months.Options{
		Options: inputs.Options{Places: local.Places{}, Exports: sampleExports(), Library: Library(), Limits: limits(), PersonKey: inputs.PersonKey("a key"),
			Now: func() time.Time { return time.Unix(0, 0) }, Log: slog.New(slog.DiscardHandler)},
		Snapshots: snapshots, MaxRejected: 0.01, ToolVersion: "test", RunID: "test", Progress: quiet{},
	}
}

// Open opens a folder of published months for a test, with no rulebook of its own.
func Open(tb testing.TB, root string) *reader.Reader {
	tb.Helper()
	return OpenWith(tb, root, nil)
}

// OpenWith opens a folder of published months for a test, with a rulebook of its own.
func OpenWith(tb testing.TB, root string, own *scoring.Rulebook) *reader.Reader {
	tb.Helper()
	r, err := reader.Open(tb.Context(), reader.Options{Places: local.Places{}, Snapshots: root, Library: Library(), Rulebook: own, Limits: limits()})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r
}

// Root returns the folder of the samples.
func (s *Samples) Root(tb testing.TB) string {
	tb.Helper()
	root, err := s.root()
	if err != nil {
		tb.Fatal(err)
	}
	return root
}

// Open opens the samples.
func (s *Samples) Open(tb testing.TB) *reader.Reader {
	tb.Helper()
	return Open(tb, s.Root(tb))
}

// Copy returns a copy of some sample months for a test to damage.
func (s *Samples) Copy(tb testing.TB, months ...scoring.Month) string {
	tb.Helper()
	root, to := s.Root(tb), tb.TempDir()
	for _, m := range months {
		key := "month=" + m.String()
		parts := []string{filepath.Join("_manifests", key+".json")}
		for _, table := range []string{"scores", "metrics", "customers", "services", "certifications", "exclusions"} {
			parts = append(parts, filepath.Join(table, key))
		}
		for u := m.Add(-13); u <= m; u++ {
			parts = append(parts, filepath.Join("_facts", "month="+u.String()))
		}
		for _, part := range parts {
			copyTo(tb, filepath.Join(root, part), filepath.Join(to, part))
		}
	}
	return to
}

// copyTo copies a file, or a folder of files.
func copyTo(tb testing.TB, from, to string) {
	tb.Helper()
	info, err := os.Stat(from)
	if err != nil {
		tb.Fatal(err)
	}
	if info.IsDir() {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil && !errors.Is(err, fs.ErrExist) { // months share facts
			tb.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(from)
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o666); err != nil {
		tb.Fatal(err)
	}
}

// EveryPartner calls do for every partner of every sample month, which are read once. Tests must not change them.
func (s *Samples) EveryPartner(tb testing.TB, do func(p *published.Partner)) {
	tb.Helper()
	all, err := s.partners()
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range all {
		do(p)
	}
}

func (s *Samples) readPartners() (all []*published.Partner, err error) {
	root, err := s.root()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	r, err := reader.Open(ctx, reader.Options{Places: local.Places{}, Snapshots: root, Library: Library(), Limits: limits()})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, m := range r.Published() {
		month, err := r.Month(ctx, m)
		if err != nil {
			return nil, err
		}
		names, err := r.Partners(ctx, month)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			p, err := r.Partner(ctx, m, name.ID)
			if err != nil {
				return nil, err
			}
			all = append(all, p)
		}
	}
	return all, nil
}
