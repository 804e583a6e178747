package answers

import (
	"maps"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/scoring"
)

// past is what the facts know of a partner, by month of the window, and what of it is carried on.
type past struct {
	month    scoring.Month // the last one
	tenants  map[string]map[scoring.Month]scoring.USD
	services map[string]map[scoring.Month]scoring.USD // by key
	spelling map[string]string
}

func newPast(p *published.Partner, usage *published.Usage) (*past, error) {
	x := &past{month: p.ScoreMonth, tenants: map[string]map[scoring.Month]scoring.USD{}, services: map[string]map[scoring.Month]scoring.USD{},
		spelling: usage.Services}
	add := func(all map[string]map[scoring.Month]scoring.USD, key string, c published.Consumption) {
		if all[key] == nil {
			all[key] = map[scoring.Month]scoring.USD{}
		}
		all[key][c.UsageMonth] += c.ACR
	}
	for _, c := range usage.Rows {
		add(x.tenants, c.Tenant, c)
		add(x.services, c.Service, c)
	}
	for _, all := range []map[string]map[scoring.Month]scoring.USD{x.tenants, x.services} {
		for _, months := range all {
			if a := months[x.month]; max(a, -a) > scenario.MaxAmount/MaxOutlook {
				return nil, &published.NotKnownError{Month: x.month, What: "a year of its consumption is a trillion US dollars or more", Hint: "check the amounts of its exports"}
			}
		}
	}
	return x, nil
}

// ttm adds up the twelve months to u: those that are known, and for each month to come the last known one.
func (x *past) ttm(months map[scoring.Month]scoring.USD, u scoring.Month) (sum scoring.USD) {
	for m := u.Add(-11); m <= u; m++ {
		sum += months[min(m, x.month)]
	}
	return sum
}

// used reports whether there are rows in the known months of the twelve to u.
func (x *past) used(months map[scoring.Month]scoring.USD, u scoring.Month) bool {
	for m := range months {
		if m > u.Add(-12) {
			return true
		}
	}
	return false
}

// carry returns the customers and services of the month u: the baseline pair is known, the current pair does not change, the twelve months
// move on.
func (x *past) carry(u scoring.Month, segments map[string]string, labels scenario.Labels) (customers []scenario.Customer, services []scenario.Service) {
	for _, tenant := range slices.Sorted(maps.Keys(x.tenants)) {
		months := x.tenants[tenant]
		_, active := months[x.month]
		customers = append(customers, scenario.Customer{
			Customer: published.Customer{Tenant: tenant, Current: months[x.month], Previous: months[x.month.Add(-1)],
				Baseline: months[u.Add(-12)], BaselinePrevious: months[u.Add(-13)], TTM: x.ttm(months, u)},
			Active: active, ActiveTTM: x.used(months, u), SMB: labels.SMB(segments[tenant]),
		})
	}
	for _, key := range slices.Sorted(maps.Keys(x.services)) {
		services = append(services, scenario.Service{Name: x.spelling[key], Key: key, TTM: x.ttm(x.services[key], u)})
	}
	return customers, services
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
