package answers

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// skilling shares out a certifications metric: people of the last step at their points, people of gates at none by themselves, and what the
// gates earn where they earn anything. What an unmet gate holds back is told by bounds.
func (x pair) skilling(a scoring.Area, metric scoring.Metric) (changes []Change) {
	was, is := x.from.Rules.Skilling(a, metric), x.to.Rules.Skilling(a, metric)
	rate := snapshot.Hundredths(x.from.Rules.PointsPerPerson * hundred)
	last := scoring.StepKey{Area: a, Metric: metric, Step: len(was.Gates) + 1}
	lastNow := scoring.StepKey{Area: a, Metric: metric, Step: len(is.Gates) + 1}
	changes = append(changes, x.people(last, lastNow, rate)...)
	for i, gate := range is.Gates {
		now := scoring.StepKey{Area: a, Metric: metric, Step: i + 1}
		j := slices.IndexFunc(was.Gates, func(g scoring.Certification) bool { return g.Title == gate.Title })
		if j < 0 {
			continue // a gate of other rules
		}
		changes = append(changes, x.people(scoring.StepKey{Area: a, Metric: metric, Step: j + 1}, now, 0)...)
	}
	if before, after := gatePoints(x.from, a, metric), gatePoints(x.to, a, metric); before != after {
		changes = append(changes, Change{Cause: GatePoints, Points: after - before,
			Reason: fmt.Sprintf("gates that are met earn %s, before %s", after.InPoints(), before)})
	}
	return append(changes, x.rate(x.from.Rules.PointsPerPerson, x.to.Rules.PointsPerPerson, int64(len(x.to.People()[lastNow])), "for each person")...)
}

// gatePoints returns what the gates of a metric earn by themselves.
func gatePoints(p *Partner, a scoring.Area, metric scoring.Metric) (points snapshot.Hundredths) {
	for _, part := range p.Parts(a, metric) {
		if part.Cause == Gate {
			points += part.Points
		}
	}
	return points
}

// people lists who came to a step and who left it, or how many people it has where nobody can be recognized.
func (x pair) people(before, after scoring.StepKey, rate snapshot.Hundredths) (changes []Change) {
	was, is := x.from.People()[before], x.to.People()[after]
	name := x.stepName(after)
	if x.otherKeys() {
		if len(was)+len(is) == 0 {
			return nil
		}
		return []Change{{Cause: PeopleChanged, Name: name, Points: rate * snapshot.Hundredths(len(is)-len(was)), Reason: fmt.Sprintf("%d people before, %d now; "+
			"the months were scored with different person keys, so nobody can be recognized", len(was), len(is))}}
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

// otherKeys reports whether the pseudonyms of people were made with different keys, so that all of them differ.
func (x pair) otherKeys() bool {
	return x.from.Manifest.Settings["person_ids"] != x.to.Manifest.Settings["person_ids"]
}

// stepName names a step for people.
func (x pair) stepName(key scoring.StepKey) string {
	if gates := x.to.Rules.Skilling(key.Area, key.Metric).Gates; key.Step <= len(gates) {
		return fmt.Sprintf("gate %d, %s", key.Step, gates[key.Step-1].Title)
	}
	return "the list"
}

// held returns the holdings of a person for a step, those that count first.
func (p *Partner) held(person string, key scoring.StepKey) (counted, others []Holding) {
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
func (x pair) whyIn(person string, before, after scoring.StepKey) string {
	counted, _ := x.to.held(person, after)
	_, others := x.from.held(person, before)
	h := counted[0]
	for _, o := range others {
		if o.Certification == h.Certification {
			return fmt.Sprintf("%s counts now and did not before (%s)", h.Certification, reasonWords(o))
		}
	}
	if h.Completed != nil && h.Completed.After(x.from.ScoreMonth.Last()) {
		return fmt.Sprintf("passed %s on %s", h.Certification, h.Completed)
	}
	if !x.asks(x.from, before, h.Certification) {
		return fmt.Sprintf("%s is on the list now", h.Certification)
	}
	return fmt.Sprintf("holds %s, which the certifications export did not have before", h.Certification)
}

// asks reports whether a step of a month asks for a certification.
func (x pair) asks(p *Partner, key scoring.StepKey, title string) bool {
	return slices.ContainsFunc(p.Rules.StepCertifications(p.Track.ID), func(c scoring.StepCertification) bool {
		return c.Area == key.Area && c.Metric == key.Metric && c.Step == key.Step && c.Title == title
	})
}

// whyOut says why a person does not count any more.
func (x pair) whyOut(person string, before, after scoring.StepKey) string {
	counted, _ := x.from.held(person, before)
	_, others := x.to.held(person, after)
	var reasons []string
	for _, h := range counted {
		i := slices.IndexFunc(others, func(o Holding) bool { return o.Certification == h.Certification })
		switch {
		case i >= 0:
			reasons = append(reasons, fmt.Sprintf("%s: %s", h.Certification, reasonWords(others[i])))
		case !x.asks(x.to, after, h.Certification):
			reasons = append(reasons, h.Certification+" is not on the list any more")
		default:
			reasons = append(reasons, h.Certification+" is not in the certifications export any more")
		}
	}
	return strings.Join(reasons, "; ")
}

// reasonWords says why a holding does not count.
func reasonWords(h Holding) string {
	switch {
	case h.Reason == "expired" && h.Expires != nil:
		return "expired on " + h.Expires.String()
	case h.Reason == "not_yet" && h.Completed != nil:
		return "not passed before " + h.Completed.String()
	case h.Reason == "list_ended":
		return "no longer on the list"
	default:
		return strings.ReplaceAll(h.Reason, "_", " ")
	}
}

// gateReason says which gates decide about the list in the two months.
func (x pair) gateReason(a scoring.Area, metric scoring.Metric) string {
	lacking := func(p *Partner, verb string) (unmet []string) {
		people := p.People()
		for i, gate := range p.Rules.Skilling(a, metric).Gates {
			have := len(people[scoring.StepKey{Area: a, Metric: metric, Step: i + 1}])
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
