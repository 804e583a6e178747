package answers

import (
	"slices"
	"strings"
	"testing"

	"partnerscore/scoring"
)

// TestPathEndsAtTheDesignation: for every partner of every sample month, each way leads to the designation when it is scored as a change,
// and to no other points than it says.
func TestPathEndsAtTheDesignation(t *testing.T) {
	r := samples(t)
	ways := 0
	everyPartner(t, r, func(t *testing.T, p *Partner) {
		x, err := r.Path(t.Context(), p.ScoreMonth, p.ID, "", DefaultPathCosts(), 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range x.Areas {
			if a.Qualifies != (a.Cushion != nil) || a.Qualifies == (len(a.Ways)+len(a.Obstacles) > 0) {
				t.Errorf("%s %s %s: %+v", p.ScoreMonth, p.ID, a.Area, a)
			}
			if p.ScoreMonth != june { // one month by the longer way
				continue
			}
			for _, w := range a.Ways {
				ways++
				checkWay(t, p, a, w)
			}
		}
	})
	if ways == 0 {
		t.Error("no ways")
	}
}

// checkWay scores a way by the measures.
func checkWay(t *testing.T, p *Partner, a PathArea, w PathWay) {
	t.Helper()
	m := p.Measures()
	m.EligibleCustomers += w.Customers
	m.ACR, m.ACRTTM = m.ACR+scoring.USD(w.ACR), m.ACRTTM+scoring.USD(w.ACR)
	m.CountedServices += w.Services
	for _, s := range w.People {
		m.Skills[scoring.StepKey{Area: s.Area, Metric: s.Metric, Step: s.Step}] += s.People
	}
	scores, err := p.Rules.Score(p.Track.ID, m)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(scores, func(s scoring.Score) bool { return s.Area == a.Area })
	if !scores[i].Qualifies || scores[i].Total.Hundredths() != int64(w.Total) {
		t.Errorf("%s %s: %s points, qualifies %v; the way says %s", p.ID, a.Area, scores[i].Total, scores[i].Qualifies, w.Total)
	}
}

// TestPathOfStories looks at what the samples tell.
func TestPathOfStories(t *testing.T) {
	r := samples(t)
	x, err := r.Path(t.Context(), june, "1020000", scoring.Infrastructure, DefaultPathCosts(), 1)
	if err != nil {
		t.Fatal(err)
	}
	a := x.Areas[0]
	// One architect more, who opens the gate for the two people with electives: 68 + 8.
	if len(a.Ways) != 1 || len(a.Ways[0].People) != 1 || a.Ways[0].Customers+a.Ways[0].Services+int64(a.Ways[0].ACR) != 0 || a.Ways[0].Total != 7600 {
		t.Errorf("ways %+v", a.Ways)
	}
	if step := a.Ways[0].People[0]; !step.Gate || step.People != 1 || step.Metric != scoring.AdvancedCertifications {
		t.Errorf("step %+v", step)
	}
	// The one whose certification is inactive is nearest.
	if len(a.People) != 1 || a.People[0].Certifications[0] != "Azure Solutions Architect Expert" || a.People[0].People[0].Reason != "inactive" {
		t.Errorf("people %+v", a.People)
	}
	if len(x.Customers) == 0 || x.Customers[0].Shortfall != 10_000 {
		t.Errorf("nearest customers %+v", x.Customers)
	}
	if len(x.Services) != shownCandidates {
		t.Errorf("other services %+v", x.Services)
	}
	p, err := r.Partner(t.Context(), june, "1020000")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range x.Services {
		if slices.ContainsFunc(p.Services, func(o Service) bool { return o.Counted && strings.EqualFold(o.Name, s.Service) }) {
			t.Errorf("%s counts already", s.Service)
		}
	}
	if x, err = r.Path(t.Context(), june, "1040000", "", DefaultPathCosts(), 3); err != nil {
		t.Fatal(err)
	}
	for _, a := range x.Areas {
		if len(a.Ways) != 0 || len(a.Obstacles) != 1 || !strings.Contains(a.Obstacles[0], "nothing to measure growth against") {
			t.Errorf("Dunmore: %+v", a.Obstacles)
		}
	}
}
