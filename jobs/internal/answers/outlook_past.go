package answers

import (
	"maps"
	"slices"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// past is what the facts know of a partner, by month of the window, and what of it is carried on.
type past struct {
	month    scoring.Month // the last one
	tenants  map[string]map[scoring.Month]snapshot.Amount
	services map[string]map[scoring.Month]snapshot.Amount // by key
	spelling map[string]string
}

func newPast(p *Partner, usage *Usage) (*past, error) {
	x := &past{month: p.ScoreMonth, tenants: map[string]map[scoring.Month]snapshot.Amount{}, services: map[string]map[scoring.Month]snapshot.Amount{},
		spelling: usage.Services}
	add := func(all map[string]map[scoring.Month]snapshot.Amount, key string, c Consumption) {
		if all[key] == nil {
			all[key] = map[scoring.Month]snapshot.Amount{}
		}
		all[key][c.UsageMonth] += c.ACR
	}
	for _, c := range usage.Rows {
		add(x.tenants, c.Tenant, c)
		add(x.services, c.Service, c)
	}
	for _, all := range []map[string]map[scoring.Month]snapshot.Amount{x.tenants, x.services} {
		for _, months := range all {
			if a := months[x.month]; max(a, -a) > maxAmount/MaxOutlook {
				return nil, &NotKnownError{x.month, "a year of its consumption is a trillion US dollars or more", "check the amounts of its exports"}
			}
		}
	}
	return x, nil
}

// ttm adds up the twelve months to u: those that are known, and for each month to come the last known one.
func (x *past) ttm(months map[scoring.Month]snapshot.Amount, u scoring.Month) (sum snapshot.Amount) {
	for m := u.Add(-11); m <= u; m++ {
		sum += months[min(m, x.month)]
	}
	return sum
}

// used reports whether there are rows in the known months of the twelve to u.
func (x *past) used(months map[scoring.Month]snapshot.Amount, u scoring.Month) bool {
	for m := range months {
		if m > u.Add(-12) {
			return true
		}
	}
	return false
}

// carry fills in the customers and services of a scenario of the month u: the baseline pair is known, the current pair stays as it is, the
// twelve months move on.
func (x *past) carry(s *scenario, u scoring.Month, segments map[string]string, labels ruleNames) {
	for _, tenant := range slices.Sorted(maps.Keys(x.tenants)) {
		months := x.tenants[tenant]
		_, active := months[x.month]
		s.customers = append(s.customers, tenantState{
			Customer: Customer{Tenant: tenant, Current: months[x.month], Previous: months[x.month.Add(-1)],
				Baseline: months[u.Add(-12)], BaselinePrevious: months[u.Add(-13)], TTM: x.ttm(months, u)},
			active: active, activeTTM: x.used(months, u), smb: labels.smb(segments[tenant]),
		})
	}
	for _, key := range slices.Sorted(maps.Keys(x.services)) {
		s.services = append(s.services, serviceState{name: x.spelling[key], key: key, ttm: x.ttm(x.services[key], u)})
	}
}

// lastUsed returns the last known month with consumption of a service.
func (x *past) lastUsed(key string) (last scoring.Month) {
	for m, a := range x.services[key] {
		if a != 0 {
			last = max(last, m)
		}
	}
	return last
}
