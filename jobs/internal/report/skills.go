package report

import (
	"fmt"
	"strings"
	"time"

	"partnerscore/jobs/internal/answers"
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
	v := skillsView{AsOf: asOf(s.Month), Gates: "A gate earns nothing by itself, but unless every gate is met the list does not count."}
	if s.Track.GatePoints > 0 {
		v.Gates = fmt.Sprintf("A gate that is met earns %s once; unless every gate is met the list does not count.",
			counted(int(s.Track.GatePoints), "point", "points"))
	}
	for _, score := range s.Scores {
		for _, m := range score.Metrics {
			steps := s.Steps(score.Area, m.Metric)
			if len(steps) == 0 || m.Points == nil || m.Max == nil {
				continue
			}
			v.Metrics = append(v.Metrics, s.skill(score.Area, m, steps))
		}
	}
	return v
}

func (s Subject) skill(area scoring.Area, m answerMetric, steps []answers.StepExplanation) skillView {
	v := skillView{ID: Slug(s.ID) + "-" + string(area) + "-" + string(m.Metric), Area: s.Rules.AreaName(area), Metric: metricName(m.Metric),
		Points: m.Points.String(), Max: m.Max.String(), Why: why(m)}
	people := map[string]bool{}
	for _, step := range steps {
		one := s.step(step, m)
		v.Steps = append(v.Steps, one)
		for _, h := range step.Holdings {
			people[h.Person] = true
			v.Holdings = append(v.Holdings, holdingRow{Person: h.Person, Certification: h.Certification, Step: one.Name,
				Completed: day(h.Completed, "not known"), Expires: day(h.Expires, "never"), State: holdingState(h.Reason)})
		}
	}
	v.People = counted(len(people), "person", "people")
	v.Holdings, v.More = cut(v.Holdings, shownHoldings)
	return v
}

// shownHoldings is how many holdings of a metric are listed.
const shownHoldings = 60

func (s Subject) step(step answers.StepExplanation, m answerMetric) stepView {
	v := stepView{Name: fmt.Sprintf("Gate %d", step.Step), Certifications: strings.Join(step.Certifications, ", "), People: number(step.People)}
	if !step.Gate {
		v.Name = "List"
		switch {
		case step.People == 0:
			v.State, v.Short = "nobody yet", true
		case m.Status == scoring.GateUnmet:
			v.State = "waits for the gates"
		default:
			v.State = "each earns " + counted(int(s.Rules.PointsPerPerson), "point", "points")
		}
		return v
	}
	v.Needed = number(step.Needed)
	switch spare := step.People - step.Needed; {
	case spare < 0:
		v.State, v.Short = number(-spare)+" missing", true
	case spare == 0:
		v.State = "met, nobody to spare"
	default:
		v.State = "met, " + number(spare) + " to spare"
	}
	return v
}

func day(d *answers.Day, none string) string {
	if d == nil {
		return none
	}
	return d.Format(time.DateOnly)
}

func holdingState(reason string) string {
	switch reason {
	case "counted":
		return "counts"
	case "not_yet":
		return "not completed by then"
	case "expired":
		return "has run out"
	case "inactive":
		return "not active"
	case "list_ended":
		return "no longer on the list"
	default:
		return reason
	}
}
