// Package reconcile compares what Partner Center shows of a partner with what was computed, and finds the readings of the rules and of the data that
// explain the differences exactly: it scores the month again under each of them. It works from what is published; where the exports are at hand,
// whoever calls it measures the month again from them.
package reconcile

import (
	"strings"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// Item is what a line is about: a metric by its id, or one of the sums below.
type Item string

// The sums of points that Partner Center shows beside the metrics.
const (
	Total           Item = "total"
	Skilling        Item = "skilling"         // both certifications metrics
	CustomerSuccess Item = "customer_success" // usage growth and deployments
)

// Items returns all items in the order of Partner Center.
func Items() []Item {
	all := []Item{Total}
	for _, m := range scoring.Metrics() {
		all = append(all, Item(m))
	}
	return append(all, Skilling, CustomerSuccess)
}

// parts are the metrics whose points a sum adds up; nil: the item is a metric, or the total.
func (i Item) parts() []scoring.Metric {
	switch i {
	case Skilling:
		return []scoring.Metric{scoring.IntermediateCertifications, scoring.AdvancedCertifications}
	case CustomerSuccess:
		return []scoring.Metric{scoring.UsageGrowth, scoring.Deployments}
	default:
		return nil
	}
}

// Metric returns the metric of an item; false for a sum.
func (i Item) Metric() (scoring.Metric, bool) {
	return scoring.Metric(i), i != Total && i.parts() == nil
}

// Name names an item as Partner Center does: Usage growth.
func (i Item) Name() string { return wording.Sentence(wording.Label(i)) }

// Shown holds the numbers of an item: as the person wrote them, or as a reading gives them. nil means that a number is missing.
type Shown struct {
	Points *scoring.Hundredths `json:"points"`
	// Value is what the points of a metric follow from: net customer adds, people, growth in percent, services.
	Value *scoring.Fixed6 `json:"value"`
}

// of returns the numbers of an item in a score.
func (i Item) of(s published.Score) (n Shown) {
	if m, ok := i.Metric(); ok {
		if x := s.Metric(m); x != nil && x.Applicable {
			return Shown{x.Points, x.Measure}
		}
		return n
	}
	if i == Total {
		return Shown{Points: &s.Total}
	}
	var sum scoring.Hundredths
	for _, part := range i.parts() {
		if x := s.Metric(part); x != nil && x.Points != nil {
			sum += *x.Points
		}
	}
	return Shown{Points: &sum}
}

// folded is a name to be compared: small letters, single blanks, no signs between words, "and" for "&".
func folded(name string) string {
	name = strings.NewReplacer("&", " and ", "_", " ", "-", " ", "(", " ", ")", " ").Replace(strings.ToLower(name))
	return strings.Join(strings.Fields(name), " ")
}

// areaNames returns the solution areas by the names that people give them: the ids, and the names of Partner Center.
func areaNames() map[string]scoring.Area {
	names := map[string]scoring.Area{}
	for _, a := range scoring.Areas() {
		id := folded(string(a))
		printed := strings.ReplaceAll(strings.ReplaceAll(id, "data ai", "data and ai"), "digital app", "digital and app")
		for _, name := range []string{id, printed} {
			names[name], names[name+" azure"] = a, a
			names["solutions partner for "+name], names["solutions partner for "+name+" azure"] = a, a
		}
	}
	return names
}

// itemNames returns the items by the names that people give them. Performance has one metric.
func itemNames() map[string]Item {
	names := map[string]Item{
		"":             Total, // a line of an area alone
		"total points": Total, "total score": Total, "partner capability score": Total, "capability score": Total, "score": Total,
		"performance": Item(scoring.NetCustomerAdds), "customer adds": Item(scoring.NetCustomerAdds), "net customer additions": Item(scoring.NetCustomerAdds),
		"growth": Item(scoring.UsageGrowth),
	}
	for _, i := range Items() {
		names[folded(string(i))] = i
	}
	return names
}
