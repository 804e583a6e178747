package inputs_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/world"
)

// TestMissingSaysWhatIsThere: every way to a score says what the exports hold in place of what is missing, and how to describe it.
func TestMissingSaysWhatIsThere(t *testing.T) {
	root := world.New().Write(t)
	for m := world.June.Add(-13); m <= world.June; m++ {
		to := filepath.Join(root, "azure_usage", fmt.Sprintf("year=%d", m.First().Year()), fmt.Sprintf("month=%d", m.First().Month()))
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Rename(world.UsageDir(root, m), to)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(root, "certifications", "month=2024-06"), filepath.Join(root, "certifications", "2024-06")); err != nil {
		t.Fatal(err)
	}
	unpadded := func(o *months.Options) { o.Patterns.Usage = "azure_usage/year={yyyy}/month={m}/*" }
	padded := func(o *months.Options) { o.Patterns.Usage = "azure_usage/year={yyyy}/month={mm}/*" }
	const line = `paths: {azure_usage: "azure_usage/year={yyyy}/month={m}/*"}`
	check := func(what string, err error, says string) {
		t.Helper()
		if missing := new(exports.MissingError); !errors.As(err, &missing) || !strings.Contains(missing.Hint, says) || strings.Count(err.Error(), says) != 1 {
			t.Errorf("%s: %v, want a missing input and once %s", what, err, says)
		}
	}
	for name, pattern := range map[string]func(*months.Options){"default pattern": func(*months.Options) {}, "padded pattern": padded} {
		opt := world.Options(root, filepath.Join(t.TempDir(), "none"), t.TempDir())
		pattern(&opt)
		_, err := months.Score(t.Context(), opt, world.June)
		check(name+", score", err, line)
		_, err = months.MakePlan(t.Context(), opt, world.June)
		check(name+", dry run", err, line)
		_, err = months.Backfill(t.Context(), opt, months.Range{}, func(int, int, results.MonthResult) {})
		check(name+", backfill", err, line)
		if advice := world.Inspect(t, root, world.June, world.June, pattern).Months[0].Score.Advice; !strings.Contains(advice, line) {
			t.Errorf("%s, inspect: %s", name, advice)
		}
	}
	_, _, err := world.Try(t, root, t.TempDir(), world.June, unpadded)
	check("certifications", err, `paths: {certifications: "certifications/{month}/*"}`)
	both := func(o *months.Options) { unpadded(o); o.Patterns.Certifications = "certifications/{month}/*" }
	opt := world.Options(root, filepath.Join(t.TempDir(), "none"), t.TempDir())
	both(&opt)
	if plan, err := months.MakePlan(t.Context(), opt, world.June); err != nil || len(plan.Provisional) > 0 {
		t.Errorf("with both lines: %+v, %v", plan, err)
	}
}

// TestInspectListsWhatIsNotTaken: every file, and no hidden one.
func TestInspectListsWhatIsNotTaken(t *testing.T) {
	root := world.New().Only().Write(t)
	for _, rel := range []string{"notes.txt", "azure_usage/month=2024-06/_SUCCESS", "other/deep/a.csv"} {
		world.WriteFile(t, filepath.Join(root, rel), []byte("x"))
	}
	found := world.Inspect(t, root, world.June, world.June, world.NoHistory)
	var got []string
	for _, n := range found.NotTaken {
		got = append(got, n.Path)
	}
	if strings.Join(got, " ") != "notes.txt other/deep/a.csv" || found.HiddenFiles != 1 || found.NotTakenMore != 0 {
		t.Errorf("not taken %q, %d hidden, %d more", got, found.HiddenFiles, found.NotTakenMore)
	}
}
