package scoring

import "time"

// certifications scores a certifications metric of an area: gates, which may earn points by themselves, then electives,
// which earn points only when every gate is met.
func certifications(r *Rulebook, t Track, area AreaRules, metric Metric, m Measures) MetricScore {
	s := MetricScore{Metric: metric}
	skilling := area.skilling(metric)
	if skilling == nil {
		s.Status = NotApplicable
		s.Reason = Say("%s has no %s metric.", area.Name, metric.Name())
		return s
	}
	s.Applicable = true
	if m.Absent.Certifications {
		return s.withPoints(Points{}, skilling.Max, NoData, Say("the export of certifications is missing, so nobody could be counted"))
	}
	steps := peopleOf(area.Area, metric, skilling, m)
	s.Measure = fixedCount(steps.electives)
	rules := trackSkilling{skilling, t, r.PointsPerPerson}
	points := rules.points(steps)
	if steps.met(t.GatePeople) < int64(len(steps.gates)) {
		return s.withPoints(points, skilling.Max, GateUnmet, rules.gateReason(steps))
	}
	return s.withPoints(points, skilling.Max, Scored, rules.electivesReason(steps))
}

// trackSkilling is a certifications metric on a track.
type trackSkilling struct {
	*Skilling
	Track
	pointsPerPerson int64
}

// points returns what people earn: gates that are met, and the last step once all of them are.
func (s trackSkilling) points(p headcount) Points {
	met := p.met(s.GatePeople)
	points := perUnit(met, s.GatePoints, s.Max)
	if met < int64(len(p.gates)) {
		return points
	}
	return points.Add(perUnit(p.electives, s.pointsPerPerson, s.Max)).clamped(s.Max)
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

// StepKey names a step of a certifications metric of an area. Steps count from 1; the last one is the electives.
type StepKey struct {
	Area   Area   `json:"solution_area"`
	Metric Metric `json:"metric"`
	Step   int    `json:"step"` // from 1
}

// StepCertification is one certification that a step asks for.
type StepCertification struct {
	StepKey
	Gate   bool // a gate, or else the last step
	Title  string
	Labels []string   // all that names the certification as a whole text: title and codes
	Until  *time.Time // the last day on which the list contains it; nil: no end
}

// StepCertifications returns what every step of every metric asks for on a track, in the order of areas, metrics, steps
// and lists; nothing for a track that the rulebook does not have.
func (r *Rulebook) StepCertifications(track string) []StepCertification {
	if _, ok := r.TrackOf(track); !ok {
		return nil
	}
	var all []StepCertification
	for _, area := range r.Areas {
		for _, metric := range Metrics() {
			skilling := area.skilling(metric)
			for i, step := range skilling.Steps() {
				for _, c := range step {
					all = append(all, StepCertification{StepKey: StepKey{area.Area, metric, i + 1}, Gate: i < len(skilling.Gates),
						Title: c.Title, Labels: c.Labels(), Until: c.Until})
				}
			}
		}
	}
	return all
}

// AreaName returns the name of an area for people.
func (r *Rulebook) AreaName(a Area) string {
	for _, rules := range r.Areas {
		if rules.Area == a {
			return rules.Name
		}
	}
	return string(a)
}

// Skilling returns the rules of a certifications metric in an area; nil where it does not apply.
func (r *Rulebook) Skilling(a Area, m Metric) *Skilling {
	for _, rules := range r.Areas {
		if rules.Area == a {
			return rules.skilling(m)
		}
	}
	return nil
}

// skilling returns the rules of a certifications metric; nil for other metrics and where it does not apply.
func (a AreaRules) skilling(m Metric) *Skilling {
	switch m {
	case IntermediateCertifications:
		return a.Intermediate
	case AdvancedCertifications:
		return a.Advanced
	default:
		return nil
	}
}

// lastStep returns the number of the electives' step.
func (s *Skilling) lastStep() int { return len(s.Gates) + 1 }

// Steps returns what each step asks for: one certification of each gate, then any of the electives; nothing of a metric that does not apply.
func (s *Skilling) Steps() (all [][]Certification) {
	if s == nil {
		return nil
	}
	for _, gate := range s.Gates {
		all = append(all, []Certification{gate})
	}
	return append(all, s.Electives)
}
