package answers

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// TestEverySample reads every partner of every sample month, which scores it again, and finds its facts to add up to what was published.
func TestEverySample(t *testing.T) {
	r := samples(t)
	n := 0
	everyPartner(t, r, func(t *testing.T, p *Partner) {
		n++
		u, err := r.Usage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if len(u.Gaps) > 0 {
			t.Errorf("%s %s: gaps %v", p.ScoreMonth, p.ID, u.Gaps)
		}
		var current snapshot.Amount
		for _, c := range u.Rows {
			if u.Services[c.Service] == "" {
				t.Errorf("%s %s: service %q has no name", p.ScoreMonth, p.ID, c.Service)
			}
			if c.UsageMonth == p.ScoreMonth {
				current += c.ACR
			}
		}
		if want := p.Measures().ACR; scoring.USD(current) != want {
			t.Errorf("%s %s: the facts have %d of the month, the customers %d", p.ScoreMonth, p.ID, current, want)
		}
	})
	if n < 150 {
		t.Errorf("only %d partners in all months", n)
	}
}

func TestUnknown(t *testing.T) {
	r := samples(t)
	for _, c := range []struct {
		month scoring.Month
		id    string
		want  string
	}{
		{june, "1020001", `unknown partner "1020001": the nearest of 10 are Brightwater Integrators (1020000), `},
		{june, "alderpeak cloud", `unknown partner "alderpeak cloud": there is Alderpeak Cloud (1010000); give the id`},
		{june, "", `say which partner: there are 10, like `},
		{firstSample.Add(-1), "1010000", `2023-05 is not published in `},
	} {
		_, err := r.Partner(t.Context(), c.month, c.id)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("partner %q of %s: %v, want %s", c.id, c.month, err, c.want)
		}
	}
	var unpublished *UnpublishedError
	if _, err := r.Month(lastSample.Add(3)); !errors.As(err, &unpublished) || !strings.Contains(err.Error(), "near it are 2024-06, 2024-07, 2024-08, 2024-09, 2024-10; run") {
		t.Errorf("a later month: %v", err)
	}
	if _, err := ParseArea("infrastructur"); err == nil || !strings.Contains(err.Error(), "infrastructure") {
		t.Errorf("area: %v", err)
	}
	if _, err := ParseMetric("growth"); err == nil || !strings.Contains(err.Error(), "usage_growth") {
		t.Errorf("metric: %v", err)
	}
	if _, err := Open(t.Context(), Options{Snapshots: t.TempDir(), Library: library()}); !errors.As(err, &unpublished) {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestRules: a month is answered by the rules it was scored by and no others.
func TestRules(t *testing.T) {
	root := copied(t, june)
	path := filepath.Join(root, "_manifests", "month="+june.String()+".json")
	man, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	book, err := library().InForce(june)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Repeat("0", 64)
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(man), book.SHA256, other)), 0o666); err != nil {
		t.Fatal(err)
	}
	r := reader(t, root)
	manifest, err := r.manifest(june)
	if err != nil {
		t.Fatal(err)
	}
	r.opt.Rulebook = book
	var rules *RulesError
	if _, err := r.rules(manifest); !errors.As(err, &rules) || !strings.Contains(err.Error(), "give it with --rulebook FILE: the one given is azure-2023-06") {
		t.Errorf("other rules: %v", err)
	}
}

// TestDamaged: no damage of a published file becomes an answer.
func TestDamaged(t *testing.T) {
	for _, table := range snapshot.Tables() {
		t.Run(table.Name, func(t *testing.T) {
			root := copied(t, june)
			path := filepath.Join(root, table.Name, "month="+june.String(), "part-0.parquet")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := reader(t, root)
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
				var damaged *DamagedError
				if _, err := r.Partner(t.Context(), june, "1020000"); !errors.As(err, &damaged) {
					t.Errorf("%s: %v", what, err)
				}
			}
			expect("missing", nil)
			expect("cut", whole[:len(whole)-1])
			expect("empty", []byte{})
			footer := append([]byte{}, whole...)
			footer[len(footer)-5] ^= 0x40 // the length of the footer
			expect("footer", footer)
			other, err := os.ReadFile(filepath.Join(copied(t, june.Add(1)), table.Name, "month="+june.Add(1).String(), "part-0.parquet"))
			if err != nil {
				t.Fatal(err)
			}
			expect("of another month", other)
		})
	}
}

// TestGaps: facts that are gone, or not those that the score came from, are told and never used.
func TestGaps(t *testing.T) {
	root := copied(t, june)
	r := reader(t, root)
	facts := func(m scoring.Month) string { return filepath.Join(root, "_facts", "month="+m.String()) }
	gaps := func() map[scoring.Month]string {
		p, err := r.Partner(t.Context(), june, "1020000")
		if err != nil {
			t.Fatal(err)
		}
		u, err := r.Usage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		found := map[scoring.Month]string{}
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
	if err := os.RemoveAll(facts(june.Add(-13))); err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 1 || got[june.Add(-13)] != GapMissing {
		t.Errorf("without M-13: %v", got)
	}
	// Facts of other exports: the exclusions of the month differ.
	path := filepath.Join(facts(june), snapshot.FactsDescription)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `"rows": 1,`, `"rows": 2,`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 2 || got[june] != GapOther {
		t.Errorf("with other facts of M: %v", got)
	}
	// One of the ten months in between: none of the others can be told from what it should be.
	if err := os.RemoveAll(facts(june.Add(-5))); err != nil {
		t.Fatal(err)
	}
	if got := gaps(); len(got) != 12 || got[june.Add(-5)] != GapMissing || got[june.Add(-6)] != GapUnproven || got[june.Add(-12)] != "" {
		t.Errorf("without M-5: %v", got)
	}
}
