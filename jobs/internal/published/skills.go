package published

import (
	"maps"
	"slices"
	"time"

	"partnerscore/scoring"
)

// Held is a certification of a person in an export, with the days on which it counts.
type Held struct {
	Person        string
	Certification string // title in the rules
	Completed     *Day   // nil: not known
	Expires       *Day   // nil: never
	Active        bool
}

// valid reports whether a holding is valid on a day.
func (h Held) valid(day time.Time) bool {
	return h.Active && h.Completed != nil && !h.Completed.After(day) && (h.Expires == nil || !h.Expires.Before(day))
}

// Lists reports whether a list that ends at until still contains its certification on a day.
func Lists(until *time.Time, day time.Time) bool { return until == nil || !until.Before(day) }

// Skills counts who satisfies the steps of rules: by step, the people and the holdings that satisfy it.
type Skills map[scoring.StepKey]map[string][]Held

// SkillsOn returns who satisfies each step of the rules on a day.
func SkillsOn(rules *scoring.Rulebook, all []Held, day time.Time) Skills {
	byTitle := map[string][]Held{}
	for _, h := range all {
		byTitle[h.Certification] = append(byTitle[h.Certification], h)
	}
	s := Skills{}
	for _, c := range rules.StepCertifications(rules.Tracks[0].ID) {
		key := c.StepKey
		for _, h := range byTitle[c.Title] {
			if h.valid(day) && Lists(c.Until, day) {
				s.Add(key, h)
			}
		}
	}
	return s
}

// Add records that a person satisfies a step with a holding.
func (s Skills) Add(key scoring.StepKey, h Held) {
	if s[key] == nil {
		s[key] = map[string][]Held{}
	}
	s[key][h.Person] = append(s[key][h.Person], h)
}

// Counts returns the people of each step.
func (s Skills) Counts() map[scoring.StepKey]int64 {
	counts := map[scoring.StepKey]int64{}
	for key, people := range s {
		counts[key] = int64(len(people))
	}
	return counts
}

// Skills returns who satisfies each step by the published certifications.
func (p *Partner) Skills() Skills {
	s := Skills{}
	for _, h := range p.Holdings {
		if h.Counted {
			s.Add(h.StepKey, Held{Person: h.Person, Certification: h.Certification, Completed: h.Completed, Expires: h.Expires, Active: true})
		}
	}
	return s
}

// Clone copies the people of every step.
func (s Skills) Clone() Skills {
	c := Skills{}
	for key, people := range s {
		c[key] = maps.Clone(people)
		for person, all := range people {
			c[key][person] = slices.Clip(all) // what is added to one is not added to the other
		}
	}
	return c
}

// Remove takes a certification from a person in every step, or all of them, and reports whether there was one.
func (s Skills) Remove(person, title string) (removed bool) {
	for key, people := range s {
		var kept []Held
		for _, h := range people[person] {
			if title != "" && h.Certification != title {
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
