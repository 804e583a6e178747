package actions

import (
	"cmp"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// mostRounds bounds how often a way is looked for again after what was found of it.
const mostRounds = 8

// way returns actions that together bring an area to the designation in a month: renewals where they are enough, else the least effort on top of them.
// None of the renewals can be left out. ok is false where no way is known.
func (x *finder) way(in scene, area scoring.Area, renewals []Action) (units []Action, ok bool, err error) {
	before := x.before(in.month)
	with := func(all ...[]Action) scenario.Effort { return after(before, slices.Concat(all...)) }
	var more []Action
	for range mostRounds {
		done := with(renewals, more)
		if in.qualifies(area, done) {
			break
		}
		track, measures := in.With(done, in.day).Measures()
		paths, err := in.Rules.Paths(track.ID, area, measures, x.costs, 1)
		if err != nil {
			return nil, false, err
		}
		if len(paths.Ways) == 0 {
			return nil, false, nil
		}
		more = append(more, x.units(in, paths.Ways[0], done)...)
	}
	if !in.qualifies(area, with(renewals, more)) {
		return nil, false, nil
	}
	for i := len(renewals) - 1; i >= 0; i-- {
		if fewer := slices.Delete(slices.Clone(renewals), i, i+1); in.qualifies(area, with(fewer, more)) {
			renewals = fewer
		}
	}
	return slices.Concat(renewals, more), true, nil
}

// units are the actions of a way. Consumption comes last, by itself: customers bring some of it.
func (x *finder) units(in scene, w scoring.Way, done scenario.Effort) (units []Action) {
	for _, step := range w.People {
		units = append(units, together(x.people(in, step, done))...)
	}
	if w.Customers > 0 {
		units = append(units, x.customers(in, w.Customers, done)...)
	}
	for range w.Services {
		units = append(units, x.service(in, after(done, units)))
	}
	if len(units) == 0 && w.ACR > 0 {
		units = append(units, Action{Effort: scenario.Effort{ACR: wording.UpToCents(w.ACR)}})
	}
	for i := range units {
		units[i].By = x.lastDay(in)
	}
	return units
}

// after returns an effort and what actions add to it.
func after(e scenario.Effort, all []Action) scenario.Effort {
	for _, a := range all {
		e = e.And(a.Effort)
	}
	return e
}

// lastDay is the last day on which something helps: of the month to come that it is about, or of the first one.
func (x *finder) lastDay(in scene) published.Day {
	return published.Day{Time: max(in.month, x.p.ScoreMonth+1).Last()}
}

// people are so many people who certify for a step: those who lack one certification for it, then new ones.
func (x *finder) people(in scene, step scoring.StepPeople, done scenario.Effort) (units []Action) {
	var titles []string
	for _, c := range in.Rules.StepCertifications(in.Track().ID) {
		if c.StepKey == step.StepKey && x.p.WorthLearning(c) && published.Lists(c.Until, in.day) {
			titles = append(titles, c.Title)
		}
	}
	if len(titles) == 0 {
		return nil
	}
	on := in.With(done, in.day).Skills[step.StepKey]
	for _, n := range answers.NearStep(x.p, step.StepKey, titles) {
		if int64(len(units)) < step.People && on[n.Person] == nil {
			title := cmp.Or(n.Certification, titles[0])
			units = append(units, certify(Renewal{Person: n.Person, Title: title, Reason: n.Reason, Any: len(titles) > 1 && n.Reason == ""}))
		}
	}
	for int64(len(units)) < step.People {
		units = append(units, certify(Renewal{Title: titles[0], Any: len(titles) > 1}))
	}
	return units
}

// together makes one action of several of a kind; none of none.
func together(units []Action) []Action {
	if len(units) == 0 {
		return nil
	}
	all := units[0]
	for _, unit := range units[1:] {
		all = all.with(unit)
	}
	return []Action{all}
}

func certify(r Renewal) Action {
	return Action{Renewals: []Renewal{r}, Effort: scenario.Effort{Certified: []scenario.Certified{{Person: r.Person, Title: r.Title}}}}
}

// customers are so many more eligible customers: those that consume something and lack least, then new ones.
func (x *finder) customers(in scene, n int64, done scenario.Effort) (units []Action) {
	now := in.With(done, in.day)
	threshold := now.Track().EligibleCustomerUSD
	var near []scenario.Customer
	for _, c := range now.Customers {
		if c.Current > 0 && c.Best() < threshold && x.published(c.Tenant) {
			near = append(near, c)
		}
	}
	slices.SortStableFunc(near, func(a, b scenario.Customer) int {
		return cmp.Or(cmp.Compare(b.Current, a.Current), cmp.Compare(a.Tenant, b.Tenant))
	})
	for _, c := range near[:min(n, int64(len(near)))] {
		units = append(units, Action{Effort: scenario.Effort{Raised: map[string]scoring.USD{c.Tenant: wording.UpToCents(threshold - c.Current)}}})
	}
	if more := n - int64(len(units)); more > 0 {
		units = append(units, Action{Effort: scenario.Effort{Customers: more}})
	}
	return units
}

// published reports whether a customer is one of the published ones, not a new one.
func (x *finder) published(tenant string) bool {
	return slices.ContainsFunc(x.p.Customers, func(c published.Customer) bool { return c.Tenant == tenant })
}

// service is one more service: one that customers of other partners use, else any.
func (x *finder) service(in scene, done scenario.Effort) Action {
	counted := in.With(done, in.day).Counted()
	has := func(key string) bool {
		return slices.ContainsFunc(counted, func(s scenario.Service) bool { return s.Key == key })
	}
	service := scenario.Service{Key: strconv.Itoa(len(counted))} // no name: any that nobody uses yet
	for _, other := range x.services {
		if !has(other.Key) {
			service = other
			break
		}
	}
	return Action{Effort: scenario.Effort{Services: []scenario.Service{service}}}
}

// renewals are certifications that end before a month to come is scored, and that a person can renew, the first to end first.
func (x *finder) renewals(in scene, area scoring.Area) (units []Action) {
	for _, month := range x.outlook.Months {
		if month.Month > in.month {
			break
		}
		for _, h := range month.Ending {
			here := slices.ContainsFunc(h.Steps, func(s scoring.StepKey) bool { return s.Area == area })
			if h.Why != answers.WhyExpires || !here || !x.listed(in, h) {
				continue
			}
			unit := certify(Renewal{Person: h.Person, Title: h.Certification, Expires: h.Day})
			unit.By = *h.Day
			units = append(units, unit)
		}
	}
	slices.SortStableFunc(units, func(a, b Action) int { return a.By.Compare(b.By.Time) })
	return units
}

// listed reports whether a renewed certification counts in a month, and for a step that its holder does not satisfy otherwise.
func (x *finder) listed(in scene, h answers.HoldingChange) bool {
	return slices.ContainsFunc(in.Rules.StepCertifications(in.Rules.Tracks[0].ID), func(c scoring.StepCertification) bool {
		return c.Title == h.Certification && published.Lists(c.Until, in.day) && in.Skills[c.StepKey][h.Person] == nil
	})
}

// single are actions of one step each.
func (x *finder) single(in scene) (units []Action) {
	done := x.before(in.month)
	units = append(units, x.customers(in, 1, done)...)
	units = append(units, x.service(in, done))
	steps := map[scoring.StepKey]bool{}
	for _, c := range in.Rules.StepCertifications(in.Track().ID) {
		if !steps[c.StepKey] {
			steps[c.StepKey] = true
			units = append(units, x.people(in, scoring.StepPeople{StepKey: c.StepKey, Gate: c.Gate, People: 1}, done)...)
		}
	}
	if more := growth(in, done); more > 0 {
		units = append(units, Action{Effort: scenario.Effort{ACR: wording.UpToCents(more)}})
	}
	for i := range units {
		units[i].By = x.lastDay(in)
	}
	return units
}

// growth returns how much more consumption in the month earns the next point of usage growth, 0 where no more points can be earned.
func growth(in scene, done scenario.Effort) scoring.USD {
	then := in.With(done, in.day)
	_, measures := then.Measures()
	_, scores, err := then.Score()
	if err != nil {
		return 0
	}
	points := scores[0].Metric(scoring.UsageGrowth).Points
	if points == nil {
		return 0
	}
	acr, ok := in.Rules.ACRFor(scoring.NewPoints(int64(*points)/100+1), measures.ACRBaseline)
	if !ok {
		return 0
	}
	return max(acr, in.Rules.ACRAtGate(measures)) - measures.ACR
}
