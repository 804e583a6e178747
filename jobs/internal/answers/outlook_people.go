package answers

import (
	"cmp"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Why says why a certification of a person counts no longer, or starts to count.
type Why string

// The reasons.
const (
	WhyExpires   Why = "expires"
	WhyCompleted Why = "completed"
	WhyList      Why = "list" // its list contains it no longer
	WhyRules     Why = "rules"
)

// HoldingChange is a certification of a person that counts no longer, or counts, from a month on.
type HoldingChange struct {
	Person        string `json:"person_id"`
	Certification string `json:"certification"`
	Why           Why    `json:"why"`
	// Day is the last day on which it counts, or the day on which it was completed; nil where the rules change.
	Day   *published.Day    `json:"day"`
	Steps []scoring.StepKey `json:"steps"` // those that count it no longer, or then
}

// OutlookGate is a gate of the published month.
type OutlookGate struct {
	scoring.StepKey
	Certification string `json:"certification"`
	Needed        int64  `json:"people_needed"`
	People        int64  `json:"people"`
	// Spare is how many can leave before the gate is unmet; below zero, how many are lacking. A gate that is met with 0 hangs on each of
	// its people.
	Spare int64        `json:"spare"`
	Who   []GatePerson `json:"who"` // by the day on which they are lost, then by id
}

// GatePerson is one who satisfies a gate.
type GatePerson struct {
	Person  string         `json:"person_id"`
	Expires *published.Day `json:"expires"` // nil: never
}

// ended lists what counts in one month and not in the other, in an area or in all.
func ended(from, to *ahead, area scoring.Area, why func(h published.Held, step scoring.StepKey) (Why, *published.Day)) []HoldingChange {
	type key struct {
		person, certification string
		why                   Why
	}
	changes := map[key]*HoldingChange{}
	for step, people := range from.Skills {
		if area != "" && step.Area != area {
			continue
		}
		for person, all := range people {
			for _, h := range all {
				if slices.ContainsFunc(to.Skills[step][person], func(x published.Held) bool { return x.Certification == h.Certification }) {
					continue
				}
				reason, day := why(h, step)
				k := key{person, h.Certification, reason}
				if changes[k] == nil {
					changes[k] = &HoldingChange{Person: person, Certification: h.Certification, Why: reason, Day: day}
				}
				if !slices.Contains(changes[k].Steps, step) {
					changes[k].Steps = append(changes[k].Steps, step)
				}
			}
		}
	}
	list := []HoldingChange{}
	for _, c := range changes {
		slices.SortFunc(c.Steps, compareSteps)
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b HoldingChange) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Certification, b.Certification), cmp.Compare(a.Why, b.Why))
	})
	return list
}

// compareSteps orders steps as the programme does.
func compareSteps(a, b scoring.StepKey) int {
	return cmp.Or(cmp.Compare(slices.Index(scoring.Areas(), a.Area), slices.Index(scoring.Areas(), b.Area)),
		cmp.Compare(slices.Index(scoring.Metrics(), a.Metric), slices.Index(scoring.Metrics(), b.Metric)), cmp.Compare(a.Step, b.Step))
}

// whyEnds says why a holding that counted before a month counts no longer in it.
func (a *ahead) whyEnds(u scoring.Month) func(published.Held, scoring.StepKey) (Why, *published.Day) {
	return func(h published.Held, step scoring.StepKey) (Why, *published.Day) {
		if h.Expires != nil && h.Expires.Before(u.Last()) {
			return WhyExpires, h.Expires
		}
		for _, c := range a.Rules.StepCertifications(a.Rules.Tracks[0].ID) {
			if c.StepKey == step && c.Title == h.Certification && !published.Lists(c.Until, u.Last()) {
				return WhyList, &published.Day{Time: *c.Until}
			}
		}
		return WhyRules, nil
	}
}

// whyStarts says why a holding counts in a month that did not before.
func whyStarts(u scoring.Month) func(published.Held, scoring.StepKey) (Why, *published.Day) {
	return func(h published.Held, _ scoring.StepKey) (Why, *published.Day) {
		if h.Completed.After(u.Add(-1).Last()) {
			return WhyCompleted, h.Completed
		}
		return WhyRules, nil
	}
}

// gates lists the gates of the published month, in an area or in all, with who satisfies them.
func gates(p *published.Partner, area scoring.Area) []OutlookGate {
	people := p.Skills()
	gates := []OutlookGate{}
	for _, c := range p.Rules.StepCertifications(p.Track.ID) {
		if !c.Gate || area != "" && c.Area != area {
			continue
		}
		g := OutlookGate{StepKey: c.StepKey, Certification: c.Title, Needed: p.Track.GatePeople, Who: []GatePerson{}}
		for person, all := range people[c.StepKey] {
			g.Who = append(g.Who, GatePerson{person, lastExpiry(all)})
		}
		slices.SortFunc(g.Who, func(a, b GatePerson) int {
			return cmp.Or(compareDays(a.Expires, b.Expires), cmp.Compare(a.Person, b.Person))
		})
		g.People = int64(len(g.Who))
		g.Spare = g.People - g.Needed
		gates = append(gates, g)
	}
	return gates
}

// lastExpiry returns until when any of the holdings is valid, nil: for ever.
func lastExpiry(all []published.Held) (last *published.Day) {
	for i, h := range all {
		if i == 0 || compareDays(h.Expires, last) > 0 {
			last = h.Expires
		}
	}
	return last
}

// compareDays orders days; nil, which is never, comes last.
func compareDays(a, b *published.Day) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	default:
		return a.Compare(b.Time)
	}
}

// Reason says why a certification counts no longer, or starts to count.
func (t HoldingChange) Reason() scoring.Phrase {
	switch t.Why {
	case WhyExpires:
		return scoring.Say("expires on %s", *t.Day)
	case WhyList:
		return scoring.Say("on its list until %s", *t.Day)
	case WhyCompleted:
		return scoring.Say("completed on %s", *t.Day)
	default:
		return scoring.Say("the rules change")
	}
}
