package report

import (
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// skillsView is who stands behind the certifications metrics.
type skillsView struct {
	AsOf  string
	Gates string // what a required certification is for
	Steps []stepView
	Train []block // who needs one more certification, for steps that ways to a designation put people on
}

// stepView is a step of a metric of an area.
type stepView struct {
	Area, Metric         string
	Name, Certifications string
	People, Needed       string // Needed is empty on the last step
	State                string
	Short                bool
}

func (s Subject) skills() skillsView {
	v := skillsView{AsOf: day(s.Words, s.Explanation.SkillsAsOf),
		Gates: s.Say("Required certifications (gates in the rulebook) earn no points, but additional certifications count only when each required one is met.")}
	if s.Track.GatePoints > 0 {
		v.Gates = s.Say("A required certification (a gate in the rulebook) that is met earns %s once. Additional certifications count only when each required one is met.",
			s.WholePoints(s.Track.GatePoints))
	}
	for _, a := range s.Explanation.Areas {
		for _, m := range a.Metrics {
			for _, step := range m.Steps {
				if m.Points == nil || m.Max == nil {
					continue
				}
				one := layStep(s, step, m.MetricScore, s.Rules.PointsPerPerson)
				one.Area, one.Metric = s.Term(a.Name), s.Metric(m.Metric)
				v.Steps = append(v.Steps, one)
			}
		}
	}
	for _, a := range s.Path.Areas {
		for _, near := range newBlocks(s.Words, written.Nearest(s.Words, s.Path, a, s.who)) {
			near.Lead[0] = s.Term(a.Name) + ". " + near.Lead[0]
			v.Train = append(v.Train, near)
		}
	}
	return v
}

func layStep(s Subject, step answers.StepExplanation, m published.MetricScore, each int64) stepView {
	v := stepView{Name: wording.Sentence(written.StepOf(s.Words, step)), Certifications: strings.Join(step.Certifications, ", "), People: s.Grouped(step.People)}
	if !step.Gate {
		switch {
		case step.People == 0:
			v.State, v.Short = s.Say("nobody yet"), true
		case m.Status == scoring.GateUnmet:
			v.State = s.Say("waits for the required certifications")
		default:
			v.State = s.Say("each earns %s", s.WholePoints(each))
		}
		return v
	}
	v.Needed = s.Grouped(step.Needed)
	v.State, v.Short = s.Spare(step.People, step.Needed), step.People < step.Needed
	return v
}
