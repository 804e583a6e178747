package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
)

// TestMissingSaysWhatIsThere: every way to a score says what the exports hold in place of what is missing, and how to describe it.
func TestMissingSaysWhatIsThere(t *testing.T) {
	root := newWorld().write(t)
	for m := june.Add(-13); m <= june; m++ {
		to := filepath.Join(root, "azure_usage", fmt.Sprintf("year=%d", m.First().Year()), fmt.Sprintf("month=%d", m.First().Month()))
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Rename(usageDir(root, m), to)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(root, "certifications", "month=2024-06"), filepath.Join(root, "certifications", "2024-06")); err != nil {
		t.Fatal(err)
	}
	unpadded := func(o *Options) { o.Patterns.Usage = "azure_usage/year={yyyy}/month={m}/*" }
	padded := func(o *Options) { o.Patterns.Usage = "azure_usage/year={yyyy}/month={mm}/*" }
	const line = `paths: {azure_usage: "azure_usage/year={yyyy}/month={m}/*"}`
	check := func(what string, err error, says string) {
		t.Helper()
		if missing := new(exports.MissingError); !errors.As(err, &missing) || !strings.Contains(missing.Hint, says) || strings.Count(err.Error(), says) != 1 {
			t.Errorf("%s: %v, want a missing input and once %s", what, err, says)
		}
	}
	for name, pattern := range map[string]func(*Options){"default pattern": func(*Options) {}, "padded pattern": padded} {
		opt := options(root, filepath.Join(t.TempDir(), "none"), t.TempDir())
		pattern(&opt)
		_, err := Score(t.Context(), opt, june)
		check(name+", score", err, line)
		_, err = MakePlan(t.Context(), opt, june)
		check(name+", dry run", err, line)
		_, err = Backfill(t.Context(), opt, Range{}, func(int, int, MonthResult) {})
		check(name+", backfill", err, line)
		if advice := inspect(t, root, june, june, pattern).Months[0].Score.Advice; !strings.Contains(advice, line) {
			t.Errorf("%s, inspect: %s", name, advice)
		}
	}
	_, _, err := try(t, root, t.TempDir(), june, unpadded)
	check("certifications", err, `paths: {certifications: "certifications/{month}/*"}`)
	both := func(o *Options) { unpadded(o); o.Patterns.Certifications = "certifications/{month}/*" }
	if got := score(t, root, both); len(got.Provisional) > 0 {
		t.Errorf("with both lines: %q", got.Provisional)
	}
}

// TestInspectListsWhatIsNotTaken: every file, and no hidden one.
func TestInspectListsWhatIsNotTaken(t *testing.T) {
	root := newWorld().write(t)
	for _, rel := range []string{"notes.txt", "azure_usage/month=2024-06/_SUCCESS", "other/deep/a.csv"} {
		writeFile(t, filepath.Join(root, rel), []byte("x"))
	}
	found := inspect(t, root, june, june)
	var got []string
	for _, n := range found.NotTaken {
		got = append(got, n.Path)
	}
	if strings.Join(got, " ") != "notes.txt other/deep/a.csv" || found.HiddenFiles != 1 || found.NotTakenMore != 0 {
		t.Errorf("not taken %q, %d hidden, %d more", got, found.HiddenFiles, found.NotTakenMore)
	}
}
