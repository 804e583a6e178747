package actions

import (
	"context"
	"os"
	"slices"
	"testing"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

var samples *publishedtest.Samples

func TestMain(m *testing.M) {
	os.Exit(publishedtest.Run(m, func(s *publishedtest.Samples) { samples = s }))
}

// nextOf finds what a partner does plan, and the outlook that it is based on.
func nextOf(ctx context.Context, r published.Reader, p *published.Partner) (*answers.Outlook, *Plan, error) {
	path, err := answers.PathOf(p, "", answers.DefaultPathCosts(), 1)
	if err != nil {
		return nil, nil, err
	}
	o, err := answers.OutlookOf(ctx, r, p, "", 6)
	if err != nil {
		return nil, nil, err
	}
	plan, err := Of(ctx, r, p, path, o)
	return o, plan, err
}

// TestNext: what actions promise is what what-if says, every loss that is not prevented is named, and nothing is recommended that brings nothing.
func TestNext(t *testing.T) {
	r := samples.Open(t)
	each := scoring.Month(1) // months between those that are looked at
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" {
		each = 3
	}
	actions, prevented, kinds := 0, 0, map[string]bool{}
	samples.EveryPartner(t, func(p *published.Partner) {
		if (publishedtest.Last-p.ScoreMonth)%each != 0 {
			return
		}
		o, plan, err := nextOf(t.Context(), r, p)
		if err != nil {
			t.Fatal(err)
		}
		checkNext(t, r, p, o, plan)
		for _, a := range plan.Actions {
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

// TestNextOnTracks: the same by rules with several tracks, which the actions of a partner may change.
func TestNextOnTracks(t *testing.T) {
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" {
		t.Skip("takes seconds; PARTNERSCORE_TEST_LONG=1 runs it")
	}
	root := t.TempDir()
	opt := publishedtest.ScoreOptions(root)
	var err error
	if opt.Rulebook, err = publishedtest.Library().Get("azure-2026-07"); err != nil {
		t.Fatal(err)
	}
	over := months.Range{From: publishedtest.June, To: publishedtest.June}
	if _, err := months.Backfill(t.Context(), opt, over, func(int, int, results.MonthResult) {}); err != nil {
		t.Fatal(err)
	}
	checkMonth(t, publishedtest.Open(t, root), 1000)
}

// TestNextOnGenerated: the same of the partners of generated exports, who have more customers and people than those of the samples.
func TestNextOnGenerated(t *testing.T) {
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" {
		t.Skip("takes seconds; PARTNERSCORE_TEST_LONG=1 runs it")
	}
	const rows, most = 20_000, 60
	root := t.TempDir()
	opt := publishedtest.ScoreOptions(root)
	opt.Exports = world.Generate(t, rows, 14, "--partners", "60", "--tenants", "1000")
	over := months.Range{From: publishedtest.June, To: publishedtest.June}
	if _, err := months.Backfill(t.Context(), opt, over, func(int, int, results.MonthResult) {}); err != nil {
		t.Fatal(err)
	}
	if actions := checkMonth(t, publishedtest.Open(t, root), most); actions < most {
		t.Errorf("%d actions", actions)
	}
}

// checkMonth checks what the first partners of June do next, and returns how many actions they have.
func checkMonth(t *testing.T, r *reader.Reader, most int) (actions int) {
	t.Helper()
	month, err := r.Month(t.Context(), publishedtest.June)
	if err != nil {
		t.Fatal(err)
	}
	partners, err := r.Partners(t.Context(), month)
	if err != nil || len(partners) == 0 {
		t.Fatalf("%d partners, %v", len(partners), err)
	}
	for _, one := range partners[:min(len(partners), most)] {
		p, err := r.Partner(t.Context(), publishedtest.June, one.ID)
		if err != nil {
			t.Fatal(err)
		}
		o, plan, err := nextOf(t.Context(), r, p)
		if err != nil {
			t.Fatal(err)
		}
		checkNext(t, r, p, o, plan)
		actions += len(plan.Actions)
	}
	return actions
}

func checkNext(t *testing.T, r published.Reader, p *published.Partner, o *answers.Outlook, plan *Plan) {
	t.Helper()
	where := p.ID + " " + p.ScoreMonth.String()
	var done scenario.Effort
	kept := map[scoring.Area]bool{}
	for i, a := range plan.Actions {
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
		w, err := answers.SupposeOf(t.Context(), r, p, "", done.Changes())
		if err != nil {
			t.Fatalf("%s: action %d: %v", where, i, err)
		}
		for j, area := range w.Areas {
			if e := a.Effects[j]; area.Area != e.Area || area.Total.After != e.After || e.Qualifies && !area.Qualifies.After {
				t.Errorf("%s: action %d promises %s in %s, what-if says %s", where, i, e.After, e.Area, area.Total.After)
			}
		}
	}
	for _, area := range slices.Concat(plan.Open, plan.Later) {
		kept[area] = true
	}
	checkTurns(t, where, o, plan)
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

// checkTurns: losses and wins are those of the outlook.
func checkTurns(t *testing.T, where string, o *answers.Outlook, plan *Plan) {
	t.Helper()
	losses := map[scoring.Area]scoring.Month{}
	for _, l := range plan.Losses {
		if !l.Again {
			losses[l.Area] = l.Month
		}
		if len(l.Actions) == 0 && !slices.Contains(plan.Open, l.Area) {
			t.Errorf("%s: nothing is said about how to prevent the loss of %s in %s", where, l.Area, l.Month)
		}
	}
	wins := map[scoring.Area]scoring.Month{}
	for _, w := range plan.Wins {
		wins[w.Area] = w.Month
	}
	for _, c := range o.DesignationChanges {
		if c.Won && wins[c.Area] != c.Month {
			t.Errorf("%s: the outlook wins %s in %s, the plan says %v", where, c.Area, c.Month, wins)
		}
		if !c.Won && losses[c.Area] != c.Month {
			t.Errorf("%s: the outlook loses %s in %s, the losses are %v", where, c.Area, c.Month, losses)
		}
		delete(losses, c.Area)
	}
	if len(losses) > 0 {
		t.Errorf("%s: the outlook does not have the losses %v", where, losses)
	}
}
