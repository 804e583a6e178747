package scoring

import "time"

// StepKey names a step of a certifications metric of an area. Steps count from 1; the last one is the electives.
type StepKey struct {
	Area   Area   `json:"solution_area"`
	Metric Metric `json:"metric"`
	Step   int    `json:"step"`
}

// StepCertification is one certification that a step asks for.
type StepCertification struct {
	Track string
	StepKey
	Gate   bool // a gate, or else the last step
	Title  string
	Labels []string   // all that names the certification as a whole text: title and codes
	Until  *time.Time // the last day on which the list contains it; nil: no end
}

// StepCertifications returns what every step of every metric asks for on a track, in the order of areas, metrics, steps
// and lists; nothing for a track that the rulebook does not have.
func (r *Rulebook) StepCertifications(track string) []StepCertification {
	if _, ok := r.track(track); !ok {
		return nil
	}
	var all []StepCertification
	for _, area := range r.Areas {
		for _, metric := range Metrics() {
			skilling := area.skilling(metric)
			if skilling == nil {
				continue
			}
			for _, s := range skilling.steps() {
				s.Track, s.Area, s.Metric = track, area.Area, metric
				all = append(all, s)
			}
		}
	}
	return all
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

// Steps returns what each step asks for: one certification of each gate, then any of the electives.
func (s *Skilling) Steps() [][]Certification {
	var all [][]Certification
	for _, gate := range s.Gates {
		all = append(all, []Certification{gate})
	}
	return append(all, s.Electives)
}

// steps returns the certifications of every step, without track, area and metric.
func (s *Skilling) steps() []StepCertification {
	var all []StepCertification
	for i, step := range s.Steps() {
		for _, c := range step {
			all = append(all, c.onStep(i+1, i < len(s.Gates)))
		}
	}
	return all
}

// onStep returns the certification as one that a step asks for.
func (c Certification) onStep(step int, gate bool) StepCertification {
	return StepCertification{StepKey: StepKey{Step: step}, Gate: gate, Title: c.Title, Labels: c.Labels(), Until: c.Until}
}
