package actions

import (
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// prevent finds what keeps each designation that would be lost, month after month.
func (x *advisor) prevent() error {
	for _, u := range x.knownMonths(x.p.ScoreMonth) {
		for _, score := range x.p.Scores {
			if !score.Qualifies || slices.Contains(x.plan.Open, score.Area) {
				continue
			}
			if err := x.preventLoss(score.Area, u); err != nil {
				return err
			}
		}
	}
	return nil
}

// preventLoss finds what keeps a designation in a month, if it would be lost in it.
func (x *advisor) preventLoss(area scoring.Area, u scoring.Month) error {
	in, before := x.scene(u), x.before(u-1)
	again := slices.ContainsFunc(x.plan.Losses, func(l Loss) bool { return l.Area == area })
	if in.qualifies(area, before) {
		if again || in.qualifies(area, scenario.Effort{}) {
			return nil
		}
		before = scenario.Effort{} // what prevents the loss of another designation prevents this one, too
	}
	loss := Loss{Area: area, Month: u, Again: again}
	var err error
	if loss.Falls, err = x.moves(area, u, before, func(was, is scoring.Hundredths) bool { return is < was }); err != nil {
		return err
	}
	if !in.qualifies(area, x.before(u)) {
		units, ok, err := x.way(in, area, x.renewals(in, area))
		if err != nil {
			return err
		}
		if !ok {
			x.plan.Open = append(x.plan.Open, area)
		} else if err := x.add(in, units); err != nil {
			return err
		}
	}
	for i, a := range x.plan.Actions {
		if !slices.Contains(x.plan.Open, area) && (!again || a.Month == u) && slices.ContainsFunc(a.Effects, func(e Effect) bool { return e.Area == area && e.After > e.Before }) {
			loss.Actions = append(loss.Actions, i)
		}
	}
	x.plan.Losses = append(x.plan.Losses, loss)
	return nil
}

// win says why designations are won without any action.
func (x *advisor) win() error {
	if x.outlook == nil {
		return nil
	}
	for _, c := range x.outlook.DesignationChanges {
		if !c.Won {
			continue
		}
		rises, err := x.moves(c.Area, c.Month, scenario.Effort{}, func(was, is scoring.Hundredths) bool { return is > was })
		if err != nil {
			return err
		}
		x.plan.Wins = append(x.plan.Wins, Win{c.Area, c.Month, rises})
	}
	return nil
}

// moves lists the metrics of an area whose points have moved in a month since the last known one before it, after an effort.
func (x *advisor) moves(area scoring.Area, u scoring.Month, e scenario.Effort, moved func(was, is scoring.Hundredths) bool) (all []MetricMove, err error) {
	points := func(m scoring.Month) (*published.Score, error) {
		in := x.scene(m)
		_, scores, err := in.With(e, in.day).Score()
		i := slices.IndexFunc(scores, func(s published.Score) bool { return s.Area == area })
		if err != nil || i < 0 {
			return &published.Score{}, err
		}
		return &scores[i], nil
	}
	last := x.p.ScoreMonth
	for _, m := range x.knownMonths(last) {
		if m < u {
			last = m
		}
	}
	was, err := points(last)
	if err != nil {
		return nil, err
	}
	is, err := points(u)
	for _, m := range is.Metrics {
		if old := was.Metric(m.Metric); old != nil && old.Points != nil && m.Points != nil && moved(*old.Points, *m.Points) {
			all = append(all, MetricMove{m.Metric, *old.Points, *m.Points})
		}
	}
	return all, err
}
