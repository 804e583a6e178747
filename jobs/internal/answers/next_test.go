package answers

import (
	"context"
	"slices"
	"testing"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// nextOf finds what a partner does next, and the outlook that it is based on.
func nextOf(ctx context.Context, r *published.Reader, p *published.Partner) (*Outlook, *Next, error) {
	path, err := PathOf(p, "", DefaultPathCosts(), 1)
	if err != nil {
		return nil, nil, err
	}
	o, err := OutlookOf(ctx, r, p, "", 6)
	if err != nil {
		return nil, nil, err
	}
	next, err := NextOf(ctx, r, p, path, o)
	return o, next, err
}

// TestNext: what actions promise is what what-if says, every loss that is not prevented is named, and nothing is recommended that brings nothing.
func TestNext(t *testing.T) {
	r := samples.Open(t)
	actions, prevented, kinds := 0, 0, map[ActionKind]int{}
	samples.EveryPartner(t, func(p *published.Partner) {
		o, next, err := nextOf(t.Context(), r, p)
		if err != nil {
			t.Fatal(err)
		}
		checkNext(t, r, p, o, next)
		for _, a := range next.Actions {
			actions++
			kinds[a.Kind]++
			if a.Month > p.ScoreMonth {
				prevented++
			}
		}
	})
	if actions < 20 || prevented < 2 || len(kinds) < 4 {
		t.Errorf("%d actions, %d of them prevent something, %v", actions, prevented, kinds)
	}
}

func checkNext(t *testing.T, r *published.Reader, p *published.Partner, o *Outlook, next *Next) {
	t.Helper()
	where := p.ID + " " + p.ScoreMonth.String()
	var done scenario.Effort
	kept := map[scoring.Area]bool{}
	for i, a := range next.Actions {
		if a.Gain() <= 0 && !a.wins() {
			t.Errorf("%s: action %d brings nothing: %+v", where, i, a)
		}
		for _, e := range a.Effects {
			kept[e.Area] = kept[e.Area] || e.Qualifies
		}
		if a.Month > p.ScoreMonth {
			continue
		}
		done = done.And(a.Effort)
		w, err := Suppose(t.Context(), r, p.ScoreMonth, p.ID, "", done.Changes())
		if err != nil {
			t.Fatalf("%s: action %d: %v", where, i, err)
		}
		for j, area := range w.Areas {
			if e := a.Effects[j]; area.Area != e.Area || area.Total.After != e.After || e.Qualifies && !area.Qualifies.After {
				t.Errorf("%s: action %d promises %s in %s, what-if says %s", where, i, e.After, e.Area, area.Total.After)
			}
		}
	}
	for _, area := range slices.Concat(next.Open, next.Later) {
		kept[area] = true
	}
	for _, c := range o.DesignationChanges {
		if !c.Won && !kept[c.Area] {
			t.Errorf("%s: nothing is said about the loss of %s in %s", where, c.Area, c.Month)
		}
	}
	for _, s := range p.Scores {
		won := false
		for _, c := range o.DesignationChanges {
			won = won || c.Won && c.Area == s.Area
		}
		if !s.Qualifies && !won && !kept[s.Area] {
			t.Errorf("%s: nothing is said about how to get to %s", where, s.Area)
		}
	}
}
