package months_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/bucket/memory"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// buildFacts builds facts under options, and returns how the months ended.
func buildFacts(t *testing.T, opt months.Options, rng months.FactsRange) (map[scoring.Month]results.FactsState, error) {
	states := map[scoring.Month]results.FactsState{}
	err := months.BuildFacts(t.Context(), opt, rng, func(m results.FactsMonth) { states[m.Month] = m.State })
	return states, err
}

// factsOptions are those of a process with an id of its own.
func factsOptions(t *testing.T, id string, in func(*months.Options)) months.Options {
	opt := world.Options("", "", t.TempDir())
	opt.RunID = id
	in(&opt)
	return opt
}

// TestFactsSideBySide: processes that build facts at the same time, some of them the same, leave to a score what it would have built itself. Each month
// is built once. So it is in folders and in buckets.
func TestFactsSideBySide(t *testing.T) {
	w, n := world.New(), 14
	if !world.Long {
		n = 4
		w.Lately(n)
	}
	root := w.Write(t)
	want := world.TableBytes(t, world.Score(t, root, world.NoHistory).Snapshots)
	place := memory.New()
	size := upload(t, place.Client("exports/"), root)
	snapshots := filepath.Join(t.TempDir(), "snapshots")
	for name, in := range map[string]func(*months.Options){
		"folders": func(o *months.Options) {
			o.Exports, o.Snapshots = root, snapshots
			world.NoHistory(o)
		},
		"buckets": func(o *months.Options) {
			o.Places = world.BucketPlaces{Bucket: place, Request: func(string) {}, Room: 2 * size}
			o.Exports, o.Snapshots = "memory://exports/", "memory://snapshots/"
			world.NoHistory(o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			built := buildSideBySide(t, in)
			for m := world.June.Add(1 - n); m <= world.June; m++ {
				if built[m] != 1 {
					t.Errorf("%s was built %d times", m, built[m])
				}
			}
			out, _, err := world.Try(t, "", "", world.June, in)
			if err != nil || out.FactsBuilt != 0 || !out.Changed {
				t.Fatalf("%+v, %v", out, err)
			}
			if name == "folders" {
				if diff := cmp.Diff(want, world.TableBytes(t, snapshots)); diff != "" {
					t.Errorf("tables (-want +got):\n%s", diff)
				}
				return
			}
			for table, sum := range published(t, place.Client("snapshots/")) {
				if sum != want[table] {
					t.Errorf("%s differs from that of a folder", table)
				}
			}
		})
	}
}

// buildSideBySide runs three processes that build facts, and counts how often each month was built.
func buildSideBySide(t *testing.T, in func(*months.Options)) map[scoring.Month]int {
	t.Helper()
	var mu sync.Mutex
	var processes sync.WaitGroup
	built := map[scoring.Month]int{}
	for id, rng := range map[string]months.FactsRange{"a": {Index: 0, Of: 2}, "b": {Index: 1, Of: 2}, "c": {From: world.June.Add(-2)}} {
		opt := factsOptions(t, id, in)
		processes.Go(func() {
			states, err := buildFacts(t, opt, rng)
			mu.Lock()
			defer mu.Unlock()
			for m, state := range states {
				if state == results.FactsBuilt {
					built[m]++
				}
			}
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		})
	}
	processes.Wait()
	return built
}

// TestFactsThatAnotherRunBuilds: they are left to it, or waited for. A score waits, or says who builds them.
func TestFactsThatAnotherRunBuilds(t *testing.T) {
	root, snapshots := world.New().Lately(2).Write(t), filepath.Join(t.TempDir(), "snapshots")
	in := func(o *months.Options) {
		o.Exports, o.Snapshots = root, snapshots
		world.NoHistory(o)
	}
	opt := factsOptions(t, "this", in)
	store, err := snapshot.Open(t.Context(), opt.Places, snapshots, t.TempDir())
	world.Must(t, err)
	stage, err := store.Cache().StageFacts(t.Context(), world.June, snapshot.Claim{RunID: "other"})
	world.Must(t, err)

	states, err := buildFacts(t, opt, months.FactsRange{From: world.June.Add(-1)})
	if diff := cmp.Diff(map[scoring.Month]results.FactsState{world.June.Add(-1): results.FactsBuilt, world.June: results.FactsElsewhere}, states); diff != "" || err != nil {
		t.Errorf("%v, %s", err, diff)
	}
	_, _, err = world.Try(t, "", "", world.June, in)
	var held *snapshot.HeldError
	if !errors.As(err, &held) || held.RunID != "other" {
		t.Errorf("a score: %v", err)
	}
	waited := make(chan error, 1)
	time.AfterFunc(100*time.Millisecond, func() { waited <- stage.Close(t.Context()) })
	opt.LockWait = time.Minute
	states, err = buildFacts(t, opt, months.FactsRange{From: world.June.Add(-1)})
	if diff := cmp.Diff(map[scoring.Month]results.FactsState{world.June.Add(-1): results.FactsReused, world.June: results.FactsBuilt}, states); diff != "" || err != nil {
		t.Errorf("%v, %s", err, diff)
	}
	world.Must(t, <-waited)
}

// TestFactsOfNothing: a range without usage is an error that names it, and creates nothing.
func TestFactsOfNothing(t *testing.T) {
	root, snapshots := world.New().Write(t), filepath.Join(t.TempDir(), "snapshots")
	opt := factsOptions(t, "this", func(o *months.Options) { o.Exports, o.Snapshots = root, snapshots })
	var missing *exports.MissingError
	if _, err := buildFacts(t, opt, months.FactsRange{From: world.June.Add(1), To: world.June.Add(3)}); !errors.As(err, &missing) {
		t.Errorf("error %v", err)
	}
	if states, err := buildFacts(t, opt, months.FactsRange{From: world.June, Index: 3, Of: 4}); err != nil || len(states) > 0 {
		t.Errorf("a process without a month: %v, %v", states, err)
	}
	world.Walk(t, snapshots, func(rel string, _ []byte, _ fs.FileInfo) { t.Errorf("created: %s", rel) })
}
