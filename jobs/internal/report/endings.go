package report

import (
	"cmp"
	"slices"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// ending is a day on which a certification stops counting for some people, and what that alone does to the scores.
type ending struct {
	Day, Certification string
	Who                string
	Cause              string
	Effects            []effect
}

// endsView is what stops counting until the end of the outlook.
type endsView struct {
	Areas    []string
	Horizon  string // the last month that is looked at
	Ends     []ending
	More     string   // how many are left out; empty: none
	Together []effect // what all of it together does
}

func newEnds(s Subject) (endsView, error) {
	now, err := s.Rules.Score(s.Track.ID, s.Measures())
	if err != nil {
		return endsView{}, err
	}
	x := supposed{s, now}
	v := endsView{Areas: s.areas(), Horizon: s.Words.Month(s.ScoreMonth.Add(outlookMonths))}
	v.Ends, v.Together, err = x.endings()
	v.Ends, v.More = cut(s.Words, v.Ends, shownRows)
	return v, err
}

// supposed is the month of a subject with something small changed.
type supposed struct {
	Subject
	now []scoring.Score // as they are
}

// compare says what changes from the scores of the month to others.
func (s supposed) compare(after []scoring.Score) (all []effect) {
	for i, score := range s.now {
		e := s.effect(score.Area, scoring.Hundredths(score.Total.Hundredths()), scoring.Hundredths(after[i].Total.Hundredths()), after[i].Qualifies && !score.Qualifies)
		e.Loses = score.Qualifies && !after[i].Qualifies
		all = append(all, e)
	}
	return all
}

// endKey is what ends together.
type endKey struct {
	day           string // the last one on which the certification counts
	certification string
	listed        bool // the list ends, not what the people hold
}

// endings lists what stops counting within the horizon, and what all of it together does to the scores.
func (s supposed) endings() (all []ending, together []effect, err error) {
	last := s.ScoreMonth.Add(outlookMonths).Last().Format(time.DateOnly)
	until := s.listEnds()
	ends := func(h published.Holding) (k endKey, ok bool) {
		k = endKey{certification: h.Certification}
		if h.Expires != nil {
			k.day = h.Expires.Format(time.DateOnly)
		}
		if end := until[listed{h.StepKey, h.Certification}]; end != "" && (k.day == "" || end < k.day) {
			k.day, k.listed = end, true
		}
		return k, h.Counted && k.day != "" && k.day < last
	}
	people := map[endKey][]string{}
	for _, h := range s.Holdings {
		if k, ok := ends(h); ok && !slices.Contains(people[k], h.Person) {
			people[k] = append(people[k], h.Person)
		}
	}
	for k, who := range people {
		after, err := s.without(func(h published.Holding) bool { at, ok := ends(h); return ok && at == k })
		if err != nil {
			return nil, nil, err
		}
		e := ending{Day: k.day, Certification: k.certification, Who: s.people(who), Cause: s.Say("expires"), Effects: s.compare(after)}
		if k.listed {
			e.Cause = s.Say("leaves the list")
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b ending) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Certification, b.Certification), cmp.Compare(a.Cause, b.Cause))
	})
	for i := range all {
		all[i].Day = day(s.Words, all[i].Day)
	}
	after, err := s.without(func(h published.Holding) bool { _, ok := ends(h); return ok })
	return all, s.compare(after), err
}

// listed is a certification on the list of a step.
type listed struct {
	step  scoring.StepKey
	title string
}

// listEnds returns the last day of certifications whose list does not hold them for ever.
func (s supposed) listEnds() map[listed]string {
	ends := map[listed]string{}
	for _, c := range s.Rules.StepCertifications(s.Track.ID) {
		if c.Until != nil {
			ends[listed{c.StepKey, c.Title}] = c.Until.Format(time.DateOnly)
		}
	}
	return ends
}

// without scores the partner as if some of its holdings did not count.
func (s supposed) without(drop func(published.Holding) bool) ([]scoring.Score, error) {
	m := s.Measures()
	m.Skills = map[scoring.StepKey]int64{}
	counted := map[scoring.StepKey]string{}
	for _, h := range s.Holdings { // sorted by step and person
		if h.Counted && !drop(h) && counted[h.StepKey] != h.Person {
			counted[h.StepKey] = h.Person
			m.Skills[h.StepKey]++
		}
	}
	return s.Rules.Score(s.Track.ID, m)
}

// people names some people, and says how many more there are.
func (s supposed) people(all []string) string {
	const most = 6
	var names []string
	for _, person := range all {
		names = append(names, s.who(person))
	}
	slices.Sort(names)
	if names, more := cut(s.Words, names, most); more != "" {
		return s.List(append(names, s.Say("%s more", more)))
	}
	return s.List(names)
}
