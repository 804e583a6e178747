package actions

import (
	"slices"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// knownMonths lists the months of the outlook after one whose baselines are known. There may be gaps.
func (x *finder) knownMonths(after scoring.Month) (all []scoring.Month) {
	if x.outlook == nil {
		return nil
	}
	for _, o := range x.outlook.Months {
		if o.Month > after && o.Known() {
			all = append(all, o.Month)
		}
	}
	return all
}

// scene is a month in which actions are tried: the published one or one of the outlook.
type scene struct {
	*scenario.Scenario
	month scoring.Month
	day   time.Time // on which certifications are counted
}

func (x *finder) scene(m scoring.Month) scene {
	if m == x.p.ScoreMonth {
		return scene{x.base, m, x.p.SkillsAsOf()}
	}
	return scene{x.outlook.Scenario(m), m, m.Last()}
}

func (s scene) qualifies(area scoring.Area, e scenario.Effort) bool {
	_, scores, err := s.With(e, s.day).Score()
	return err == nil && slices.ContainsFunc(scores, func(x published.Score) bool { return x.Area == area && x.Qualifies })
}

// measure sets the effects of an action after an effort.
func (s scene) measure(a *Action, before scenario.Effort) error {
	_, was, err := s.With(before, s.day).Score()
	if err != nil {
		return err
	}
	_, is, err := s.With(before.And(a.Effort), s.day).Score()
	if err != nil {
		return err
	}
	a.Month, a.Effects = s.month, nil
	for i, score := range is {
		a.Effects = append(a.Effects, Effect{score.Area, was[i].Total, score.Total, score.Qualifies && !was[i].Qualifies})
	}
	return nil
}
