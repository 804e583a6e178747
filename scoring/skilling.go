package scoring

// certifications scores a certifications metric of an area: gates, which may earn points by themselves, then electives,
// which earn points only when every gate is met.
func (r *Rulebook) certifications(t Track, area AreaRules, metric Metric, m Measures) MetricScore {
	s := MetricScore{Metric: metric}
	skilling := area.skilling(metric)
	if skilling == nil {
		s.Status = NotApplicable
		s.Reason = area.Name + " has no " + metric.name() + " metric."
		return s
	}
	s.Applicable = true
	if m.Absent.Certifications {
		return s.withPoints(Points{}, skilling.Max, NoData, "the export of certifications is missing, so nobody could be counted")
	}
	steps := peopleOf(area.Area, metric, skilling, m)
	s.Measure = fixedCount(steps.electives)
	points := r.skillingPoints(t, skilling, steps)
	if steps.met(t.GatePeople) < int64(len(steps.gates)) {
		return s.withPoints(points, skilling.Max, GateUnmet, gateReason(t, skilling, steps))
	}
	return s.withPoints(points, skilling.Max, Scored, r.electivesReason(t, skilling, steps))
}

// skillingPoints returns what people earn: gates that are met, and the last step once all of them are.
func (r *Rulebook) skillingPoints(t Track, s *Skilling, p headcount) Points {
	met := p.met(t.GatePeople)
	points := perUnit(met, t.GatePoints, s.Max)
	if met < int64(len(p.gates)) {
		return points
	}
	return points.Add(perUnit(p.electives, r.PointsPerPerson, s.Max)).clamped(s.Max)
}

// headcount counts who satisfies the steps of a metric.
type headcount struct {
	gates     []int64
	electives int64
}

// peopleOf picks the counts of a metric.
func peopleOf(area Area, metric Metric, skilling *Skilling, m Measures) headcount {
	var p headcount
	for i := range skilling.Gates {
		p.gates = append(p.gates, m.Skills[StepKey{area, metric, i + 1}])
	}
	p.electives = m.Skills[StepKey{area, metric, skilling.lastStep()}]
	return p
}

// met counts the gates with enough people.
func (p headcount) met(needed int64) int64 {
	var n int64
	for _, have := range p.gates {
		if have >= needed {
			n++
		}
	}
	return n
}
