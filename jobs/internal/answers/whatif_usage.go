package answers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/nearest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// loseUsage takes away services and customers.
func (h *hypothesis) loseUsage(context.Context) error {
	services, err := h.lostServices()
	if err != nil {
		return err
	}
	tenants, err := h.lostTenants()
	if err != nil {
		return err
	}
	if h.lost = tenants; len(services)+len(tenants) == 0 {
		return nil
	}
	m := h.p.ScoreMonth
	h.without(h.p, h.usage, func(c Consumption) bool {
		return services[c.Service] && c.UsageMonth > m.Add(-12) || tenants[c.Tenant] && c.UsageMonth >= m.Add(-1)
	}, h.labels)
	return nil
}

// lostServices returns the keys of the services that are lost.
func (h *hypothesis) lostServices() (map[string]bool, error) {
	lost := map[string]bool{}
	for _, name := range h.ch.LostServices {
		key, err := h.fold(name)
		if err != nil {
			return nil, err
		}
		service := h.service(key)
		if service == nil {
			var names []string
			for _, s := range h.services {
				names = append(names, s.name)
			}
			return nil, unknown("service", name, names, nil, "name one that was used in the twelve months")
		}
		lost[key] = true
		h.say("without the service %s: its consumption of twelve months, %s USD, is gone", service.name, scoring.USD(service.ttm))
		if !h.labels.counts(*service) {
			h.note("%s did not count as a deployment before", service.name)
		}
	}
	return lost, nil
}

// service returns the service of a key, nil where there is none.
func (h *hypothesis) service(key string) *serviceState {
	for i := range h.services {
		if h.services[i].key == key {
			return &h.services[i]
		}
	}
	return nil
}

// lostTenants returns the tenants that are lost: those named, then the eligible ones with the least consumption.
func (h *hypothesis) lostTenants() (map[string]bool, error) {
	lost := map[string]bool{}
	lose := func(c Customer) {
		lost[c.Tenant] = true
		h.say("without the customer %s: its consumption of the month, %s USD, and of the month before, %s USD, is gone", customerName(c),
			scoring.USD(c.Current), scoring.USD(c.Previous))
	}
	for _, text := range h.ch.LostCustomers {
		c, err := h.p.Customer(text)
		if err != nil {
			return nil, err
		}
		if !lost[c.Tenant] {
			lose(*c)
		}
	}
	fewer := int64(0)
	for _, c := range h.ch.Customers {
		fewer -= min(0, c.Number)
	}
	threshold := snapshot.Amount(h.track().EligibleCustomerUSD)
	var eligible []Customer
	for _, c := range h.p.Customers {
		if !lost[c.Tenant] && c.Best() >= threshold {
			eligible = append(eligible, c)
		}
	}
	if fewer > int64(len(eligible)) {
		return nil, &ChangeError{fmt.Sprintf("%d customers cannot be lost: %d are eligible", fewer, len(eligible))}
	}
	slices.SortStableFunc(eligible, func(a, b Customer) int { return cmp.Compare(a.Best(), b.Best()) })
	for _, c := range eligible[:fewer] {
		lose(c)
	}
	return lost, nil
}

// customerName names a customer for people, with its tenant id.
func customerName(c Customer) string {
	if c.Name == "" {
		return c.Tenant
	}
	return c.Name + " (" + c.Tenant + ")"
}

// changeTenants changes the consumption of tenants in the month.
func (h *hypothesis) changeTenants(context.Context) error {
	for _, change := range h.ch.TenantACR {
		if change.Tenant == AllTenants {
			if !change.Percent {
				return &ChangeError{"an amount for every tenant is no change that can be told apart; name one tenant, or give a percentage"}
			}
			h.say("consumption of every customer in the month %s", change.text())
			for _, c := range h.p.Customers {
				if h.tenant(c) == nil {
					continue // lost
				}
				if err := h.changeTenant(c, change.ACRChange); err != nil {
					return err
				}
			}
			continue
		}
		c, err := h.p.Customer(change.Tenant)
		if err != nil {
			return err
		}
		h.say("consumption of %s in the month %s, from %s USD", customerName(*c), change.text(), scoring.USD(c.Current))
		if err := h.changeTenant(*c, change.ACRChange); err != nil {
			return err
		}
	}
	return nil
}

// changeTenant changes one tenant by what was published of it.
func (h *hypothesis) changeTenant(c Customer, change ACRChange) error {
	amount, err := change.of(c.Current)
	if err != nil {
		return err
	}
	t := h.tenant(c)
	if t == nil {
		return &ChangeError{"customer " + customerName(c) + " is lost and changed at once"}
	}
	if amount < 0 && t.Current >= 0 && t.Current+amount < 0 {
		return &ChangeError{fmt.Sprintf("consumption of %s in the month cannot go down by %s USD: it is %s", customerName(c), scoring.USD(-amount), scoring.USD(t.Current))}
	}
	t.Current, t.TTM = t.Current+amount, t.TTM+amount
	if amount != 0 {
		t.active, t.activeTTM = true, true
	}
	return nil
}

// tenant returns the state of a customer, nil where it is lost.
func (h *hypothesis) tenant(c Customer) *tenantState {
	i := slices.IndexFunc(h.customers, func(t tenantState) bool { return t.Tenant == c.Tenant })
	if i < 0 || h.lost[c.Tenant] {
		return nil
	}
	return &h.customers[i]
}

// text writes a change for people: up by 5 %, down by 1,200.00 USD.
func (c ACRChange) text() string {
	direction, size := "up by ", scoring.USD(c.Value)
	if c.Value < 0 {
		direction, size = "down by ", -size
	}
	if c.Percent {
		return direction + strings.TrimSuffix(size.String(), ".00") + " %"
	}
	return direction + size.String() + " USD"
}

// addServices adds services that are used from the month on.
func (h *hypothesis) addServices(context.Context) error {
	for _, added := range h.ch.AddedServices {
		key, err := h.fold(added.Name)
		if err != nil {
			return err
		}
		if err := h.lostService(key); err != nil {
			return err
		}
		more := "in place of other consumption"
		if added.ACR != 0 {
			more = "with " + scoring.USD(added.ACR).String() + " USD more in the month"
		}
		h.say("with the service %s, %s", added.Name, more)
		h.unassigned += added.ACR
		if tooLarge(h.unassigned) {
			return h.check()
		}
		service := h.service(key)
		switch {
		case h.labels.excluded[key] || key == h.labels.unknown:
			h.note("%s is no deployment by the rules", added.Name)
		case service != nil && h.labels.counts(*service):
			h.note("%s counts already", service.name)
		case service != nil:
			service.ttm = 1
		default:
			if err := h.noteNewService(added.Name, key); err != nil {
				return err
			}
			h.services = append(h.services, serviceState{name: added.Name, key: key, ttm: 1})
		}
	}
	return nil
}

// lostService refuses a service that is to be added and lost.
func (h *hypothesis) lostService(key string) error {
	for _, name := range h.ch.LostServices {
		lost, err := h.fold(name)
		if err != nil {
			return err
		}
		if lost == key {
			return &ChangeError{"service " + h.service(key).name + " is lost and added at once"}
		}
	}
	return nil
}

// noteNewService says of a service that the partner does not use when no other one does: its name may be misspelt, or its first customer this one.
func (h *hypothesis) noteNewService(name, key string) error {
	names, err := h.offered()
	if err != nil || names[key] != "" {
		return err
	}
	near := nearest.Names(name, slices.Sorted(maps.Values(names)), shownNames)
	h.note("no partner uses a service of the name %s in %s, and it is counted as a new one all the same; the nearest names are %s", name, h.p.ScoreMonth,
		strings.Join(near, ", "))
	return nil
}

// changeACR changes the consumption of the month as a whole.
func (h *hypothesis) changeACR(context.Context) error {
	left := h.unassigned
	for _, c := range h.customers {
		left += c.Current
	}
	for _, change := range h.ch.ACR {
		amount, err := change.of(h.acr0)
		if err != nil {
			return err
		}
		h.say("consumption of the month %s, from %s USD; which customers are eligible and which services count stays as it is", change.text(),
			scoring.USD(h.acr0))
		if amount < 0 && left >= 0 && left+amount < 0 {
			return &ChangeError{fmt.Sprintf("consumption of the month cannot go down by %s USD: there is %s", scoring.USD(-amount), scoring.USD(left))}
		}
		left += amount
		if h.unassigned += amount; tooLarge(h.unassigned) {
			return h.check()
		}
	}
	return nil
}

// addCustomers adds customers on the track that everything else leads to. On the SMB track they are such businesses themselves.
func (h *hypothesis) addCustomers(context.Context) error {
	track := h.track()
	for _, more := range h.ch.Customers {
		if more.Number <= 0 {
			continue
		}
		each := snapshot.Amount(track.EligibleCustomerUSD)
		if more.Each != nil {
			each = *more.Each
		}
		who := "1 more customer"
		if more.Number > 1 {
			who = fmt.Sprintf("%d more customers, each", more.Number)
		}
		h.say("%s with a consumption of %s USD in the month, of services that count already", who, scoring.USD(each))
		if each < snapshot.Amount(track.EligibleCustomerUSD) {
			h.note("a customer of %s USD is not eligible: that takes %s", scoring.USD(each), track.EligibleCustomerUSD)
		}
		for i := range more.Number {
			h.customers = append(h.customers, tenantState{Customer: Customer{Tenant: fmt.Sprintf("new %d", i), Current: each, TTM: each},
				active: true, activeTTM: true, smb: track.ID == scoring.SMB})
		}
	}
	return nil
}
