package ingest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestManyMonthsInspect: inspect counts the rows of a month as it does those of a monthly file, and splits the file once.
func TestManyMonthsInspect(t *testing.T) {
	w := manyWorld()
	want := world.Inspect(t, w.Write(t), 0, 0, lenient)
	got := world.Inspect(t, w.WriteMany(t, oneFile), 0, 0, lenient, world.ManyMonths)
	for _, found := range []*inspect.Inspection{want, got} {
		for i := range found.Months {
			m := &found.Months[i]
			for j := range m.Files {
				m.Files[j].Path, m.Files[j].Bytes, m.Files[j].Many = "", 0, false
			}
			for j := range m.Rejected {
				m.Rejected[j].Examples = nil
			}
		}
	}
	if diff := cmp.Diff(want.Months, got.Months); diff != "" || len(got.Months) != len(w.Usage) {
		t.Errorf("monthly files (-), a file of many months (+):\n%s", diff)
	}
}

// TestManyMonthsTempLimit: what the file is split into counts against the limit of temporary files.
func TestManyMonthsTempLimit(t *testing.T) {
	root := world.New().Only(1).WriteMany(t, oneFile)
	err := world.TryAlone(t, root, world.ManyMonths, func(o *months.Options) { o.MaxTemp = 2000 })
	if !warehouse.TooMuchTemp(err) || !strings.Contains(err.Error(), "split azure_usage/all-0.csv by months") {
		t.Errorf("error %v", err)
	}
}

// TestCertificationsOfNoMonth: a snapshot of no known month serves every month, as provisional.
func TestCertificationsOfNoMonth(t *testing.T) {
	root := world.New().Only().Write(t)
	if err := os.Rename(filepath.Join(root, "certifications", "month=2024-06", "part-0.csv"), filepath.Join(root, "certifications", "now.csv")); err != nil {
		t.Fatal(err)
	}
	flat := func(o *months.Options) { world.NoHistory(o); o.Patterns.Certifications = "certifications/*" }
	got := world.ScoreAlone(t, root, flat)
	if len(got.Provisional) != 2 || !strings.Contains(got.Provisional[1], "no known month") {
		t.Errorf("provisional: %q", got.Provisional)
	}
	opt := world.Options(root, got.Snapshots, t.TempDir())
	flat(&opt)
	list, _, err := months.Status(t.Context(), opt)
	if last := list[len(list)-1]; err != nil || len(list) != 1 || !last.Certifications {
		t.Errorf("status: %+v, %v", list, err)
	}
	for _, month := range []scoring.Month{0, world.June} {
		found := world.Inspect(t, root, month, month, flat)
		if len(found.Certifications) != 1 || found.Certifications[0].Month != 0 || !slices.Equal(found.Months[len(found.Months)-1].Score.Provisional, got.Provisional) {
			t.Errorf("inspect: %+v", found.Certifications)
		}
	}
}

// TestManyMonthsProperty: rows of any months in any files give what the same rows give in monthly files.
func TestManyMonthsProperty(t *testing.T) {
	world.OnlyLong(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := world.New()
		n := rapid.IntRange(1, 40).Draw(rt, "rows")
		for range n {
			m := world.June.Add(-rapid.IntRange(0, 13).Draw(rt, "month"))
			day := rapid.SampledFrom([]string{"2006-01", "2006-01-02", "1/2/2006", "20060102", "2006-01-02T15:04:05"}).Draw(rt, "form")
			w.Add(m, world.Usage{Location: rapid.SampledFrom([]string{"base", "b"}).Draw(rt, "location"), Month: m.First().AddDate(0, 0, rapid.IntRange(0, 27).Draw(rt, "day")).Format(day),
				Amount: fmt.Sprintf("%d.%02d", rapid.IntRange(-9, 2000).Draw(rt, "usd"), rapid.IntRange(0, 99).Draw(rt, "cents")),
				Tenant: world.Tenant(rapid.StringMatching(`[a-c]`).Draw(rt, "tenant")), Association: rapid.SampledFrom([]string{"PAL", "CSP Tier 1", "TPOR"}).Draw(rt, "association")})
		}
		w.Parquet = rapid.Bool().Draw(rt, "parquet")
		files := rapid.IntRange(1, 3).Draw(rt, "files")
		want := world.ScoreFresh(t, w.Write(t), lenient)
		got := world.ScoreFresh(t, w.WriteMany(t, func(i int) int { return i * 7 % files }), lenient, world.ManyMonths)
		if diff := cmp.Diff(world.Undoubted(want), world.Undoubted(got)); diff != "" {
			rt.Fatalf("monthly files (-), files of many months (+):\n%s", diff)
		}
	})
}

// TestManyMonthsDryRun: a plan knows the months, and writes nothing.
func TestManyMonthsDryRun(t *testing.T) {
	w := manyWorld()
	root := w.WriteMany(t, oneFile)
	opt := world.Options(root, filepath.Join(t.TempDir(), "none"), t.TempDir())
	world.ManyMonths(&opt)
	world.NoHistory(&opt)
	plan, err := months.MakePlan(t.Context(), opt, world.June)
	if err != nil {
		t.Fatal(err)
	}
	if last := plan.Usage[len(plan.Usage)-1]; len(plan.Usage) != len(w.Usage)-2 || last.Rows != 9 || last.Facts != "build" || len(plan.Inputs) != 3 {
		t.Errorf("plan: %+v", plan)
	}
	if _, err := os.Stat(opt.Snapshots); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("snapshots: %v", err)
	}
	if _, err := months.MakePlan(t.Context(), opt, world.June.Add(2)); err == nil || !regexp.MustCompile(`latest month there is 2024-07`).MatchString(err.Error()) {
		t.Errorf("a later month: %v", err)
	}
}
