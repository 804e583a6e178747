package pipeline

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
)

// TestFileTwiceCountsOnce: the same bytes under two names, or under another name than before, change nothing; not even files are touched.
func TestFileTwiceCountsOnce(t *testing.T) {
	root, snapshots := everythingWorld().write(t), filepath.Join(t.TempDir(), "s")
	scoreInto(t, root, snapshots, june)
	before := publishedFiles(t, snapshots, true)
	file := filepath.Join(usageDir(root, june), "part-0.csv")
	for _, c := range []struct {
		what  string
		again func() error
	}{
		{"twice", func() error { return copyFile(file, filepath.Join(filepath.Dir(file), "part-0 (1).csv")) }},
		{"certifications twice", func() error {
			dir := certificationsDir(root, june)
			return copyFile(filepath.Join(dir, "part-0.csv"), filepath.Join(dir, "again.csv"))
		}},
		{"copied over itself", func() error { return errors.Join(copyFile(file, file+".new"), os.Rename(file+".new", file)) }},
		{"under another name", func() error { return os.Rename(file, filepath.Join(filepath.Dir(file), "zz.csv")) }},
	} {
		must(t, c.again())
		if r := scoreInto(t, root, snapshots, june); r.Changed || r.FactsBuilt != 0 {
			t.Errorf("%s: %+v", c.what, r.Outcome)
		}
		if diff := cmp.Diff(before, publishedFiles(t, snapshots, true)); diff != "" {
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
	w := newWorld()
	root, snapshots := w.write(t), filepath.Join(t.TempDir(), "s")
	scoreInto(t, root, snapshots, june)
	before := publishedFiles(t, snapshots, true)
	for _, back := range []int{0, 1, 6, 12, 13} {
		m := june.Add(-back)
		for _, gap := range []func() error{
			func() error { return os.Remove(filepath.Join(usageDir(root, m), "part-0.csv")) },
			func() error { return os.Remove(usageDir(root, m)) },
		} {
			must(t, gap())
			_, _, err := try(t, root, snapshots, june)
			var missing *exports.MissingError
			if !errors.As(err, &missing) || len(missing.Months) != 1 || missing.Months[0] != m {
				t.Errorf("without %s: error %v", m, err)
			}
			if diff := cmp.Diff(before, publishedFiles(t, snapshots, true)); diff != "" {
				t.Errorf("without %s: touched:\n%s", m, diff)
			}
		}
		w.writeTo(t, root)
	}
	if r := scoreInto(t, root, snapshots, june); r.Changed {
		t.Errorf("when all is there again: %+v", r.Outcome)
	}
}

// TestRehashReadsAgain: what is remembered of files is relied upon, and with Rehash it is not.
func TestRehashReadsAgain(t *testing.T) {
	root, snapshots := newWorld().write(t), filepath.Join(t.TempDir(), "s")
	scoreInto(t, root, snapshots, june)
	path := filepath.Join(snapshots, "_facts/hashes.json")
	remembered := func() map[string]exports.Known {
		t.Helper()
		known := map[string]exports.Known{}
		data, err := os.ReadFile(path)
		must(t, errors.Join(err, json.Unmarshal(data, &known)))
		return known
	}
	right := remembered()
	if len(right) != windowMonths+1 {
		t.Fatalf("%d files are remembered", len(right))
	}
	wrong := map[string]exports.Known{}
	for rel, k := range right {
		k.SHA256 = strings.Repeat("0", len(k.SHA256))
		wrong[rel] = k
	}
	data, err := json.Marshal(wrong)
	must(t, err)
	writeFile(t, path, data)
	plan, err := MakePlan(t.Context(), options(root, snapshots, t.TempDir()), june)
	must(t, err)
	if plan.Publish != "changed" {
		t.Errorf("with wrong hashes remembered, the plan says %q: they are not used", plan.Publish)
	}
	if r := scoreInto(t, root, snapshots, june, func(o *Options) { o.Rehash = true }); r.Changed || r.FactsBuilt != 0 {
		t.Errorf("rehashed: %+v", r.Outcome)
	}
	if diff := cmp.Diff(right, remembered()); diff != "" {
		t.Errorf("what is remembered after a rehash:\n%s", diff)
	}
}

// swap changes a file when a step begins.
type swap struct {
	quiet
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
	w := everythingWorld()
	for _, parquet := range []bool{false, true} {
		if parquet && !long {
			continue
		}
		w.parquet = parquet
		root, snapshots := w.write(t), filepath.Join(t.TempDir(), "s")
		name := map[bool]string{false: "part-0.csv", true: "part-0.parquet"}[parquet]
		usageFile, people := filepath.Join(usageDir(root, june), name), filepath.Join(certificationsDir(root, june), "part-0.csv")
		for _, file := range []string{usageFile, people} {
			whole, err := os.ReadFile(file)
			must(t, err)
			for what, change := range map[string]func(){
				"vanishes":        func() { must(t, os.Remove(file)) },
				"is cut":          func() { must(t, os.Truncate(file, int64(len(whole)/2))) },
				"is written over": func() { writeFile(t, file, append(whole, whole[len(whole)/2:]...)) },
				"is replaced by the same size": func() {
					writeFile(t, file+".new", append([]byte{}, whole...))
					flip(t, file+".new")
					must(t, os.Rename(file+".new", file))
				},
			} {
				progress := &swap{step: map[bool]string{true: "facts of 2024-06", false: "score of 2024-06"}[file == usageFile], change: change}
				_, _, err := try(t, root, snapshots, june, func(o *Options) { o.Progress = progress })
				var changed *exports.ChangedError
				if !progress.done || !errors.As(err, &changed) || !strings.Contains(err.Error(), filepath.Base(filepath.Dir(file))+"/") {
					t.Errorf("%s %s: changed %t, error %v", file, what, progress.done, err)
				}
				if found := publishedFiles(t, snapshots, false); len(found) > 0 {
					t.Errorf("%s %s: published %v", file, what, found)
				}
				writeFile(t, file, whole)
			}
		}
		if r := scoreInto(t, root, snapshots, june); !r.Changed {
			t.Errorf("afterwards: %+v", r.Outcome)
		}
	}
}
