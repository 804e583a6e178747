package scoring

import (
	"slices"
	"testing"
	"time"
)

// holding is a person and a certification, as an export names it.
type holding struct{ person, label string }

// hold returns the holdings of some people, one letter each, of one certification.
func hold(people, label string) []holding {
	var all []holding
	for _, person := range people {
		all = append(all, holding{string(person), label})
	}
	return all
}

// skills counts the distinct people who satisfy every step on a day: the part of the rules that SQL does for the program.
func skills(r *Rulebook, asOf time.Time, held ...[]holding) map[StepKey]int64 {
	people := map[StepKey]map[string]bool{}
	for _, c := range r.StepCertifications(Enterprise) {
		key := c.StepKey
		if people[key] == nil {
			people[key] = map[string]bool{}
		}
		if c.Until != nil && asOf.After(*c.Until) {
			continue
		}
		for _, h := range slices.Concat(held...) {
			if slices.Contains(c.Labels, h.label) {
				people[key][h.person] = true
			}
		}
	}
	counts := map[StepKey]int64{}
	for key, set := range people {
		counts[key] = int64(len(set))
	}
	return counts
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The built-in rulebooks, and a way to load a partner's own one; TestMain sets both.
var (
	BuiltIn []*Rulebook
	Load    func(text string) (*Rulebook, error)
)

func embedded(t *testing.T, id string) *Rulebook {
	t.Helper()
	i := slices.IndexFunc(BuiltIn, func(r *Rulebook) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("no rulebook %s", id)
	}
	return BuiltIn[i]
}

// scoreOf returns the score of one area.
func scoreOf(t interface {
	Helper()
	Fatal(args ...any)
}, r *Rulebook, track string, area Area, m Measures) Score {
	t.Helper()
	scores, err := r.Score(track, m)
	if err != nil {
		t.Fatal(err)
	}
	return scores[slices.IndexFunc(scores, func(s Score) bool { return s.Area == area })]
}

// metricOf returns one metric of a score.
func metricOf(s Score, m Metric) MetricScore {
	return s.Metrics[slices.IndexFunc(s.Metrics, func(o MetricScore) bool { return o.Metric == m })]
}
