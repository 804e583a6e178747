package scoring

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// Costs are what actions cost, in millionths of a unit of one's own choosing, such as days of work.
type Costs struct {
	Customer Fixed6 `json:"customer"`     // one more eligible customer
	ACR      Fixed6 `json:"acr_1000_usd"` // 1,000 USD more ACR in the month
	Service  Fixed6 `json:"service"`      // one more service that counts
	Person   Fixed6 `json:"person"`       // one more person on one step
}

// Way is a set of actions that reaches the designation, none of which can be done by less. A customer more is one that
// consumes the least that makes it eligible, in the month, and so in the twelve months, of services that count already; a
// person more stands on one step. Customers beyond the cap of net customer adds would be worth their ACR only, and are
// written as that.
type Way struct {
	Customers int64 // more eligible customers
	ACR       USD   // more ACR in the month, and so in the twelve months, than what these customers bring
	Services  int64 // more services that count
	People    []StepPeople
	Cost      Fixed6 // rounded half away from zero
	After     Score
}

// StepPeople is a number of people on one step of a certifications metric.
type StepPeople struct {
	StepKey
	Gate   bool  `json:"gate"`
	People int64 `json:"people"`
}

// Paths are the ways from measures to the designation in an area.
type Paths struct {
	Now       Score
	Ways      []Way    // cheapest first; none when it qualifies already or cannot
	More      int64    // ways that are not listed
	Margin    *Margin  // when it qualifies already
	Obstacles []Phrase // why there is no way
}

// maxCombinations bounds the search: the built-in rulebooks have a few thousand.
const maxCombinations = 50_000_000

// Paths finds every way from the measures of a partner on a track to the designation in an area, and lists the cheapest.
// The track is taken as given, and so is what the baseline says.
func (r *Rulebook) Paths(track string, area Area, m Measures, costs Costs, listed int) (Paths, error) {
	now, err := scoreIn(r, track, area, m)
	if err != nil {
		return Paths{}, err
	}
	t, _ := r.TrackOf(track)
	p := Paths{Now: now}
	if now.Qualifies {
		p.Margin = marginOf(r, t, now, m)
		return p, nil
	}
	if p.Obstacles = obstacles(now); len(p.Obstacles) > 0 {
		return p, nil
	}
	s := newSearch(r, t, area, m, costs, listed)
	if s.combinations() > maxCombinations {
		return Paths{}, fmt.Errorf("find the ways with rulebook %s: more than %s combinations of actions; let a customer, a service or a person earn more points",
			r.ID, Grouped(maxCombinations))
	}
	s.run()
	p.More = s.found - int64(len(s.best))
	for _, c := range s.best {
		w := s.way(c)
		if w.After, err = scoreIn(r, track, area, m.with(w, t.EligibleCustomerUSD)); err != nil {
			return Paths{}, err
		}
		p.Ways = append(p.Ways, w)
	}
	if s.found == 0 {
		p.Obstacles = []Phrase{Say("no set of actions earns the %d points of the designation within the caps of the metrics", r.DesignationPoints)}
	}
	return p, nil
}

// scoreIn returns the score in one area.
func scoreIn(r *Rulebook, track string, area Area, m Measures) (Score, error) {
	scores, err := r.Score(track, m)
	if err != nil {
		return Score{}, err
	}
	for _, s := range scores {
		if s.Area == area {
			return s, nil
		}
	}
	return Score{}, fmt.Errorf("score with rulebook %s: it has no area %q", r.ID, area)
}

// with returns the measures after the actions of a way, each of its customers with so much ACR.
func (m Measures) with(w Way, each USD) Measures {
	skills := map[StepKey]int64{}
	maps.Copy(skills, m.Skills)
	for _, p := range w.People {
		skills[p.StepKey] += p.People
	}
	m.Skills = skills
	m.EligibleCustomers += w.Customers
	m.CountedServices += w.Services
	more := w.ACR + USD(w.Customers)*each
	m.ACR += more
	m.ACRTTM += more
	return m
}

// obstacles are the metrics worth nothing that no action can change.
func obstacles(now Score) []Phrase {
	var all []Phrase
	for _, metric := range now.Metrics {
		if slices.Contains([]Status{NoData, NoBaseline, InvalidBaseline}, metric.Status) {
			all = append(all, Say("%s has %s", metric.Metric.Name(), metric.Reason))
		}
	}
	return all
}

// cost returns what a way costs in units of a thousand-millionth of a millionth, so that it is whole.
func (c Costs) cost(customers int64, acr USD, services, people int64) *big.Int {
	sum := new(big.Int)
	for _, part := range []struct{ n, each int64 }{
		{customers, int64(c.Customer)}, {services, int64(c.Service)}, {people, int64(c.Person)},
	} {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(part.n), big.NewInt(part.each)))
	}
	sum.Mul(sum, big.NewInt(1000*micro))
	return sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(acr)), big.NewInt(int64(c.ACR))))
}
