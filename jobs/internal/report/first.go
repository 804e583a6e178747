package report

import (
	"slices"
	"strings"

	"partnerscore/jobs/internal/actions"
	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written/advice"
	"partnerscore/scoring"
)

// firstView is what the first screen answers beside the scores: what changes by itself, and what to do next.
type firstView struct {
	Unknown  string   // why it is not known what changes by itself; empty: it is known
	Until    string   // the last month that is looked at
	Partly   bool     // some of the months to it are not known
	ByItself []string // empty: no designation is won or lost
	Areas    []string
	Actions  []actionView
	Then     []string // what comes after these
	Nothing  string   // why there are no actions; empty: there are
	Effort   string   // by which ways are chosen
	Open     string   // areas to which no way is known; empty: none
	Months   string   // whose scores the effects of actions are of
}

// actionView is an action with its number.
type actionView struct {
	Number                  int
	What, By, Purpose, Sure string
	Effects                 []effect
}

// effect is what happens to the total of an area.
type effect struct {
	Area          string
	Before, After string // After is empty: nothing
	Gain          string // like +8
	Wins, Loses   bool   // the designation
}

// outlookMonths is how many months ahead a page looks.
const outlookMonths = 6

func newFirst(s Subject) firstView {
	n := advice.Actions{Words: s.Words, Partner: s.Partner, Outlook: s.Outlook, Next: s.Next, Who: s.who}
	v := firstView{Unknown: s.NoOutlook, Until: s.Words.Month(s.ScoreMonth.Add(outlookMonths)), ByItself: n.ByItself(), Areas: s.areas(),
		Months: s.Words.Month(s.ScoreMonth)}
	v.Partly = s.Outlook != nil && slices.ContainsFunc(s.Outlook.Months, func(m answers.OutlookMonth) bool { return !m.Known() })
	if s.Next == nil {
		v.Nothing = s.Say("Unknown: %s.", s.NoOutlook)
		return v
	}
	for i, a := range s.Next.Actions {
		if i >= actions.EnoughActions {
			v.Then = append(v.Then, s.Say("%d. %s %s By %s: %s.", i+1, n.What(a), n.Purpose(i), n.By(a), n.Totals(a)))
			continue
		}
		one := actionView{Number: i + 1, What: n.What(a), By: n.By(a), Purpose: n.Purpose(i), Sure: n.Sure(a)}
		for _, e := range a.Effects {
			one.Effects = append(one.Effects, s.effect(e.Area, e.Before, e.After, e.Qualifies))
		}
		v.Actions = append(v.Actions, one)
	}
	v.Effort = s.Effort(s.Path.Costs)
	if len(v.Actions) == 0 {
		v.Nothing = s.Say("Nothing: one more of anything earns no point.")
	}
	var open []string
	for _, area := range s.Next.Open {
		open = append(open, s.area(area))
	}
	if len(open) > 0 {
		v.Open = s.Say("No way to %s is known: %s.", s.List(open), obstacles(s))
	}
	return v
}

func (s Subject) effect(area scoring.Area, before, after scoring.Hundredths, wins bool) effect {
	e := effect{Area: s.area(area), Before: s.Number(before.String()), Wins: wins}
	if after != before {
		e.After, e.Gain = s.Number(after.String()), s.SignedPoints(after-before)
	}
	return e
}

// obstacles say why there is no way to some area.
func obstacles(s Subject) string {
	for _, a := range s.Path.Areas {
		if len(a.Obstacles) > 0 {
			all := make([]string, len(a.Obstacles))
			for i, obstacle := range a.Obstacles {
				all[i] = strings.TrimSuffix(s.Phrase(obstacle), ".")
			}
			return s.List(all)
		}
	}
	return s.Say("what it takes is more than the rules count")
}

// who names a person: by the name that the page was given, else by the pseudonym.
func (s Subject) who(person string) string {
	if s.Name != nil {
		if name := s.Name(person); name != "" {
			return name
		}
	}
	return person
}

// changes say how the total of an area moved since the month before, and since the year before.
func changes(s Subject, score published.Score) string {
	var said []string
	for _, back := range []int{1, 12} {
		m := s.ScoreMonth.Add(-back)
		for _, past := range s.Trend {
			if past.Month == m && past.Area == score.Area {
				said = append(said, since(s, score.Total-past.Total, m))
			}
		}
	}
	if len(said) == 0 {
		return s.Say("The month before is not published.")
	}
	return wording.Sentence(s.List(said)) + "."
}

// since writes a change of points since a month; no change is said in words.
func since(s Subject, change scoring.Hundredths, m scoring.Month) string {
	if change == 0 {
		return s.Say("unchanged since %s", s.Words.Month(m))
	}
	return s.Say("%s since %s", s.SignedPoints(change), s.Words.Month(m))
}
