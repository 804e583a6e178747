package reader_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/scoring"
)

// TestEverySample reads every partner of every sample month, which scores it again, and finds its facts to add up to what was published: the facts of
// every third, with PARTNERSCORE_TEST_LONG=1 of each.
func TestEverySample(t *testing.T) {
	r := samples.Open(t)
	each := 3
	if os.Getenv("PARTNERSCORE_TEST_LONG") != "" {
		each = 1
	}
	n := 0
	samples.EveryPartner(t, func(p *published.Partner) {
		if n++; n%each > 0 {
			return
		}
		u, err := r.Usage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if len(u.Gaps) > 0 {
			t.Errorf("%s %s: gaps %v", p.ScoreMonth, p.ID, u.Gaps)
		}
		var current scoring.USD
		for _, c := range u.Rows {
			if u.Services[c.Service] == "" {
				t.Errorf("%s %s: service %q has no name", p.ScoreMonth, p.ID, c.Service)
			}
			if c.UsageMonth == p.ScoreMonth {
				current += c.ACR
			}
		}
		if want := p.Measures().ACR; current != want {
			t.Errorf("%s %s: the facts have %d of the month, the customers %d", p.ScoreMonth, p.ID, current, want)
		}
	})
	if n < 9*int(publishedtest.Last-publishedtest.First()) {
		t.Errorf("only %d partners in all months", n)
	}
}

func TestUnknown(t *testing.T) {
	r := samples.Open(t)
	for _, c := range []struct {
		month scoring.Month
		id    string
		want  string
	}{
		{publishedtest.June, "1020001", `unknown partner "1020001": the nearest of 10 are Brightwater Integrators (1020000), `},
		{publishedtest.June, "alderpeak clouds", `unknown partner "alderpeak clouds": the nearest of 10 are Alderpeak Cloud (1010000), `},
		{publishedtest.June, "9999999", `unknown partner "9999999": the nearest of 10 are `}, // a location that the partners file does not know
		{publishedtest.June, " ", `unknown partner " ": the nearest of 10 are `},
		{publishedtest.June, "", `say which partner: there are 10, like `},
		{publishedtest.First().Add(-1), "1010000", publishedtest.First().Add(-1).String() + " is not published in "},
	} {
		_, err := r.Partner(t.Context(), c.month, c.id)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("partner %q of %s: %v, want %s", c.id, c.month, err, c.want)
		}
	}
	var unpublished *published.UnpublishedError
	if _, err := r.Month(t.Context(), publishedtest.Last.Add(3)); !errors.As(err, &unpublished) || !strings.Contains(err.Error(), "near it are 2024-06, 2024-07, 2024-08, 2024-09, 2024-10; run") {
		t.Errorf("a later month: %v", err)
	}
	if _, err := reader.Open(t.Context(), reader.Options{Places: local.Places{}, Snapshots: t.TempDir(), Library: publishedtest.Library()}); !errors.As(err, &unpublished) {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestFindPartner: a partner is found by its id, by its name whatever the case, and by the id of a location.
func TestFindPartner(t *testing.T) {
	r := samples.Open(t)
	for text, want := range map[string]string{"1030000": "1030000", "cobalt ridge CONSULTING": "1030000", " Cobalt Ridge Consulting ": "1030000", "1030002": "1030000",
		"1050010": "1050000"} {
		p, err := r.Partner(t.Context(), publishedtest.June, text)
		if err != nil || p.ID != want || len(p.Scores) == 0 {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestRules: a month is answered by the rules it was scored by and no others.
func TestRules(t *testing.T) {
	own, err := publishedtest.Library().Load("own.yaml", []byte("id: own\ntitle: t\nextends: azure-2023-06\nusage_growth: {growth_rounding: exact}\n"))
	if err != nil {
		t.Fatal(err)
	}
	opt := publishedtest.ScoreOptions(samples.Copy(t, publishedtest.June)) // whose facts serve these rules, too
	opt.Rulebook = own
	if _, err := months.Score(t.Context(), opt, publishedtest.June); err != nil {
		t.Fatal(err)
	}
	other, err := publishedtest.Library().InForce(publishedtest.June)
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[*scoring.Rulebook]string{nil: "give it with --rulebook FILE, or", other: "give it with --rulebook FILE: the one given is azure-2023-06"} {
		var rules *published.RulesError
		if _, err := publishedtest.OpenWith(t, opt.Snapshots, given).Month(t.Context(), publishedtest.June); !errors.As(err, &rules) || !strings.Contains(err.Error(), want) {
			t.Errorf("other rules: %v, want %s", err, want)
		}
	}
	if month, err := publishedtest.OpenWith(t, opt.Snapshots, own).Month(t.Context(), publishedtest.June); err != nil || month.Rules != own {
		t.Errorf("its own rules: %v", err)
	}
}

// TestDamaged: no damage of a published file becomes an answer.
func TestDamaged(t *testing.T) {
	root := samples.Copy(t, publishedtest.June)
	for _, table := range snapshot.Tables() {
		t.Run(table.Name, func(t *testing.T) {
			path := filepath.Join(root, table.Name, "month="+publishedtest.June.String(), "part-0.parquet")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := publishedtest.Open(t, root)
			expect := func(what string, data []byte) {
				t.Helper()
				if data == nil {
					err = os.Remove(path)
				} else {
					err = os.WriteFile(path, data, 0o666)
				}
				if err != nil {
					t.Fatal(err)
				}
				var damaged *published.DamagedError
				if _, err := r.Partner(t.Context(), publishedtest.June, "1020000"); !errors.As(err, &damaged) {
					t.Errorf("%s: %v", what, err)
				}
			}
			expect("missing", nil)
			expect("cut", whole[:len(whole)-1])
			expect("empty", []byte{})
			footer := append([]byte{}, whole...)
			footer[len(footer)-5] ^= 0x40 // the length of the footer
			expect("footer", footer)
			other, err := os.ReadFile(filepath.Join(samples.Root(t), table.Name, "month="+publishedtest.June.Add(1).String(), "part-0.parquet"))
			if err != nil {
				t.Fatal(err)
			}
			expect("of another month", other)
			if err := os.WriteFile(path, whole, 0o666); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Partner(t.Context(), publishedtest.June, "1020000"); err != nil {
				t.Errorf("whole again: %v", err)
			}
		})
	}
}

// TestGaps: facts that are gone, or not those that the score came from, are told and never used.
func TestGaps(t *testing.T) {
	root := samples.Copy(t, publishedtest.June)
	r := publishedtest.Open(t, root)
	facts := func(m scoring.Month) string { return filepath.Join(root, "_facts", "month="+m.String()) }
	gaps := func() map[scoring.Month]published.GapReason {
		p, err := r.Partner(t.Context(), publishedtest.June, "1020000")
		if err != nil {
			t.Fatal(err)
		}
		u, err := r.Usage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		found := map[scoring.Month]published.GapReason{}
		for _, g := range u.Gaps {
			found[g.UsageMonth] = g.Reason
		}
		for _, c := range u.Rows {
			if found[c.UsageMonth] != "" {
				t.Errorf("a row of %s, which is a gap", c.UsageMonth)
			}
		}
		return found
	}
	// The consumption of M-12 under the description of M: sizes differ.
	if err := os.RemoveAll(facts(publishedtest.June.Add(-13))); err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 1 || got[publishedtest.June.Add(-13)] != published.GapMissing {
		t.Errorf("without M-13: %v", got)
	}
	// Facts of other exports: the exclusions of the month differ.
	path := filepath.Join(facts(publishedtest.June), snapshot.FactsDescription)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `"rows": 1,`, `"rows": 2,`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 2 || got[publishedtest.June] != published.GapOther {
		t.Errorf("with other facts of M: %v", got)
	}
	// One of the ten months in between: none of the others can be told from what it should be.
	if err := os.RemoveAll(facts(publishedtest.June.Add(-5))); err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 12 || got[publishedtest.June.Add(-5)] != published.GapMissing || got[publishedtest.June.Add(-6)] != published.GapUnproven || got[publishedtest.June.Add(-12)] != "" {
		t.Errorf("without M-5: %v", got)
	}
}
