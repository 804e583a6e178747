package scoring

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestUSD(t *testing.T) {
	for _, c := range []struct {
		amount        USD
		people, plain string
	}{
		{0, "0.00", "0"},
		{1, "0.000001", "0.000001"},
		{1_234_500_000, "1,234.50", "1234.5"},
		{999_990_000, "999.99", "999.99"},
		{-3_000_000, "-3.00", "-3"},
		{-10_000, "-0.01", "-0.01"},
		{1_000_000_123_456, "1,000,000.123456", "1000000.123456"},
		{maxFixed6, "999,999,999,999.999999", "999999999999.999999"},
		{math.MinInt64, "-9,223,372,036,854.775808", "-9223372036854.775808"},
	} {
		if have := c.amount.String(); have != c.people {
			t.Errorf("%d for people: %s, want %s", int64(c.amount), have, c.people)
		}
		if have := c.amount.Plain(); have != c.plain {
			t.Errorf("%d in a rulebook: %s, want %s", int64(c.amount), have, c.plain)
		}
	}
}

func TestParseUSD(t *testing.T) {
	for _, text := range []string{"", "1,000", "1_000", "$5", "1e3", "0x10", "010", "1.", ".5", "1.1234567", "+1", "1000000000000", " 1", "NaN", "∞"} {
		if amount, err := ParseUSD(text); err == nil {
			t.Errorf("ParseUSD(%q) = %s, want an error", text, amount)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		amount := USD(rapid.Int64Range(-maxFixed6, maxFixed6).Draw(t, "amount"))
		if back, err := ParseUSD(amount.Plain()); err != nil || back != amount {
			t.Fatalf("%s reads back as %s, %v", amount.Plain(), back, err)
		}
	})
}

func TestPoints(t *testing.T) {
	third := pointsOf(big.NewInt(1), big.NewInt(3))
	for _, c := range []struct {
		points     Points
		text       string
		hundredths int64
	}{
		{Points{}, "0", 0},
		{NewPoints(12), "12", 1200},
		{NewPoints(100), "100", 10000},
		{third, "0.33", 33},
		{pointsOf(big.NewInt(69_999), big.NewInt(1000)), "69.99", 6999},
		{pointsOf(big.NewInt(129), big.NewInt(10)), "12.9", 1290},
		{third.Add(third).Add(third), "1", 100},
		{NewPoints(-1), "-1", -100},
	} {
		if c.points.String() != c.text || c.points.Hundredths() != c.hundredths {
			t.Errorf("%s and %d hundredths, want %s and %d", c.points, c.points.Hundredths(), c.text, c.hundredths)
		}
	}
	if !(Points{}).Equal(NewPoints(0)) || third.Sign() != 1 || third.Cmp(NewPoints(1)) != -1 {
		t.Error("points do not compare by value")
	}
}

func TestPerUnitNeverOverflows(t *testing.T) {
	if have := perUnit(math.MaxInt64, math.MaxInt64, 30); !have.Equal(NewPoints(30)) {
		t.Errorf("as many as can be earn %s, want the cap", have)
	}
	if have := perUnit(math.MinInt64, 10, 30); !have.Equal(NewPoints(0)) {
		t.Errorf("a loss earns %s, want 0", have)
	}
}

func TestUSDAsJSON(t *testing.T) {
	for amount, want := range map[USD]string{
		0: "0.000000", 1: "0.000001", -250_000: "-0.250000", 1_234_500_000: "1234.500000",
		math.MaxInt64: "9223372036854.775807", math.MinInt64: "-9223372036854.775808",
	} {
		if got, err := json.Marshal(amount); err != nil || string(got) != want {
			t.Errorf("%d: got %s, %v, want %s", int64(amount), got, err, want)
		}
	}
	for _, bad := range []string{`"1"`, `0.0000001`, `9223372036854.775808`, `1e400`, `true`} {
		var a USD
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%s: read as %d, want an error", bad, a)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := USD(rapid.Int64().Draw(t, "amount"))
		data, err := json.Marshal(want)
		var got USD
		if err != nil || json.Unmarshal(data, &got) != nil || got != want {
			t.Fatalf("%d was written as %s and read as %d", want, data, got)
		}
	})
}
