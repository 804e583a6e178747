// Package scenario holds a partner as it might be: a published month with some customers, services or people more or fewer, as what-if asks
// for it, or carried on into the months to come, as the outlook does; to be scored by any rules that count the same usage.
package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// Scenario is what the score of a partner follows from.
type Scenario struct {
	Rules     *scoring.Rulebook
	Labels    Labels // of Rules
	Absent    scoring.Absent
	Customers []Customer
	Services  []Service
	Skills    published.Skills
	// unassigned is ACR of the month, and so of the twelve months, that belongs to no customer and no service in particular.
	unassigned scoring.USD
}

// Customer is a customer tenant of a scenario.
type Customer struct {
	published.Customer
	Active, ActiveTTM bool // whether it has rows in the month, in the twelve months
	SMB               bool
	Open              bool // its segment leaves its size open: it counts as not SMB
}

// Service is a service of a scenario.
type Service struct {
	Name string
	Key  string // folded
	TTM  scoring.USD
}

// Labels are names in rules, folded to be compared.
type Labels struct {
	excluded map[string]bool // services that are not deployments
	unknown  string          // usage without a service
	segments scoring.Segments
}

// NewLabels folds the labels of rules.
func NewLabels(ctx context.Context, r published.Reader, rules *scoring.Rulebook) (Labels, error) {
	keys, err := r.Fold(ctx, append(slices.Clone(rules.ExcludedServices), rules.UnknownService)...)
	l := Labels{excluded: map[string]bool{}, unknown: keys[rules.UnknownService], segments: rules.Segments()}
	for _, label := range rules.ExcludedServices {
		l.excluded[keys[label]] = true
	}
	return l, err
}

// SMB reports whether a segment means small and medium business. One that leaves the size open does not: that is how the track is chosen.
func (l Labels) SMB(segment string) bool { return l.segments.Size(segment) == scoring.SegmentSMB }

// deployment reports whether a service can be a deployment.
func (l Labels) deployment(key string) bool { return !l.excluded[key] && key != l.unknown }

// counts reports whether a service is a deployment.
func (l Labels) counts(s Service) bool { return l.deployment(s.Key) && s.TTM > 0 }

// Of returns the partner as it was published, under rules that may be others. Usage is needed where these have several tracks; it may be nil
// where they have one.
func Of(ctx context.Context, r published.Reader, p *published.Partner, rules *scoring.Rulebook, usage *published.Usage) (*Scenario, error) {
	labels, err := NewLabels(ctx, r, rules)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(p.Services))
	for i, service := range p.Services {
		names[i] = service.Name
	}
	keys, err := r.Fold(ctx, names...)
	if err != nil {
		return nil, err
	}
	s := &Scenario{Rules: rules, Labels: labels, Absent: p.Absent(), Skills: p.Skills()}
	for _, c := range p.Customers {
		s.Customers = append(s.Customers, Customer{Customer: c})
	}
	for _, service := range p.Services {
		s.Services = append(s.Services, Service{Name: service.Name, Key: keys[service.Name], TTM: service.TTM})
	}
	if usage != nil {
		s.size(p.ScoreMonth, usage)
	}
	if rules.SHA256 != p.Rules.SHA256 {
		all, err := r.Holdings(ctx, p, rules)
		if err != nil {
			return nil, err
		}
		s.Skills = published.SkillsOn(rules, all, p.SkillsAsOf())
	}
	return s, nil
}

// size sets for every customer what the track follows from.
func (s *Scenario) size(month scoring.Month, usage *published.Usage) {
	active, activeTTM := map[string]bool{}, map[string]bool{}
	for _, row := range usage.Rows {
		active[row.Tenant] = active[row.Tenant] || row.UsageMonth == month
		activeTTM[row.Tenant] = activeTTM[row.Tenant] || row.UsageMonth > month.Add(-12) && row.UsageMonth <= month
	}
	for i := range s.Customers {
		c := &s.Customers[i]
		c.Active, c.ActiveTTM = active[c.Tenant], activeTTM[c.Tenant]
		size := s.Labels.segments.Size(usage.Segments[c.Tenant])
		c.SMB, c.Open = size == scoring.SegmentSMB, size == scoring.SegmentOpen
	}
}

// Track returns the track that the scenario is on: where the rules have several, the customers decide.
func (s *Scenario) Track() scoring.Track {
	if len(s.Rules.Tracks) == 1 {
		return s.Rules.Tracks[0]
	}
	size := scoring.PartnerSize{ACRTTM: s.unassigned}
	month := s.Rules.CustomersWindow() == scoring.CustomersMonth
	for _, c := range s.Customers {
		size.ACRTTM += c.TTM
		if month && c.Active || !month && c.ActiveTTM {
			size.Customers++
			if c.SMB {
				size.SMBCustomers++
			}
		}
	}
	return s.Rules.Track(size)
}

// Measures returns what the score of the scenario follows from on its track.
func (s *Scenario) Measures() (scoring.Track, scoring.Measures) {
	track := s.Track()
	return track, s.MeasuresOn(track)
}

// MeasuresOn returns what the score follows from on a track, which need not be the one that the customers decide.
func (s *Scenario) MeasuresOn(track scoring.Track) scoring.Measures {
	threshold := track.EligibleCustomerUSD
	m := scoring.Measures{Skills: s.Skills.Counts(), Absent: s.Absent, ACR: s.unassigned, ACRTTM: s.unassigned}
	for _, c := range s.Customers {
		if c.Best() >= threshold {
			m.EligibleCustomers++
		}
		if c.BestBaseline() >= threshold {
			m.EligibleCustomersBaseline++
		}
		m.ACR += c.Current
		m.ACRBaseline += c.Baseline
		m.ACRTTM += c.TTM
	}
	m.CountedServices = int64(len(s.Counted()))
	return m
}

// OpenAsSMB returns the scenario with every customer of open size counted as SMB, and how many these are.
func (s *Scenario) OpenAsSMB() (other *Scenario, open int64) {
	changed := *s
	changed.Customers = slices.Clone(s.Customers)
	for i := range changed.Customers {
		if c := &changed.Customers[i]; c.Open {
			c.SMB = true
			open++
		}
	}
	return &changed, open
}

// Counted returns the services that count as deployments.
func (s *Scenario) Counted() (counted []Service) {
	for _, service := range s.Services {
		if s.Labels.counts(service) {
			counted = append(counted, service)
		}
	}
	return counted
}

// ByMonthBefore counts the customers that are eligible by the month before only.
func (s *Scenario) ByMonthBefore() (n int64) {
	threshold := s.Track().EligibleCustomerUSD
	for _, c := range s.Customers {
		if c.Current < threshold && c.Previous >= threshold {
			n++
		}
	}
	return n
}

// Score scores the scenario: one score an area, in the programme's order.
func (s *Scenario) Score() (scoring.Track, []published.Score, error) {
	track, m := s.Measures()
	scored, err := s.Rules.Score(track.ID, m)
	if err != nil {
		return track, nil, err
	}
	var all []published.Score
	for _, one := range scored {
		all = append(all, published.NewScore(one))
	}
	return track, all, nil
}

// WholeUsage reads the facts of a partner. The error is a *published.NotKnownError where a month of the window from the given one on cannot be
// used.
func WholeUsage(ctx context.Context, r published.Reader, p *published.Partner, from scoring.Month) (*published.Usage, error) {
	usage, err := r.Usage(ctx, p)
	if err != nil {
		return nil, err
	}
	var gaps []scoring.Month
	reasons := map[published.GapReason]bool{}
	for _, gap := range usage.Gaps {
		// Unproven months come with one that is not; absent ones have nothing to add.
		if gap.UsageMonth >= from && gap.Reason != published.GapUnproven && gap.Reason != published.GapAbsent {
			gaps, reasons[gap.Reason] = append(gaps, gap.UsageMonth), true
		}
	}
	if len(gaps) == 0 {
		return usage, nil
	}
	what := "are missing or were rebuilt from other exports"
	switch {
	case !reasons[published.GapOther]:
		what = "are missing"
	case !reasons[published.GapMissing]:
		what = "were rebuilt from other exports"
	}
	return nil, &published.NotKnownError{Month: p.ScoreMonth, What: "the facts of " + scoring.MonthRanges(gaps) + " " + what,
		Hint: fmt.Sprintf("run partnerscore score --month %s with the exports, which builds them", p.ScoreMonth)}
}

// without takes usage out of the scenario, as if it had not been exported.
func (s *Scenario) without(m scoring.Month, usage *published.Usage, gone func(published.Consumption) bool) {
	customers, services := map[string]*Customer{}, map[string]*Service{}
	for i := range s.Customers {
		customers[s.Customers[i].Tenant] = &s.Customers[i]
	}
	for i := range s.Services {
		services[s.Services[i].Key] = &s.Services[i]
	}
	for _, row := range usage.Rows {
		if !gone(row) {
			continue
		}
		c := customers[row.Tenant]
		switch row.UsageMonth {
		case m:
			c.Current -= row.ACR
		case m.Add(-1):
			c.Previous -= row.ACR
		case m.Add(-12):
			c.Baseline -= row.ACR
		case m.Add(-13):
			c.BaselinePrevious -= row.ACR
		}
		if row.UsageMonth > m.Add(-12) {
			c.TTM -= row.ACR
			if service := services[row.Service]; service != nil {
				service.TTM -= row.ACR
			}
		}
	}
	usage.Rows = slices.DeleteFunc(slices.Clone(usage.Rows), gone)
	s.size(m, usage)
	left := maps.Clone(customers)
	for _, row := range usage.Rows {
		delete(left, row.Tenant)
	}
	s.Customers = slices.DeleteFunc(s.Customers, func(c Customer) bool { return left[c.Tenant] != nil })
}
