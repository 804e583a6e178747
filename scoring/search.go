package scoring

import (
	"math/big"
	"slices"
)

// choice is one way to act on one metric. lowered is the most that the metric is worth when one of the actions is done by
// one less, -1 where there is no action.
type choice struct {
	count   int64 // customers, services or people of the last step
	gates   []int64
	points  int64
	lowered int64
}

// people counts the people of a choice of a certifications metric.
func (c choice) people() int64 {
	n := c.count
	for _, gate := range c.gates {
		n += gate
	}
	return n
}

// growthChoice is the least ACR, on top of that of new customers, that earns a number of points of usage growth.
type growthChoice struct {
	acr     USD
	points  int64 // that it earns, rounded down
	lowered int64 // that it earns with a customer less, rounded down; -1 where growth is worth nothing then
	ok      bool
}

// combination is a way as the search holds it: a choice for each metric.
type combination struct {
	customers, services choice
	skilling            [2]choice // of the metrics of search.metrics
	growth              growthChoice
	cost                *big.Int
}

// search looks at every combination of choices. All points but those of growth are whole.
type search struct {
	need                int64
	area                Area
	customers, services []choice
	metrics             []Metric // of certifications, that apply
	rules               []*Skilling
	skilling            [2][]choice
	growth              [][]growthChoice // by customers, then by the points that are needed; for none, the least that earns any
	costs               Costs
	listed              int

	found int64
	best  []combination // by cost
}

func newSearch(r *Rulebook, t Track, area Area, m Measures, costs Costs, listed int) *search {
	s := &search{need: r.DesignationPoints, area: area, costs: costs, listed: listed}
	s.customers = chain(m.EligibleCustomers-m.EligibleCustomersBaseline, r.PointsPerCustomer, r.MaxNetCustomerAdds)
	s.services = chain(m.CountedServices, r.PointsPerService, r.MaxDeployments)
	s.skilling = [2][]choice{{{lowered: -1}}, {{lowered: -1}}}
	for _, metric := range []Metric{IntermediateCertifications, AdvancedCertifications} {
		if skilling := r.Skilling(area, metric); skilling != nil {
			s.skilling[len(s.metrics)] = trackSkilling{skilling, t, r.PointsPerPerson}.choices(peopleOf(area, metric, skilling, m))
			s.metrics, s.rules = append(s.metrics, metric), append(s.rules, skilling)
		}
	}
	for _, c := range s.customers {
		var growth []growthChoice
		for points := range r.MaxUsageGrowth + 1 {
			growth = append(growth, r.growthChoice(points, c.count, t.EligibleCustomerUSD, m))
		}
		s.growth = append(s.growth, growth)
	}
	return s
}

// chain lists how many more of a thing a metric takes, from none to the cap, each worth at least a point. have may be negative.
func chain(have, each, limit int64) []choice {
	if have*each >= limit && have > 0 {
		return []choice{{points: limit, lowered: -1}}
	}
	var all []choice
	lowered := int64(0)
	for n := max(1, have); ; n++ {
		c := choice{count: n - have, points: min(n*each, limit), lowered: lowered}
		if c.count == 0 {
			c.lowered = -1
		}
		all = append(all, c)
		if lowered = c.points; lowered == limit {
			return all
		}
	}
}

// growthChoice returns the least ACR to add for that many points of growth to new customers with so much each, also where
// the consumption of twelve months is below its gate. There is no choice when DECIMAL(18,6) cannot hold what the customers bring.
func (r GrowthRules) growthChoice(points, customers int64, each USD, m Measures) growthChoice {
	acr, ok := r.ACRFor(NewPoints(points), m.ACRBaseline)
	if !ok || customers > 0 && each > (maxFixed6-max(0, m.ACR, m.ACRTTM))/USD(customers) {
		return growthChoice{}
	}
	brought := USD(customers) * each
	more := max(0, acr-m.ACR-brought, r.ACRGateUSD-m.ACRTTM-brought)
	m.ACR, m.ACRTTM = m.ACR+brought+more, m.ACRTTM+brought+more
	c := growthChoice{acr: more, points: r.growthPoints(m, r.GrowthRounding).Hundredths() / 100, lowered: -1, ok: true}
	m.ACR, m.ACRTTM = m.ACR-each, m.ACRTTM-each
	if lowered := r.growthPoints(m, r.GrowthRounding); lowered.Sign() > 0 && m.ACRTTM >= r.ACRGateUSD {
		c.lowered = lowered.Hundredths() / 100
	}
	return c
}

// choices lists the sets of gates to meet and, where they are all met, the people of the last step, each set worth
// at least a point.
func (s trackSkilling) choices(have headcount) []choice {
	var all []choice
	var unmet []int
	for i, n := range have.gates {
		if n < s.GatePeople {
			unmet = append(unmet, i)
		}
	}
	gatesOnly := func(met int64) int64 { return min(met*s.GatePoints, s.Max) }
	for set := range 1 << len(unmet) {
		c := choice{gates: make([]int64, len(s.Gates)), lowered: -1}
		met := have.met(s.GatePeople)
		for bit, i := range unmet {
			if set>>bit&1 == 1 {
				c.gates[i] = s.GatePeople - have.gates[i]
				met++
			}
		}
		if c.people() > 0 {
			c.lowered = gatesOnly(met - 1)
		}
		if met < int64(len(s.Gates)) {
			if c.points = gatesOnly(met); c.points > 0 {
				all = append(all, c)
			}
			continue
		}
		all = append(all, s.electiveChoices(c, have.electives, gatesOnly(met))...)
	}
	return all
}

// electiveChoices lists the people to add on the last step, to gates that are all met and earn points by themselves.
func (s trackSkilling) electiveChoices(gates choice, have, gatePoints int64) []choice {
	worth := func(people int64) int64 {
		if people >= s.Max { // a person earns at least a point
			return s.Max
		}
		return min(gatePoints+min(people*s.pointsPerPerson, s.Max), s.Max)
	}
	var all []choice
	for n := int64(0); ; n++ {
		c := gates
		c.count, c.points = n, worth(have+n)
		if n > 0 {
			c.lowered = max(c.lowered, worth(have+n-1))
		}
		if c.points > 0 {
			all = append(all, c)
		}
		if c.points == s.Max {
			return all
		}
	}
}

// combinations counts what run looks at.
func (s *search) combinations() int64 {
	n := int64(1)
	for _, choices := range [][]choice{s.customers, s.services, s.skilling[0], s.skilling[1]} {
		if n *= int64(len(choices)); n > maxCombinations {
			return n
		}
	}
	return n
}

// run looks at every combination and keeps the cheapest ways.
func (s *search) run() {
	for _, first := range s.skilling[0] {
		for _, second := range s.skilling[1] {
			for i, customers := range s.customers {
				for _, services := range s.services {
					s.consider(combination{customers: customers, services: services, skilling: [2]choice{first, second}}, s.growth[i])
				}
			}
		}
	}
}

// consider adds the growth that a combination needs, of those that its customers leave to earn, and keeps it if it is a
// way: it qualifies, and with any action done by less it does not.
func (s *search) consider(c combination, growth []growthChoice) {
	others := c.customers.points + c.services.points + c.skilling[0].points + c.skilling[1].points
	needed := max(0, s.need-others)
	if needed >= int64(len(growth)) || !growth[needed].ok {
		return
	}
	c.growth = growth[needed]
	total := others + c.growth.points
	if c.customers.lowered > 0 && c.growth.lowered >= 0 && others-c.customers.points+c.customers.lowered+c.growth.lowered >= s.need {
		return
	}
	for _, part := range []choice{c.services, c.skilling[0], c.skilling[1]} {
		if part.lowered > 0 && total-part.points+part.lowered >= s.need {
			return
		}
	}
	s.found++
	c.cost = s.costs.cost(c.customers.count, c.growth.acr, c.services.count, c.skilling[0].people()+c.skilling[1].people())
	at, _ := slices.BinarySearchFunc(s.best, c, compareWays)
	if at == s.listed {
		return
	}
	s.best = slices.Insert(s.best, at, c)
	s.best = s.best[:min(len(s.best), s.listed)]
}

// compareWays orders ways by cost, then by how many things there are to do, then by less of the first that differs.
func compareWays(a, b combination) int {
	if by := a.cost.Cmp(b.cost); by != 0 {
		return by
	}
	if by := a.kinds() - b.kinds(); by != 0 {
		return by
	}
	return slices.Compare(a.amounts(), b.amounts())
}

// amounts lists how much a combination takes of each action.
func (c combination) amounts() []int64 {
	all := []int64{c.customers.count, c.services.count}
	for _, s := range c.skilling {
		all = append(append(all, s.gates...), s.count)
	}
	return append(all, int64(c.growth.acr))
}

// kinds counts the actions.
func (c combination) kinds() (n int) {
	for _, amount := range c.amounts() {
		if amount > 0 {
			n++
		}
	}
	return n
}

// way writes a combination as what is to be done.
func (s *search) way(c combination) Way {
	cost := saturated(roundedAt(c.cost, big.NewInt(1000*micro), 0))
	w := Way{Customers: c.customers.count, ACR: c.growth.acr, Services: c.services.count, Cost: cost}
	for i, metric := range s.metrics {
		add := func(step int, gate bool, people int64) {
			if people > 0 {
				w.People = append(w.People, StepPeople{StepKey: StepKey{s.area, metric, step}, Gate: gate, People: people})
			}
		}
		for gate, people := range c.skilling[i].gates {
			add(gate+1, true, people)
		}
		add(s.rules[i].lastStep(), false, c.skilling[i].count)
	}
	return w
}
