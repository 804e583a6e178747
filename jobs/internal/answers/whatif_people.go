package answers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"partnerscore/scoring"
)

// changePeople takes people and certifications away, then adds certifications.
func (h *hypothesis) changePeople(context.Context) error {
	known := map[string]bool{}
	for _, holding := range h.p.Holdings {
		known[holding.Person] = true
	}
	for _, people := range h.skills {
		for person := range people {
			known[person] = true
		}
	}
	h.skills = h.skills.clone()
	for _, person := range h.ch.LostPeople {
		if err := knownPerson(person, known); err != nil {
			return err
		}
		h.say("without person %s", person)
		if !h.skills.remove(person, "") {
			h.note("person %s held nothing that counts", person)
		}
	}
	for _, change := range h.ch.Uncertified {
		if err := h.uncertify(change, known); err != nil {
			return err
		}
	}
	fresh := int64(0)
	for _, change := range h.ch.Certified {
		if err := h.certify(change, known, &fresh); err != nil {
			return err
		}
	}
	return nil
}

// clone copies the people of every step.
func (s skills) clone() skills {
	c := skills{}
	for key, people := range s {
		c[key] = maps.Clone(people)
	}
	return c
}

// remove takes a certification from a person in every step, or all of them, and reports whether there was one.
func (s skills) remove(person, title string) (removed bool) {
	for key, people := range s {
		var kept []held
		for _, h := range people[person] {
			if title != "" && h.certification != title {
				kept = append(kept, h)
			}
		}
		removed = removed || len(kept) < len(people[person])
		if len(kept) > 0 {
			s[key][person] = kept
		} else {
			delete(s[key], person)
		}
	}
	return removed
}

func knownPerson(person string, known map[string]bool) error {
	if known[person] {
		return nil
	}
	return unknown("person", person, slices.Sorted(maps.Keys(known)), nil, "people go by the ids of the published certifications")
}

func (h *hypothesis) uncertify(change CertificationChange, known map[string]bool) error {
	c, err := findCertification(h.rules, change.Certification)
	if err != nil {
		return err
	}
	if change.Person == "" {
		return &ChangeError{fmt.Sprintf("say who loses %s: a person id instead of %d", c.Title, change.People)}
	}
	if err := knownPerson(change.Person, known); err != nil {
		return err
	}
	h.say("person %s without %s", change.Person, c.Title)
	if !h.skills.remove(change.Person, c.Title) {
		h.note("person %s did not hold %s in a way that counts", change.Person, c.Title)
	}
	return nil
}

func (h *hypothesis) certify(change CertificationChange, known map[string]bool, fresh *int64) error {
	c, err := findCertification(h.rules, change.Certification)
	if err != nil {
		return err
	}
	people := []string{change.Person}
	if change.Person == "" {
		people = nil
		for range change.People {
			*fresh++
			people = append(people, fmt.Sprintf("new %d", *fresh))
		}
		h.say("%s more with %s", peopleWord(change.People), c.Title)
	} else {
		if err := knownPerson(change.Person, known); err != nil {
			return err
		}
		if err := h.contradicts(change.Person, c); err != nil {
			return err
		}
		h.say("person %s with %s", change.Person, c.Title)
	}
	day, counts, had := h.p.skillsAsOf(), false, false
	for _, step := range h.rules.StepCertifications(h.rules.Tracks[0].ID) {
		if step.Title != c.Title || !lists(step.Until, day) {
			continue
		}
		counts = true
		key := scoring.StepKey{Area: step.Area, Metric: step.Metric, Step: step.Step}
		for _, person := range people {
			had = had || slices.ContainsFunc(h.skills[key][person], func(x held) bool { return x.certification == c.Title })
			h.skills.add(key, held{person: person, certification: c.Title, completed: &Day{day}, active: true})
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
func (h *hypothesis) contradicts(person string, certification *scoring.Certification) error {
	if slices.Contains(h.ch.LostPeople, person) {
		return &ChangeError{"person " + person + " is gone and certified at once"}
	}
	for _, lost := range h.ch.Uncertified {
		if c, err := findCertification(h.rules, lost.Certification); err == nil && lost.Person == person && c.Title == certification.Title {
			return &ChangeError{fmt.Sprintf("person %s is with and without %s at once", person, c.Title)}
		}
	}
	return nil
}

func peopleWord(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// findCertification returns the certification that a title or a code names in rules. The error is an *UnknownError.
func findCertification(rules *scoring.Rulebook, text string) (*scoring.Certification, error) {
	var names []string
	for _, c := range rules.Certifications() {
		if slices.Contains(rules.Holdings.Labels(c), scoring.Titled(text)) {
			return &c, nil
		}
		names = append(append(names, c.Codes...), c.Title)
	}
	slices.Sort(names)
	return nil, unknown("certification", text, slices.Compact(names), nil, "name one that the rules ask for, by title or code")
}
