package answers

import (
	"testing"

	"pgregory.net/rapid"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/publishedtest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// adds checks that parts add up to points, metrics to totals, and that everything of the explanation agrees with the score.
func adds(t interface {
	Helper()
	Errorf(string, ...any)
}, p *published.Partner) {
	t.Helper()
	for _, s := range p.Scores {
		var total scoring.Hundredths
		for _, m := range s.Metrics {
			parts := Parts(p, s.Area, m.Metric)
			if m.Points == nil {
				if parts != nil {
					t.Errorf("%s %s %s %s: parts of nothing: %v", p.ScoreMonth, p.ID, s.Area, m.Metric, parts)
				}
				continue
			}
			total += *m.Points
			if sum := sumOf(parts); sum != *m.Points {
				t.Errorf("%s %s %s %s: parts add up to %s of %s: %v", p.ScoreMonth, p.ID, s.Area, m.Metric, sum, m.Points, parts)
			}
		}
		if total != s.Total {
			t.Errorf("%s %s %s: metrics add up to %s of %s", p.ScoreMonth, p.ID, s.Area, total, s.Total)
		}
	}
}

// changesAdd checks that causes add up to changes of metrics, and these to those of totals.
func changesAdd(t interface {
	Helper()
	Errorf(string, ...any)
}, x pair) {
	t.Helper()
	for _, s := range x.to.Scores {
		c := x.area(s.Area)
		var total scoring.Hundredths
		for _, m := range c.Metrics {
			total += m.Change
			var sum scoring.Hundredths
			for _, cause := range m.Causes {
				sum += cause.Points
				if cause.Reason.String() == "" {
					t.Errorf("%s: a cause without reason: %+v", x.to.ID, cause)
				}
			}
			if sum != m.Change {
				t.Errorf("%s %s→%s %s %s: causes add up to %s of %s: %+v", x.to.ID, x.from.ScoreMonth, x.to.ScoreMonth, s.Area, m.Metric, sum, m.Change, m.Causes)
			}
		}
		if total != c.Change || c.From+c.Change != c.To {
			t.Errorf("%s %s→%s %s: metrics add up to %s of %s", x.to.ID, x.from.ScoreMonth, x.to.ScoreMonth, s.Area, total, c.Change)
		}
	}
}

// TestEverythingAddsUp: on every partner, area and month of the samples the parts add up to the score, and the causes to the difference of
// every pair of months, in both directions.
func TestEverythingAddsUp(t *testing.T) {
	byPartner := map[string][]*published.Partner{}
	samples.EveryPartner(t, func(p *published.Partner) {
		adds(t, p)
		byPartner[p.ID] = append(byPartner[p.ID], p)
	})
	pairs := 0
	for _, months := range byPartner {
		for _, from := range months {
			for _, to := range months {
				changesAdd(t, pair{from, to})
				pairs++
			}
		}
	}
	if months := int(publishedtest.Last-publishedtest.First()) + 1; pairs < 10*months*months*2/3 {
		t.Errorf("only %d pairs", pairs)
	}
}

// anyPartner draws a partner whose rows follow from each other, scored by a rulebook of the library.
func anyPartner(t *rapid.T, books []*scoring.Rulebook, name string) *published.Partner {
	book := rapid.SampledFrom(books).Draw(t, name+" rulebook")
	track := rapid.SampledFrom(book.Tracks).Draw(t, name+" track")
	amounts := rapid.SampledFrom([]scoring.USD{0, 0, 1, -1, 499_999999, 500_000000, 999_999999, 1000_000000, 1500_000000, 123456_789012, -2000_000000, 900_000_000_000_000000})
	p := &published.Partner{Month: &published.Month{ScoreMonth: june, Rules: book, Manifest: &snapshot.Manifest{}}, PartnerName: published.PartnerName{ID: "p"}, Track: track}
	for _, tenant := range []string{"a", "b", "c", "d", "e"} {
		if rapid.Bool().Draw(t, name+" has "+tenant) {
			c := published.Customer{Tenant: tenant, Current: amounts.Draw(t, "M"), Previous: amounts.Draw(t, "M-1"), Baseline: amounts.Draw(t, "M-12"),
				BaselinePrevious: amounts.Draw(t, "M-13")}
			c.TTM = c.Current + c.Previous
			c.Eligible = c.Best() >= track.EligibleCustomerUSD
			c.EligibleBaseline = c.BestBaseline() >= track.EligibleCustomerUSD
			p.Customers = append(p.Customers, c)
		}
	}
	for _, service := range []string{"A", "a ", "B", "C", "D", "E", "F"} {
		if rapid.Bool().Draw(t, name+" uses "+service) {
			counted := rapid.Bool().Draw(t, "counted")
			p.Services = append(p.Services, published.Service{Name: service, TTM: 1, Counted: counted, Reason: map[bool]published.ServiceReason{true: published.ServiceCounted, false: published.ServiceExcluded}[counted]})
		}
	}
	seen := map[scoring.StepKey]bool{}
	for _, c := range book.StepCertifications(track.ID) {
		key := c.StepKey
		if seen[key] {
			continue // one certification for each step is enough; holdings are sorted by step
		}
		seen[key] = true
		for _, person := range []string{"x", "y", "z"} {
			if rapid.Bool().Draw(t, name+" holds") {
				counted := rapid.Bool().Draw(t, "counted")
				p.Holdings = append(p.Holdings, published.Holding{StepKey: key, Person: person, Certification: c.Title, Counted: counted,
					Reason: map[bool]published.HoldingReason{true: published.HoldingCounted, false: published.HoldingInactive}[counted]})
			}
		}
	}
	var absent scoring.Absent
	if rapid.IntRange(0, 3).Draw(t, name+" provisional") == 0 {
		absent = scoring.Absent{CurrentPair: rapid.Bool().Draw(t, "current"), BaselinePair: rapid.Bool().Draw(t, "baseline"),
			GrowthBaseline: rapid.Bool().Draw(t, "growth"), Certifications: rapid.Bool().Draw(t, "certifications")}
	}
	p.Scores = scored(t, p, absent)
	return p
}

// scored returns the scores of a partner's rows as they would be published.
func scored(t *rapid.T, p *published.Partner, absent scoring.Absent) (all []published.Score) {
	m := p.Measures()
	m.Absent = absent
	scores, err := p.Rules.Score(p.Track.ID, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scores {
		all = append(all, published.NewScore(s))
	}
	return all
}

// TestAnythingAddsUp: so it is for partners that no sample has, and for months scored by different rulebooks and on different tracks.
func TestAnythingAddsUp(t *testing.T) {
	books := publishedtest.Library().List()
	rapid.Check(t, func(t *rapid.T) {
		x := pair{anyPartner(t, books, "from"), anyPartner(t, books, "to")}
		for _, p := range []*published.Partner{x.from, x.to} {
			if err := p.Reconcile(); err != nil {
				t.Fatal(err)
			}
			adds(t, p)
		}
		changesAdd(t, x)
	})
}
