// Package actions finds what a partner does next: what keeps it from losing a designation, then the least effort to each that it does not have, then
// what brings most. It puts the answers of path and outlook together.
package actions

import (
	"cmp"
	"context"
	"slices"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// Plan is what a partner does next, the most urgent first, as PathOf and OutlookOf know it together. Each action brings points.
type Plan struct {
	Actions []Action
	// Losses are the designations that are lost by themselves, and those that are lost again after the actions for an earlier loss.
	Losses []Loss
	// Wins are the designations that are won by themselves.
	Wins []Win
	// Open are areas that would be lost by themselves, or do not qualify, and for which no actions are known.
	Open []scoring.Area
	// Later are areas that do not qualify, and for which there is no action since there are enough.
	Later []scoring.Area
}

// Loss is a designation of the published month that a month to come would not have.
type Loss struct {
	Area    scoring.Area
	Month   scoring.Month
	Again   bool // an earlier loss is prevented
	Falls   []MetricMove
	Actions []int // those of Plan that prevent it; none: no action is known
}

// Win is a designation that a month to come has and the published one does not.
type Win struct {
	Area  scoring.Area
	Month scoring.Month
	Rises []MetricMove
}

// MetricMove is a metric with other points than in the last known month before.
type MetricMove struct {
	Metric   scoring.Metric
	From, To scoring.Hundredths
}

// Action is one thing to do, or several that bring something only together. Its effects are those after the actions before it about the same month.
type Action struct {
	scenario.Effort
	// Renewals are the people of Certified, with what they hold or held.
	Renewals []Renewal
	// Month is the one whose score the effects are of: the published one, or one to come in which something would be lost.
	Month   scoring.Month
	By      published.Day // the last day on which it helps
	Effects []Effect
	// Holds is the last month up to which it brings as much without a break, by the baselines that are known: Month itself where the next one is not
	// known or brings less. It is set for the first EnoughActions.
	Holds scoring.Month
	// Less says that the month after Holds is known, and that the action brings less in it.
	Less bool
}

// Renewal is a certification to earn.
type Renewal struct {
	Person, Title string                  // Person is empty for somebody new
	Expires       *published.Day          // nil: not held
	Reason        published.HoldingReason // why a holding of it does not count; empty: none
	Any           bool                    // another certification of its list would do as well
}

// Effect is what an action does to the total of an area.
type Effect struct {
	Area          scoring.Area
	Before, After scoring.Hundredths
	Qualifies     bool // after it, and not before
}

// Gain returns the points that an action brings, over all areas.
func (a Action) Gain() (points scoring.Hundredths) {
	for _, e := range a.Effects {
		points += e.After - e.Before
	}
	return points
}

// finder finds actions for a month.
type finder struct {
	p        *published.Partner
	costs    scoring.Costs
	base     *scenario.Scenario                // the published month
	outlook  *answers.Outlook                  // nil: not known
	services []scenario.Service                // that customers of other partners use
	done     map[scoring.Month]scenario.Effort // what the actions so far add up to, by the month that they are about
}

// advisor makes a plan of what is found.
type advisor struct {
	finder
	plan Plan
}

// Of finds what a partner does next: what prevents the loss of a designation, then the least effort to each designation that it does not have, the
// nearest first, then what keeps points or brings more. The outlook may be nil. The errors are those of OutlookOf.
func Of(ctx context.Context, r published.Reader, p *published.Partner, path *answers.Path, outlook *answers.Outlook) (*Plan, error) {
	x := &advisor{finder: finder{p: p, costs: path.Costs, outlook: outlook, done: map[scoring.Month]scenario.Effort{}}}
	var usage *published.Usage
	var err error
	if len(p.Rules.Tracks) > 1 {
		if usage, err = scenario.WholeUsage(ctx, r, p, p.ScoreMonth.Add(-13)); err != nil {
			return nil, err
		}
	}
	if x.base, err = scenario.Of(ctx, r, p, p.Rules, usage); err != nil {
		return nil, err
	}
	if err := x.findServices(ctx, r); err != nil {
		return nil, err
	}
	for _, step := range []func() error{x.prevent, x.win, func() error { return x.reach(path) }, x.keep, x.gain} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return &x.plan, x.hold()
}

// findServices finds services that count and that the partner does not have.
func (x *finder) findServices(ctx context.Context, r published.Reader) error {
	others, err := r.OtherServices(ctx, x.p.ScoreMonth, x.p.ID, answers.ShownCandidates)
	if err != nil {
		return err
	}
	var names []string
	for _, s := range others {
		names = append(names, s.Service)
	}
	keys, err := r.Fold(ctx, names...)
	for _, name := range names {
		x.services = append(x.services, scenario.Service{Name: name, Key: keys[name]})
	}
	return err
}

// before is what the actions so far add up to in a month: those about the published month do not know of a month to come, and it not of them.
func (x *finder) before(m scoring.Month) (sum scenario.Effort) {
	for u, e := range x.done {
		if u == m || u < m && u > x.p.ScoreMonth {
			sum = sum.And(e)
		}
	}
	return sum
}

// reach finds the least effort to each area that does not qualify, the nearest first. What is won without any action needs none.
func (x *advisor) reach(path *answers.Path) error {
	areas := slices.DeleteFunc(slices.Clone(path.Areas), func(a answers.PathArea) bool { return a.Qualifies || x.wonByItself(a.Area) })
	slices.SortStableFunc(areas, func(a, b answers.PathArea) int {
		if len(a.Ways) == 0 || len(b.Ways) == 0 {
			return len(b.Ways) - len(a.Ways)
		}
		return cmp.Compare(a.Ways[0].Cost, b.Ways[0].Cost)
	})
	now := x.scene(x.p.ScoreMonth)
	for _, a := range areas {
		if len(x.plan.Actions) >= EnoughActions {
			x.plan.Later = append(x.plan.Later, a.Area)
			continue
		}
		if now.qualifies(a.Area, x.before(now.month)) {
			continue
		}
		units, ok, err := x.way(now, a.Area, nil)
		if err != nil {
			return err
		}
		if !ok {
			x.plan.Open = append(x.plan.Open, a.Area)
			continue
		}
		if err := x.add(now, units); err != nil {
			return err
		}
	}
	return nil
}

func (x *advisor) wonByItself(area scoring.Area) bool {
	return x.outlook != nil && slices.ContainsFunc(x.outlook.DesignationChanges, func(c answers.DesignationChange) bool { return c.Won && c.Area == area })
}

// keep finds renewals that keep points where no designation is lost.
func (x *advisor) keep() error {
	if x.outlook == nil {
		return nil
	}
	for _, drop := range x.outlook.PointDrops {
		if slices.ContainsFunc(x.plan.Losses, func(l Loss) bool { return l.Area == drop.Area }) {
			continue
		}
		month := x.scene(drop.Month)
		for _, unit := range x.renewals(month, drop.Area) {
			if x.has(unit) {
				continue
			}
			if err := x.add(month, []Action{unit}); err != nil {
				return err
			}
		}
	}
	return nil
}

// has reports whether an action so far certifies a person alike.
func (x *advisor) has(unit Action) bool {
	return slices.ContainsFunc(x.plan.Actions, func(a Action) bool {
		return slices.ContainsFunc(a.Certified, func(c scenario.Certified) bool { return slices.Contains(unit.Certified, c) })
	})
}

// EnoughActions is how many actions stand for what to do next: more are found where one designation takes more.
const EnoughActions = 3

// gain adds what brings most by itself, where fewer actions than enough are known.
func (x *advisor) gain() error {
	now := x.scene(x.p.ScoreMonth)
	for len(x.plan.Actions) < EnoughActions {
		before := x.before(now.month)
		var best *Action
		for _, unit := range x.single(now) {
			if x.has(unit) {
				continue
			}
			if err := now.measure(&unit, before); err != nil {
				return err
			}
			if gain := unit.Gain(); gain > 0 && (best == nil || gain > best.Gain()) {
				best = &unit
			}
		}
		if best == nil {
			return nil
		}
		if err := x.add(now, []Action{*best}); err != nil {
			return err
		}
	}
	return nil
}

// add adds actions in their order. One that brings nothing before the next one is done becomes part of that; what brings nothing in the end is left out.
func (x *advisor) add(in scene, units []Action) error {
	var waiting *Action
	for _, unit := range units {
		if waiting != nil {
			unit = waiting.with(unit)
		}
		if err := in.measure(&unit, x.before(in.month)); err != nil {
			return err
		}
		if unit.Gain() <= 0 && !unit.wins() {
			waiting = &unit
			continue
		}
		waiting = nil
		x.plan.Actions = append(x.plan.Actions, unit)
		x.done[in.month] = x.done[in.month].And(unit.Effort)
	}
	return nil
}

func (a Action) wins() bool {
	return slices.ContainsFunc(a.Effects, func(e Effect) bool { return e.Qualifies })
}

// with is both actions as one.
func (a Action) with(b Action) Action {
	if b.By.Before(a.By.Time) {
		a.By = b.By
	}
	b.Renewals, b.Effort, b.By = slices.Concat(a.Renewals, b.Renewals), a.And(b.Effort), a.By
	return b
}

// hold finds out up to which month each action brings as much.
func (x *advisor) hold() error {
	for i := range x.plan.Actions[:min(len(x.plan.Actions), EnoughActions)] {
		a := &x.plan.Actions[i]
		a.Holds = a.Month
		before := after(scenario.Effort{}, slices.DeleteFunc(slices.Clone(x.plan.Actions[:i]), func(b Action) bool {
			return b.Month > a.Month || b.Month < a.Month && b.Month == x.p.ScoreMonth
		}))
		for _, u := range x.knownMonths(a.Month) {
			if u > a.Holds+1 {
				break
			}
			then := Action{Effort: a.Effort}
			if err := x.scene(u).measure(&then, before); err != nil {
				return err
			}
			for j, e := range a.Effects {
				if then.Effects[j].After-then.Effects[j].Before < e.After-e.Before {
					a.Less = true
				}
			}
			if a.Less {
				break
			}
			a.Holds = u
		}
	}
	return nil
}
