package answers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// scenario is a partner as it might be: what its score follows from, to be changed and scored by any rules that count the same usage.
type scenario struct {
	rules     *scoring.Rulebook
	absent    scoring.Absent
	customers []tenantState
	services  []serviceState
	skills    skills
	// unassigned is ACR of the month, and so of the twelve months, that belongs to no customer and no service in particular.
	unassigned snapshot.Amount
	sized      bool // the rules have several tracks, and the tenants say which one
}

// tenantState is a customer tenant of a scenario.
type tenantState struct {
	Customer
	active, activeTTM bool // whether it has rows in the month, in the twelve months
	smb               bool
}

// serviceState is a service of a scenario.
type serviceState struct {
	name string
	key  string // folded
	ttm  snapshot.Amount
}

// names are labels of rules as they compare.
type ruleNames struct {
	excluded map[string]bool // services that are no deployment
	unknown  string          // usage without a service
	segments scoring.Segments
}

// ruleNames folds the labels of rules, and other texts besides.
func (r *Reader) ruleNames(ctx context.Context, rules *scoring.Rulebook, others ...string) (ruleNames, map[string]string, error) {
	texts := slices.Concat(rules.ExcludedServices, []string{rules.UnknownService}, others)
	keys, err := r.fold(ctx, texts...)
	n := ruleNames{excluded: map[string]bool{}, unknown: keys[rules.UnknownService], segments: rules.Segments()}
	for _, label := range rules.ExcludedServices {
		n.excluded[keys[label]] = true
	}
	return n, keys, err
}

// smb reports whether a segment means small and medium business. One that leaves the size open does not: that is how the track is chosen.
func (n ruleNames) smb(segment string) bool { return n.segments.Size(segment) == scoring.SegmentSMB }

// counts reports whether a service is a deployment.
func (n ruleNames) counts(s serviceState) bool {
	return !n.excluded[s.key] && s.key != n.unknown && s.ttm > 0
}

// scenario returns the partner as it was published, under rules that may be others. Usage is needed where these have several tracks; it may
// be nil where they have one.
func (r *Reader) scenario(ctx context.Context, p *Partner, rules *scoring.Rulebook, usage *Usage) (*scenario, ruleNames, error) {
	var names []string
	for _, s := range p.Services {
		names = append(names, s.Name)
	}
	labels, keys, err := r.ruleNames(ctx, rules, names...)
	if err != nil {
		return nil, labels, err
	}
	s := &scenario{rules: rules, absent: p.absent(), skills: p.publishedSkills(), sized: len(rules.Tracks) > 1}
	for _, c := range p.Customers {
		s.customers = append(s.customers, tenantState{Customer: c})
	}
	for _, service := range p.Services {
		s.services = append(s.services, serviceState{name: service.Name, key: keys[service.Name], ttm: service.TTM})
	}
	if usage != nil {
		s.size(p.ScoreMonth, usage.Rows, usage.Segments, labels)
	}
	if rules.SHA256 != p.Rules.SHA256 {
		all, err := r.holdings(ctx, p, rules)
		if err != nil {
			return nil, labels, err
		}
		s.skills = skillsOn(rules, all, p.skillsAsOf())
	}
	return s, labels, nil
}

// size says of every tenant what the track follows from.
func (s *scenario) size(month scoring.Month, rows []Consumption, segments map[string]string, labels ruleNames) {
	active, activeTTM := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		active[row.Tenant] = active[row.Tenant] || row.UsageMonth == month
		activeTTM[row.Tenant] = activeTTM[row.Tenant] || row.UsageMonth > month.Add(-12) && row.UsageMonth <= month
	}
	for i := range s.customers {
		c := &s.customers[i]
		c.active, c.activeTTM = active[c.Tenant], activeTTM[c.Tenant]
		c.smb = labels.smb(segments[c.Tenant])
	}
}

// track returns the track that the scenario is on.
func (s *scenario) track() scoring.Track {
	if !s.sized {
		return s.rules.Tracks[0]
	}
	size := scoring.PartnerSize{ACRTTM: scoring.USD(s.unassigned)}
	month := s.rules.CustomersWindow() == scoring.CustomersMonth
	for _, c := range s.customers {
		size.ACRTTM += scoring.USD(c.TTM)
		if month && c.active || !month && c.activeTTM {
			size.Customers++
			if c.smb {
				size.SMBCustomers++
			}
		}
	}
	return s.rules.Track(size)
}

// measures returns what the score of the scenario follows from on its track.
func (s *scenario) measures(labels ruleNames) (scoring.Track, scoring.Measures) {
	track := s.track()
	threshold := snapshot.Amount(track.EligibleCustomerUSD)
	m := scoring.Measures{Skills: s.skills.counts(), Absent: s.absent, ACR: scoring.USD(s.unassigned), ACRTTM: scoring.USD(s.unassigned)}
	for _, c := range s.customers {
		if max(c.Current, c.Previous) >= threshold {
			m.EligibleCustomers++
		}
		if max(c.Baseline, c.BaselinePrevious) >= threshold {
			m.EligibleCustomersBaseline++
		}
		m.ACR += scoring.USD(c.Current)
		m.ACRBaseline += scoring.USD(c.Baseline)
		m.ACRTTM += scoring.USD(c.TTM)
	}
	for _, service := range s.services {
		if labels.counts(service) {
			m.CountedServices++
		}
	}
	return track, m
}

// byMonthBefore counts the customers that are eligible by the month before only.
func (s *scenario) byMonthBefore() (n int64) {
	threshold := snapshot.Amount(s.track().EligibleCustomerUSD)
	for _, c := range s.customers {
		if c.Current < threshold && c.Previous >= threshold {
			n++
		}
	}
	return n
}

// score scores the scenario: one score an area, in the programme's order.
func (s *scenario) score(labels ruleNames) (scoring.Track, []Score, error) {
	track, m := s.measures(labels)
	scored, err := s.rules.Score(track.ID, m)
	if err != nil {
		return track, nil, err
	}
	var all []Score
	for _, one := range scored {
		all = append(all, scoreOf(one))
	}
	return track, all, nil
}

// scoreOf writes a computed score as the published tables have it.
func scoreOf(s scoring.Score) Score {
	out := Score{Area: s.Area, Total: snapshot.Hundredths(s.Total.Hundredths()), Qualifies: s.Qualifies, Blocking: s.Blocking,
		PointsToDesignation: snapshot.Hundredths(s.PointsToDesignation.Hundredths()), RoundingSensitive: s.RoundingSensitive}
	for _, m := range s.Metrics {
		out.Metrics = append(out.Metrics, Metric{Metric: m.Metric, Applicable: m.Applicable, Current: fixedAmount(m.Current), Baseline: fixedAmount(m.Baseline),
			Measure: fixedAmount(m.Measure), Points: fixedHundredths(m.Points), Max: fixedHundredths(m.Max), Status: m.Status, Reason: m.Reason})
	}
	return out
}

func fixedAmount(f *scoring.Fixed6) *snapshot.Amount {
	if f == nil {
		return nil
	}
	a := snapshot.Amount(*f)
	return &a
}

func fixedHundredths(p *scoring.Points) *snapshot.Hundredths {
	if p == nil {
		return nil
	}
	h := snapshot.Hundredths(p.Hundredths())
	return &h
}

// wholeUsage reads the facts of the partner and refuses them where a month of the window from the given one on cannot be used.
func (r *Reader) wholeUsage(ctx context.Context, p *Partner, from scoring.Month) (*Usage, error) {
	usage, err := r.Usage(ctx, p)
	if err != nil {
		return nil, err
	}
	var gaps []scoring.Month
	for _, gap := range usage.Gaps {
		if gap.UsageMonth >= from && gap.Reason != GapUnproven && gap.Reason != GapAbsent { // which come with one that is not, or have nothing to add
			gaps = append(gaps, gap.UsageMonth)
		}
	}
	if len(gaps) == 0 {
		return usage, nil
	}
	return nil, &NotKnownError{p.ScoreMonth, "there are no facts, or others than it was scored from, of " + monthNames(gaps),
		fmt.Sprintf("run partnerscore score --month %s, which builds them; a month that was never exported stays unknown", p.ScoreMonth)}
}

// without takes usage out of the scenario, as if it had not been exported.
func (s *scenario) without(p *Partner, usage *Usage, gone func(Consumption) bool, labels ruleNames) {
	tenants, services := map[string]*tenantState{}, map[string]*serviceState{}
	for i := range s.customers {
		tenants[s.customers[i].Tenant] = &s.customers[i]
	}
	for i := range s.services {
		services[s.services[i].key] = &s.services[i]
	}
	m := p.ScoreMonth
	for _, row := range usage.Rows {
		if !gone(row) {
			continue
		}
		c := tenants[row.Tenant]
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
				service.ttm -= row.ACR
			}
		}
	}
	usage.Rows = slices.DeleteFunc(slices.Clone(usage.Rows), gone)
	s.size(m, usage.Rows, usage.Segments, labels)
	left := maps.Clone(tenants)
	for _, row := range usage.Rows {
		delete(left, row.Tenant)
	}
	s.customers = slices.DeleteFunc(s.customers, func(c tenantState) bool { return left[c.Tenant] != nil })
}
