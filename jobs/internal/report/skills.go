package report

import (
	"fmt"
	"strings"
	"time"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
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
	Points, Max, Why string
	Steps            []stepView
	Holdings         []holdingRow
	People           string // how many hold something
	More             string // holdings left out
}

// stepView is a step of a metric.
type stepView struct {
	Name, Certifications string
	People, Needed       string // Needed is empty on the last step
	State                string
	Short                bool
}

// holdingRow is what a person holds, by pseudonym.
type holdingRow struct{ Person, Certification, Step, Completed, Expires, State string }

func (s Subject) skills() skillsView {
	v := skillsView{AsOf: asOf(s.Month),
		Gates: "Required certifications (gates in the rulebook) earn no points, but additional certifications count only when each required one is met."}
	if s.Track.GatePoints > 0 {
		v.Gates = fmt.Sprintf("A required certification (a gate in the rulebook) that is met earns %s once. Additional certifications count only when each required one is met.",
			wording.Counted(s.Track.GatePoints, "point", "points"))
	}
	for _, score := range s.Scores {
		for _, m := range score.Metrics {
			steps := answers.Steps(s.Partner, score.Area, m.Metric)
			if len(steps) == 0 || m.Points == nil || m.Max == nil {
				continue
			}
			v.Metrics = append(v.Metrics, s.skill(score.Area, m, steps))
		}
	}
	return v
}

func (s Subject) skill(area scoring.Area, m published.MetricScore, steps []answers.StepExplanation) skillView {
	v := skillView{ID: Slug(s.ID) + "-" + string(area) + "-" + string(m.Metric), Area: s.Rules.AreaName(area), Metric: wording.Metric(m.Metric),
		Points: m.Points.String(), Max: m.Max.String(), Why: why(m)}
	people := map[string]bool{}
	for _, step := range steps {
		one := layStep(step, m, s.Rules.PointsPerPerson)
		v.Steps = append(v.Steps, one)
		for _, h := range step.Holdings {
			people[h.Person] = true
			v.Holdings = append(v.Holdings, holdingRow{Person: h.Person, Certification: h.Certification, Step: one.Name,
				Completed: day(h.Completed, "not known"), Expires: day(h.Expires, "never"), State: h.Reason.Words()})
		}
	}
	v.People = wording.Counted(int64(len(people)), "person", "people")
	v.Holdings, v.More = cut(v.Holdings, shownHoldings)
	return v
}

// shownHoldings is how many holdings of a metric are listed.
const shownHoldings = 60

func layStep(step answers.StepExplanation, m published.MetricScore, each int64) stepView {
	v := stepView{Name: fmt.Sprintf("Required %d", step.Step), Certifications: strings.Join(step.Certifications, ", "), People: scoring.Grouped(step.People)}
	if !step.Gate {
		v.Name = "Additional"
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

func day(d *published.Day, none string) string {
	if d == nil {
		return none
	}
	return d.Format(time.DateOnly)
}
