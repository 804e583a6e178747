package wording

import (
	"testing"
	"time"

	"partnerscore/scoring"
)

func TestNumbersForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 100_000: "100,000"} {
		if got := scoring.Grouped(n); got != want {
			t.Errorf("scoring.Grouped(%d) = %s, want %s", n, got, want)
		}
	}
	for amount, want := range map[scoring.USD]string{0: "0.00", 1_234_567_891: "1,234.57", 5_000: "0.01", 4_999: "0.00", -5_000: "-0.01", -1_234_564_999: "-1,234.56"} {
		if got := Cents(amount); got != want {
			t.Errorf("Cents(%d) = %s, want %s", amount, got, want)
		}
	}
}

func TestLacking(t *testing.T) {
	for _, c := range []struct {
		missing  scoring.Hundredths
		blocking []scoring.Metric
		want     string
	}{
		{0, nil, ""},
		{12_50, nil, "12.50 points short"},
		{0, []scoring.Metric{scoring.UsageGrowth}, "0 points in usage growth, which blocks the designation"},
		{1_00, []scoring.Metric{scoring.UsageGrowth, scoring.Deployments}, "1 point short, and 0 points in usage growth and deployments, which block the designation"},
	} {
		if got := (Words{}).Lacking(c.missing, c.blocking); got != c.want {
			t.Errorf("%s, %v: %q, want %q", c.missing, c.blocking, got, c.want)
		}
	}
}

func TestAmountsThatMustBeReachedAreRoundedUp(t *testing.T) {
	for amount, want := range map[scoring.USD]string{0: "0 USD", 1: "0.01 USD", 1_000_000: "1 USD", 1_000_001: "1.01 USD", 1_234_500_000: "1,234.50 USD"} {
		if got := (Words{}).InUSD(UpToCents(amount)); got != want {
			t.Errorf("%d: %s, want %s", amount, got, want)
		}
	}
}

// Numbers, days and plurals as the French write them; what nobody says stays empty.
func TestFrench(t *testing.T) {
	w, err := ParseLanguage("fr")
	if err != nil || w.Language() != "fr" {
		t.Fatalf("%q, %v", w.Language(), err)
	}
	june := scoring.NewMonth(2024, time.June)
	for want, got := range map[string]string{
		"":                           w.Phrase(scoring.Phrase{}),
		"1\u202f234,50\u00a0USD":     w.InUSD(1_234_500_000),
		"12,5\u202f%":                w.Percent(12_500_000),
		"1,50 point":                 w.Points(150),
		"0 point":                    w.Points(0),
		"2 points":                   w.Points(200),
		"juin 2024":                  w.Month(june),
		"1er juin 2024":              w.Date(june.First()),
		"30 juin 2024":               w.Date(june.Last()),
		"30/06/2024":                 w.Day(june.Last()),
		"2024-01 à 2024-03, 2024-06": w.Ranges([]scoring.Month{june - 5, june - 4, june - 3, june}),
		"a, b et c":                  w.List([]string{"a", "b", "c"}),
		"Déploiements":               w.Metric(scoring.Deployments),
		"Données & IA":               w.Term("Data & AI"),
		"Our own area":               w.Term("Our own area"),
		"ajouts nets de clients":     w.Published("as an earlier version said it", scoring.NetCustomerAdds.Name()),
		"as it is published":         Words{}.Published("as it is published", scoring.NetCustomerAdds.Name()),
		"3 of 4\u202f%":              w.Say("%d of 4 %%", 3),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, err := ParseLanguage("de"); err == nil {
		t.Error("de is taken")
	}
}
