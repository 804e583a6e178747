package report

import (
	"fmt"
	"strings"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// waysView is how to get to the designation in an area, or what keeps it.
type waysView struct {
	Area      string
	Ways      []wayView
	More      string
	Obstacles []string
	Points    string   // above the designation; empty: it does not qualify
	Margin    []string // what can be lost, each by itself
	Tight     []string // what cannot
}

// wayView is one way.
type wayView struct {
	Actions []string
	Total   string
	Beyond  string // why the track would change; empty: it does not
}

// shownWays is how many ways to the designation a page shows of an area.
const shownWays = 3

func (s Subject) ways() (all []waysView) {
	for _, a := range s.Paths {
		v := waysView{Area: a.Name}
		for _, o := range a.Obstacles {
			v.Obstacles = append(v.Obstacles, wording.Sentence(o))
		}
		for _, w := range a.Ways {
			way := wayView{Actions: w.Actions(s.onStep), Total: wording.Points(w.Total)}
			if w.LeavesTrack {
				way.Beyond = fmt.Sprintf("on the %s track, which it leaves with %s in twelve months", s.Track.ID, wording.InUSD(*s.Track.Selection.ACRTTMBelowUSD))
			}
			v.Ways = append(v.Ways, way)
		}
		if a.More > 0 {
			v.More = scoring.Grouped(a.More)
		}
		if c := a.Margin; c != nil {
			v.Points = wording.Points(c.Points)
			v.spare(s, *c)
		}
		all = append(all, v)
	}
	return all
}

// onStep says what people on a step hold.
func (s Subject) onStep(step scoring.StepPeople) string {
	if !step.Gate {
		return wording.OnStep(step.Metric, step.Step, step.Gate)
	}
	var titles []string
	for _, c := range s.Rules.StepCertifications(s.Track.ID) {
		if c.StepKey == step.StepKey {
			titles = append(titles, c.Title)
		}
	}
	return "certified as " + strings.Join(titles, " or ")
}

// spare lists what the partner can lose and still qualify, and what it cannot.
func (v *waysView) spare(s Subject, c answers.PathMargin) {
	add := func(n int64, one, many, rest string) {
		if n > 0 {
			v.Margin = append(v.Margin, wording.Counted(n, one, many)+rest)
		} else {
			v.Tight = append(v.Tight, "any "+one+rest)
		}
	}
	add(c.Customers, "eligible customer", "eligible customers", "")
	for _, p := range c.People {
		add(p.People, "person", "people", " "+s.onStep(p))
	}
	add(c.Services, "service", "services", "")
	if c.ACR > 0 {
		v.Margin = append(v.Margin, wording.InUSD(c.ACR)+" of consumption in the month")
	} else {
		v.Tight = append(v.Tight, "any consumption in the month")
	}
}

// trainRow is a person who needs one more certification for a step of a way.
type trainRow struct{ Person, Step, Certification, Now string }

func (s Subject) train() (rows []trainRow) {
	for _, a := range s.Paths {
		for _, near := range a.People {
			step := a.Name + ", " + wording.MetricInText(near.Metric)
			if near.Gate {
				step += fmt.Sprintf(", required certification %d", near.Step)
			}
			for _, p := range near.People {
				rows = append(rows, trainRow{Person: p.Person, Step: step, Certification: choice(near.Certifications), Now: present(p)})
			}
		}
	}
	return rows[:min(len(rows), shownRows)]
}

// present says what the person holds already.
func present(p answers.NearPerson) string {
	if p.Reason != "" {
		return p.Certification + ": " + p.Reason.Words()
	}
	return "holds " + wording.List(p.Holds)
}
