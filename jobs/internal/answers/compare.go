package answers

import (
	"context"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Comparison says what changed of a partner's scores between two published months, cause by cause. In each area the changes of the metrics
// add up to the change of the total, and the causes of a metric to its change.
type Comparison struct {
	From Compared `json:"from"`
	To   Compared `json:"to"`
	published.PartnerName
	// OtherPersonKeys says that pseudonyms of people were made with different keys, so that people cannot be matched.
	OtherPersonKeys bool         `json:"other_person_keys,omitempty"`
	Areas           []AreaChange `json:"areas"`
}

// Compared is one of the two months.
type Compared struct {
	ScoreMonth  scoring.Month        `json:"score_month"`
	Rulebook    snapshot.RulebookRef `json:"rulebook"`
	Track       string               `json:"track"`
	Provisional []string             `json:"provisional"`
}

// AreaChange is what changed in an area.
type AreaChange struct {
	Area          scoring.Area       `json:"solution_area"`
	Name          string             `json:"name"`
	From          scoring.Hundredths `json:"from_points"`
	To            scoring.Hundredths `json:"to_points"`
	Change        scoring.Hundredths `json:"change"`
	QualifiesFrom bool               `json:"from_qualifies"`
	QualifiesTo   bool               `json:"to_qualifies"`
	Metrics       []MetricChange     `json:"metrics"`
}

// MetricChange is what changed in a metric. Points are nil where the metric does not apply.
type MetricChange struct {
	Metric     scoring.Metric      `json:"metric"`
	From       *scoring.Hundredths `json:"from_points"`
	To         *scoring.Hundredths `json:"to_points"`
	Max        *scoring.Hundredths `json:"max_points"` // of the later month
	Change     scoring.Hundredths  `json:"change"`
	StatusFrom scoring.Status      `json:"from_status"`
	StatusTo   scoring.Status      `json:"to_status"`
	Causes     []Change            `json:"causes"`
}

// Change is one cause of a change of points. Causes count at the full rate of the earlier month, as if there were no caps and gates;
// caps, gates and rounding are causes of their own. When a metric is at its cap in both months, its causes add up to zero.
type Change struct {
	Cause  ChangeCause        `json:"cause"`
	ID     string             `json:"id,omitempty"`
	Name   string             `json:"name,omitempty"`
	Points scoring.Hundredths `json:"points"`
	// ACRFrom and ACRTo are what decided, where the cause is an amount: the better of two months for eligibility, the month for growth, the
	// twelve months for a service.
	ACRFrom *scoring.USD   `json:"acr_from,omitempty"`
	ACRTo   *scoring.USD   `json:"acr_to,omitempty"`
	Reason  scoring.Phrase `json:"reason"` // one sentence for people
	// Step is Name for people, where that names a step.
	Step scoring.Phrase `json:"-"`
}

// ChangeCause says what kind of cause it is.
type ChangeCause string

// The causes of changes.
const (
	CustomerIn       ChangeCause = "customer_in"     // a tenant became eligible
	CustomerOut      ChangeCause = "customer_out"    // a tenant is not eligible any more
	YearAgoIn        ChangeCause = "year_ago_in"     // a tenant more is eligible in the months that are compared with
	YearAgoOut       ChangeCause = "year_ago_out"    // a tenant less
	GrowthACR        ChangeCause = "growth_acr"      // a tenant's ACR of the month changed
	GrowthBase       ChangeCause = "growth_base"     // a tenant's ACR of the month a year before is another
	GrowthMeasured   ChangeCause = "growth_measured" // growth could be measured in one of the months only
	PersonIn         ChangeCause = "person_in"       // a person counts for a step
	PersonOut        ChangeCause = "person_out"      // a person no longer does
	PeopleChanged    ChangeCause = "people"          // people of a step, where pseudonyms of other keys hide who they are
	GatePoints       ChangeCause = "gate_points"     // points of the gates themselves
	GateOpened       ChangeCause = "gate"            // gates were met or lost
	ServiceIn        ChangeCause = "service_in"      // a service counts
	ServiceOut       ChangeCause = "service_out"     // a service does not any more
	RulesChanged     ChangeCause = "rules"           // the rules changed: rates, thresholds, lists
	CapChanged       ChangeCause = "over_cap"        // more or less is lost to the cap
	BelowZeroChanged ChangeCause = "below_zero"      // more or less of a loss is forgiven
	RoundingChanged  ChangeCause = "rounding"        // growth lost more or less to rounding
	ACRGateChanged   ChangeCause = "below_acr_gate"  // the ACR gate holds growth back, or does not any more
	DataChanged      ChangeCause = "no_data"         // an input was missing in one of the months
)

// pair is the two months of a comparison.
type pair struct{ from, to *published.Partner }

// Compare compares two published months of a partner, in one area or, where area is empty, in each. An empty id means the only partner
// of the earlier month.
func Compare(ctx context.Context, r published.Reader, from, to scoring.Month, id string, area scoring.Area) (*Comparison, error) {
	before, err := r.Partner(ctx, from, id)
	if err != nil {
		return nil, err
	}
	after, err := r.Partner(ctx, to, before.ID)
	if err != nil {
		return nil, err
	}
	x := pair{before, after}
	c := &Comparison{From: compared(before), To: compared(after), PartnerName: after.PartnerName, OtherPersonKeys: x.otherKeys(), Areas: []AreaChange{}}
	for _, s := range after.Scores {
		if area == "" || area == s.Area {
			c.Areas = append(c.Areas, x.area(s.Area))
		}
	}
	return c, nil
}

func compared(p *published.Partner) Compared {
	return Compared{ScoreMonth: p.ScoreMonth, Rulebook: p.Manifest.Rulebook, Track: p.Track.ID, Provisional: p.Provisional()}
}

func (x pair) area(a scoring.Area) AreaChange {
	before, after := x.from.Score(a), x.to.Score(a)
	c := AreaChange{Area: a, Name: x.to.Rules.AreaName(a), From: before.Total, To: after.Total, Change: after.Total - before.Total,
		QualifiesFrom: before.Qualifies, QualifiesTo: after.Qualifies}
	for _, metric := range scoring.Metrics() {
		c.Metrics = append(c.Metrics, x.metric(a, metric))
	}
	return c
}

func (x pair) metric(a scoring.Area, metric scoring.Metric) MetricChange {
	before, after := x.from.Score(a).Metric(metric), x.to.Score(a).Metric(metric)
	c := MetricChange{Metric: metric, From: before.Points, To: after.Points, Max: after.Max, Change: pointsOf(after) - pointsOf(before),
		StatusFrom: before.Status, StatusTo: after.Status, Causes: []Change{}}
	if !before.Applicable && !after.Applicable {
		return c
	}
	if !before.Applicable || !after.Applicable {
		c.Causes = append(c.Causes, Change{Cause: RulesChanged, Points: c.Change, Reason: scoring.Say("the metric applies in one of the months only, by its rules")})
		return c
	}
	if before.Status == scoring.NoData || after.Status == scoring.NoData {
		if before.Status != after.Status {
			c.Causes = append(c.Causes, Change{Cause: DataChanged, Points: c.Change,
				Reason: scoring.Say("an input of one of the months was missing, so the metric had no points there")})
		}
		return c
	}
	switch metric {
	case scoring.NetCustomerAdds:
		c.Causes = x.customers()
	case scoring.UsageGrowth:
		c.Causes = growthPair{x, before, after}.changes()
	case scoring.Deployments:
		c.Causes = x.services()
	default:
		c.Causes = newStepsPair(x, a, metric).changes()
	}
	c.Causes = append(append([]Change{}, c.Causes...), x.bounds(a, metric)...) // never null in JSON
	return c
}

func pointsOf(m *published.MetricScore) scoring.Hundredths {
	if m.Points == nil {
		return 0
	}
	return *m.Points
}

// bounds says what caps, gates and rounding gave or took more in the later month than in the earlier one.
func (x pair) bounds(a scoring.Area, metric scoring.Metric) (changes []Change) {
	held := func(p *published.Partner) map[Cause]scoring.Hundredths {
		all := map[Cause]scoring.Hundredths{}
		for _, part := range Parts(p, a, metric) {
			all[part.Cause] += part.Points
		}
		return all
	}
	before, after := held(x.from), held(x.to)
	for _, b := range []struct {
		cause  Cause
		change ChangeCause
		reason func(before, after scoring.Hundredths) scoring.Phrase
	}{
		{GateUnmet, GateOpened, func(_, _ scoring.Hundredths) scoring.Phrase { return newStepsPair(x, a, metric).gateReason() }},
		{BelowACRGate, ACRGateChanged, func(_, after scoring.Hundredths) scoring.Phrase {
			if after != 0 {
				return scoring.Say("the ACR of twelve months is below what usage growth takes")
			}
			return scoring.Say("the ACR of twelve months reaches what usage growth takes")
		}},
		{OverCap, CapChanged, func(before, after scoring.Hundredths) scoring.Phrase {
			return scoring.Say("over the cap: %s before, %s now", (-before).InWords(), -after)
		}},
		{BelowZero, BelowZeroChanged, func(before, after scoring.Hundredths) scoring.Phrase {
			return scoring.Say("a loss counts as 0: %s forgiven before, %s now", before.InWords(), after)
		}},
		{Rounding, RoundingChanged, func(before, after scoring.Hundredths) scoring.Phrase {
			return scoring.Say("lost to rounding: %s before, %s now", (-before).InWords(), -after)
		}},
	} {
		if before[b.cause] != after[b.cause] {
			changes = append(changes, Change{Cause: b.change, Points: after[b.cause] - before[b.cause], Reason: b.reason(before[b.cause], after[b.cause])})
		}
	}
	return changes
}

// otherKeys reports whether the pseudonyms of people were made with different keys, so that all of them differ.
func (x pair) otherKeys() bool {
	return x.from.Manifest.Settings["person_ids"] != x.to.Manifest.Settings["person_ids"]
}

// rate says what a change of the points for one thing does to those of the later month.
func (x pair) rate(before, after, n int64, reason func(now scoring.Phrase, before scoring.Hundredths) scoring.Phrase) []Change {
	if before == after || n == 0 {
		return nil
	}
	return []Change{{Cause: RulesChanged, Points: scoring.Hundredths((after - before) * n * hundred),
		Reason: reason(scoring.Hundredths(after*hundred).InWords(), scoring.Hundredths(before*hundred))}}
}
