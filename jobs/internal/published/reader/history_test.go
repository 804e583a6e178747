package reader_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/scoring"
)

// What the trend says of a month is what the month says of itself, and there is one entry a month and area.
func TestTrend(t *testing.T) {
	r := samples.Open(t)
	for _, id := range []string{"1020000", "1040000", "1070000"} {
		last, err := r.Partner(t.Context(), publishedtest.Last, id)
		if err != nil {
			t.Fatal(err)
		}
		trend, err := r.Trend(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		months := map[scoring.Month]int{}
		for _, s := range trend {
			months[s.Month]++
			p, err := r.Partner(t.Context(), s.Month, id)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(*p.Score(s.Area), s.Score); diff != "" {
				t.Errorf("%s %s %s (-month +trend):\n%s", id, s.Month, s.Area, diff)
			}
		}
		for m, n := range months {
			if n != len(scoring.Areas()) {
				t.Errorf("%s %s: %d entries", id, m, n)
			}
		}
		if !slices.ContainsFunc(trend, func(s published.MonthScore) bool { return s.Month == publishedtest.Last }) {
			t.Errorf("%s: the last month is missing", id)
		}
	}
}

// The trend ends with the month that was asked for, whatever was published later.
func TestTrendEnds(t *testing.T) {
	r := samples.Open(t)
	p, err := r.Partner(t.Context(), publishedtest.June, "1020000")
	if err != nil {
		t.Fatal(err)
	}
	trend, err := r.Trend(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if last := trend[len(trend)-1].Month; last != publishedtest.June {
		t.Errorf("it ends with %s", last)
	}
}
