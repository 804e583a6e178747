package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// advice is what to do next: what one more of each thing would change, whom to call, what runs out.
type advice struct {
	Areas   []string // names
	Steps   []oneMore
	Ways    []waysView
	Effort  string // by which ways are ranked
	Premise block  // of all ways
	Train   []block
	Ends    []ending
	// MoreEnds is how many are left out; empty: none. So in other lists.
	MoreEnds string
	Horizon  string  // the last month that Ends look at
	Without  oneMore // all of Ends together
}

// oneMore is what a month's scores would have been with one more of a thing.
type oneMore struct {
	What, Note string
	say        string   // both in one phrase
	Effects    []effect // an area each
	wins       int      // areas that would qualify
	gained     int64    // hundredths of points, over all areas
}

// effect is what happens to the total of an area.
type effect struct {
	Area          string
	Before, After string // After is empty: nothing
	Wins, Loses   bool   // the designation
}

// outlookMonths is how many months ahead a page looks.
const outlookMonths = 6

func (s Subject) advice() (advice, error) {
	now, err := s.Rules.Score(s.Track.ID, s.Measures())
	if err != nil {
		return advice{}, err
	}
	x := supposed{s, now}
	v := advice{Horizon: wording.Month(s.ScoreMonth.Add(outlookMonths))}
	for _, score := range now {
		v.Areas = append(v.Areas, s.Rules.AreaName(score.Area))
	}
	for _, c := range x.candidates() {
		m := s.Measures()
		c.change(&m)
		after, err := s.Rules.Score(s.Track.ID, m)
		if err != nil {
			return advice{}, err
		}
		if step := x.compare(after); step.gained > 0 {
			step.What, step.Note, step.say = c.what, c.note, c.say
			v.Steps = append(v.Steps, step)
		}
	}
	slices.SortStableFunc(v.Steps, func(a, b oneMore) int {
		return cmp.Or(b.wins-a.wins, cmp.Compare(b.gained, a.gained))
	})
	v.ways(s.Path)
	v.Ends, v.Without, err = x.endings()
	v.Ends, v.MoreEnds = cut(v.Ends, shownRows)
	return v, err
}

// first returns what is lost if nothing is done, else the step that wins most, else the shortest way to an area; and what falls by itself.
func (s Subject) first(a advice) string {
	var lost, drops []string
	if s.Outlook != nil {
		for _, t := range s.Outlook.DesignationChanges {
			if !t.Won {
				lost = append(lost, s.Rules.AreaName(t.Area)+" in "+wording.Month(t.Month))
			}
		}
		for _, f := range s.Outlook.PointDrops {
			drops = append(drops, wording.PointDrop(s.Rules.AreaName(f.Area), wording.Month(f.From), wording.Month(f.Month), f.Before, f.After))
		}
	}
	if len(lost) > 0 {
		return "If nothing changes, it loses " + wording.List(lost) + "."
	}
	step := s.firstStep(a)
	if len(drops) > 0 {
		step += " If nothing changes, " + wording.List(drops) + "."
	}
	return strings.TrimSpace(step)
}

// firstStep returns the step that wins most, else the shortest way to an area.
func (s Subject) firstStep(a advice) string {
	if len(a.Steps) > 0 && a.Steps[0].wins > 0 {
		var won []string
		for i, e := range a.Steps[0].Effects {
			if e.Wins {
				won = append(won, a.Areas[i])
			}
		}
		return fmt.Sprintf("%s would be enough for %s.", a.Steps[0].say, wording.List(won))
	}
	area, shortest := "", []string{}
	for _, x := range s.Path.Areas {
		if len(x.Ways) == 0 {
			continue
		}
		if actions := written.Actions(s.Path, x.Ways[0]); area == "" || len(actions) < len(shortest) {
			area, shortest = x.Name, actions
		}
	}
	if area == "" {
		return ""
	}
	return "A way to " + area + ": " + wording.List(shortest) + "."
}

// supposed is the month of a subject with something small changed.
type supposed struct {
	Subject
	now []scoring.Score // as they are
}

// candidate is a small change of what was measured.
type candidate struct {
	what, note string
	say        string
	change     func(*scoring.Measures)
}

// candidates are one more of everything that earns points.
func (s supposed) candidates() []candidate {
	all := []candidate{
		{"One more eligible customer", "new, with " + wording.InUSD(s.Track.EligibleCustomerUSD) + " in the month", "One more eligible customer",
			func(m *scoring.Measures) {
				m.EligibleCustomers++
				m.ACR, m.ACRTTM = m.ACR+s.Track.EligibleCustomerUSD, m.ACRTTM+s.Track.EligibleCustomerUSD
			}},
		{"One more service in use", "any that counts and no customer uses yet", "One more service in use", func(m *scoring.Measures) { m.CountedServices++ }},
	}
	m := s.Measures()
	if points := s.Scores[0].Metric(scoring.UsageGrowth).Points; points != nil {
		next := scoring.NewPoints(int64(*points)/100 + 1)
		if acr, ok := s.Rules.ACRFor(next, m.ACRBaseline); ok && max(acr, s.Rules.ACRAtGate(m)) > m.ACR {
			more := max(acr, s.Rules.ACRAtGate(m)) - m.ACR
			amount := wording.InUSD(wording.UpToCents(more)) + " more in the month"
			all = append(all, candidate{"More consumption", amount, "Consumption of " + amount, func(m *scoring.Measures) {
				m.ACR += more
				m.ACRTTM += more
			}})
		}
	}
	return append(all, s.certificationCandidates()...)
}

// certificationCandidates are one more person with each certification. Those on the same steps stand together.
func (s supposed) certificationCandidates() (all []candidate) {
	steps := map[string][]scoring.StepKey{} // by title
	var titles []string
	for _, c := range s.Rules.StepCertifications(s.Track.ID) {
		if !s.WorthLearning(c) {
			continue
		}
		if steps[c.Title] == nil {
			titles = append(titles, c.Title)
		}
		steps[c.Title] = append(steps[c.Title], c.StepKey)
	}
	for i, title := range titles {
		together := []string{title}
		for _, other := range titles[i+1:] {
			if slices.Equal(steps[title], steps[other]) {
				together = append(together, other)
			}
		}
		if slices.ContainsFunc(titles[:i], func(before string) bool { return slices.Equal(steps[before], steps[title]) }) {
			continue
		}
		all = append(all, candidate{choice(together), "one more person certified", "One more person certified as " + choice(together), func(m *scoring.Measures) {
			for _, key := range steps[title] {
				m.Skills[key]++
			}
		}})
	}
	return all
}

// choice names certifications of which one is enough.
func choice(titles []string) string {
	const most = 3
	if len(titles) <= most {
		return strings.Join(titles, " or ")
	}
	return fmt.Sprintf("%s or %d others of the same list", strings.Join(titles[:most-1], ", "), len(titles)-most+1)
}

// compare says what changes from the scores of the month to others.
func (s supposed) compare(after []scoring.Score) oneMore {
	step := oneMore{}
	for i, score := range s.now {
		e := effect{Area: s.Rules.AreaName(score.Area), Before: score.Total.String()}
		if !after[i].Total.Equal(score.Total) {
			e.After = after[i].Total.String()
			step.gained += after[i].Total.Hundredths() - score.Total.Hundredths()
		}
		if after[i].Qualifies && !score.Qualifies {
			e.Wins = true
			step.wins++
		}
		e.Loses = score.Qualifies && !after[i].Qualifies
		step.Effects = append(step.Effects, e)
	}
	return step
}
