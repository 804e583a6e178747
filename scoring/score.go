// Package scoring turns what was measured about a partner into the points of Microsoft's partner capability score.
//
// It computes on integers and exact ratios only, and reads no clock and no file. Package rulebook makes the rules.
package scoring

import "fmt"

// Measures are what was counted and summed for one partner and one score month M.
type Measures struct {
	EligibleCustomers         int64 // of {M-1, M}
	EligibleCustomersBaseline int64 // of {M-13, M-12}

	ACR         USD // of M
	ACRBaseline USD // of M-12
	ACRTTM      USD // of M-11..M

	CountedServices int64 // of M-11..M

	// Skills counts the distinct people who satisfy a step; a step without an entry has nobody.
	Skills map[StepKey]int64

	Absent Absent
}

// Absent says which inputs were missing, where that was allowed. What depends on them has no data.
type Absent struct {
	CurrentPair    bool // M-1 or M: eligible customers are unknown
	BaselinePair   bool // M-13 or M-12: eligible customers of the baseline are unknown
	GrowthBaseline bool // M-12: the ACR of the baseline is unknown
	Certifications bool
}

// Score is the score of a partner in one area.
type Score struct {
	Area      Area
	Track     string
	Total     Points
	Qualifies bool
	// PointsToDesignation is the points missing to the designation, from the published total, so that published columns add up.
	PointsToDesignation Points
	Blocking            []Metric // those worth 0
	RoundingSensitive   bool     // floor and exact growth disagree on Qualifies
	Metrics             []MetricScore
}

// MetricScore is one metric of a score. What is nil is published as null.
type MetricScore struct {
	Metric     Metric
	Applicable bool
	Current    *Fixed6 // eligible customers; ACR
	Baseline   *Fixed6
	Measure    *Fixed6 // net adds; people who satisfy the last step; growth in percent; counted services
	Points     *Points
	Max        *Points
	Status     Status
	Reason     Phrase
}

// Score returns the scores of a partner on a track, one per area in the programme's order.
func (r *Rulebook) Score(track string, m Measures) ([]Score, error) {
	t, ok := r.TrackOf(track)
	if !ok {
		return nil, fmt.Errorf("score with rulebook %s: it has no track %q", r.ID, track)
	}
	if err := m.validate(r); err != nil {
		return nil, fmt.Errorf("score with rulebook %s: %w", r.ID, err)
	}
	shared := map[Metric]MetricScore{
		NetCustomerAdds: r.netCustomerAdds(t, m),
		UsageGrowth:     r.usageGrowth(m),
		Deployments:     r.deployments(m),
	}
	var scores []Score
	for _, area := range r.Areas {
		s := Score{Area: area.Area, Track: t.ID}
		for _, metric := range Metrics() {
			measured, ok := shared[metric]
			if !ok {
				measured = certifications(r, t, area, metric, m)
			}
			s.Metrics = append(s.Metrics, measured)
		}
		s.summarize(r, m)
		scores = append(scores, s)
	}
	return scores, nil
}

// validate refuses measures that no data can have.
func (m Measures) validate(r *Rulebook) error {
	counts := []struct {
		what string
		n    int64
	}{
		{"eligible customers", m.EligibleCustomers},
		{"eligible customers of the baseline", m.EligibleCustomersBaseline},
		{"counted services", m.CountedServices},
	}
	for _, c := range counts {
		if c.n < 0 {
			return fmt.Errorf("%s: want a count, have %d", c.what, c.n)
		}
	}
	for key, n := range m.Skills {
		skilling := r.Skilling(key.Area, key.Metric)
		if skilling == nil || key.Step < 1 || key.Step > skilling.lastStep() {
			return fmt.Errorf("people of %s, %s: there is no step %d", key.Area, key.Metric, key.Step)
		}
		if n < 0 {
			return fmt.Errorf("people of %s, %s, step %d: want a count, have %d", key.Area, key.Metric, key.Step, n)
		}
	}
	return nil
}

// summarize fills in what follows from the metrics.
func (s *Score) summarize(r *Rulebook, m Measures) {
	needed := NewPoints(r.DesignationPoints)
	var others Points // the total without usage growth
	othersBlock := false
	for _, metric := range s.Metrics {
		if !metric.Applicable {
			continue
		}
		s.Total = s.Total.Add(*metric.Points)
		if metric.Points.Sign() <= 0 {
			s.Blocking = append(s.Blocking, metric.Metric)
		}
		if metric.Metric != UsageGrowth {
			others = others.Add(*metric.Points)
			othersBlock = othersBlock || metric.Points.Sign() <= 0
		}
	}
	qualifies := func(growth Points) bool {
		return !othersBlock && growth.Sign() > 0 && others.Add(growth).Cmp(needed) >= 0
	}
	s.Qualifies = len(s.Blocking) == 0 && s.Total.Cmp(needed) >= 0
	if _, status := r.growthStatus(m); status == Scored {
		floor, exact := r.growthPoints(m, RoundFloor), r.growthPoints(m, RoundExact)
		s.RoundingSensitive = qualifies(floor) != qualifies(exact)
	}
	if published := s.Total.Hundredths(); published < r.DesignationPoints*100 {
		s.PointsToDesignation = hundredths(r.DesignationPoints*100 - published)
	}
}

// netCustomerAdds scores the customers that came and went within a year.
func (r CustomerRules) netCustomerAdds(t Track, m Measures) MetricScore {
	s := MetricScore{Metric: NetCustomerAdds, Applicable: true}
	if !m.Absent.CurrentPair {
		s.Current = fixedCount(m.EligibleCustomers)
	}
	if !m.Absent.BaselinePair {
		s.Baseline = fixedCount(m.EligibleCustomersBaseline)
	}
	if m.Absent.CurrentPair || m.Absent.BaselinePair {
		return s.withPoints(Points{}, r.MaxNetCustomerAdds, NoData,
			Say("the usage of a month that is compared, this one and the one before or the same two a year ago, is missing"))
	}
	net := m.EligibleCustomers - m.EligibleCustomersBaseline
	s.Measure = fixedCount(net)
	points := perUnit(net, r.PointsPerCustomer, r.MaxNetCustomerAdds)
	return s.withPoints(points, r.MaxNetCustomerAdds, Scored, r.netAddsReason(t, m, net))
}

// deployments scores the services that customers use.
func (r DeploymentRules) deployments(m Measures) MetricScore {
	s := MetricScore{Metric: Deployments, Applicable: true, Measure: fixedCount(m.CountedServices)}
	points := perUnit(m.CountedServices, r.PointsPerService, r.MaxDeployments)
	return s.withPoints(points, r.MaxDeployments, Scored, r.deploymentsReason(m.CountedServices))
}

// withPoints returns the metric with its points; the reason starts with them.
func (s MetricScore) withPoints(points Points, limit int64, status Status, why Phrase) MetricScore {
	s.Points, s.Max, s.Status = &points, new(NewPoints(limit)), status
	s.Reason = Say("%s of %s points: %s.", points, *s.Max, why)
	return s
}
