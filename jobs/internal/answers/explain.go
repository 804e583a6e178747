// Package answers holds the questions that people ask about published months: why a score is what it is (explain), what changed between two
// months (compare), what becomes of it in the months to come (outlook), what it would be under changes (what-if), how to get to the
// designation (path), and what to do next. It works from values of package published.
package answers

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Question narrows what is explained.
type Question struct {
	Area     scoring.Area   // empty: every area
	Metric   scoring.Metric // empty: every metric
	Customer string         // tenant id, or a name that only one tenant has; empty: all of them
	// Usage asks for the months of each customer as well, which stand in the facts and cost more to read.
	Usage bool
}

// Explanation says of one partner in one month why its scores are what they are, down to the amounts, services, people and rows left out.
type Explanation struct {
	ScoreMonth scoring.Month `json:"score_month"`
	published.PartnerName
	Track       string               `json:"track"`
	Rulebook    snapshot.RulebookRef `json:"rulebook"`
	SkillsAsOf  string               `json:"skills_as_of"`
	Provisional []string             `json:"provisional"`
	// MissingUsage are the months of the window without usage when the month was scored: their amounts are shown as 0, but are unknown.
	MissingUsage []scoring.Month   `json:"missing_usage"`
	Areas        []AreaExplanation `json:"areas"`
	// Customers, Services and Exclusions are there where a metric is asked for that follows from them. Customers are all tenants by id, or the
	// one asked for; services are those of the trailing twelve months by name; exclusions are the rows of all partners that did not count.
	Customers  []CustomerExplanation `json:"customers"`
	Services   []published.Service   `json:"services"`
	Exclusions []published.Exclusion `json:"exclusions"`
	// FactsGaps are the months whose facts cannot be used: customers have no amounts of them. Null where they were not asked for.
	FactsGaps []published.Gap `json:"facts_gaps"`

	// Rules and TrackRules are what the month was scored by.
	Rules      *scoring.Rulebook `json:"-"`
	TrackRules scoring.Track     `json:"-"`
}

// AreaExplanation is the score of one area. Its metrics add up to the total, their parts to their points.
type AreaExplanation struct {
	Area                scoring.Area        `json:"solution_area"`
	Name                string              `json:"name"`
	Total               scoring.Hundredths  `json:"total_points"`
	Max                 scoring.Hundredths  `json:"max_points"`
	Needed              scoring.Hundredths  `json:"designation_points"`
	Qualifies           bool                `json:"qualifies"`
	PointsToDesignation scoring.Hundredths  `json:"points_to_designation"`
	Blocking            []scoring.Metric    `json:"blocking_metrics"`
	RoundingSensitive   bool                `json:"rounding_sensitive"`
	Window              published.Window    `json:"qualification_window"`
	Metrics             []MetricExplanation `json:"metrics"`
}

// MetricExplanation is one metric of an area.
type MetricExplanation struct {
	published.MetricScore
	Why   scoring.Phrase    `json:"-"` // Reason, for other languages than English
	Parts []Part            `json:"parts"`
	Steps []StepExplanation `json:"steps"` // of the certifications metrics
}

// StepExplanation is one step of a certifications metric.
type StepExplanation struct {
	Step           int                 `json:"step"`
	Gate           bool                `json:"gate"`
	Certifications []string            `json:"certifications"` // titles; any of them will do
	Needed         int64               `json:"people_needed"`  // 0: each earns points
	People         int64               `json:"people"`
	Met            bool                `json:"met"`      // as a gate; the last step is met by one person
	Holdings       []published.Holding `json:"holdings"` // counted or not, by person
}

// CustomerExplanation is one customer tenant.
type CustomerExplanation struct {
	published.Customer
	// GrowthPoints is what the tenant adds to the points of usage growth, before caps and rounding; nil where growth has none.
	GrowthPoints *scoring.Hundredths `json:"usage_growth_points"`
	Segment      string              `json:"customer_segment,omitempty"`
	Months       []MonthACR          `json:"months"` // of the window, without gaps; null where not asked for
	// Services are the tenant's, by month and name; only where one customer was asked for.
	Services []ServiceMonth `json:"services,omitempty"`
}

// MonthACR is the ACR of a usage month.
type MonthACR struct {
	UsageMonth scoring.Month `json:"usage_month"`
	ACR        scoring.USD   `json:"acr_usd"`
}

// ServiceMonth is the ACR of a service in a usage month.
type ServiceMonth struct {
	Service string `json:"service_level_2"`
	MonthACR
}

// about reports whether one of the metrics is asked for.
func (q Question) about(metrics ...scoring.Metric) bool {
	return q.Metric == "" || slices.Contains(metrics, q.Metric)
}

// Explain explains the score of a partner. An empty id means the only partner of the month. The errors are those of published.Reader.Partner, and a
// *published.UnknownError for a customer that the partner does not have.
func Explain(ctx context.Context, r published.Reader, m scoring.Month, id string, q Question) (*Explanation, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
	return ExplanationOf(ctx, r, p, q)
}

// ExplanationOf is Explain for a partner that has been read.
func ExplanationOf(ctx context.Context, r published.Reader, p *published.Partner, q Question) (*Explanation, error) {
	windows, err := r.Windows(ctx, p)
	if err != nil {
		return nil, err
	}
	customers := p.Customers
	if q.Customer != "" {
		c, err := p.Customer(q.Customer)
		if err != nil {
			return nil, err
		}
		customers = []published.Customer{*c}
	}
	e := &Explanation{ScoreMonth: p.ScoreMonth, PartnerName: p.PartnerName, Track: p.Track.ID, Rulebook: p.Manifest.Rulebook, Provisional: p.Provisional(),
		MissingUsage: append([]scoring.Month{}, p.Manifest.MissingUsage...),
		Areas:        []AreaExplanation{}, Services: []published.Service{}, Exclusions: []published.Exclusion{}, Rules: p.Rules, TrackRules: p.Track}
	e.SkillsAsOf, _ = p.Manifest.Settings["skills_as_of"].(string)
	again, err := p.Rules.Score(p.Track.ID, p.Measures())
	if err != nil {
		again = nil // what is published explains itself, in English
	}
	for _, score := range p.Scores {
		i := slices.IndexFunc(windows, func(w published.Window) bool { return w.Area == score.Area })
		if q.Area == "" || q.Area == score.Area {
			e.Areas = append(e.Areas, explainArea(p, score, again, windows[i], q))
		}
	}
	var usage *published.Usage
	if q.Usage || q.Customer != "" {
		if usage, err = r.Usage(ctx, p); err != nil {
			return nil, err
		}
		e.FactsGaps = append([]published.Gap{}, usage.Gaps...)
	}
	e.Customers = []CustomerExplanation{}
	if q.about(scoring.NetCustomerAdds, scoring.UsageGrowth) || q.Customer != "" {
		e.Customers = explainCustomers(p, customers, usage, q.Customer != "")
	}
	if q.Customer != "" {
		return e, nil
	}
	if q.about(scoring.Deployments) {
		e.Services = append(e.Services, p.Services...)
	}
	if q.about(scoring.NetCustomerAdds, scoring.UsageGrowth, scoring.Deployments) {
		e.Exclusions = append(e.Exclusions, p.Exclusions...)
	}
	return e, nil
}

func explainArea(p *published.Partner, s published.Score, again []scoring.Score, w published.Window, q Question) AreaExplanation {
	a := AreaExplanation{
		Area: s.Area, Name: p.Rules.AreaName(s.Area), Total: s.Total, Max: s.Max(), Needed: scoring.Hundredths(p.Rules.DesignationPoints * hundred),
		Qualifies: s.Qualifies, PointsToDesignation: s.PointsToDesignation, Blocking: append([]scoring.Metric{}, s.Blocking...),
		RoundingSensitive: s.RoundingSensitive, Window: w,
	}
	for _, m := range s.Metrics {
		if q.Metric == "" || q.Metric == m.Metric {
			a.Metrics = append(a.Metrics, MetricExplanation{MetricScore: m, Why: why(again, s.Area, m),
				Parts: append([]Part{}, Parts(p, s.Area, m.Metric)...), Steps: Steps(p, s.Area, m.Metric)})
		}
	}
	return a
}

// why returns the reason of a metric for other languages than that of the tables: from scores made again of what is published, and as it is published
// where they differ. The words of a published reason may be those of an earlier version of the program.
func why(again []scoring.Score, area scoring.Area, m published.MetricScore) scoring.Phrase {
	for _, s := range again {
		for _, one := range s.Metrics {
			if s.Area == area && one.Metric == m.Metric && one.Status == m.Status && samePoints(one.Points, m.Points) {
				return one.Reason
			}
		}
	}
	return scoring.Say("%s", m.Reason)
}

func samePoints(exact *scoring.Points, published *scoring.Hundredths) bool {
	if exact == nil || published == nil {
		return exact == nil && published == nil
	}
	return scoring.Hundredths(exact.Hundredths()) == *published
}

// Steps returns the steps of a certifications metric in an area with the people behind them; none of another metric.
func Steps(p *published.Partner, area scoring.Area, metric scoring.Metric) []StepExplanation {
	steps := []StepExplanation{}
	for _, c := range p.Rules.StepCertifications(p.Track.ID) {
		if c.Area != area || c.Metric != metric {
			continue
		}
		if len(steps) < c.Step {
			s := StepExplanation{Step: c.Step, Gate: c.Gate, Needed: p.Track.GatePeople, Holdings: []published.Holding{}}
			if !c.Gate {
				s.Needed = 0
			}
			steps = append(steps, s)
		}
		steps[c.Step-1].Certifications = append(steps[c.Step-1].Certifications, c.Title)
	}
	people := p.People()
	for i := range steps {
		s, key := &steps[i], scoring.StepKey{Area: area, Metric: metric, Step: steps[i].Step}
		s.People = int64(len(people[key]))
		s.Met = s.People >= max(s.Needed, 1)
		for _, h := range p.Holdings {
			if h.StepKey == key {
				s.Holdings = append(s.Holdings, h)
			}
		}
	}
	return steps
}

// explainCustomers adds to each customer what it does for growth and, where there is usage, its months.
func explainCustomers(p *published.Partner, customers []published.Customer, u *published.Usage, services bool) []CustomerExplanation {
	growth := map[string]scoring.Hundredths{}
	for _, part := range Parts(p, p.Scores[0].Area, scoring.UsageGrowth) { // the same in every area
		if part.Cause == CustomerGrowth {
			growth[part.ID] = part.Points
		}
	}
	all := []CustomerExplanation{}
	index := map[string]int{}
	for i, c := range customers {
		e := CustomerExplanation{Customer: c}
		if points, ok := growth[c.Tenant]; ok {
			e.GrowthPoints = &points
		}
		if u != nil {
			e.Months, e.Segment = emptyMonths(p, u), u.Segments[c.Tenant]
		}
		all = append(all, e)
		index[c.Tenant] = i
	}
	if u == nil {
		return all
	}
	for _, row := range u.Rows {
		i, ok := index[row.Tenant]
		if !ok {
			continue
		}
		months := all[i].Months
		at := slices.IndexFunc(months, func(m MonthACR) bool { return m.UsageMonth == row.UsageMonth })
		months[at].ACR += row.ACR
		if services {
			all[i].Services = append(all[i].Services, ServiceMonth{u.Services[row.Service], MonthACR{row.UsageMonth, row.ACR}})
		}
	}
	return all
}

// emptyMonths are the months of the window that have facts.
func emptyMonths(p *published.Partner, u *published.Usage) []MonthACR {
	months := []MonthACR{}
	for _, m := range p.Window() {
		if !slices.ContainsFunc(u.Gaps, func(g published.Gap) bool { return g.UsageMonth == m }) {
			months = append(months, MonthACR{UsageMonth: m})
		}
	}
	return months
}
