package months_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// TestFileTwiceCountsOnce: the same bytes under two names, or under another name than before, change nothing; not even files are touched.
func TestFileTwiceCountsOnce(t *testing.T) {
	root := world.Everything().Write(t)
	snapshots := world.Score(t, root).Snapshots
	before := world.PublishedFiles(t, snapshots, true)
	file := filepath.Join(world.UsageDir(root, world.June), "part-0.csv")
	for _, c := range []struct {
		what  string
		again func() error
	}{
		{"twice", func() error { return copyFile(file, filepath.Join(filepath.Dir(file), "part-0 (1).csv")) }},
		{"certifications twice", func() error {
			dir := world.CertificationsDir(root, world.June)
			return copyFile(filepath.Join(dir, "part-0.csv"), filepath.Join(dir, "again.csv"))
		}},
		{"copied over itself", func() error { return errors.Join(copyFile(file, file+".new"), os.Rename(file+".new", file)) }},
		{"under another name", func() error { return os.Rename(file, filepath.Join(filepath.Dir(file), "zz.csv")) }},
	} {
		world.Must(t, c.again())
		if r := world.ScoreInto(t, root, snapshots, world.June); r.Changed || r.FactsBuilt != 0 {
			t.Errorf("%s: %+v", c.what, r.Outcome)
		}
		if diff := cmp.Diff(before, world.PublishedFiles(t, snapshots, true)); diff != "" {
			t.Errorf("%s: touched:\n%s", c.what, diff)
		}
	}
	asClean(t, root, snapshots)
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	return errors.Join(err, os.WriteFile(to, data, 0o644))
}

// TestGapIsNoZero: a month whose export has gone is missing, whatever the cache has of it, and so is a folder without files.
func TestGapIsNoZero(t *testing.T) {
	w := world.New()
	root := w.Write(t)
	snapshots := world.Score(t, root).Snapshots
	before := world.PublishedFiles(t, snapshots, true)
	for _, back := range []int{0, 1, 6, 12, 13} {
		m := world.June.Add(-back)
		for _, gap := range []func() error{
			func() error { return os.Remove(filepath.Join(world.UsageDir(root, m), "part-0.csv")) },
			func() error { return os.Remove(world.UsageDir(root, m)) },
		} {
			world.Must(t, gap())
			_, _, err := world.Try(t, root, snapshots, world.June)
			var missing *exports.MissingError
			if !errors.As(err, &missing) || len(missing.Months) != 1 || missing.Months[0] != m {
				t.Errorf("without %s: error %v", m, err)
			}
			if diff := cmp.Diff(before, world.PublishedFiles(t, snapshots, true)); diff != "" {
				t.Errorf("without %s: touched:\n%s", m, diff)
			}
		}
		w.WriteTo(t, root)
	}
	if r := world.ScoreInto(t, root, snapshots, world.June); r.Changed {
		t.Errorf("when all is there again: %+v", r.Outcome)
	}
}

// TestRehashReadsAgain: what is remembered of files is relied upon, and with Rehash it is not.
func TestRehashReadsAgain(t *testing.T) {
	root := world.New().Write(t)
	snapshots := world.Score(t, root).Snapshots
	path := filepath.Join(snapshots, "_facts/hashes.json")
	remembered := func() map[string]exports.Known {
		t.Helper()
		known := map[string]exports.Known{}
		data, err := os.ReadFile(path)
		world.Must(t, errors.Join(err, json.Unmarshal(data, &known)))
		return known
	}
	right := remembered()
	if len(right) != inputs.WindowMonths+1 {
		t.Fatalf("%d files are remembered", len(right))
	}
	wrong := map[string]exports.Known{}
	for rel, k := range right {
		k.SHA256 = strings.Repeat("0", len(k.SHA256))
		wrong[rel] = k
	}
	data, err := json.Marshal(wrong)
	world.Must(t, err)
	world.WriteFile(t, path, data)
	plan, err := months.MakePlan(t.Context(), world.Options(root, snapshots, t.TempDir()), world.June)
	world.Must(t, err)
	if plan.Publish != "changed" {
		t.Errorf("with wrong hashes remembered, the plan says %q: they are not used", plan.Publish)
	}
	if r := world.ScoreInto(t, root, snapshots, world.June, func(o *months.Options) { o.Rehash = true }); r.Changed || r.FactsBuilt != 0 {
		t.Errorf("rehashed: %+v", r.Outcome)
	}
	if diff := cmp.Diff(right, remembered()); diff != "" {
		t.Errorf("what is remembered after a rehash:\n%s", diff)
	}
}

// swap changes a file when a step begins.
type swap struct {
	world.Quiet
	step   string
	change func()
	done   bool
}

func (s *swap) Step(_, _ int, what string) {
	if what == s.step && !s.done {
		s.done = true
		s.change()
	}
}

// TestInputChangesUnderway: an input that is another one than was checked when the engine reads it ends the run; nothing is published.
func TestInputChangesUnderway(t *testing.T) {
	w := world.Everything()
	for _, parquet := range []bool{false, true} {
		if parquet && !world.Long {
			continue
		}
		w.Parquet = parquet
		root := w.Write(t)
		snapshots := filepath.Join(t.TempDir(), "s")
		if !world.Long { // then only the facts of June are built
			world.Sow(t, root, snapshots)
		}
		name := map[bool]string{false: "part-0.csv", true: "part-0.parquet"}[parquet]
		usageFile, people := filepath.Join(world.UsageDir(root, world.June), name), filepath.Join(world.CertificationsDir(root, world.June), "part-0.csv")
		for _, file := range []string{usageFile, people} {
			whole, err := os.ReadFile(file)
			world.Must(t, err)
			changes := map[string]func(){
				"vanishes":        func() { world.Must(t, os.Remove(file)) },
				"is cut":          func() { world.Must(t, os.Truncate(file, int64(len(whole)/2))) },
				"is written over": func() { world.WriteFile(t, file, append(whole, whole[len(whole)/2:]...)) },
				"is replaced by the same size": func() {
					world.WriteFile(t, file+".new", append([]byte{}, whole...))
					world.Flip(t, file+".new")
					world.Must(t, os.Rename(file+".new", file))
				},
			}
			if !world.Long { // what tells that a file changed is proven in exports
				delete(changes, "is cut")
				delete(changes, "is written over")
			}
			for what, change := range changes {
				progress := &swap{step: map[bool]string{true: "facts of 2024-06", false: "score of 2024-06"}[file == usageFile], change: change}
				_, _, err := world.Try(t, root, snapshots, world.June, func(o *months.Options) { o.Progress = progress })
				var changed *exports.ChangedError
				if !progress.done || !errors.As(err, &changed) || !strings.Contains(err.Error(), filepath.Base(filepath.Dir(file))+"/") {
					t.Errorf("%s %s: changed %t, error %v", file, what, progress.done, err)
				}
				if found := world.PublishedFiles(t, snapshots, false); len(found) > 0 {
					t.Errorf("%s %s: published %v", file, what, found)
				}
				world.WriteFile(t, file, whole)
			}
		}
		if r := world.ScoreInto(t, root, snapshots, world.June); !r.Changed {
			t.Errorf("afterwards: %+v", r.Outcome)
		}
	}
}
