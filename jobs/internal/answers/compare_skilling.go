package answers

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
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
			Reason: fmt.Sprintf("required certifications that are met earn %s, %s before", wording.Points(after), before)})
	}
	return append(changes, x.rate(x.from.Rules.PointsPerPerson, x.to.Rules.PointsPerPerson, int64(len(x.to.People()[last])), "for each person")...)
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
	name := x.stepName(after)
	if x.otherKeys() {
		if len(was)+len(is) == 0 {
			return nil
		}
		return []Change{{Cause: PeopleChanged, Name: name, Points: rate * scoring.Hundredths(len(is)-len(was)), Reason: fmt.Sprintf("%d people before, %d now; "+
			"the months were scored with different person keys, so people cannot be matched", len(was), len(is))}}
	}
	for _, person := range is {
		if !slices.Contains(was, person) {
			changes = append(changes, Change{Cause: PersonIn, ID: person, Name: name, Points: rate, Reason: x.whyIn(person, before, after)})
		}
	}
	for _, person := range was {
		if !slices.Contains(is, person) {
			changes = append(changes, Change{Cause: PersonOut, ID: person, Name: name, Points: -rate, Reason: x.whyOut(person, before, after)})
		}
	}
	return changes
}

// stepName names a step for people.
func (x stepsPair) stepName(key scoring.StepKey) string {
	if gates := x.is.Gates; key.Step <= len(gates) {
		return fmt.Sprintf("gate %d, %s", key.Step, gates[key.Step-1].Title)
	}
	return "the list"
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
func (x stepsPair) whyIn(person string, before, after scoring.StepKey) string {
	counted, _ := held(x.to, person, after)
	_, others := held(x.from, person, before)
	h := counted[0]
	for _, o := range others {
		if o.Certification == h.Certification {
			return fmt.Sprintf("%s counts now and did not before (%s)", h.Certification, reasonWords(o))
		}
	}
	if h.Completed != nil && h.Completed.After(x.from.ScoreMonth.Last()) {
		return fmt.Sprintf("passed %s on %s", h.Certification, h.Completed)
	}
	if !asks(x.from, before, h.Certification) {
		return fmt.Sprintf("%s is on the list now", h.Certification)
	}
	return fmt.Sprintf("holds %s, which the certifications export did not have before", h.Certification)
}

// asks reports whether a step of a month asks for a certification.
func asks(p *published.Partner, key scoring.StepKey, title string) bool {
	return slices.ContainsFunc(p.Rules.StepCertifications(p.Track.ID), func(c scoring.StepCertification) bool {
		return c.StepKey == key && c.Title == title
	})
}

// whyOut says why a person does not count any more.
func (x stepsPair) whyOut(person string, before, after scoring.StepKey) string {
	counted, _ := held(x.from, person, before)
	_, others := held(x.to, person, after)
	var reasons []string
	for _, h := range counted {
		i := slices.IndexFunc(others, func(o published.Holding) bool { return o.Certification == h.Certification })
		switch {
		case i >= 0:
			reasons = append(reasons, fmt.Sprintf("%s: %s", h.Certification, reasonWords(others[i])))
		case !asks(x.to, after, h.Certification):
			reasons = append(reasons, h.Certification+" is not on the list any more")
		default:
			reasons = append(reasons, h.Certification+" is not in the certifications export any more")
		}
	}
	return strings.Join(reasons, "; ")
}

// reasonWords says why a holding does not count.
func reasonWords(h published.Holding) string {
	switch {
	case h.Reason == published.HoldingExpired && h.Expires != nil:
		return "expired on " + h.Expires.String()
	case h.Reason == published.HoldingNotYet && h.Completed != nil:
		return "not passed before " + h.Completed.String()
	case h.Reason == published.HoldingUnlisted:
		return "no longer on the list"
	default:
		return strings.ReplaceAll(string(h.Reason), "_", " ")
	}
}

// gateReason says which gates block the additional certifications in the two months.
func (x stepsPair) gateReason() string {
	lacking := func(p *published.Partner, verb string) (unmet []string) {
		people := p.People()
		for i, gate := range p.Rules.Skilling(x.area, x.metric).Gates {
			have := len(people[x.key(i+1)])
			if int64(have) < p.Track.GatePeople {
				unmet = append(unmet, fmt.Sprintf("gate %d, %s, %s %d of %d people", i+1, gate.Title, verb, have, p.Track.GatePeople))
			}
		}
		return unmet
	}
	before, after := lacking(x.from, "had"), lacking(x.to, "has")
	switch {
	case len(after) == 0:
		return "every gate is met now; before, " + strings.Join(before, ", ")
	case len(before) == 0:
		return "a gate is not met any more, so the list earns nothing: " + strings.Join(after, ", ")
	default:
		return "the list still earns nothing: " + strings.Join(after, ", ")
	}
}
