package scoring

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const dollar USD = micro

// full returns measures that earn the points in every area: 30, 40 or 20 and 20, 20, 10.
func full() Measures {
	m := Measures{EligibleCustomers: 10, ACR: 200 * dollar, ACRBaseline: 100 * dollar, ACRTTM: 2000 * dollar, CountedServices: 9, Skills: map[StepKey]int64{}}
	for _, area := range Areas() {
		for _, metric := range []Metric{IntermediateCertifications, AdvancedCertifications} {
			for step := 1; step <= 3; step++ {
				m.Skills[StepKey{area, metric, step}] = 10
			}
		}
	}
	for key := range m.Skills { // steps that the rulebook does not have
		if key.Area != DataAI && key.Step == 3 || key.Area == DataAI && key.Metric == AdvancedCertifications {
			delete(m.Skills, key)
		}
	}
	return m
}

func TestWorkedUsage(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	for _, c := range []struct {
		name    string
		metric  Metric
		change  func(*Measures)
		points  int64
		status  Status
		measure string // empty: null
	}{
		{"net 12 vs 10", NetCustomerAdds, func(m *Measures) { m.EligibleCustomers, m.EligibleCustomersBaseline = 12, 10 }, 20, Scored, "2"},
		{"net 25 vs 20", NetCustomerAdds, func(m *Measures) { m.EligibleCustomers, m.EligibleCustomersBaseline = 25, 20 }, 30, Scored, "5"},
		{"net 8 vs 11", NetCustomerAdds, func(m *Measures) { m.EligibleCustomers, m.EligibleCustomersBaseline = 8, 11 }, 0, Scored, "-3"},
		{"growth 112,900 / 100,000", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 112_900*dollar, 100_000*dollar }, 12, Scored, "12.9"},
		{"growth 135,000 / 100,000", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 135_000*dollar, 100_000*dollar }, 20, Scored, "35"},
		{"growth 88,000 / 100,000", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 88_000*dollar, 100_000*dollar }, 0, Scored, "-12"},
		{"growth base 0", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 88_000*dollar, 0 }, 0, NoBaseline, ""},
		{"growth base 0, below the gate", UsageGrowth, func(m *Measures) { m.ACRBaseline, m.ACRTTM = 0, 0 }, 0, NoBaseline, ""},
		{"growth base < 0, below the gate", UsageGrowth, func(m *Measures) { m.ACRBaseline, m.ACRTTM = -1, 0 }, 0, InvalidBaseline, ""},
		{"growth 150 / 100 with TTM 999.99", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline, m.ACRTTM = 150*dollar, 100*dollar, 999_990_000 }, 0, BelowACRGate, "50"},
		{"growth 150 / 100 with TTM 1,000.00", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline, m.ACRTTM = 150*dollar, 100*dollar, 1000*dollar }, 20, Scored, "50"},
		{"growth 100,900 / 100,000", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 100_900*dollar, 100_000*dollar }, 0, Scored, "0.9"},
		{"growth of a third", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 4*dollar, 3*dollar }, 20, Scored, "33.333333"},
		{"growth, half away from zero", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 200_000_001, 200_000_000 }, 0, Scored, "0.000001"},
		{"growth, a loss half away from zero", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = 199_999_999, 200_000_000 }, 0, Scored, "-0.000001"},
		{"growth beyond the column", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = maxFixed6, 1 }, 20, Scored, "999999999999.999999"},
		{"a loss beyond the column", UsageGrowth, func(m *Measures) { m.ACR, m.ACRBaseline = -maxFixed6, 1 }, 0, Scored, "-999999999999.999999"},
		{"deployments, two count", Deployments, func(m *Measures) { m.CountedServices = 2 }, 4, Scored, "2"},
		{"deployments, one counts", Deployments, func(m *Measures) { m.CountedServices = 1 }, 2, Scored, "1"},
		{"deployments, none", Deployments, func(m *Measures) { m.CountedServices = 0 }, 0, Scored, "0"},
		{"deployments, six", Deployments, func(m *Measures) { m.CountedServices = 6 }, 10, Scored, "6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := full()
			c.change(&m)
			for _, area := range Areas() {
				s := scoreOf(t, r, Enterprise, area, m)
				have := metricOf(s, c.metric)
				if !have.Points.Equal(NewPoints(c.points)) || have.Status != c.status || fixedText(have.Measure) != c.measure {
					t.Errorf("%s: %s points, %s, measure %q; want %d, %s, %q", area, have.Points, have.Status,
						fixedText(have.Measure), c.points, c.status, c.measure)
				}
				if blocks := slices.Contains(s.Blocking, c.metric); blocks != (c.points == 0) {
					t.Errorf("%s: %s points, blocking %v", area, have.Points, s.Blocking)
				}
			}
		})
	}
}

// fixedText writes a published number like an amount, empty for null.
func fixedText(f *Fixed6) string {
	if f == nil {
		return ""
	}
	return USD(*f).Plain()
}

func TestWorkedDesignation(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	for _, c := range []struct {
		name      string
		area      Area
		m         Measures
		total     int64
		qualifies bool
		blocking  []Metric
	}{
		{
			"30+12+4+14+10", Infrastructure,
			Measures{EligibleCustomers: 3, ACR: 114 * dollar, ACRBaseline: 100 * dollar, ACRTTM: 1000 * dollar, CountedServices: 5,
				Skills: people(Infrastructure, []int64{2, 3}, []int64{2, 1})},
			70, true, nil,
		},
		{
			"30+20+0+20+10", Infrastructure,
			Measures{EligibleCustomers: 3, ACR: 120 * dollar, ACRBaseline: 100 * dollar, ACRTTM: 1000 * dollar, CountedServices: 5,
				Skills: people(Infrastructure, []int64{2, 5}, []int64{1, 5})},
			80, false, []Metric{AdvancedCertifications},
		},
		{
			"30+24+6+10", DataAI,
			Measures{EligibleCustomers: 3, ACR: 106 * dollar, ACRBaseline: 100 * dollar, ACRTTM: 1000 * dollar, CountedServices: 5,
				Skills: people(DataAI, []int64{2, 2, 6}, nil)},
			70, true, nil,
		},
		{
			"one point short", DataAI,
			Measures{EligibleCustomers: 3, ACR: 105_999_999, ACRBaseline: 100 * dollar, ACRTTM: 1000 * dollar, CountedServices: 5,
				Skills: people(DataAI, []int64{2, 2, 6}, nil)},
			69, false, nil,
		},
		{"nothing", Infrastructure, Measures{}, 0, false, Metrics()},
		{
			"nothing", DataAI, Measures{}, 0, false,
			[]Metric{NetCustomerAdds, IntermediateCertifications, UsageGrowth, Deployments},
		},
	} {
		t.Run(c.name+" "+string(c.area), func(t *testing.T) {
			s := scoreOf(t, r, Enterprise, c.area, c.m)
			if !s.Total.Equal(NewPoints(c.total)) || s.Qualifies != c.qualifies || !slices.Equal(s.Blocking, c.blocking) {
				t.Errorf("%s points, qualifies %v, blocking %v; want %d, %v, %v", s.Total, s.Qualifies, s.Blocking, c.total, c.qualifies, c.blocking)
			}
			if want := NewPoints(max(0, 70-c.total)); !s.PointsToDesignation.Equal(want) {
				t.Errorf("%s points to the designation, want %s", s.PointsToDesignation, want)
			}
		})
	}
}

// people returns the counts of both certifications metrics of an area, by step.
func people(area Area, intermediate, advanced []int64) map[StepKey]int64 {
	counts := withPeople(area, IntermediateCertifications, intermediate...).Skills
	for i, n := range advanced {
		counts[StepKey{area, AdvancedCertifications, i + 1}] = n
	}
	return counts
}

func TestScoreHasTheShapeOfTheTables(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	scores, err := r.Score(Enterprise, full())
	if err != nil {
		t.Fatal(err)
	}
	var areas []Area
	for _, s := range scores {
		areas = append(areas, s.Area)
		var metrics []Metric
		for _, m := range s.Metrics {
			metrics = append(metrics, m.Metric)
		}
		if diff := cmp.Diff(Metrics(), metrics); diff != "" {
			t.Errorf("%s: metrics %s", s.Area, diff)
		}
		if !s.Total.Equal(NewPoints(100)) || !s.Qualifies || s.PointsToDesignation.Sign() != 0 || s.Track != Enterprise {
			t.Errorf("%s: %+v, want all points", s.Area, s)
		}
	}
	if diff := cmp.Diff(Areas(), areas); diff != "" {
		t.Errorf("areas %s", diff)
	}
	missing := metricOf(scores[0], AdvancedCertifications)
	want := MetricScore{
		Metric: AdvancedCertifications, Status: NotApplicable, Reason: Say("%s has no %s metric.", "Data & AI", Say("advanced certifications")),
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("a metric that does not apply: %s", diff)
	}
}

func TestAbsentInputs(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	for _, c := range []struct {
		name                       string
		absent                     Absent
		metric                     Metric
		status                     Status
		current, baseline, measure string
	}{
		{"M-1, net adds", Absent{CurrentPair: true}, NetCustomerAdds, NoData, "", "0", ""},
		{"M-13, net adds", Absent{BaselinePair: true}, NetCustomerAdds, NoData, "10", "", ""},
		{"M-12, growth", Absent{BaselinePair: true, GrowthBaseline: true}, UsageGrowth, NoData, "200", "", ""},
		{"M-13, growth", Absent{BaselinePair: true}, UsageGrowth, Scored, "200", "100", "100"},
		{"certifications", Absent{Certifications: true}, IntermediateCertifications, NoData, "", "", ""},
		{"certifications", Absent{Certifications: true}, AdvancedCertifications, NoData, "", "", ""},
		{"everything, deployments", Absent{true, true, true, true}, Deployments, Scored, "", "", "9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := full()
			m.Absent = c.absent
			s := scoreOf(t, r, Enterprise, Infrastructure, m)
			have := metricOf(s, c.metric)
			got := []string{string(have.Status), fixedText(have.Current), fixedText(have.Baseline), fixedText(have.Measure)}
			if want := []string{string(c.status), c.current, c.baseline, c.measure}; !slices.Equal(got, want) {
				t.Errorf("status, current, baseline, measure: %q, want %q", got, want)
			}
			if c.status == NoData && (have.Points.Sign() != 0 || have.Max == nil || s.Qualifies) {
				t.Errorf("no data earns %s of %v points, qualifies %v", have.Points, have.Max, s.Qualifies)
			}
		})
	}
}

func TestGrowthRounding(t *testing.T) {
	for rounding, want := range map[string]string{RoundFloor: "12", RoundOneDecimal: "12.9", RoundExact: "12.98", RoundNearest: "13", RoundUp: "13"} {
		m := full()
		m.ACR, m.ACRBaseline = 112_987_654, 100*dollar
		s := scoreOf(t, embedded(t, "azure-2023-06").RoundingGrowth(rounding), Enterprise, DataAI, m)
		if have := metricOf(s, UsageGrowth).Points.String(); have != want {
			t.Errorf("%s: %s points, want %s", rounding, have, want)
		}
	}
}

// TestGrowthRoundsAtTheEdges: half a percent is nearest to the next one, and any part of a percent is begun.
func TestGrowthRoundsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		acr         USD
		nearest, up string
	}{{112_499_999, "12", "13"}, {112_500_000, "13", "13"}, {112_000_000, "12", "12"}, {112_000_001, "12", "13"}, {99_000_000, "0", "0"}, {300_000_000, "20", "20"}} {
		for rounding, want := range map[string]string{RoundNearest: c.nearest, RoundUp: c.up} {
			m := full()
			m.ACR, m.ACRBaseline = c.acr, 100*dollar
			s := scoreOf(t, embedded(t, "azure-2023-06").RoundingGrowth(rounding), Enterprise, DataAI, m)
			if have := metricOf(s, UsageGrowth).Points.String(); have != want {
				t.Errorf("%s, %s: %s points, want %s", c.acr, rounding, have, want)
			}
		}
	}
}

// TestPublishedColumnsAddUp has a total that rounds up to the designation and must not.
func TestPublishedColumnsAddUp(t *testing.T) {
	r := *embedded(t, "azure-2023-06")
	r.GrowthRounding = RoundExact
	m := Measures{EligibleCustomers: 3, ACR: 105_999_999, ACRBaseline: 100 * dollar, ACRTTM: 1000 * dollar, CountedServices: 5,
		Skills: people(DataAI, []int64{2, 2, 6}, nil)}
	s := scoreOf(t, &r, Enterprise, DataAI, m)
	if s.Qualifies || s.Total.String() != "69.99" || s.PointsToDesignation.String() != "0.01" {
		t.Errorf("total %s, qualifies %v, %s to go; want 69.99, false, 0.01", s.Total, s.Qualifies, s.PointsToDesignation)
	}
}

func TestRoundingSensitive(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Measures)
		want   bool
	}{
		{"0.9 %, the rest qualifies", func(*Measures) {}, true},
		{"0.000001 %", func(m *Measures) { m.ACR, m.ACRBaseline = 100_000_001*dollar, 100_000_000*dollar }, true},
		{"1 %", func(m *Measures) { m.ACR = 101 * dollar }, false},
		{"0 %", func(m *Measures) { m.ACR = 100 * dollar }, false},
		{"a loss", func(m *Measures) { m.ACR = 99_500_000 }, false},
		{"another metric blocks", func(m *Measures) { m.CountedServices = 0 }, false},
		{"below the gate", func(m *Measures) { m.ACRTTM = 0 }, false},
		{"no baseline", func(m *Measures) { m.ACRBaseline = 0 }, false},
		{"baseline missing", func(m *Measures) { m.Absent.GrowthBaseline = true }, false},
		{"too few points", func(m *Measures) { m.EligibleCustomers, m.CountedServices = 1, 1 }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, rounding := range []string{RoundFloor, RoundOneDecimal, RoundExact} {
				r := *embedded(t, "azure-2023-06")
				r.GrowthRounding = rounding
				m := full()
				m.ACR, m.ACRBaseline = 100_900_000, 100*dollar
				c.change(&m)
				if have := scoreOf(t, &r, Enterprise, Infrastructure, m).RoundingSensitive; have != c.want {
					t.Errorf("%s: rounding sensitive %v, want %v", rounding, have, c.want)
				}
			}
		})
	}
}

func TestScoreRefuses(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	for _, c := range []struct {
		track string
		m     Measures
		want  string
	}{
		{"smb", Measures{}, `no track "smb"`},
		{Enterprise, Measures{EligibleCustomers: -1}, "eligible customers: want a count, have -1"},
		{Enterprise, Measures{CountedServices: math.MinInt64}, "counted services: want a count"},
		{Enterprise, withPeople(DataAI, IntermediateCertifications, 1, 1, 1, 1), "there is no step 4"},
		{Enterprise, withPeople(DataAI, AdvancedCertifications, 1), "there is no step 1"},
		{Enterprise, withPeople(DataAI, IntermediateCertifications, -1), "step 1: want a count, have -1"},
	} {
		_, err := r.Score(c.track, c.m)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}
