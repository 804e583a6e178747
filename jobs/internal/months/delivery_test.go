package months_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// deliveredMonths is how many months of usage the deliveries of these tests have; the last one is june.
const deliveredMonths = 24

// history is what a partner delivers in the end: two partners over 24 months, certifications now and then.
func history(version int) *world.World {
	w := &world.World{}
	for i := range deliveredMonths {
		m := world.June.Add(i + 1 - deliveredMonths)
		for c := range 4 {
			w.Add(m, world.Usage{Location: "base", Tenant: world.Tenant(fmt.Sprint("c", c)), Service: []string{"Storage", "Backup"}[c%2],
				Amount: fmt.Sprintf("%d.%06d", 400+300*c+10*i+version, 7*i+c)})
		}
		w.Add(m, world.Usage{Location: "other", Tenant: world.Tenant("d"), Amount: fmt.Sprint(2000 + i*version), File: 1})
		if i%5 == 0 {
			w.Hold(m, world.Holding{Global: "base", MCP: "m1", Title: "AZ-305"}, world.Holding{Global: "other", MCP: fmt.Sprint("m", i+version), Title: "AZ-700"})
		}
	}
	return w
}

// deliver puts one folder of exports into the place of another, as one step.
func deliver(t *testing.T, from, to string) {
	t.Helper()
	arriving := to + ".arriving"
	if err := errors.Join(os.CopyFS(arriving, os.DirFS(from)), os.RemoveAll(to), os.Rename(arriving, to)); err != nil {
		t.Fatal(err)
	}
}

// TestDeliveriesInAnyOrder delivers 24 months one by one in random orders, some first in an earlier version, and scores in between whatever
// comes to mind. When all is there, what is published is what one backfill makes of it in order, byte for byte.
func TestDeliveriesInAnyOrder(t *testing.T) {
	world.OnlyLong(t)
	final, draft := history(1).Write(t), history(2).Write(t)
	ordered := filepath.Join(t.TempDir(), "ordered")
	sum := backfill(t, final, ordered, months.Range{})
	if want := deliveredMonths - inputs.WindowMonths + 1; sum.Scored != want || sum.FactsBuilt != deliveredMonths {
		t.Fatalf("in order: %+v, want %d months scored", sum, want)
	}
	want := world.TableBytes(t, ordered)
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			d := delivery{random: rand.New(rand.NewPCG(seed, 24)), final: final, draft: draft, exports: t.TempDir(), snapshots: filepath.Join(t.TempDir(), "s")}
			d.everything(t)
			if diff := cmp.Diff(want, world.TableBytes(t, d.snapshots)); diff != "" {
				t.Errorf("not what a backfill in order gives (-in order +as delivered):\n%s", diff)
			}
			if sum := backfill(t, d.exports, d.snapshots, months.Range{}); sum.Scored != 0 || sum.Unchanged != deliveredMonths-inputs.WindowMonths+1 || sum.FactsBuilt != 0 {
				t.Errorf("a backfill over it: %+v, want nothing to do", sum)
			}
		})
	}
}

// delivery is an exports folder that fills.
type delivery struct {
	random             *rand.Rand
	final, draft       string
	exports, snapshots string
}

// everything delivers all months, each at least in its final version, scores months in between and all of them at the end.
func (d *delivery) everything(t *testing.T) {
	t.Helper()
	var open []func()
	for i := range deliveredMonths {
		m := world.June.Add(i + 1 - deliveredMonths)
		for _, dir := range []func(string, scoring.Month) string{world.UsageDir, world.CertificationsDir} {
			if _, err := os.Stat(dir(d.final, m)); err != nil {
				continue
			}
			if d.random.IntN(4) == 0 {
				deliver(t, dir(d.draft, m), dir(d.exports, m)) // early and wrong; mended at some point below
			}
			open = append(open, func() { deliver(t, dir(d.final, m), dir(d.exports, m)) })
		}
	}
	d.random.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
	for i, next := range open {
		next()
		if i*3 > len(open) && d.random.IntN(2) == 0 {
			d.score(t, world.June.Add(-d.random.IntN(deliveredMonths-inputs.WindowMonths+2)))
		}
	}
	if d.random.IntN(2) == 0 { // all that is left to do at once
		if err := os.RemoveAll(filepath.Join(d.snapshots, "_facts")); err != nil {
			t.Fatal(err)
		}
	}
	for _, back := range d.random.Perm(deliveredMonths - inputs.WindowMonths + 1) {
		if missing := d.score(t, world.June.Add(-back)); missing {
			t.Fatalf("%s is not scored though all is there", world.June.Add(-back))
		}
	}
}

// score scores a month if what it needs is there; if not, the error says so and nothing that is published changes.
func (d *delivery) score(t *testing.T, m scoring.Month) (missing bool) {
	t.Helper()
	var gaps []string
	for u := m.Add(1 - inputs.WindowMonths); u <= m; u++ {
		if _, err := os.Stat(world.UsageDir(d.exports, u)); err != nil {
			gaps = append(gaps, u.String())
		}
	}
	certifications, err := filepath.Glob(filepath.Join(d.exports, "certifications", "*"))
	if err != nil {
		t.Fatal(err)
	}
	before := world.PublishedFiles(t, d.snapshots, true)
	_, _, err = world.Try(t, d.exports, d.snapshots, m)
	var none *exports.MissingError
	switch {
	case len(gaps) == 0 && len(certifications) > 0:
		if err != nil {
			t.Fatalf("score %s: %v", m, err)
		}
		return false
	case !errors.As(err, &none):
		t.Fatalf("score %s without %v: error %v, want a missing input", m, gaps, err)
	}
	for _, gap := range gaps {
		if !strings.Contains(err.Error(), gap) && none.Table == schema.Usage {
			t.Errorf("score %s: %s is missing, but not named: %v", m, gap, err)
		}
	}
	if diff := cmp.Diff(before, world.PublishedFiles(t, d.snapshots, true)); diff != "" {
		t.Fatalf("score %s failed and changed:\n%s", m, diff)
	}
	return true
}

// backfill runs a backfill that must succeed.
func backfill(t *testing.T, exports, snapshots string, rng months.Range) results.Backfilled {
	t.Helper()
	sum, err := months.Backfill(t.Context(), world.Options(exports, snapshots, t.TempDir()), rng, func(int, int, results.MonthResult) {})
	if err != nil {
		t.Fatalf("backfill: %v", err)
	}
	return sum
}

// TestRestatementConcernsItsMonths: what is restated changes its own and every dependent month, and only those; the files of others keep
// even their times.
func TestRestatementConcernsItsMonths(t *testing.T) {
	w := world.New()
	for i := 1; i <= 2; i++ {
		w.Add(world.June.Add(i), world.Usage{Location: "base", Amount: "100"})
	}
	w.Hold(world.June.Add(1), world.Holding{Global: "base", MCP: "m1", Title: "AZ-305"})
	root := w.Write(t)
	snapshots := world.Sown(t, root)
	backfill(t, root, snapshots, months.Range{})
	for _, c := range restatements(w) {
		if !c.short && !world.Long {
			continue
		}
		t.Run(c.what, func(t *testing.T) {
			before := world.PublishedFiles(t, snapshots, true)
			c.restate()
			w.WriteTo(t, root)
			sum := backfill(t, root, snapshots, months.Range{Stale: true})
			after := world.PublishedFiles(t, snapshots, true)
			concerned := map[string]bool{}
			for rel := range after {
				if before[rel] != after[rel] {
					concerned[monthIn(rel)] = true
				}
			}
			want := map[string]bool{}
			for i := c.first; i <= c.last; i++ {
				want[world.June.Add(i).String()] = true
			}
			if c.what == "two months" { // the one between depends on neither
				delete(want, world.June.Add(1).String())
			}
			if diff := cmp.Diff(want, concerned); diff != "" {
				t.Errorf("months that changed (-want +got):\n%s", diff)
			}
			if sum.Scored != len(want) || sum.Unchanged != 0 || sum.FactsBuilt != c.built {
				t.Errorf("%+v, want %d months scored and %d facts built", sum, len(want), c.built)
			}
			if world.Long {
				asClean(t, root, snapshots)
			}
		})
	}
	asClean(t, root, snapshots)
}

// restatement changes exports of June and the two months after it.
type restatement struct {
	what        string
	restate     func()
	first, last int // the months that depend on it, from june
	built       int // months of facts
	short       bool
}

func restatements(w *world.World) []restatement {
	return []restatement{
		{"the oldest month", func() {
			w.Add(world.June.Add(-13), world.Usage{Location: "base", Tenant: world.Tenant("x"), Amount: "1500"})
		}, 0, 0, 1, false},
		{"the second month", func() {
			w.Add(world.June.Add(-12), world.Usage{Location: "base", Tenant: world.Tenant("x"), Amount: "1500"})
		}, 0, 1, 1, true},
		{"a middle month", func() { w.Add(world.June.Add(-5), world.Usage{Location: "base", Service: "Event Hubs", Amount: "5"}) }, 0, 2, 1, false},
		{"the newest month", func() { w.Add(world.June.Add(2), world.Usage{Location: "base", Amount: "0.000001"}) }, 2, 2, 1, false},
		{"two months", func() {
			w.Add(world.June.Add(-13), world.Usage{Location: "base", Amount: "7"})
			w.Add(world.June.Add(2), world.Usage{Location: "base", Amount: "7"})
		}, 0, 2, 2, true},
		{"old certifications", func() { w.Hold(world.June, world.Holding{Global: "base", MCP: "m9", Title: "AZ-305"}) }, 0, 0, 0, false},
		{"new certifications", func() { w.Hold(world.June.Add(1), world.Holding{Global: "base", MCP: "m9", Title: "AZ-305"}) }, 1, 2, 0, true},
		{"late certifications", func() { w.Hold(world.June.Add(2), world.Holding{Global: "base", MCP: "m7", Title: "AZ-305"}) }, 2, 2, 0, false},
		{"nothing", func() {}, 0, -1, 0, true},
	}
}

// asClean compares what is published with what a backfill into a new folder gives. In short tests that has the facts of months which are those of
// world.New, and builds the others.
func asClean(t *testing.T, exports, snapshots string) {
	t.Helper()
	clean := filepath.Join(t.TempDir(), "clean")
	if !world.Long {
		world.Sow(t, exports, clean)
	}
	backfill(t, exports, clean, months.Range{})
	if diff := cmp.Diff(world.TableBytes(t, clean), world.TableBytes(t, snapshots)); diff != "" {
		t.Errorf("not what a clean run gives (-clean +got):\n%s", diff)
	}
}

// monthIn returns the month of a published path.
func monthIn(rel string) string {
	_, rest, _ := strings.Cut(rel, "month=")
	return rest[:len("2024-06")]
}
