package answers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// TestPathEndsAtTheDesignation: for every partner of every sample month, each way leads to the designation when it is scored as a change,
// and to no other points than it says.
func TestPathEndsAtTheDesignation(t *testing.T) {
	ways := 0
	samples.EveryPartner(t, func(p *published.Partner) {
		x, err := PathOf(p, "", DefaultPathCosts(), 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range x.Areas {
			if a.Qualifies != (a.Margin != nil) || a.Qualifies == (len(a.Ways)+len(a.Obstacles) > 0) {
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

// TestPathNamesNothingRetired: AZ-600 was retired on 2023-07-31 and counts for a year more.
func TestPathNamesNothingRetired(t *testing.T) {
	r := samples.Open(t)
	months := []scoring.Month{june}
	if before := scoring.NewMonth(2023, time.June); publishedtest.First() <= before {
		months = append(months, before, before+1)
	}
	for _, m := range months {
		named := false
		for _, id := range []string{"1020000", "1030000"} {
			x, err := FindPath(t.Context(), r, m, id, scoring.Infrastructure, DefaultPathCosts(), 5)
			if err != nil {
				t.Fatal(err)
			}
			for _, near := range x.Areas[0].People {
				named = named || slices.Contains(near.Certifications, "Azure Stack Hub Operator Associate")
				for _, n := range near.People {
					if n.Reason != "" && !slices.Contains(near.Certifications, n.Certification) {
						t.Errorf("%s %s: %+v lacks none of %v", m, id, n, near.Certifications)
					}
				}
			}
		}
		if named != (m.Last().Before(time.Date(2023, time.July, 31, 0, 0, 0, 0, time.UTC))) {
			t.Errorf("%s: AZ-600 is named: %v", m, named)
		}
	}
}

// checkWay scores a way by the measures.
func checkWay(t *testing.T, p *published.Partner, a PathArea, w PathWay) {
	t.Helper()
	m := p.Measures()
	m.EligibleCustomers += w.Customers
	acr := w.ACR + scoring.USD(w.Customers)*p.Track.EligibleCustomerUSD
	m.ACR, m.ACRTTM = m.ACR+acr, m.ACRTTM+acr
	m.CountedServices += w.Services
	for _, s := range w.People {
		m.Skills[s.StepKey] += s.People
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

// TestWaysHoldInWhatIf plays ways of all sample partners through what if: each qualifies, and does not with any of its actions done by less.
func TestWaysHoldInWhatIf(t *testing.T) {
	r := samples.Open(t)
	customers := 0
	for _, p := range samplesWithWays(t) {
		x, err := PathOf(p, "", DefaultPathCosts(), 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range x.Areas {
			for _, w := range a.Ways {
				customers += int(w.Customers)
				if !qualifiesBy(t, r, p, a.Area, w) {
					t.Errorf("%s %s %s: %+v does not qualify", p.ScoreMonth, p.ID, a.Area, w)
				}
				for what, less := range lowered(w) {
					if qualifiesBy(t, r, p, a.Area, less) {
						t.Errorf("%s %s %s: %+v qualifies with less %s", p.ScoreMonth, p.ID, a.Area, w, what)
					}
				}
			}
		}
	}
	if customers == 0 {
		t.Error("no way takes a customer")
	}
}

// samplesWithWays are the partners of two sample months: of june, and of october, in which one has no twelve months' gate yet.
func samplesWithWays(t *testing.T) (all []*published.Partner) {
	samples.EveryPartner(t, func(p *published.Partner) {
		if p.ScoreMonth == june || p.ScoreMonth == publishedtest.Last {
			all = append(all, p)
		}
	})
	return all
}

// lowered has a way with each of its actions done by one less, an amount by a millionth.
func lowered(w PathWay) map[string]PathWay {
	all := map[string]PathWay{}
	if less := w; w.Customers > 0 {
		less.Customers--
		all["customers"] = less
	}
	if less := w; w.ACR > 0 {
		less.ACR--
		all["ACR"] = less
	}
	if less := w; w.Services > 0 {
		less.Services--
		all["services"] = less
	}
	for i, s := range w.People {
		less := w
		less.People = slices.Clone(w.People)
		less.People[i].People--
		all[fmt.Sprint("people on ", s.StepKey)] = less
	}
	return all
}

// qualifiesBy asks what if the actions of a way were done.
func qualifiesBy(t *testing.T, r published.Reader, p *published.Partner, area scoring.Area, w PathWay) bool {
	t.Helper()
	ch := scenario.Changes{Force: true} // its services have invented names
	if w.Customers > 0 {
		ch.Customers = []scenario.CustomersChange{{Number: w.Customers}}
	}
	if w.ACR > 0 {
		ch.ACR = []scenario.ACRChange{{Value: w.ACR}}
	}
	for i := range w.Services {
		ch.AddedServices = append(ch.AddedServices, scenario.ServiceChange{Name: fmt.Sprint("New Service ", i)})
	}
	for _, s := range w.People {
		for _, c := range p.Rules.StepCertifications(p.Track.ID) {
			if s.People > 0 && (c.StepKey) == s.StepKey && published.Lists(c.Until, p.SkillsAsOf()) {
				ch.Certified = append(ch.Certified, scenario.CertificationChange{Certification: c.Title, People: s.People})
				break
			}
		}
	}
	x, err := SupposeOf(t.Context(), r, p, area, ch)
	if err != nil {
		t.Fatal(err)
	}
	return x.Areas[0].Qualifies.After
}

// TestPathOfStories looks at what the samples tell.
func TestPathOfStories(t *testing.T) {
	r := samples.Open(t)
	x, err := FindPath(t.Context(), r, june, "1020000", scoring.Infrastructure, DefaultPathCosts(), 1)
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
	if len(x.Services) != ShownCandidates {
		t.Errorf("other services %+v", x.Services)
	}
	p, err := r.Partner(t.Context(), june, "1020000")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range x.Services {
		if slices.ContainsFunc(p.Services, func(o published.Service) bool { return o.Counted && strings.EqualFold(o.Name, s.Service) }) {
			t.Errorf("%s counts already", s.Service)
		}
	}
	if x, err = FindPath(t.Context(), r, june, "1040000", "", DefaultPathCosts(), 3); err != nil {
		t.Fatal(err)
	}
	for _, a := range x.Areas {
		if len(a.Ways) != 0 || len(a.Obstacles) != 1 || !strings.Contains(a.Obstacles[0].String(), "nothing to measure growth against") {
			t.Errorf("Dunmore: %+v", a.Obstacles)
		}
	}
}
