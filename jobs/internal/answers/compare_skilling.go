package answers

import (
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// stepsPair is a certifications metric of an area in the two months.
type stepsPair struct {
	pair
	area    scoring.Area
	metric  scoring.Metric
	was, is *scoring.Skilling
}

func newStepsPair(x pair, a scoring.Area, metric scoring.Metric) stepsPair {
	return stepsPair{x, a, metric, x.from.Rules.Skilling(a, metric), x.to.Rules.Skilling(a, metric)}
}

// key names a step of the metric.
func (x stepsPair) key(step int) scoring.StepKey {
	return scoring.StepKey{Area: x.area, Metric: x.metric, Step: step}
}

// changes shares out the metric: people of the last step at their points, people of gates at none by themselves, and what the gates earn
// where they earn anything. What an unmet gate holds back is a cause of bounds.
func (x stepsPair) changes() (changes []Change) {
	rate := scoring.Hundredths(x.from.Rules.PointsPerPerson * hundred)
	last := x.key(len(x.is.Gates) + 1)
	changes = append(changes, x.people(x.key(len(x.was.Gates)+1), last, rate)...)
	for i, gate := range x.is.Gates {
		j := slices.IndexFunc(x.was.Gates, func(g scoring.Certification) bool { return g.Title == gate.Title })
		if j < 0 {
			continue // a gate of other rules
		}
		changes = append(changes, x.people(x.key(j+1), x.key(i+1), 0)...)
	}
	if before, after := gatePoints(x.from, x.area, x.metric), gatePoints(x.to, x.area, x.metric); before != after {
		changes = append(changes, Change{Cause: GatePoints, Points: after - before,
			Reason: scoring.Say("required certifications that are met earn %s, %s before", after.InWords(), before)})
	}
	return append(changes, x.rate(x.from.Rules.PointsPerPerson, x.to.Rules.PointsPerPerson, int64(len(x.to.People()[last])),
		func(now scoring.Phrase, before scoring.Hundredths) scoring.Phrase {
			return scoring.Say("the rules changed: %s for each person, before %s", now, before)
		})...)
}

// gatePoints returns what the gates of a metric earn by themselves.
func gatePoints(p *published.Partner, a scoring.Area, metric scoring.Metric) (points scoring.Hundredths) {
	for _, part := range Parts(p, a, metric) {
		if part.Cause == Gate {
			points += part.Points
		}
	}
	return points
}

// people lists who joined a step and who left it, or the number of its people when they cannot be matched.
func (x stepsPair) people(before, after scoring.StepKey, rate scoring.Hundredths) (changes []Change) {
	was, is := x.from.People()[before], x.to.People()[after]
	step := x.stepName(after)
	name := step.String()
	if x.otherKeys() {
		if len(was)+len(is) == 0 {
			return nil
		}
		return []Change{{Cause: PeopleChanged, Name: name, Step: step, Points: rate * scoring.Hundredths(len(is)-len(was)),
			Reason: scoring.Say("%d people before, %d now; the months were scored with different person keys, so people cannot be matched", len(was), len(is))}}
	}
	for _, person := range is {
		if !slices.Contains(was, person) {
			changes = append(changes, Change{Cause: PersonIn, ID: person, Name: name, Step: step, Points: rate, Reason: x.whyIn(person, before, after)})
		}
	}
	for _, person := range was {
		if !slices.Contains(is, person) {
			changes = append(changes, Change{Cause: PersonOut, ID: person, Name: name, Step: step, Points: -rate, Reason: x.whyOut(person, before, after)})
		}
	}
	return changes
}

// stepName names a step for people.
func (x stepsPair) stepName(key scoring.StepKey) scoring.Phrase {
	if gates := x.is.Gates; key.Step <= len(gates) {
		return scoring.Say("required certification %d, %s", key.Step, gates[key.Step-1].Title)
	}
	return scoring.Say("the additional certifications")
}

// held returns the holdings of a person for a step, those that count first.
func held(p *published.Partner, person string, key scoring.StepKey) (counted, others []published.Holding) {
	for _, h := range p.Holdings {
		switch {
		case h.Person != person || h.StepKey != key:
		case h.Counted:
			counted = append(counted, h)
		default:
			others = append(others, h)
		}
	}
	return counted, others
}

// whyIn says by what a person counts that did not before.
func (x stepsPair) whyIn(person string, before, after scoring.StepKey) scoring.Phrase {
	counted, _ := held(x.to, person, after)
	_, others := held(x.from, person, before)
	h := counted[0]
	for _, o := range others {
		if o.Certification == h.Certification {
			return scoring.Say("%s counts now and did not before (%s)", h.Certification, reasonWords(o))
		}
	}
	if h.Completed != nil && h.Completed.After(x.from.ScoreMonth.Last()) {
		return scoring.Say("passed %s on %s", h.Certification, *h.Completed)
	}
	if !asks(x.from, before, h.Certification) {
		return scoring.Say("%s is on the list now", h.Certification)
	}
	return scoring.Say("holds %s, which the certifications export did not have before", h.Certification)
}

// asks reports whether a step of a month asks for a certification.
func asks(p *published.Partner, key scoring.StepKey, title string) bool {
	return slices.ContainsFunc(p.Rules.StepCertifications(p.Track.ID), func(c scoring.StepCertification) bool {
		return c.StepKey == key && c.Title == title
	})
}

// whyOut says why a person does not count any more.
func (x stepsPair) whyOut(person string, before, after scoring.StepKey) scoring.Phrase {
	counted, _ := held(x.from, person, before)
	_, others := held(x.to, person, after)
	var reasons []scoring.Phrase
	for _, h := range counted {
		i := slices.IndexFunc(others, func(o published.Holding) bool { return o.Certification == h.Certification })
		switch {
		case i >= 0:
			reasons = append(reasons, scoring.Say("%s: %s", h.Certification, reasonWords(others[i])))
		case !asks(x.to, after, h.Certification):
			reasons = append(reasons, scoring.Say("%s is not on the list any more", h.Certification))
		default:
			reasons = append(reasons, scoring.Say("%s is not in the certifications export any more", h.Certification))
		}
	}
	return scoring.Joined(reasons, scoring.Say("; "))
}

// reasonWords says why a holding does not count.
func reasonWords(h published.Holding) scoring.Phrase {
	switch {
	case h.Reason == published.HoldingExpired && h.Expires != nil:
		return scoring.Say("expired on %s", *h.Expires)
	case h.Reason == published.HoldingNotYet && h.Completed != nil:
		return scoring.Say("not passed before %s", *h.Completed)
	case h.Reason == published.HoldingUnlisted:
		return scoring.Say("no longer on the list")
	default:
		return h.Reason.Words()
	}
}

// gateReason says which gates block the additional certifications in the two months.
func (x stepsPair) gateReason() scoring.Phrase {
	lacking := func(p *published.Partner, say func(step int, title string, have int, needed int64) scoring.Phrase) (unmet []scoring.Phrase) {
		people := p.People()
		for i, gate := range p.Rules.Skilling(x.area, x.metric).Gates {
			have := len(people[x.key(i+1)])
			if int64(have) < p.Track.GatePeople {
				unmet = append(unmet, say(i+1, gate.Title, have, p.Track.GatePeople))
			}
		}
		return unmet
	}
	before := lacking(x.from, func(step int, title string, have int, needed int64) scoring.Phrase {
		return scoring.Say("required certification %d, %s, had %d of %d people", step, title, have, needed)
	})
	after := lacking(x.to, func(step int, title string, have int, needed int64) scoring.Phrase {
		return scoring.Say("required certification %d, %s, has %d of %d people", step, title, have, needed)
	})
	switch {
	case len(after) == 0:
		return scoring.Say("every required certification is met now; before, %s", scoring.Joined(before, scoring.Say(", ")))
	case len(before) == 0:
		return scoring.Say("a required certification is not met any more, so additional ones earn nothing: %s", scoring.Joined(after, scoring.Say(", ")))
	default:
		return scoring.Say("additional certifications still earn nothing: %s", scoring.Joined(after, scoring.Say(", ")))
	}
}
