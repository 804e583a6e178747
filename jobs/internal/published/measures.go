package published

import (
	"fmt"

	"partnerscore/scoring"
)

// Measures computes from the published customers, services and holdings of the partner what the rules of the month score. Each call makes new
// ones, so that a caller may change them and score again.
func (p *Partner) Measures() scoring.Measures {
	m := scoring.Measures{Skills: map[scoring.StepKey]int64{}, Absent: p.Absent()}
	for _, c := range p.Customers {
		if c.Eligible {
			m.EligibleCustomers++
		}
		if c.EligibleBaseline {
			m.EligibleCustomersBaseline++
		}
		m.ACR += c.Current
		m.ACRBaseline += c.Baseline
		m.ACRTTM += c.TTM
	}
	for _, s := range p.Services {
		if s.Counted {
			m.CountedServices++
		}
	}
	for key, people := range p.People() {
		m.Skills[key] = int64(len(people))
	}
	return m
}

// People returns the people who satisfy each step, by pseudonym in byte order.
func (p *Partner) People() map[scoring.StepKey][]string {
	all := map[scoring.StepKey][]string{}
	for _, h := range p.Holdings { // sorted by step and person
		people := all[h.StepKey]
		if h.Counted && (len(people) == 0 || people[len(people)-1] != h.Person) {
			all[h.StepKey] = append(people, h.Person)
		}
	}
	return all
}

// Absent says which inputs were missing when the month was scored: those for which the metrics have no values.
func (p *Partner) Absent() (a scoring.Absent) {
	for _, s := range p.Scores {
		for _, m := range s.Metrics {
			if m.Status != scoring.NoData {
				continue
			}
			switch m.Metric {
			case scoring.NetCustomerAdds:
				a.CurrentPair, a.BaselinePair = m.Current == nil, m.Baseline == nil
			case scoring.UsageGrowth:
				a.GrowthBaseline = true
			case scoring.IntermediateCertifications, scoring.AdvancedCertifications:
				a.Certifications = true
			case scoring.Deployments: // always has data
			}
		}
	}
	return a
}

// Reconcile scores the partner again from its rows and compares every value with what was published. The error is a
// *DamagedError.
func (p *Partner) Reconcile() error {
	what := p.rowsDisagree()
	if what == "" {
		what = p.scoresDisagree()
	}
	if what == "" {
		return nil
	}
	return &DamagedError{Month: p.ScoreMonth,
		Err: fmt.Errorf("the published tables contradict each other: partner %s: %s", p.ID, what)}
}

// rowsDisagree says which row does not follow from its own amounts.
func (p *Partner) rowsDisagree() string {
	threshold := p.Track.EligibleCustomerUSD
	for _, c := range p.Customers {
		if c.Eligible != (c.Best() >= threshold) || c.EligibleBaseline != (c.BestBaseline() >= threshold) {
			return "the amounts of a customer do not give its eligibility" // messages name no tenant
		}
	}
	for _, s := range p.Services {
		if s.Counted != (s.Reason == ServiceCounted) || s.Counted && s.TTM <= 0 {
			return fmt.Sprintf("the amount of service %s does not give whether it counts", s.Name)
		}
	}
	return ""
}

func (p *Partner) scoresDisagree() string {
	again, err := p.Rules.Score(p.Track.ID, p.Measures())
	if err != nil {
		return err.Error()
	}
	if len(again) != len(p.Scores) {
		return fmt.Sprintf("%d areas, the rules have %d", len(p.Scores), len(again))
	}
	for i, s := range p.Scores {
		a := NewScore(again[i])
		if s.Area != a.Area || len(s.Metrics) != len(a.Metrics) {
			return fmt.Sprintf("area %s has %d metrics, the rules have %d", s.Area, len(s.Metrics), len(a.Metrics))
		}
		if s.Total != a.Total || s.Qualifies != a.Qualifies || s.RoundingSensitive != a.RoundingSensitive {
			return fmt.Sprintf("%s has %s points, its customers, services and certifications give %s", s.Area, s.Total, again[i].Total)
		}
		for j, m := range s.Metrics {
			if !m.same(a.Metrics[j]) {
				return fmt.Sprintf("%s of %s is not what its customers, services and certifications give", m.Metric, s.Area)
			}
		}
	}
	return ""
}

// same reports whether two metrics are the same but for the sentence about them.
func (m MetricScore) same(n MetricScore) bool {
	return m.Metric == n.Metric && m.Applicable == n.Applicable && m.Status == n.Status && equal(m.Current, n.Current) &&
		equal(m.Baseline, n.Baseline) && equal(m.Measure, n.Measure) && equal(m.Points, n.Points) && equal(m.Max, n.Max)
}

// equal reports whether two values are the same, or both unknown.
func equal[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
