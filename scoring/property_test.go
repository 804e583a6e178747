package scoring

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyBook draws a rulebook with any rounding, and one of its tracks.
func anyBook(t *rapid.T) (*Rulebook, string) {
	r := *rapid.SampledFrom(BuiltIn).Draw(t, "rulebook")
	r.GrowthRounding = rapid.SampledFrom([]string{RoundFloor, RoundOneDecimal, RoundExact}).Draw(t, "rounding")
	return &r, rapid.SampledFrom(r.Tracks).Draw(t, "track").ID
}

// anyMeasures draws measures around the edges of the rules, and sometimes far beyond.
func anyMeasures(t *rapid.T, r *Rulebook) Measures {
	count := rapid.OneOf(rapid.Int64Range(0, 12), rapid.Int64Range(0, 1<<40))
	amount := rapid.OneOf(
		rapid.Map(rapid.Int64Range(-300, 3000), func(n int64) int64 { return n * micro }),
		rapid.Int64Range(-1000, 200_000_000),
		rapid.Int64Range(-maxFixed6, maxFixed6),
	)
	m := Measures{
		EligibleCustomers:         count.Draw(t, "customers"),
		EligibleCustomersBaseline: count.Draw(t, "customers a year before"),
		ACR:                       USD(amount.Draw(t, "ACR")),
		ACRBaseline:               USD(amount.Draw(t, "ACR a year before")),
		ACRTTM:                    USD(amount.Draw(t, "ACR TTM")),
		CountedServices:           count.Draw(t, "services"),
		Skills:                    map[StepKey]int64{},
	}
	for _, c := range r.StepCertifications(Enterprise) {
		m.Skills[c.StepKey] = count.Draw(t, "people")
	}
	if rapid.IntRange(0, 9).Draw(t, "absent") == 0 {
		b := rapid.Bool()
		m.Absent = Absent{b.Draw(t, "current"), b.Draw(t, "baseline"), b.Draw(t, "growth"), b.Draw(t, "certifications")}
	}
	return m
}

func scored(t *rapid.T, r *Rulebook, track string, m Measures) []Score {
	scores, err := r.Score(track, m)
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

func TestScoresAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, track := anyBook(t)
		m := anyMeasures(t, r)
		scores := scored(t, r, track, m)
		for _, s := range scores {
			var sum Points
			var blocking []Metric
			for _, metric := range s.Metrics {
				if metric.Applicable == (metric.Status == NotApplicable) || metric.Reason.String() == "" {
					t.Fatalf("%s %s: %+v", s.Area, metric.Metric, metric)
				}
				if !metric.Applicable {
					continue
				}
				if metric.Points.Sign() < 0 || metric.Points.Cmp(*metric.Max) > 0 {
					t.Fatalf("%s %s: %s of %s points", s.Area, metric.Metric, metric.Points, metric.Max)
				}
				if metric.Points.Sign() == 0 {
					blocking = append(blocking, metric.Metric)
				}
				sum = sum.Add(*metric.Points)
			}
			if !s.Total.Equal(sum) || !cmp.Equal(s.Blocking, blocking) {
				t.Fatalf("%s: total %s of %s, blocking %v of %v", s.Area, s.Total, sum, s.Blocking, blocking)
			}
			if want := len(blocking) == 0 && sum.Cmp(NewPoints(r.DesignationPoints)) >= 0; s.Qualifies != want {
				t.Fatalf("%s: %s points, blocking %v, qualifies %v", s.Area, sum, blocking, s.Qualifies)
			}
			if s.PointsToDesignation.Hundredths() != max(0, r.DesignationPoints*100-s.Total.Hundredths()) {
				t.Fatalf("%s: %s points, %s to go", s.Area, s.Total, s.PointsToDesignation)
			}
		}
		if again := scored(t, r, track, m); !cmp.Equal(scores, again) {
			t.Fatalf("scored again: %s", cmp.Diff(scores, again))
		}
	})
}

// TestRoundingSensitiveByBruteForce scores under both roundings and compares the designation.
func TestRoundingSensitiveByBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, track := anyBook(t)
		r.PointsPerPercent = rapid.Int64Range(1, 5).Draw(t, "points per percent")
		r.DesignationPoints = rapid.Int64Range(1, 100).Draw(t, "needed points")
		m := anyMeasures(t, r)
		floor, exact := *r, *r
		floor.GrowthRounding, exact.GrowthRounding = RoundFloor, RoundExact
		floored, exactly := scored(t, &floor, track, m), scored(t, &exact, track, m)
		for i, s := range scored(t, r, track, m) {
			if want := floored[i].Qualifies != exactly[i].Qualifies; s.RoundingSensitive != want {
				t.Fatalf("%s: rounding sensitive %v; qualifies with floor %v, exact %v", s.Area, s.RoundingSensitive,
					floored[i].Qualifies, exactly[i].Qualifies)
			}
		}
	})
}

// TestMoreNeverScoresLess adds one customer, service, person or dollar.
func TestMoreNeverScoresLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, track := anyBook(t)
		m := anyMeasures(t, r)
		before := scored(t, r, track, m)
		switch rapid.IntRange(0, 4).Draw(t, "more") {
		case 0:
			m.EligibleCustomers++
		case 1:
			m.CountedServices++
		case 2:
			m.ACR += dollar
		case 3:
			m.ACRTTM += dollar
		case 4:
			c := rapid.SampledFrom(r.StepCertifications(track)).Draw(t, "step")
			m.Skills[c.StepKey]++
		}
		for i, after := range scored(t, r, track, m) {
			if after.Total.Cmp(before[i].Total) < 0 || before[i].Qualifies && !after.Qualifies {
				t.Fatalf("%s: from %s to %s points, qualifies %v to %v", after.Area, before[i].Total, after.Total,
					before[i].Qualifies, after.Qualifies)
			}
		}
	})
}

// TestGrowthAgainstRationals computes growth and its points a second way.
func TestGrowthAgainstRationals(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(0, 40).Draw(t, "whole percents")
		base := rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, maxFixed6/2)).Draw(t, "base")
		acr := base + base/100*whole + rapid.Int64Range(-2, 2).Draw(t, "off by")
		m := Measures{ACR: USD(acr), ACRBaseline: USD(base), ACRTTM: maxFixed6}

		percents := new(big.Rat).SetFrac64(acr, base)
		percents.Sub(percents, big.NewRat(1, 1)).Mul(percents, big.NewRat(100, 1))
		points := int64(0)
		for points < 20 && big.NewRat(points+1, 1).Cmp(percents) <= 0 {
			points++
		}
		have := r.usageGrowth(m)
		if !have.Points.Equal(NewPoints(points)) {
			t.Fatalf("%s points for %s percents, want %d", have.Points, percents.FloatString(12), points)
		}
		rounded, ok := new(big.Rat).SetString(percents.FloatString(6)) // rounds half away from zero
		if !ok || new(big.Rat).SetFrac64(int64(*have.Measure), micro).Cmp(rounded) != 0 {
			t.Fatalf("growth %d millionths, want %s", *have.Measure, rounded.FloatString(6))
		}
	})
}

// TestEveryExactPercent covers what floating point gets wrong: whole percents that come out a little below themselves.
func TestEveryExactPercent(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	for base := USD(100); base <= 100_000; base += 700 {
		for percents := range int64(26) {
			m := Measures{ACR: base + base*USD(percents)/100, ACRBaseline: base, ACRTTM: maxFixed6}
			if have := r.usageGrowth(m).Points; !have.Equal(NewPoints(min(20, percents))) {
				t.Fatalf("%d %% of %d millionths: %s points", percents, base, have)
			}
		}
	}
}
