package inputs_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestFailures: each names what is wrong and leaves a month that was published before as it was, byte by byte, with nothing new beside it.
func TestFailures(t *testing.T) {
	good := world.Everything().Only(1, 2)
	snapshots := world.ScoreAlone(t, good.Write(t)).Snapshots
	before := world.PublishedFiles(t, snapshots, true)
	missing := world.MissingInputs()
	for i, c := range slices.Concat(missing, world.BadRows(), world.BigSums()) {
		t.Run(c.Name, func(t *testing.T) {
			w := good.Clone()
			if i < len(missing) {
				w = world.Everything()
			}
			if c.Change != nil {
				c.Change(w)
			}
			month := max(c.Month, world.June)
			_, _, err := world.Try(t, w.Write(t), snapshots, month, func(o *months.Options) {
				o.AllowMissingHistory = i >= len(missing)
				if c.Option != nil {
					c.Option(o)
				}
			})
			if err == nil || !world.SameKind(err, c.Fault) {
				t.Errorf("error %v (%T), want a %T", err, err, c.Fault)
			}
			for _, want := range c.Says {
				if err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("the message lacks %q:\n%v", want, err)
				}
			}
			if diff := cmp.Diff(before, world.PublishedFiles(t, snapshots, true)); diff != "" {
				t.Errorf("what was published changed:\n%s", diff)
			}
		})
	}
	if again := world.ScoreInto(t, good.Write(t), snapshots, world.June, world.NoHistory); again.Changed {
		t.Errorf("afterwards the good exports give something else: %+v", again.Outcome)
	}
	if left, err := os.ReadDir(filepath.Join(snapshots, ".staging")); err != nil && !errors.Is(err, os.ErrNotExist) || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestMissingMonthsAreNamed: all of them, in order, as values too.
func TestMissingMonthsAreNamed(t *testing.T) {
	w := world.New()
	delete(w.Usage, world.June.Add(-12))
	delete(w.Usage, world.June.Add(-3))
	snapshots := filepath.Join(t.TempDir(), "none")
	_, _, err := world.Try(t, w.Write(t), snapshots, world.June)
	var missing *exports.MissingError
	if !errors.As(err, &missing) {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff([]scoring.Month{world.June.Add(-12), world.June.Add(-3)}, missing.Months); diff != "" || missing.Table != schema.Usage {
		t.Errorf("%s: %s", missing.Table, diff)
	}
	if _, err := os.Stat(snapshots); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the snapshots folder: %v", err)
	}
}

// TestLessMayBeRejectedLater: one row in a hundred is one per cent, which passes. A published month is held to the limit of the run that finds it as it
// is, and stays published.
func TestLessMayBeRejectedLater(t *testing.T) {
	w := world.New().Only()
	world.Fill(w, world.June, 98, "1")
	world.Fill(w, world.June, 1, "nothing")
	exported := w.Write(t)
	r := world.ScoreAlone(t, exported, func(o *months.Options) { o.MaxRejected = 0.01 })
	r.One(t, snapshot.Exclusions, "reason", "bad_amount").Expect(t, "one of a hundred", "rows", "1", "class", "data")
	before := world.TableBytes(t, r.Snapshots)
	opt := world.Options(exported, r.Snapshots, t.TempDir())
	opt.MaxRejected, opt.AllowMissingHistory = 0.009, true
	only := months.Range{From: world.June, To: world.June}
	for name, run := range map[string]func() error{
		"score": func() error { _, err := months.Score(t.Context(), opt, world.June); return err },
		"plan":  func() error { _, err := months.MakePlan(t.Context(), opt, world.June); return err },
		"backfill": func() error {
			_, err := months.Backfill(t.Context(), opt, only, func(_, _ int, _ results.MonthResult) {})
			return err
		},
		"plan of backfill": func() error { _, err := months.PlanBackfill(t.Context(), opt, only); return err },
	} {
		err := run()
		var broken *exports.ContractError
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), "1 of the month's") {
			t.Errorf("%s: %v, want that one row is too much", name, err)
		}
	}
	if diff := cmp.Diff(before, world.TableBytes(t, r.Snapshots)); diff != "" {
		t.Error(diff)
	}
}

// TestAllowedToMiss: what may be missing, what it takes away, and that the month is provisional.
func TestAllowedToMiss(t *testing.T) {
	history := func(o *months.Options) { o.AllowMissingHistory = true }
	noData := func(metrics ...string) []string { return metrics }
	skills := noData("advanced_certifications", "intermediate_certifications")
	for _, c := range []struct {
		Name   string
		Change func(w *world.World)
		Option func(o *months.Options)
		reason string
		noData []string
		total  string
	}{
		{"a month in between", func(w *world.World) { delete(w.Usage, world.June.Add(-5)) }, history, "2024-01", nil, "22.00"},
		{"M-1", func(w *world.World) { delete(w.Usage, world.June.Add(-1)) }, history, "2024-05", noData("net_customer_adds"), "22.00"},
		{"M-12", func(w *world.World) { delete(w.Usage, world.June.Add(-12)) }, history, "2023-06", noData("net_customer_adds", "usage_growth"), "2.00"},
		{"M-13", func(w *world.World) { delete(w.Usage, world.June.Add(-13)) }, history, "2023-05", noData("net_customer_adds"), "22.00"},
		{"all but M", func(w *world.World) {
			for m := world.June.Add(-13); m < world.June; m++ {
				delete(w.Usage, m)
			}
		}, history, "2023-05, 2023-06", noData("net_customer_adds", "usage_growth"), "2.00"},
		{"certifications", func(w *world.World) { w.Certifications = nil }, func(o *months.Options) { o.AllowMissingCertifications = true }, "certifications are missing", skills, "22.00"},
		{"later certifications only", func(w *world.World) {
			w.Certifications[world.June.Add(3)] = w.Certifications[world.June]
			w.Certifications[world.June.Add(4)] = []world.Holding{{Global: "base", MCP: "x", Title: "AZ-700"}}
			delete(w.Certifications, world.June)
		}, func(*months.Options) {}, "2024-09", nil, "22.00"},
	} {
		t.Run(c.Name, func(t *testing.T) {
			w := world.New()
			w.Add(world.June, world.Usage{Location: "base", Amount: "900"}) // 1,000 with the row that is there
			c.Change(w)
			r := world.Score(t, w.Write(t), c.Option)
			for _, s := range r.Tables[snapshot.Scores] {
				s.Expect(t, s["solution_area"], "provisional", "true")
			}
			store, err := snapshot.Open(t.Context(), local.Places{}, r.Snapshots, "")
			if err != nil {
				t.Fatal(err)
			}
			man, err := store.Manifest(t.Context(), world.June)
			if err != nil || len(man.Provisional) != 1 || !strings.Contains(man.Provisional[0], c.reason) {
				t.Errorf("reasons %q, %v, want one with %q", man.Provisional, err, c.reason)
			}
			var got []string
			for _, m := range r.Find(snapshot.Metrics, "solution_area", "infrastructure", "status", "no_data") {
				got = append(got, m["metric"])
				m.Expect(t, m["metric"], "points", "0.00")
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.noData, got); diff != "" {
				t.Errorf("no_data (-want +got):\n%s", diff)
			}
			if c.Name == "later certifications only" {
				r.One(t, snapshot.Certifications, "solution_area", "infrastructure").Expect(t, "holding", "certification", "Azure Administrator Associate")
			}
		})
	}
}

// TestCertificationsOfAnEarlierMonth are used without more ado.
func TestCertificationsOfAnEarlierMonth(t *testing.T) {
	w := world.New().Only()
	w.Certifications = nil
	w.Hold(world.June.Add(-20), world.Holding{Global: "base", MCP: "old", Title: "AZ-305"})
	w.Hold(world.June.Add(-2), world.Holding{Global: "base", MCP: "new", Title: "AZ-104"})
	w.Hold(world.June.Add(1), world.Holding{Global: "base", MCP: "later", Title: "AZ-700"})
	r := world.ScoreAlone(t, w.Write(t))
	for _, h := range r.Tables[snapshot.Certifications] {
		h.Expect(t, "holding", "certification", "Azure Administrator Associate")
	}
	if len(r.Provisional) != 1 || !strings.HasPrefix(r.Provisional[0], "usage is missing for ") {
		t.Errorf("provisional beside the history: %q", r.Provisional)
	}
}

// TestRulebookUnknownMonth: before the first rulebook there are no rules.
func TestRulebookUnknownMonth(t *testing.T) {
	_, _, err := world.Try(t, world.New().Write(t), filepath.Join(t.TempDir(), "s"), scoring.NewMonth(2022, 9))
	if err == nil || !strings.Contains(err.Error(), "azure-2022-10") {
		t.Errorf("error %v", err)
	}
}
