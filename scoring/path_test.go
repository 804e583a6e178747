package scoring

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// smallBook draws a rulebook with few steps in each metric, so that every combination of actions can be looked at.
func smallBook(t *rapid.T) (*Rulebook, Track) {
	r, track := anyBook(t)
	draw := func(name string, least, most int64) int64 { return rapid.Int64Range(least, most).Draw(t, name) }
	r.DesignationPoints = draw("needed points", 1, 45)
	r.PointsPerCustomer, r.MaxNetCustomerAdds = draw("points per customer", 3, 12), draw("max of customers", 1, 12)
	r.PointsPerService, r.MaxDeployments = draw("points per service", 2, 6), draw("max of deployments", 1, 8)
	r.PointsPerPercent, r.MaxUsageGrowth = draw("points per percent", 1, 3), draw("max of growth", 1, 6)
	r.PointsPerPerson = draw("points per person", 3, 8)
	r.ACRGateUSD = USD(draw("ACR gate", 0, 120))
	r.Tracks = slices.Clone(r.Tracks)
	for i := range r.Tracks {
		r.Tracks[i].EligibleCustomerUSD = USD(draw("ACR of a customer", 1, 30))
	}
	r.Areas = slices.Clone(r.Areas)
	for i, area := range r.Areas {
		for _, skilling := range []**Skilling{&r.Areas[i].Intermediate, &r.Areas[i].Advanced} {
			if *skilling == nil {
				continue
			}
			own := **skilling
			own.Max = draw(fmt.Sprint("max of skilling in ", area.Area), 1, 12)
			*skilling = &own
		}
	}
	chosen, _ := r.TrackOf(track)
	return r, chosen
}

// smallMeasures draws measures near the steps of a small rulebook.
func smallMeasures(t *rapid.T, r *Rulebook) Measures {
	draw := func(name string, least, most int64) int64 { return rapid.Int64Range(least, most).Draw(t, name) }
	m := Measures{
		EligibleCustomers: draw("customers", 0, 4), EligibleCustomersBaseline: draw("customers a year before", 0, 4),
		ACR: USD(draw("ACR", 60, 130)), ACRBaseline: USD(draw("ACR a year before", 1, 120)),
		CountedServices: draw("services", 0, 4), Skills: map[StepKey]int64{},
	}
	if draw("no baseline", 0, 19) == 0 {
		m.ACRBaseline = USD(draw("baseline", -1, 0))
	}
	m.ACRTTM = m.ACR + USD(draw("ACR of the months before", -5, 30))
	for _, c := range r.StepCertifications(Enterprise) {
		m.Skills[c.StepKey] = draw("people", 0, 3)
	}
	return m
}

// grid holds what every amount of every action earns in an area, by the functions that score months. The last axis is the ACR.
type grid struct {
	steps []StepKey
	axes  [][]Points // customers, services, one for each certifications metric by all its people, growth by customers and ACR
	sizes []int      // of the actions: customers, services, people of each step, ACR
	parts [][]int    // the actions of each axis
	need  Points
}

func newGrid(r *Rulebook, t Track, area Area, m Measures) *grid {
	g := &grid{need: NewPoints(r.DesignationPoints)}
	axis := func(points func(amounts []int64) Points, most ...int64) {
		actions, total := []int{}, 1
		for _, n := range most {
			actions = append(actions, len(g.sizes))
			g.sizes = append(g.sizes, int(n)+1)
			total *= int(n) + 1
		}
		var all []Points
		for i := range total {
			amounts, rest := make([]int64, len(most)), i
			for a := range most {
				amounts[a], rest = int64(rest%(int(most[a])+1)), rest/(int(most[a])+1)
			}
			all = append(all, points(amounts))
		}
		g.axes, g.parts = append(g.axes, all), append(g.parts, actions)
	}
	netAdds := func(n []int64) Points { m := m; m.EligibleCustomers += n[0]; return *r.netCustomerAdds(t, m).Points }
	most := int64(0) // more customers would be ACR only
	for netAdds([]int64{most}).Cmp(NewPoints(r.MaxNetCustomerAdds)) < 0 {
		most++
	}
	axis(netAdds, most)
	axis(func(n []int64) Points { m := m; m.CountedServices += n[0]; return *r.deployments(m).Points }, 8/r.PointsPerService+1)
	for _, rules := range r.Areas {
		for _, metric := range []Metric{IntermediateCertifications, AdvancedCertifications} {
			s := rules.skilling(metric)
			if rules.Area != area || s == nil {
				continue
			}
			var most []int64
			for step := 1; step <= s.lastStep(); step++ {
				g.steps = append(g.steps, StepKey{area, metric, step})
				most = append(most, t.GatePeople)
			}
			most[len(most)-1] = 12/r.PointsPerPerson + 1
			axis(func(n []int64) Points {
				skills := map[StepKey]int64{}
				for i, people := range n {
					key := StepKey{area, metric, i + 1}
					skills[key] = m.Skills[key] + people
				}
				return *certifications(r, t, rules, metric, Measures{Skills: skills}).Points
			}, most...)
		}
	}
	const mostACR = 200
	var growth []Points
	for acr := range USD(mostACR + 1) {
		for customers := range USD(most + 1) {
			m, more := m, acr+customers*t.EligibleCustomerUSD
			m.ACR, m.ACRTTM = m.ACR+more, m.ACRTTM+more
			growth = append(growth, *r.usageGrowth(m).Points)
		}
	}
	g.axes, g.parts, g.sizes = append(g.axes, growth), append(g.parts, []int{0, len(g.sizes)}), append(g.sizes, mostACR+1)
	return g
}

// qualifies adds up what amounts of all actions earn.
func (g *grid) qualifies(amounts []int) bool {
	var total Points
	for a, actions := range g.parts {
		at, factor := 0, 1
		for _, action := range actions {
			at, factor = at+amounts[action]*factor, factor*g.sizes[action]
		}
		points := g.axes[a][at]
		if points.Sign() <= 0 {
			return false
		}
		total = total.Add(points)
	}
	return total.Cmp(g.need) >= 0
}

// minimal lists the amounts that qualify and do not with any of them one less.
func (g *grid) minimal() (all [][]int) {
	amounts := make([]int, len(g.sizes))
	last := len(amounts) - 1
	for {
		// The least ACR by halves: more of it never scores less, as TestMoreNeverScoresLess has it.
		low, high := 0, g.sizes[last]
		for low < high {
			if amounts[last] = (low + high) / 2; g.qualifies(amounts) {
				high = amounts[last]
			} else {
				low = amounts[last] + 1
			}
		}
		if amounts[last] = low; low < g.sizes[last] && g.isMinimal(amounts) {
			all = append(all, slices.Clone(amounts))
		}
		i := 0
		for ; i < last; i++ {
			if amounts[i]++; amounts[i] < g.sizes[i] {
				break
			}
			amounts[i] = 0
		}
		if i == last {
			return all
		}
	}
}

func (g *grid) isMinimal(amounts []int) bool {
	for i := range amounts {
		if amounts[i] == 0 {
			continue
		}
		amounts[i]--
		less := g.qualifies(amounts)
		amounts[i]++
		if less {
			return false
		}
	}
	return true
}

// text writes amounts, or a way, in one form.
func (g *grid) text(w Way) string {
	amounts := []int64{w.Customers, w.Services}
	for _, step := range g.steps {
		people := int64(0)
		for _, p := range w.People {
			if p.StepKey == step {
				people += p.People
			}
		}
		amounts = append(amounts, people)
	}
	return fmt.Sprint(append(amounts, int64(w.ACR)))
}

func TestPathsByBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, track := smallBook(t)
		m := smallMeasures(t, r)
		area := rapid.SampledFrom(Areas()).Draw(t, "area")
		cost := rapid.Map(rapid.Int64Range(0, 3), func(n int64) Fixed6 { return Fixed6(n * micro) })
		costs := Costs{cost.Draw(t, "customer"), 1000 * micro * cost.Draw(t, "ACR"), cost.Draw(t, "service"), cost.Draw(t, "person")}
		all, err := r.Paths(track.ID, area, m, costs, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		g := newGrid(r, track, area, m)
		var want, have []string
		for _, amounts := range g.minimal() {
			want = append(want, fmt.Sprint(amounts))
		}
		for i, w := range all.Ways {
			have = append(have, g.text(w))
			if !w.After.Qualifies {
				t.Fatalf("%s does not qualify: %s points", g.text(w), w.After.Total)
			}
			if i > 0 && w.Cost < all.Ways[i-1].Cost {
				t.Fatalf("%s costs less than the one before", g.text(w))
			}
		}
		if all.Now.Qualifies {
			have = []string{fmt.Sprint(make([]int, len(g.sizes)))}
			checkMargin(t, r, track, area, m, *all.Margin)
		}
		ranked := slices.Clone(have)
		slices.Sort(want)
		slices.Sort(have)
		if !slices.Equal(want, have) {
			t.Fatalf("need %s, now %s points\nwant %s\nhave %s", g.need, all.Now.Total, strings.Join(want, " "), strings.Join(have, " "))
		}
		if (len(all.Obstacles) > 0) != (len(want) == 0) {
			t.Fatalf("%d ways, obstacles %q", len(want), all.Obstacles)
		}
		few, err := r.Paths(track.ID, area, m, costs, 2)
		if err != nil {
			t.Fatal(err)
		}
		if int(few.More)+len(few.Ways) != len(all.Ways) || len(few.Ways) > 2 {
			t.Fatalf("%d ways, %d more, of %d", len(few.Ways), few.More, len(all.Ways))
		}
		for i, w := range few.Ways {
			if g.text(w) != ranked[i] {
				t.Fatalf("way %d of few is %s, of all %s", i, g.text(w), ranked[i])
			}
		}
	})
}

// checkMargin takes away what the margin says, which must leave the designation, and one more, which must not.
func checkMargin(t *rapid.T, r *Rulebook, track Track, area Area, m Measures, c Margin) {
	check := func(what string, spare int64, take func(m *Measures, n int64)) {
		for extra := range int64(2) {
			less := m.with(Way{}, 0) // a copy
			take(&less, spare+extra)
			score, err := scoreIn(r, track.ID, area, less)
			if err != nil {
				if extra == 0 || !strings.Contains(err.Error(), "want a count") {
					t.Fatal(err)
				}
				continue // there was nobody left to take
			}
			if score.Qualifies != (extra == 0) {
				t.Fatalf("%d fewer %s: qualifies %v with %s points", spare+extra, what, score.Qualifies, score.Total)
			}
		}
	}
	check("customers", c.Customers, func(m *Measures, n int64) { m.EligibleCustomers -= n })
	check("services", c.Services, func(m *Measures, n int64) { m.CountedServices -= n })
	check("ACR", int64(c.ACR), func(m *Measures, n int64) { m.ACR, m.ACRTTM = m.ACR-USD(n), m.ACRTTM-USD(n) })
	for _, p := range c.People {
		check(fmt.Sprint(p.StepKey), p.People, func(m *Measures, n int64) { m.Skills[p.StepKey] -= n })
	}
}

// TestPathsOfStories looks at ways that can be told.
func TestPathsOfStories(t *testing.T) {
	r := embedded(t, "azure-2023-06")
	costs := Costs{Customer: 20 * micro, ACR: 10 * micro, Service: 5 * micro, Person: 5 * micro}
	m := Measures{EligibleCustomers: 10, EligibleCustomersBaseline: 8, ACR: 110_000 * dollar, ACRBaseline: 100_000 * dollar, ACRTTM: 1_300_000 * dollar,
		CountedServices: 4, Skills: people(Infrastructure, []int64{2, 4}, []int64{1, 2})} // 20 + 16 + 0 + 10 + 8 = 54
	p, err := r.Paths(Enterprise, Infrastructure, m, costs, 3)
	if err != nil {
		t.Fatal(err)
	}
	// The second architect earns 8: 62. The other 8: two people, or a person, a service and 2 %, …
	gate := StepPeople{StepKey: StepKey{Infrastructure, AdvancedCertifications, 1}, Gate: true, People: 1}
	last := func(metric Metric, n int64) StepPeople {
		return StepPeople{StepKey: StepKey{Infrastructure, metric, 2}, People: n}
	}
	for i, want := range []struct {
		people []StepPeople
		cost   Fixed6
	}{
		{[]StepPeople{gate, last(AdvancedCertifications, 2)}, 15 * micro},
		{[]StepPeople{last(IntermediateCertifications, 1), gate, last(AdvancedCertifications, 1)}, 15 * micro},
		{[]StepPeople{gate}, 25 * micro},
	} {
		w := p.Ways[i]
		if !slices.Equal(w.People, want.people) || w.Cost != want.cost {
			t.Errorf("way %d: %+v at %s, want %v at %s", i+1, w.People, USD(w.Cost), want.people, USD(want.cost))
		}
	}
	// The customer's 1,000 USD are also a percent of growth.
	if p.Ways[2].Customers != 1 || p.Ways[2].After.Total.Cmp(NewPoints(73)) != 0 {
		t.Errorf("way 3: %+v", p.Ways[2])
	}
	if p.More == 0 {
		t.Error("no more ways")
	}

	m.ACRBaseline = 0
	if p, err = r.Paths(Enterprise, Infrastructure, m, costs, 3); err != nil {
		t.Fatal(err)
	}
	if len(p.Ways) != 0 || len(p.Obstacles) != 1 || !strings.Contains(p.Obstacles[0].String(), "nothing to measure growth against") {
		t.Errorf("without a baseline: %+v", p)
	}
}

// TestThresholdsAreExact compares what each step takes with the scores at and just below it.
func TestThresholdsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _ := anyBook(t)
		r.PointsPerPercent = rapid.Int64Range(1, 4).Draw(t, "points per percent")
		base := USD(rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, maxFixed6/2)).Draw(t, "base"))
		points := func(acr USD) Points {
			return *r.usageGrowth(Measures{ACR: acr, ACRBaseline: base, ACRTTM: maxFixed6}).Points
		}
		for _, h := range r.ACRThresholds(base) {
			if points(h.ACR).Cmp(NewPoints(h.Points)) < 0 || points(h.ACR-1).Cmp(NewPoints(h.Points)) >= 0 {
				t.Fatalf("%d %% of %s at %s: %s points, %s below", h.Percent, base, h.ACR, points(h.ACR), points(h.ACR-1))
			}
		}
		needed := hundredths(rapid.Int64Range(0, 100*r.MaxUsageGrowth).Draw(t, "hundredths"))
		acr, ok := r.ACRFor(needed, base)
		enough := func(p Points) bool { return p.Sign() > 0 && p.Cmp(needed) >= 0 }
		if !ok || !enough(points(acr)) || enough(points(acr-1)) {
			t.Fatalf("%s points over %s: %s earns %s, one less %s", needed, base, acr, points(acr), points(acr-1))
		}
		count := rapid.Int64Range(0, 1<<40).Draw(t, "customers")
		track := r.Tracks[0]
		for _, h := range r.CustomerThresholds(count) {
			at := func(n int64) Points {
				return *r.netCustomerAdds(track, Measures{EligibleCustomers: n, EligibleCustomersBaseline: count}).Points
			}
			if at(h.Customers).Cmp(NewPoints(h.Points)) != 0 || at(h.Customers-1).Cmp(NewPoints(h.Points)) >= 0 {
				t.Fatalf("%d customers: %s points", h.Customers, at(h.Customers))
			}
		}
	})
}
