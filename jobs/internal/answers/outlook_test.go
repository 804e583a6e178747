package answers

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// TestOutlookAgainstReality: the baselines that an outlook gives for the six months to come are those that were published later, for every
// partner of every sample month.
func TestOutlookAgainstReality(t *testing.T) {
	r := samples.Open(t)
	months := map[scoring.Month]map[string]*published.Partner{}
	samples.EveryPartner(t, func(p *published.Partner) {
		if months[p.ScoreMonth] == nil {
			months[p.ScoreMonth] = map[string]*published.Partner{}
		}
		months[p.ScoreMonth][p.ID] = p
	})
	compared, least := 0, 0
	each := 1 // months between those that are asked
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" {
		each = 3
	}
	for m, partners := range months {
		if int(publishedtest.Last-m)%each != 0 {
			continue
		}
		least += 8 * 3 * min(6, int(publishedtest.Last-m)) // hardly fewer than ten partners, three areas
		for id, p := range partners {
			o, err := OutlookOf(t.Context(), r, p, "", 6)
			if err != nil {
				t.Fatal(err)
			}
			if len(o.Months) != 6 {
				t.Fatalf("%s %s: %d months", m, id, len(o.Months))
			}
			for _, month := range o.Months {
				later := months[month.Month][id]
				if later == nil {
					continue
				}
				for _, s := range later.Scores {
					customers, acr := s.Metric(scoring.NetCustomerAdds).Baseline, s.Metric(scoring.UsageGrowth).Baseline
					if *customers != scoring.Fixed6(*month.BaselineCustomers*1_000_000) || scoring.USD(*acr) != *month.BaselineACR {
						t.Errorf("%s at %s for %s: baselines %d and %s, published %s and %s", id, m, month.Month, *month.BaselineCustomers,
							*month.BaselineACR, scoring.USD(*customers), scoring.USD(*acr))
					}
					compared++
				}
				checkSteps(t, later, month)
			}
		}
	}
	if compared < least || compared == 0 {
		t.Errorf("%d baselines compared, want %d", compared, least)
	}
}

// checkSteps compares what each step takes with what it would have scored later.
func checkSteps(t *testing.T, later *published.Partner, month OutlookMonth) {
	t.Helper()
	points := func(change func(*scoring.Measures), metric scoring.Metric) scoring.Points {
		m := later.Measures()
		m.ACRTTM = scenario.MaxAmount
		change(&m)
		scores, err := later.Rules.Score(later.Track.ID, m)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(scores[0].Metrics, func(s scoring.MetricScore) bool { return s.Metric == metric })
		return *scores[0].Metrics[i].Points
	}
	for _, step := range month.CustomerSteps {
		for less := range int64(2) {
			got := points(func(m *scoring.Measures) { m.EligibleCustomers = step.Customers - less }, scoring.NetCustomerAdds)
			if reached := got.Cmp(scoring.NewPoints(step.Points)) >= 0; reached != (less == 0) {
				t.Errorf("%s %s: %d customers earn %s, the step says %d", later.ID, month.Month, step.Customers-less, got, step.Points)
			}
		}
	}
	for _, step := range month.ACRSteps {
		for less := range scoring.USD(2) {
			got := points(func(m *scoring.Measures) {
				m.ACR = step.ACR - less
				m.ACRTTM = month.ACRTTM - month.ACR + m.ACR
			}, scoring.UsageGrowth)
			if reached := got.Cmp(scoring.NewPoints(step.Points)) >= 0; reached != (less == 0) {
				t.Errorf("%s %s: ACR %s earns %s, the step says %d", later.ID, month.Month, step.ACR-less, got, step.Points)
			}
		}
	}
	if (len(month.ACRSteps) == 0) != (*month.BaselineACR <= 0) {
		t.Errorf("%s %s: %d steps over %s", later.ID, month.Month, len(month.ACRSteps), *month.BaselineACR)
	}
}

// TestOutlookReachesTheGate: Ironbark's twelve months to November 2024 come to less than 1,000 USD, so a point of growth takes the rest of
// them, though the month has grown already.
func TestOutlookReachesTheGate(t *testing.T) {
	o, err := LookAhead(t.Context(), samples.Open(t), publishedtest.Last, "1090000", "", 1)
	if err != nil {
		t.Fatal(err)
	}
	m := o.Months[0]
	if m.ACRTTM >= m.ACRGate || m.ACR <= *m.BaselineACR {
		t.Fatalf("twelve months %s, gate %s, ACR %s, a year before %s", m.ACRTTM, m.ACRGate, m.ACR,
			*m.BaselineACR)
	}
	for _, step := range m.ACRSteps {
		if step.More != m.ACRGate-m.ACRTTM || step.ACR != m.ACR+step.More {
			t.Errorf("%d points take %s, %s more", step.Points, step.ACR, step.More)
		}
	}
}

// TestOutlookOfStories looks at what the samples tell.
func TestOutlookOfStories(t *testing.T) {
	r := samples.Open(t)
	july := june.Add(1)
	// Harbourline lives on certifications that count until the end of July, and one of its people's runs out on 15 July.
	o, err := LookAhead(t.Context(), r, june, "1070000", "", 6)
	if err != nil {
		t.Fatal(err)
	}
	want := []DesignationChange{{scoring.DataAI, july, false}, {scoring.Infrastructure, july.Add(1), false}, {scoring.DigitalAppInnovation, july.Add(1), false}}
	if !slices.Equal(o.DesignationChanges, want) {
		t.Errorf("turns %v, want %v", o.DesignationChanges, want)
	}
	ends := func(month OutlookMonth, why Why) (n int) {
		for _, e := range month.Ending {
			if e.Why == why {
				n++
			}
		}
		return n
	}
	// The area that falls most, and what became of it at worst.
	for _, fall := range o.PointDrops {
		now := slices.IndexFunc(o.Now, func(s OutlookScore) bool { return s.Area == fall.Area })
		for _, month := range o.Months {
			if total := month.Areas[now].Total; total < fall.After || month.Month < fall.Month && total == fall.After ||
				(total < fall.Before) != (month.Month >= fall.From) && month.Month <= fall.From {
				t.Errorf("%s: %+v, but %s in %s", fall.Area, fall, total, month.Month)
			}
		}
	}
	if len(o.PointDrops) != 3 {
		t.Errorf("falls %+v", o.PointDrops)
	}
	if o.Months[0].Month != july || ends(o.Months[0], WhyExpires) != 1 || ends(o.Months[0], WhyList) != 0 {
		t.Errorf("July: %+v", o.Months[0].Ending)
	}
	if ends(o.Months[1], WhyList) == 0 || ends(o.Months[1], WhyExpires) != 0 {
		t.Errorf("August: %+v", o.Months[1].Ending)
	}
	// Dunmore is new since 2023-09: from 2024-09 on there is a year to compare with.
	if o, err = LookAhead(t.Context(), r, june, "1040000", "", 6); err != nil {
		t.Fatal(err)
	}
	for _, turn := range o.DesignationChanges {
		if turn.Month != june.Add(3) || !turn.Won {
			t.Errorf("Dunmore: %+v", turn)
		}
	}
	if len(o.DesignationChanges) != 3 || len(o.Months[1].ACRSteps) != 0 || len(o.Months[2].ACRSteps) != 20 {
		t.Errorf("Dunmore: turns %v", o.DesignationChanges)
	}
	// Brightwater has one architect too few.
	if o, err = LookAhead(t.Context(), r, june, "1020000", scoring.Infrastructure, 1); err != nil {
		t.Fatal(err)
	}
	if len(o.Gates) != 2 || o.Gates[1].Spare != -1 || o.Gates[1].Certification != "Azure Solutions Architect Expert" || len(o.Months[0].Areas) != 1 {
		t.Errorf("Brightwater: %+v", o.Gates)
	}
}

// TestOutlookCarriesOn: where customers and consumption stay as they are, no score moves without a certification that says why.
func TestOutlookCarriesOn(t *testing.T) {
	r := samples.Open(t)
	asked := 0
	samples.EveryPartner(t, func(p *published.Partner) {
		// Inkwell has people and no customers: its scores to come follow from certifications alone, which are exported for the month.
		if p.ID != "1080000" || p.ScoreMonth == publishedtest.Last {
			return
		}
		o, err := OutlookOf(t.Context(), r, p, "", 1)
		if err != nil {
			t.Fatal(err)
		}
		asked++
		for i, s := range p.Scores {
			if then := o.Months[0].Areas[i]; then.Total < s.Total && len(o.Months[0].Ending) == 0 || then.Total > s.Total && len(o.Months[0].Starting) == 0 {
				t.Errorf("%s %s: from %s to %s points without a reason", p.ScoreMonth, s.Area, s.Total, then.Total)
			}
		}
	})
	if asked != int(publishedtest.Last-publishedtest.First()) {
		t.Errorf("%d months", asked)
	}
}

// TestOutlookOfRepeatedMonths: where the months after the published one bring the same again, what the outlook said is what is published. A
// customer that is eligible only by the month before is left out: it would not be in the months to come, and the outlook keeps it.
func TestOutlookOfRepeatedMonths(t *testing.T) {
	onlyLong(t)
	const ahead = 3
	w := &world{}
	for _, kind := range []string{"plain", "smb"} {
		w.add(kind, kind)
	}
	w.without(func(u used) bool { return u.tenant == "b" })
	for _, u := range w.usage {
		for back := -ahead; back < 0 && u.back == 0; back++ {
			again := u
			again.back = back
			w.usage = append(w.usage, again)
		}
	}
	w.people = append(w.people, certified{"plain", "plainp2", "AZ-305", "2024-07-31"})
	exports := w.write(t)
	for _, rulebook := range []string{"", "azure-2026-05"} {
		r := scoredBy(t, exports, rulebook, june.Add(2), june.Add(ahead))
		for _, partner := range []string{"plain", "smb"} {
			o, err := LookAhead(t.Context(), r, june, partner, "", ahead)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{2, ahead} {
				later, err := r.Partner(t.Context(), june.Add(n), partner)
				if err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(outlookScores(later.Rules, later.Scores, ""), o.Months[n-1].Areas); diff != "" || later.Track.ID != o.Months[n-1].Track {
					t.Errorf("%s, %s, %d months ahead, track %s (-published +outlook):\n%s", partner, rulebook, n, o.Months[n-1].Track, diff)
				}
			}
			if want := []ServiceLeaving{{"SQL Database", june.Add(-10)}}; !slices.Equal(o.Months[1].Services, want) || len(o.Months[0].Services) > 0 {
				t.Errorf("%s: services leaving %v, then %v", partner, o.Months[0].Services, o.Months[1].Services)
			}
		}
	}
}

// TestOutlookRulesChange: a month in which other rules start is scored by them.
func TestOutlookRulesChange(t *testing.T) {
	r := samples.Open(t)
	p, err := r.Partner(t.Context(), june, "1010000")
	if err != nil {
		t.Fatal(err)
	}
	for m, want := range map[scoring.Month]string{scoring.NewMonth(2024, 12): "azure-2023-06", scoring.NewMonth(2026, 6): "azure-2023-06", scoring.NewMonth(2026, 7): "azure-2026-07"} {
		rules, err := rulesIn(r, p, m)
		if err != nil || rules.ID != want {
			t.Errorf("%s: %v, %v, want %s", m, rules.ID, err, want)
		}
	}
	other := *p.Month
	other.Rules = book(t, "azure-2026-05")
	p.Month = &other
	if rules, err := rulesIn(r, p, scoring.NewMonth(2026, 8)); err != nil || rules.ID != "azure-2026-05" {
		t.Errorf("chosen by name: %v, %v", rules.ID, err)
	}
}

// TestDaysAsJSON: a day has no hours.
func TestDaysAsJSON(t *testing.T) {
	if text, err := json.Marshal(GatePerson{Person: "p", Expires: &published.Day{Time: june.Last()}}); err != nil || string(text) != `{"person_id":"p","expires":"2024-06-30"}` {
		t.Errorf("%s, %v", text, err)
	}
}
