package report

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// skillsView is who stands behind the certifications metrics, area by area.
type skillsView struct {
	AsOf    string
	Gates   string // what a gate is for
	Metrics []skillView
}

// skillView is a certifications metric of an area.
type skillView struct {
	ID, Area, Metric string
	Why              string
	Steps            []stepView
	Holdings         block
	People           string // how many hold something; empty: nobody
}

// stepView is a step of a metric.
type stepView struct {
	Name, Certifications string
	People, Needed       string // Needed is empty on the last step
	State                string
	Short                bool
}

func (s Subject) skills() skillsView {
	v := skillsView{AsOf: asOf(s.Month),
		Gates: "Required certifications (gates in the rulebook) earn no points, but additional certifications count only when each required one is met."}
	if s.Track.GatePoints > 0 {
		v.Gates = fmt.Sprintf("A required certification (a gate in the rulebook) that is met earns %s once. Additional certifications count only when each required one is met.",
			wording.Counted(s.Track.GatePoints, "point", "points"))
	}
	for _, a := range s.Explanation.Areas {
		for _, m := range a.Metrics {
			if len(m.Steps) > 0 && m.Points != nil && m.Max != nil {
				v.Metrics = append(v.Metrics, s.skill(a, m))
			}
		}
	}
	return v
}

func (s Subject) skill(a answers.AreaExplanation, m answers.MetricExplanation) skillView {
	v := skillView{ID: Slug(s.ID) + "-" + string(a.Area) + "-" + string(m.Metric), Area: a.Name, Metric: wording.Metric(m.Metric), Why: m.Reason}
	people := map[string]bool{}
	for _, step := range m.Steps {
		v.Steps = append(v.Steps, layStep(step, m.MetricScore, s.Rules.PointsPerPerson))
		for _, h := range step.Holdings {
			people[h.Person] = true
		}
	}
	if len(people) > 0 {
		v.People = wording.People(int64(len(people)))
		v.Holdings = newBlock(written.People(s.Explanation, a, m, shownHoldings), "")
		v.Holdings.Lead = nil // the heading says it
	}
	return v
}

// shownHoldings is how many holdings of a metric are listed.
const shownHoldings = 60

func layStep(step answers.StepExplanation, m published.MetricScore, each int64) stepView {
	v := stepView{Name: wording.Sentence(written.StepOf(step)), Certifications: strings.Join(step.Certifications, ", "), People: scoring.Grouped(step.People)}
	if !step.Gate {
		switch {
		case step.People == 0:
			v.State, v.Short = "nobody yet", true
		case m.Status == scoring.GateUnmet:
			v.State = "waits for the required certifications"
		default:
			v.State = "each earns " + wording.Counted(each, "point", "points")
		}
		return v
	}
	v.Needed = scoring.Grouped(step.Needed)
	v.State, v.Short = wording.Spare(step.People, step.Needed), step.People < step.Needed
	return v
}
