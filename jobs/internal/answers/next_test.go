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
	actions, prevented, kinds := 0, 0, map[string]bool{}
	samples.EveryPartner(t, func(p *published.Partner) {
		o, next, err := nextOf(t.Context(), r, p)
		if err != nil {
			t.Fatal(err)
		}
		checkNext(t, r, p, o, next)
		for _, a := range next.Actions {
			actions++
			kinds["certify"] = kinds["certify"] || len(a.Certified) > 0
			kinds["call"] = kinds["call"] || len(a.Raised) > 0
			kinds["win"] = kinds["win"] || a.Customers > 0
			kinds["consume"] = kinds["consume"] || a.ACR > 0
			kinds["use"] = kinds["use"] || len(a.Services) > 0
			if a.Month > p.ScoreMonth {
				prevented++
			}
		}
	})
	if actions < 20 || prevented < 2 || !kinds["certify"] || !kinds["call"] || !kinds["win"] || !kinds["consume"] {
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
	losses := map[scoring.Area]scoring.Month{}
	for _, l := range next.Losses {
		if !l.Again {
			losses[l.Area] = l.Month
		}
		if len(l.Actions) == 0 && !slices.Contains(next.Open, l.Area) {
			t.Errorf("%s: nothing is said about how to prevent the loss of %s in %s", where, l.Area, l.Month)
		}
	}
	for _, c := range o.DesignationChanges {
		if !c.Won && losses[c.Area] != c.Month {
			t.Errorf("%s: the outlook loses %s in %s, the losses are %v", where, c.Area, c.Month, losses)
		}
		delete(losses, c.Area)
	}
	if len(losses) > 0 {
		t.Errorf("%s: the outlook does not have the losses %v", where, losses)
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
