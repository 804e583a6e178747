package wording

import (
	"testing"

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
