package answers

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/pipeline"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

const sampleExports = "../../../samples/exports"

// june is the month that most tests ask about.
var june = scoring.NewMonth(2024, time.June)

// The sample months that can be scored: fourteen months of usage and certifications stand behind the first.
var firstSample, lastSample = scoring.NewMonth(2023, time.June), scoring.NewMonth(2024, time.October)

func TestMain(m *testing.M) {
	code := m.Run()
	if sampleRoot != "" && os.RemoveAll(sampleRoot) != nil {
		code = 1
	}
	os.Exit(code)
}

// sampleRoot is the folder of published, once it is there.
var sampleRoot string

type quiet struct{}

func (quiet) Step(int, int, string) {}
func (quiet) Done(monitor.Step)     {}

func library() *rulebook.Library {
	lib, err := rulebook.Embedded()
	if err != nil {
		panic(err)
	}
	return lib
}

// published holds all sample months, scored once for all tests. Tests must not change them.
var published = sync.OnceValues(func() (string, error) {
	root, err := os.MkdirTemp("", "partnerscore-answers-")
	if err != nil {
		return "", err
	}
	sampleRoot = root
	_, err = pipeline.Backfill(context.Background(), scoreOptions(root), pipeline.Range{From: firstSample, To: lastSample}, func(int, int, pipeline.MonthResult) {})
	return root, err
})

func scoreOptions(snapshots string) pipeline.Options {
	return pipeline.Options{
		Exports: sampleExports, Snapshots: snapshots, Library: library(), MaxRejected: 0.01,
		Limits: pipeline.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30}, PersonKey: []byte("a key"),
		ToolVersion: "test", RunID: "test", Now: func() time.Time { return time.Unix(0, 0) },
		Log: slog.New(slog.DiscardHandler), Progress: quiet{},
	}
}

// samples opens the published samples.
func samples(tb testing.TB) *Reader {
	tb.Helper()
	root, err := published()
	if err != nil {
		tb.Fatal(err)
	}
	return reader(tb, root)
}

func reader(tb testing.TB, root string) *Reader {
	tb.Helper()
	r, err := Open(tb.Context(), Options{Snapshots: root, Library: library(), Limits: pipeline.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: tb.TempDir(), MaxTemp: 1 << 30}})
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

// copied returns a copy of the published samples for a test to damage.
func copied(tb testing.TB, months ...scoring.Month) string {
	tb.Helper()
	root, err := published()
	if err != nil {
		tb.Fatal(err)
	}
	to := tb.TempDir()
	for _, m := range months {
		key := "month=" + m.String()
		for _, table := range []string{"scores", "metrics", "customers", "services", "certifications", "exclusions"} {
			copyDir(tb, filepath.Join(root, table, key), filepath.Join(to, table, key))
		}
		copyFile(tb, filepath.Join(root, "_manifests", key+".json"), filepath.Join(to, "_manifests", key+".json"))
		for u := m.Add(-13); u <= m; u++ {
			copyDir(tb, filepath.Join(root, "_facts", "month="+u.String()), filepath.Join(to, "_facts", "month="+u.String()))
		}
	}
	return to
}

func copyDir(tb testing.TB, from, to string) {
	tb.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		copyFile(tb, filepath.Join(from, e.Name()), filepath.Join(to, e.Name()))
	}
}

func copyFile(tb testing.TB, from, to string) {
	tb.Helper()
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

// everySample has every partner of every sample month, read once. Tests must not change them.
var everySample = sync.OnceValues(func() (all []*Partner, err error) {
	root, err := published()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	r, err := Open(ctx, Options{Snapshots: root, Library: library(), Limits: pipeline.Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: os.TempDir(), MaxTemp: 1 << 30}})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for _, m := range r.Published() {
		month, err := r.Month(m)
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
})

// everyPartner calls do for every partner of every sample month; they were read before, by a reader like the one given.
func everyPartner(t *testing.T, _ *Reader, do func(t *testing.T, p *Partner)) {
	t.Helper()
	all, err := everySample()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		do(t, p)
	}
}
