package reader

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Usage reads the facts of a partner for the window of its score.
func (r *Reader) Usage(ctx context.Context, p *published.Partner) (*published.Usage, error) {
	u := &published.Usage{Services: map[string]string{}, Segments: map[string]string{}}
	gaps := map[scoring.Month]published.GapReason{}
	absent := p.Manifest.MissingUsage
	f := facts{tables: r.tables, p: p}
	for _, m := range p.Window() {
		reason, err := f.gap(ctx, m)
		if err != nil {
			return nil, err
		}
		if slices.Contains(absent, m) {
			reason = published.GapAbsent
		}
		if reason != "" {
			gaps[m] = reason
		}
	}
	if months := without(p.Window(), gaps); len(months) > 0 {
		var err error
		if u.Rows, err = f.consumption(ctx, months); err != nil {
			return nil, err
		}
	}
	compareUsage(p, u.Rows, gaps)
	for _, m := range p.Window() {
		if gaps[m] != "" {
			u.Gaps = append(u.Gaps, published.Gap{UsageMonth: m, Reason: gaps[m]})
		}
	}
	u.Rows = slices.DeleteFunc(u.Rows, func(c published.Consumption) bool { return gaps[c.UsageMonth] != "" })
	return u, f.readNames(ctx, u, without(p.Window(), gaps))
}

// without returns the months that have no gap.
func without(months []scoring.Month, gaps map[scoring.Month]published.GapReason) []scoring.Month {
	return slices.DeleteFunc(slices.Clone(months), func(m scoring.Month) bool { return gaps[m] != "" })
}

// compareUsage adds gaps for the months in which rows of facts do not add up to what was published of each tenant: M, M-1, M-12 and M-13
// each on its own, the other ten together. A month that was absent has nothing in what was published.
func compareUsage(p *published.Partner, rows []published.Consumption, gaps map[scoring.Month]published.GapReason) {
	m := p.ScoreMonth
	single := func(amount func(published.Customer) scoring.USD) map[string]scoring.USD {
		sums := map[string]scoring.USD{}
		for _, c := range p.Customers {
			sums[c.Tenant] = amount(c)
		}
		return sums
	}
	spans := []struct {
		from, to scoring.Month
		lacking  map[string]scoring.USD // what was published less what the facts have
	}{
		{m, m, single(func(c published.Customer) scoring.USD { return c.Current })},
		{m.Add(-1), m.Add(-1), single(func(c published.Customer) scoring.USD { return c.Previous })},
		{m.Add(-12), m.Add(-12), single(func(c published.Customer) scoring.USD { return c.Baseline })},
		{m.Add(-13), m.Add(-13), single(func(c published.Customer) scoring.USD { return c.BaselinePrevious })},
		{m.Add(-11), m.Add(-2), single(func(c published.Customer) scoring.USD { return c.TTM - c.Current - c.Previous })},
	}
	for _, span := range spans {
		reason := published.GapOther
		for u := span.from; u <= span.to; u++ {
			if gaps[u] != "" && gaps[u] != published.GapAbsent {
				reason = published.GapUnproven
			}
		}
		for _, c := range rows {
			if span.from <= c.UsageMonth && c.UsageMonth <= span.to {
				span.lacking[c.Tenant] -= c.ACR
			}
		}
		for _, amount := range span.lacking {
			if amount == 0 && reason != published.GapUnproven {
				continue
			}
			for u := span.from; u <= span.to; u++ {
				if gaps[u] == "" {
					gaps[u] = reason
				}
			}
		}
	}
}

// facts reads what the cache has of a partner.
type facts struct {
	tables
	p *published.Partner
}

// readNames reads how services are spelled and the segments of tenants.
func (f facts) readNames(ctx context.Context, u *published.Usage, months []scoring.Month) error {
	if len(months) == 0 {
		return nil
	}
	err := f.query(ctx, "answers/service_names", snapshot.FactsServices, months, func(rows *sql.Rows) error {
		var key, name string
		err := rows.Scan(&key, &name)
		u.Services[key] = name
		return err
	})
	if err != nil {
		return err
	}
	return f.query(ctx, "answers/segments", snapshot.FactsCustomers, months, func(rows *sql.Rows) error {
		var tenant, segment string
		err := rows.Scan(&tenant, &segment)
		u.Segments[tenant] = segment
		return err
	})
}

// gap says why the facts of a month cannot be those the score was made from; empty when they may be.
func (f facts) gap(ctx context.Context, m scoring.Month) (published.GapReason, error) {
	known, err := f.store.Cache().Facts(ctx, m)
	if err != nil {
		return "", err
	}
	if known == nil {
		return published.GapMissing, nil
	}
	var exclusions []snapshot.Exclusion
	for _, e := range f.p.Exclusions {
		if e.UsageMonth == m {
			exclusions = append(exclusions, e.Exclusion)
		}
	}
	if !slices.Equal(known.Exclusions, exclusions) {
		return published.GapOther, nil
	}
	return "", nil
}

func (f facts) consumption(ctx context.Context, months []scoring.Month) (all []published.Consumption, err error) {
	err = f.query(ctx, "answers/consumption", snapshot.FactsConsumption, months, func(rows *sql.Rows) error {
		var c published.Consumption
		var month time.Time
		err := rows.Scan(&month, &c.Tenant, &c.Service, &c.ACR)
		c.UsageMonth = scoring.MonthOf(month)
		all = append(all, c)
		return err
	})
	return all, err
}

// query runs a statement over one of the files of facts of months; its second argument is the partner.
func (f facts) query(ctx context.Context, statement, file string, months []scoring.Month, scan func(*sql.Rows) error) error {
	paths, err := f.store.Cache().FactsFiles(ctx, file, months...)
	if err != nil {
		return err
	}
	return f.db.Query(ctx, statement, scan, warehouse.Paths(paths), f.p.ID)
}
