package answers

import (
	"context"
	"slices"
	"strings"

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
	PartnerName
	Track       string               `json:"track"`
	Rulebook    snapshot.RulebookRef `json:"rulebook"`
	SkillsAsOf  string               `json:"skills_as_of"`
	Provisional []string             `json:"provisional"`
	// MissingUsage are the months of the window without usage when the month was scored: amounts of them are 0, and not known.
	MissingUsage []scoring.Month   `json:"missing_usage"`
	Areas        []AreaExplanation `json:"areas"`
	// Customers, Services and Exclusions are there where a metric is asked for that follows from them. Customers are all tenants by id, or the
	// one asked for; services are those of the trailing twelve months by name; exclusions are the rows of all partners that did not count.
	Customers  []CustomerExplanation `json:"customers"`
	Services   []Service             `json:"services"`
	Exclusions []Exclusion           `json:"exclusions"`
	// FactsGaps are the months whose facts cannot be used: customers have no amounts of them. Null where they were not asked for.
	FactsGaps []Gap `json:"facts_gaps"`

	// Rules and TrackRules are what the month was scored by.
	Rules      *scoring.Rulebook `json:"-"`
	TrackRules scoring.Track     `json:"-"`
}

// AreaExplanation is the score of one area. Its metrics add up to the total, their parts to their points.
type AreaExplanation struct {
	Area                scoring.Area        `json:"solution_area"`
	Name                string              `json:"name"`
	Total               snapshot.Hundredths `json:"total_points"`
	Max                 snapshot.Hundredths `json:"max_points"`
	Needed              snapshot.Hundredths `json:"designation_points"`
	Qualifies           bool                `json:"qualifies"`
	PointsToDesignation snapshot.Hundredths `json:"points_to_designation"`
	Blocking            []scoring.Metric    `json:"blocking_metrics"`
	RoundingSensitive   bool                `json:"rounding_sensitive"`
	Window              Window              `json:"qualification_window"`
	Metrics             []MetricExplanation `json:"metrics"`
}

// MetricExplanation is one metric of an area.
type MetricExplanation struct {
	Metric     scoring.Metric       `json:"metric"`
	Applicable bool                 `json:"applicable"`
	Current    *snapshot.Amount     `json:"current_value"`
	Baseline   *snapshot.Amount     `json:"baseline_value"`
	Measure    *snapshot.Amount     `json:"measure"`
	Points     *snapshot.Hundredths `json:"points"`
	Max        *snapshot.Hundredths `json:"max_points"`
	Status     scoring.Status       `json:"status"`
	Reason     string               `json:"reason"`
	Parts      []Part               `json:"parts"`
	Steps      []StepExplanation    `json:"steps"` // of the certifications metrics
}

// StepExplanation is one step of a certifications metric.
type StepExplanation struct {
	Step           int       `json:"step"`
	Gate           bool      `json:"gate"`
	Certifications []string  `json:"certifications"` // titles; any of them will do
	Needed         int64     `json:"people_needed"`  // 0: each earns points
	People         int64     `json:"people"`
	Met            bool      `json:"met"`      // as a gate; the last step is met by one person
	Holdings       []Holding `json:"holdings"` // counted or not, by person
}

// CustomerExplanation is one customer tenant.
type CustomerExplanation struct {
	Customer
	// GrowthPoints is what the tenant adds to the points of usage growth, before caps and rounding; nil where growth has none.
	GrowthPoints *snapshot.Hundredths `json:"usage_growth_points"`
	Segment      string               `json:"customer_segment,omitempty"`
	Months       []MonthACR           `json:"months"` // of the window, without gaps; null where not asked for
	// Services are the tenant's, by month and name; only where one customer was asked for.
	Services []ServiceMonth `json:"services,omitempty"`
}

// MonthACR is the ACR of a usage month.
type MonthACR struct {
	UsageMonth scoring.Month   `json:"usage_month"`
	ACR        snapshot.Amount `json:"acr_usd"`
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

// Explain explains the score of a partner. An empty id stands for the only partner of the month. The errors are those of Reader.Partner, and
// an *UnknownError for a customer that the partner does not have.
func (r *Reader) Explain(ctx context.Context, m scoring.Month, id string, q Question) (*Explanation, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
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
		customers = []Customer{*c}
	}
	e := &Explanation{ScoreMonth: m, PartnerName: p.PartnerName, Track: p.Track.ID, Rulebook: p.Manifest.Rulebook, Provisional: p.Provisional(),
		MissingUsage: append([]scoring.Month{}, p.Manifest.MissingUsage()...),
		Areas:        []AreaExplanation{}, Services: []Service{}, Exclusions: []Exclusion{}, Rules: p.Rules, TrackRules: p.Track}
	e.SkillsAsOf, _ = p.Manifest.Settings["skills_as_of"].(string)
	for _, score := range p.Scores {
		i := slices.IndexFunc(windows, func(w Window) bool { return w.Area == score.Area })
		if q.Area == "" || q.Area == score.Area {
			e.Areas = append(e.Areas, p.explainArea(score, windows[i], q))
		}
	}
	var usage *Usage
	if q.Usage || q.Customer != "" {
		if usage, err = r.Usage(ctx, p); err != nil {
			return nil, err
		}
		e.FactsGaps = append([]Gap{}, usage.Gaps...)
	}
	e.Customers = []CustomerExplanation{}
	if q.about(scoring.NetCustomerAdds, scoring.UsageGrowth) || q.Customer != "" {
		e.Customers = p.explainCustomers(customers, usage, q.Customer != "")
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

func (p *Partner) explainArea(s Score, w Window, q Question) AreaExplanation {
	a := AreaExplanation{
		Area: s.Area, Name: p.Rules.AreaName(s.Area), Total: s.Total, Needed: snapshot.Hundredths(p.Rules.DesignationPoints * hundred),
		Qualifies: s.Qualifies, PointsToDesignation: s.PointsToDesignation, Blocking: append([]scoring.Metric{}, s.Blocking...),
		RoundingSensitive: s.RoundingSensitive, Window: w,
	}
	for _, m := range s.Metrics {
		if m.Max != nil {
			a.Max += *m.Max
		}
		if q.Metric == "" || q.Metric == m.Metric {
			a.Metrics = append(a.Metrics, p.explainMetric(s.Area, m))
		}
	}
	return a
}

func (p *Partner) explainMetric(area scoring.Area, m Metric) MetricExplanation {
	return MetricExplanation{
		Metric: m.Metric, Applicable: m.Applicable, Current: m.Current, Baseline: m.Baseline, Measure: m.Measure, Points: m.Points, Max: m.Max,
		Status: m.Status, Reason: m.Reason, Parts: append([]Part{}, p.Parts(area, m.Metric)...), Steps: p.Steps(area, m.Metric),
	}
}

// Steps returns the steps of a certifications metric in an area with the people behind them; none of another metric.
func (p *Partner) Steps(area scoring.Area, metric scoring.Metric) []StepExplanation {
	steps := []StepExplanation{}
	for _, c := range p.Rules.StepCertifications(p.Track.ID) {
		if c.Area != area || c.Metric != metric {
			continue
		}
		if len(steps) < c.Step {
			s := StepExplanation{Step: c.Step, Gate: c.Gate, Needed: p.Track.GatePeople, Holdings: []Holding{}}
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

// Customer finds a customer by tenant id, or by a name that only one has, whatever the case. The error is an *UnknownError.
func (p *Partner) Customer(idOrName string) (*Customer, error) {
	id := strings.ToLower(strings.Trim(strings.TrimSpace(idOrName), "{}"))
	var named []*Customer
	for i := range p.Customers {
		c := &p.Customers[i]
		if c.Tenant == id {
			return c, nil
		}
		if strings.EqualFold(c.Name, strings.TrimSpace(idOrName)) {
			named = append(named, c)
		}
	}
	if len(named) == 1 {
		return named[0], nil
	}
	return nil, p.unknownCustomer(idOrName, named)
}

// unknownCustomer lists the nearest customers, or those that share the name.
func (p *Partner) unknownCustomer(idOrName string, named []*Customer) error {
	byID := len(named) > 0 || strings.Trim(strings.ToLower(idOrName), "{}-0123456789abcdef") == ""
	candidates := named
	if len(named) == 0 {
		for i := range p.Customers {
			candidates = append(candidates, &p.Customers[i])
		}
	}
	var names []string
	label := map[string]string{}
	for _, c := range candidates {
		name := c.Name
		if byID || name == "" {
			name = c.Tenant
		}
		if _, twice := label[name]; !twice {
			names = append(names, name)
		}
		label[name] = c.Tenant
		if c.Name != "" {
			label[name] = c.Name + " (" + c.Tenant + ")"
		}
	}
	return unknown("customer", idOrName, names, func(n string) string { return label[n] }, "give the tenant id, or a name that only one tenant has")
}

// explainCustomers adds to each customer what it does for growth and, where there is usage, its months.
func (p *Partner) explainCustomers(customers []Customer, u *Usage, services bool) []CustomerExplanation {
	growth := map[string]snapshot.Hundredths{}
	for _, part := range p.Parts(p.Scores[0].Area, scoring.UsageGrowth) { // the same in every area
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
			e.Months, e.Segment = u.emptyMonths(p), u.Segments[c.Tenant]
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
func (u *Usage) emptyMonths(p *Partner) []MonthACR {
	months := []MonthACR{}
	for _, m := range p.Window() {
		if !slices.ContainsFunc(u.Gaps, func(g Gap) bool { return g.UsageMonth == m }) {
			months = append(months, MonthACR{UsageMonth: m})
		}
	}
	return months
}
