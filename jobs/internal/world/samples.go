package world

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/months"
	"partnerscore/scoring"
)

// Samples is the folder of the committed samples.
var Samples = func() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "samples")
}()

// SampleMonths are those whose tables samples/expected holds.
func SampleMonths() []scoring.Month { return []scoring.Month{June, June.Add(1), June.Add(2)} }

// ScoredSamples scores the sample months once for all tests that only read them.
var ScoredSamples = sync.OnceValues(func() (string, error) {
	root, err := os.MkdirTemp("", "partnerscore-samples-")
	return root, err
})

// SampleSnapshots are the published sample months. Tests must not change them.
func SampleSnapshots(tb testing.TB) string {
	tb.Helper()
	root, err := ScoredSamples()
	if err != nil {
		tb.Fatal(err)
	}
	for _, m := range SampleMonths() {
		if _, err := os.Stat(filepath.Join(root, "_manifests", "month="+m.String()+".json")); err == nil {
			continue
		}
		if _, _, err := Try(tb, filepath.Join(Samples, "exports"), root, m); err != nil {
			tb.Fatal(err)
		}
	}
	return root
}

// Rulebook scores by an embedded rulebook instead of the one in force.
func Rulebook(tb testing.TB, id string) func(*months.Options) {
	return func(o *months.Options) {
		book, err := o.Library.Get(id)
		if err != nil {
			tb.Fatal(err)
		}
		o.Rulebook = book
	}
}

// Inspect looks at exports; it gets a snapshots folder that cannot be one, since it needs none.
func Inspect(t *testing.T, root string, from, to scoring.Month, change ...func(*months.Options)) *inspect.Inspection {
	t.Helper()
	temp := t.TempDir()
	opt := Options(root, "/dev/null", temp)
	for _, c := range change {
		c(&opt)
	}
	found, err := inspect.Inspect(t.Context(), inspect.Options{Options: opt.Options, MaxRejected: opt.MaxRejected, RunID: opt.RunID, Progress: opt.Progress}, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	return found
}
