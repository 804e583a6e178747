package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// peopleChange changes the people of a hypothesis and their certifications.
type peopleChange struct {
	*Hypothesis
	p      *published.Partner
	ch     Changes
	before published.Skills
	added  int64 // new people
}

// apply takes people and certifications away, then adds certifications.
func (h *peopleChange) apply(context.Context) error {
	h.before, h.Skills = h.Skills, h.Skills.Clone()
	for _, person := range h.ch.LostPeople {
		if err := h.known(person); err != nil {
			return err
		}
		h.say("without person %s", person)
		if !h.Skills.Remove(person, "") {
			h.note("person %s held nothing that counts", person)
		}
	}
	for _, change := range h.ch.Uncertified {
		if err := h.uncertify(change); err != nil {
			return err
		}
	}
	for _, change := range h.ch.Certified {
		if err := h.certify(change); err != nil {
			return err
		}
	}
	return nil
}

// known refuses a person whom the month does not know.
func (h *peopleChange) known(person string) error {
	all := map[string]bool{}
	for _, holding := range h.p.Holdings {
		all[holding.Person] = true
	}
	for _, people := range h.before {
		for person := range people {
			all[person] = true
		}
	}
	if all[person] {
		return nil
	}
	return published.Unknown("person", person, slices.Sorted(maps.Keys(all)), nil, "people go by the ids of the published certifications")
}

func (h *peopleChange) uncertify(change CertificationChange) error {
	c, err := findCertification(h.Rules, change.Certification)
	if err != nil {
		return err
	}
	if change.Person == "" {
		return fault.Errorf(fault.Usage, "say who loses %s: a person id instead of %d", c.Title, change.People)
	}
	if err := h.known(change.Person); err != nil {
		return err
	}
	h.say("person %s without %s", change.Person, c.Title)
	if !h.Skills.Remove(change.Person, c.Title) {
		h.note("person %s did not hold %s in a way that counts", change.Person, c.Title)
	}
	return nil
}

func (h *peopleChange) certify(change CertificationChange) error {
	c, err := findCertification(h.Rules, change.Certification)
	if err != nil {
		return err
	}
	people := []string{change.Person}
	if change.Person == "" {
		people = nil
		for range change.People {
			h.added++
			people = append(people, fmt.Sprintf("new %d", h.added))
		}
		h.say("%s more with %s", wording.Counted(change.People, "person", "people"), c.Title)
	} else {
		if err := h.known(change.Person); err != nil {
			return err
		}
		if err := h.contradicts(change.Person, c); err != nil {
			return err
		}
		h.say("person %s with %s", change.Person, c.Title)
	}
	day, counts, had := h.p.SkillsAsOf(), false, false
	for _, step := range h.Rules.StepCertifications(h.Rules.Tracks[0].ID) {
		if step.Title != c.Title || !published.Lists(step.Until, day) {
			continue
		}
		counts = true
		key := step.StepKey
		for _, person := range people {
			had = had || slices.ContainsFunc(h.Skills[key][person], func(x published.Held) bool { return x.Certification == c.Title })
			h.Skills.Add(key, published.Held{Person: person, Certification: c.Title, Completed: &published.Day{Time: day}, Active: true})
		}
	}
	if !counts {
		h.note("%s was on no list any more on %s", c.Title, day.Format("2006-01-02"))
	}
	if had {
		h.note("person %s holds %s already", change.Person, c.Title)
	}
	return nil
}

// contradicts refuses a certification for a person who is to be without it, or gone.
func (h *peopleChange) contradicts(person string, certification *scoring.Certification) error {
	if slices.Contains(h.ch.LostPeople, person) {
		return fault.Errorf(fault.Usage, "person %s is gone and certified at once", person)
	}
	for _, lost := range h.ch.Uncertified {
		if c, err := findCertification(h.Rules, lost.Certification); err == nil && lost.Person == person && c.Title == certification.Title {
			return fault.Errorf(fault.Usage, "person %s is with and without %s at once", person, c.Title)
		}
	}
	return nil
}

// findCertification returns the certification that a title or a code names in rules. The error is a *published.UnknownError.
func findCertification(rules *scoring.Rulebook, text string) (*scoring.Certification, error) {
	var names []string
	for _, c := range rules.Certifications() {
		if slices.Contains(rules.Holdings.Labels(c), scoring.Titled(text)) {
			return &c, nil
		}
		names = append(append(names, c.Codes...), c.Title)
	}
	slices.Sort(names)
	return nil, published.Unknown("certification", text, slices.Compact(names), nil, "name one that the rules ask for, by title or code")
}
