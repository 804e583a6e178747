package answers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// MaxOutlook is how many months an outlook can reach: the months a year before them are known.
const MaxOutlook = 12

// Outlook is what is known of the months after a published one, and what becomes of the score if today's customers, consumption and people
// stay as they are.
type Outlook struct {
	ScoreMonth scoring.Month `json:"score_month"`
	published.PartnerName
	Rulebook           string              `json:"rulebook"`
	Track              string              `json:"track"`
	Now                []OutlookScore      `json:"now"`    // as published, one an area
	Months             []OutlookMonth      `json:"months"` // the next first
	DesignationChanges []DesignationChange `json:"turns"`  // one an area in which the designation is won or lost
	PointDrops         []PointDrop         `json:"falls"`  // one for each area whose points fall below the published ones
	Gates              []OutlookGate       `json:"gates"`  // of the published month
	// MissingUsage are the months without usage when the month was scored: what is compared with them is not known.
	MissingUsage []scoring.Month   `json:"missing_usage"`
	Rules        *scoring.Rulebook `json:"-"`

	ahead []*ahead // one a month
}

// Scenario returns the partner in a month of the outlook, if nothing changes. The caller does not change it.
func (o *Outlook) Scenario(m scoring.Month) *scenario.Scenario {
	return o.ahead[m-o.ScoreMonth-1].Scenario
}

// OutlookScore is a score in one area.
type OutlookScore struct {
	Area      scoring.Area       `json:"solution_area"`
	Name      string             `json:"name"`
	Total     scoring.Hundredths `json:"total_points"`
	Qualifies bool               `json:"qualifies"`
	Blocking  []scoring.Metric   `json:"blocking_metrics"`
	Metrics   []OutlookMetric    `json:"metrics"`
}

// OutlookMetric is the points of a metric; nil where it does not apply.
type OutlookMetric struct {
	Metric scoring.Metric      `json:"metric"`
	Points *scoring.Hundredths `json:"points"`
	Status scoring.Status      `json:"status"`
}

// OutlookMonth is one month to come.
type OutlookMonth struct {
	Month    scoring.Month `json:"score_month"`
	Rulebook string        `json:"rulebook"` // in force in that month
	Track    string        `json:"track"`
	// BaselineCustomers are eligible customers of the two months a year before: known, nil where the usage of one is missing. Customers are
	// today's, as published. They include customers that reached the threshold only in the month before the published one, which must consume
	// more to stay eligible.
	BaselineCustomers *int64         `json:"baseline_customers"`
	Customers         int64          `json:"customers"`
	ByMonthBefore     int64          `json:"customers_by_month_before"`
	CustomerSteps     []CustomerStep `json:"customer_steps"` // empty where the baseline is not known
	// BaselineACR is the ACR of the month a year before: known, nil where its usage is missing. ACR is today's.
	BaselineACR *scoring.USD `json:"baseline_acr_usd"`
	ACR         scoring.USD  `json:"acr_usd"`
	ACRSteps    []ACRStep    `json:"acr_steps"` // empty where growth cannot be measured against the baseline
	// ACRTTM is of the twelve months, the known ones and today's carried on. Below ACRGate, growth earns nothing.
	ACRTTM  scoring.USD `json:"acr_ttm_usd"`
	ACRGate scoring.USD `json:"acr_gate_usd"`
	// Services, Ending and Starting are what changes in this month.
	Services []ServiceLeaving `json:"services_leaving"`
	Ending   []HoldingChange  `json:"certifications_ending"`
	Starting []HoldingChange  `json:"certifications_starting"`
	Areas    []OutlookScore   `json:"areas"` // if nothing changes; a minimum where a baseline is unknown
}

// Known reports whether the months that the month is compared with are known.
func (m OutlookMonth) Known() bool { return m.BaselineCustomers != nil && m.BaselineACR != nil }

// CustomerStep is a step of the points of net customer adds.
type CustomerStep struct {
	Points    int64 `json:"points"`
	Customers int64 `json:"customers"` // eligible ones that it takes
	More      int64 `json:"more"`      // than today's
}

// ACRStep is a step of the points of usage growth.
type ACRStep struct {
	Percent int64       `json:"percent"`
	Points  int64       `json:"points"`
	ACR     scoring.USD `json:"acr_usd"`  // the smallest of the month that it takes, also for the twelve months to reach their gate
	More    scoring.USD `json:"more_usd"` // than today's
}

// ServiceLeaving is a service that counts no longer from a month on, unless it is used again.
type ServiceLeaving struct {
	Service  string        `json:"service_level_2"`
	LastUsed scoring.Month `json:"last_used"`
}

// DesignationChange is the first month in which a designation is won or lost.
type DesignationChange struct {
	Area  scoring.Area  `json:"solution_area"`
	Month scoring.Month `json:"score_month"`
	Won   bool          `json:"won"` // false: lost
}

// PointDrop is the fewest points of the months to come where they are fewer than those published, the first month that has them,
// and the first with fewer than published.
type PointDrop struct {
	Area   scoring.Area       `json:"solution_area"`
	From   scoring.Month      `json:"from_month"`
	Month  scoring.Month      `json:"score_month"`
	Before scoring.Hundredths `json:"total_points_published"`
	After  scoring.Hundredths `json:"total_points"`
}

// LookAhead looks n months ahead of a published one, 1 to MaxOutlook, in an area or, where that is empty, in all. The errors are those of
// published.Reader.Partner, and a *published.NotKnownError when the facts or the cache do not have what it needs.
func LookAhead(ctx context.Context, r published.Reader, m scoring.Month, id string, area scoring.Area, n int) (*Outlook, error) {
	p, err := r.Partner(ctx, m, id)
	if err != nil {
		return nil, err
	}
	return OutlookOf(ctx, r, p, area, n)
}

// OutlookOf is LookAhead for a partner that has been read.
func OutlookOf(ctx context.Context, r published.Reader, p *published.Partner, area scoring.Area, n int) (*Outlook, error) {
	if n < 1 || n > MaxOutlook {
		return nil, fault.Errorf(fault.Usage, "an outlook reaches 1 to %d months, not %d", MaxOutlook, n)
	}
	m := p.ScoreMonth
	usage, err := scenario.WholeUsage(ctx, r, p, m.Add(-12))
	if err != nil {
		return nil, err
	}
	past, err := newPast(p, usage)
	if err != nil {
		return nil, err
	}
	o := &Outlook{ScoreMonth: m, PartnerName: p.PartnerName, Rulebook: p.Rules.ID, Track: p.Track.ID, Rules: p.Rules, DesignationChanges: []DesignationChange{},
		PointDrops: []PointDrop{}, Now: outlookScores(p.Rules, p.Scores, area), Gates: gates(p, area),
		MissingUsage: append([]scoring.Month{}, p.Manifest.MissingUsage...)}
	before, err := publishedMonth(ctx, r, p)
	if err != nil {
		return nil, err
	}
	known := map[string]*rulesAhead{}
	for u := m.Add(1); u <= m.Add(n); u++ {
		rules, err := newRulesAhead(ctx, r, p, u, known)
		if err != nil {
			return nil, err
		}
		after := newAhead(rules, p, past, usage, u)
		month, err := after.month(u, area, before, past)
		if err != nil {
			return nil, err
		}
		o.Months, o.ahead = append(o.Months, *month), append(o.ahead, after)
		before = after
	}
	for _, now := range o.Now {
		o.addDesignationChange(now)
		o.addPointDrop(now)
	}
	return o, nil
}

// addPointDrop adds what the points of an area drop to, if it does.
func (o *Outlook) addPointDrop(now OutlookScore) {
	drop := PointDrop{Area: now.Area, Before: now.Total, After: now.Total}
	for _, month := range o.Months {
		for _, then := range month.Areas {
			if then.Area == now.Area && then.Total < drop.After && month.Known() {
				if drop.Month == 0 {
					drop.From = month.Month
				}
				drop.Month, drop.After = month.Month, then.Total
			}
		}
	}
	if drop.After < drop.Before {
		o.PointDrops = append(o.PointDrops, drop)
	}
}

// addDesignationChange adds the first month in which an area is won or lost.
func (o *Outlook) addDesignationChange(now OutlookScore) {
	for _, month := range o.Months {
		for _, then := range month.Areas {
			if then.Area == now.Area && then.Qualifies != now.Qualifies && (then.Qualifies || month.Known()) {
				o.DesignationChanges = append(o.DesignationChanges, DesignationChange{Area: now.Area, Month: month.Month, Won: then.Qualifies})
				return
			}
		}
	}
}

func outlookScores(rules *scoring.Rulebook, scores []published.Score, area scoring.Area) []OutlookScore {
	all := []OutlookScore{}
	for _, s := range scores {
		if area != "" && s.Area != area {
			continue
		}
		o := OutlookScore{Area: s.Area, Name: rules.AreaName(s.Area), Total: s.Total, Qualifies: s.Qualifies,
			Blocking: append([]scoring.Metric{}, s.Blocking...)}
		for _, m := range s.Metrics {
			o.Metrics = append(o.Metrics, OutlookMetric{m.Metric, m.Points, m.Status})
		}
		all = append(all, o)
	}
	return all
}

// ahead is a month to come as it would be.
type ahead struct {
	*scenario.Scenario
	services map[string]string // name of those that count, by key
}

// rulesAhead are rules of months to come, with what is read for them once.
type rulesAhead struct {
	rules  *scoring.Rulebook
	labels scenario.Labels
	held   []published.Held
}

// publishedMonth is what the published month has that the next one may not have any more.
func publishedMonth(ctx context.Context, r published.Reader, p *published.Partner) (*ahead, error) {
	var names []string
	for _, s := range p.Services {
		if s.Counted {
			names = append(names, s.Name)
		}
	}
	keys, err := r.Fold(ctx, names...)
	if err != nil {
		return nil, err
	}
	a := &ahead{Scenario: &scenario.Scenario{Rules: p.Rules, Skills: p.Skills()}, services: map[string]string{}}
	for name, key := range keys {
		a.services[key] = name
	}
	return a, nil
}

// rulesIn returns the rules of a month to come: those in force then, where the published month was scored by those in force; else the same.
func rulesIn(r published.Reader, p *published.Partner, u scoring.Month) (*scoring.Rulebook, error) {
	now, err := r.Library().InForce(p.ScoreMonth)
	if err != nil || now.SHA256 != p.Rules.SHA256 {
		return p.Rules, nil
	}
	then, err := r.Library().InForce(u)
	if err != nil {
		return nil, err
	}
	if then.EligibilitySHA256 != now.EligibilitySHA256 {
		return nil, &published.NotKnownError{Month: p.ScoreMonth, Hint: "look ahead by fewer --months",
			What: fmt.Sprintf("from %s on the rulebook %s counts other usage rows than the facts hold", u, then.ID)}
	}
	return then, nil
}

// newRulesAhead reads what rules of months to come need; known are those that were read before.
func newRulesAhead(ctx context.Context, r published.Reader, p *published.Partner, u scoring.Month, known map[string]*rulesAhead) (*rulesAhead, error) {
	rules, err := rulesIn(r, p, u)
	if err != nil {
		return nil, err
	}
	if x := known[rules.SHA256]; x != nil {
		return x, nil
	}
	x := &rulesAhead{rules: rules}
	if x.labels, err = scenario.NewLabels(ctx, r, rules); err != nil {
		return nil, err
	}
	if x.held, err = r.Holdings(ctx, p, rules); err != nil {
		return nil, err
	}
	known[rules.SHA256] = x
	return x, nil
}

// newAhead makes the scenario of a month to come.
func newAhead(x *rulesAhead, p *published.Partner, past *past, usage *published.Usage, u scoring.Month) *ahead {
	missing := p.Manifest.MissingUsage
	absent := scoring.Absent{Certifications: p.Absent().Certifications, GrowthBaseline: slices.Contains(missing, u.Add(-12))}
	absent.BaselinePair = absent.GrowthBaseline || slices.Contains(missing, u.Add(-13))
	customers, services := past.carry(u, usage.Segments, x.labels)
	a := &ahead{services: map[string]string{}, Scenario: &scenario.Scenario{Rules: x.rules, Labels: x.labels, Absent: absent,
		Skills: published.SkillsOn(x.rules, x.held, u.Last()), Customers: customers, Services: services}}
	for _, s := range a.Counted() {
		a.services[s.Key] = s.Name
	}
	return a
}

// month says what is known of the month, and what changes in it.
func (a *ahead) month(u scoring.Month, area scoring.Area, before *ahead, past *past) (*OutlookMonth, error) {
	track, measures := a.Measures()
	_, scores, err := a.Score()
	if err != nil {
		return nil, err
	}
	month := &OutlookMonth{Month: u, Rulebook: a.Rules.ID, Track: track.ID, Customers: measures.EligibleCustomers, ACR: measures.ACR,
		ACRTTM: measures.ACRTTM, ACRGate: a.Rules.ACRGateUSD, ByMonthBefore: a.ByMonthBefore(),
		CustomerSteps: []CustomerStep{}, ACRSteps: []ACRStep{}, Services: []ServiceLeaving{}, Areas: outlookScores(a.Rules, scores, area)}
	month.thresholds(a.Rules, measures)
	for key, name := range before.services {
		if _, stays := a.services[key]; !stays {
			month.Services = append(month.Services, ServiceLeaving{name, past.lastUsed(key)})
		}
	}
	slices.SortFunc(month.Services, func(a, b ServiceLeaving) int { return strings.Compare(a.Service, b.Service) })
	month.Ending = ended(before, a, area, a.whyEnds(u))
	month.Starting = ended(a, before, area, whyStarts(u))
	return month, nil
}

// thresholds says what points of net customer adds and usage growth need, in the months that are known.
func (m *OutlookMonth) thresholds(rules *scoring.Rulebook, measures scoring.Measures) {
	if !measures.Absent.BaselinePair {
		m.BaselineCustomers = &measures.EligibleCustomersBaseline
		for _, h := range rules.CustomerThresholds(measures.EligibleCustomersBaseline) {
			m.CustomerSteps = append(m.CustomerSteps, CustomerStep{h.Points, h.Customers, max(0, h.Customers-measures.EligibleCustomers)})
		}
	}
	if !measures.Absent.GrowthBaseline {
		m.BaselineACR = &measures.ACRBaseline
		for _, h := range rules.ACRThresholds(measures.ACRBaseline) {
			acr := max(h.ACR, rules.ACRAtGate(measures))
			m.ACRSteps = append(m.ACRSteps, ACRStep{h.Percent, h.Points, acr, max(0, acr-measures.ACR)})
		}
	}
}
