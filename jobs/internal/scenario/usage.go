package scenario

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/nearest"
	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// usageChange changes the customers, services and consumption of a hypothesis.
type usageChange struct {
	*Hypothesis
	r     published.Reader
	p     *published.Partner
	ch    Changes
	usage *published.Usage // nil where nothing needs it
	lost  map[string]bool  // tenants
	gone  map[string]bool  // keys of services that are lost
}

// lose takes away services and customers.
func (h *usageChange) lose(ctx context.Context) error {
	services, err := h.lostServices(ctx)
	if err != nil {
		return err
	}
	tenants, err := h.lostTenants()
	if err != nil {
		return err
	}
	if h.lost, h.gone = tenants, services; len(services)+len(tenants) == 0 {
		return nil
	}
	m := h.p.ScoreMonth
	h.without(m, h.usage, func(c published.Consumption) bool {
		return services[c.Service] && c.UsageMonth > m.Add(-12) || tenants[c.Tenant] && c.UsageMonth >= m.Add(-1)
	})
	return nil
}

// lostServices returns the keys of the services that are lost.
func (h *usageChange) lostServices(ctx context.Context) (map[string]bool, error) {
	lost := map[string]bool{}
	for _, name := range h.ch.LostServices {
		key, err := h.fold(ctx, name)
		if err != nil {
			return nil, err
		}
		service := h.service(key)
		if service == nil {
			var names []string
			for _, s := range h.Services {
				names = append(names, s.Name)
			}
			return nil, published.Unknown("service", name, names, nil, "name one that was used in the twelve months")
		}
		lost[key] = true
		h.say("without the service %s: its consumption of twelve months, %s USD, is gone", service.Name, service.TTM)
		if !h.Labels.counts(*service) {
			h.note("%s did not count as a deployment before", service.Name)
		}
	}
	return lost, nil
}

// fold returns the form in which a text compares as a label.
func (h *usageChange) fold(ctx context.Context, text string) (string, error) {
	keys, err := h.r.Fold(ctx, text)
	return keys[text], err
}

// service returns the service of a key, or nil.
func (h *usageChange) service(key string) *Service {
	for i := range h.Services {
		if h.Services[i].Key == key {
			return &h.Services[i]
		}
	}
	return nil
}

// lostTenants returns the tenants that are lost: those named, then the eligible ones with the least consumption.
func (h *usageChange) lostTenants() (map[string]bool, error) {
	lost := map[string]bool{}
	lose := func(c published.Customer) {
		lost[c.Tenant] = true
		h.say("without the customer %s: its consumption of the month, %s USD, and of the month before, %s USD, is gone", customerName(c),
			c.Current, c.Previous)
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
	threshold := h.Track().EligibleCustomerUSD
	var eligible []published.Customer
	for _, c := range h.p.Customers {
		if !lost[c.Tenant] && c.Best() >= threshold {
			eligible = append(eligible, c)
		}
	}
	if fewer > int64(len(eligible)) {
		return nil, fault.Errorf(fault.Usage, "%d customers cannot be lost: %d are eligible", fewer, len(eligible))
	}
	slices.SortStableFunc(eligible, func(a, b published.Customer) int { return cmp.Compare(a.Best(), b.Best()) })
	for _, c := range eligible[:fewer] {
		lose(c)
	}
	return lost, nil
}

// customerName names a customer for people, with its tenant id.
func customerName(c published.Customer) string {
	if c.Name == "" {
		return c.Tenant
	}
	return c.Name + " (" + c.Tenant + ")"
}

// changeTenants changes the consumption of tenants in the month.
func (h *usageChange) changeTenants(context.Context) error {
	for _, change := range h.ch.TenantACR {
		if change.Tenant == AllTenants {
			if !change.Percent {
				return fault.Errorf(fault.Usage, "an amount cannot be added to every tenant; name one tenant, or give a percentage")
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
		h.say("consumption of %s in the month %s, from %s USD", customerName(*c), change.text(), c.Current)
		if err := h.changeTenant(*c, change.ACRChange); err != nil {
			return err
		}
	}
	return nil
}

// changeTenant changes one tenant by what was published of it.
func (h *usageChange) changeTenant(c published.Customer, change ACRChange) error {
	amount, err := change.of(c.Current)
	if err != nil {
		return err
	}
	t := h.tenant(c)
	if t == nil {
		return fault.Errorf(fault.Usage, "customer %s is lost and changed at once", customerName(c))
	}
	if amount < 0 && t.Current >= 0 && t.Current+amount < 0 {
		return fault.Errorf(fault.Usage, "consumption of %s in the month cannot go down by %s USD: it is %s", customerName(c), -amount, t.Current)
	}
	t.Current, t.TTM = t.Current+amount, t.TTM+amount
	if amount != 0 {
		t.Active, t.ActiveTTM = true, true
	}
	return nil
}

// tenant returns the state of a customer, nil where it is lost.
func (h *usageChange) tenant(c published.Customer) *Customer {
	i := slices.IndexFunc(h.Customers, func(t Customer) bool { return t.Tenant == c.Tenant })
	if i < 0 || h.lost[c.Tenant] {
		return nil
	}
	return &h.Customers[i]
}

// addServices adds services that are used from the month on.
func (h *usageChange) addServices(ctx context.Context) error {
	for _, added := range h.ch.AddedServices {
		key, err := h.fold(ctx, added.Name)
		if err != nil {
			return err
		}
		if h.gone[key] {
			return fault.Errorf(fault.Usage, "service %s is lost and added at once", h.service(key).Name)
		}
		more := "in place of other consumption"
		if added.ACR != 0 {
			more = "with " + added.ACR.String() + " USD more in the month"
		}
		h.say("with the service %s, %s", added.Name, more)
		h.unassigned += added.ACR
		if tooLarge(h.unassigned) {
			return h.check()
		}
		service := h.service(key)
		switch {
		case !h.Labels.deployment(key):
			h.note("%s does not count as a deployment by the rules", added.Name)
		case service != nil && h.Labels.counts(*service):
			h.note("%s counts already", service.Name)
		case service != nil:
			service.TTM = 1
		default:
			if err := h.allowNewService(ctx, added.Name, key); err != nil {
				return err
			}
			h.Services = append(h.Services, Service{Name: added.Name, Key: key, TTM: 1})
		}
	}
	return nil
}

// allowNewService refuses a service that no partner uses and no rulebook names, unless it is forced: its name may be misspelt. A forced one is new.
func (h *usageChange) allowNewService(ctx context.Context, name, key string) error {
	names, err := h.r.ServiceNames(ctx, h.p.ScoreMonth)
	if err != nil || names[key] != "" {
		return err
	}
	inRules, err := h.rulesName(ctx, key)
	if err != nil || inRules {
		return err
	}
	if !h.ch.Force {
		return published.Unknown("service", name, slices.Sorted(maps.Values(names)), nil, fmt.Sprintf(
			"no customer uses it in %s and no rulebook names it; to count it as a new service, add --force", h.p.ScoreMonth))
	}
	near := nearest.Names(name, slices.Sorted(maps.Values(names)), published.ShownNames)
	h.note("no partner uses a service named %s in %s; it is counted as a new service; the nearest names are %s", name, h.p.ScoreMonth,
		strings.Join(near, ", "))
	return nil
}

// rulesName reports whether any rulebook has a service among those that are not deployments: the name is right then, by whatever rules.
func (h *usageChange) rulesName(ctx context.Context, key string) (bool, error) {
	var names []string
	for _, rules := range append(h.r.Library().List(), h.Rules) {
		names = append(names, rules.ExcludedServices...)
	}
	keys, err := h.r.Fold(ctx, names...)
	return slices.Contains(slices.Collect(maps.Values(keys)), key), err
}

// changeACR changes the consumption of the month as a whole.
func (h *usageChange) changeACR(context.Context) error {
	left := h.unassigned
	for _, c := range h.Customers {
		left += c.Current
	}
	var acr scoring.USD
	for _, c := range h.p.Customers {
		acr += c.Current
	}
	for _, change := range h.ch.ACR {
		amount, err := change.of(acr)
		if err != nil {
			return err
		}
		h.say("consumption of the month %s, from %s USD; the eligible customers and the services that count do not change", change.text(),
			acr)
		if amount < 0 && left >= 0 && left+amount < 0 {
			return fault.Errorf(fault.Usage, "consumption of the month cannot go down by %s USD: there is %s", -amount, left)
		}
		left += amount
		if h.unassigned += amount; tooLarge(h.unassigned) {
			return h.check()
		}
	}
	return nil
}

// addCustomers adds customers on the track that everything else leads to. On the SMB track they are such businesses themselves.
func (h *usageChange) addCustomers(context.Context) error {
	track := h.Track()
	for _, more := range h.ch.Customers {
		if more.Number <= 0 {
			continue
		}
		each := track.EligibleCustomerUSD
		if more.Each != nil {
			each = *more.Each
		}
		who := "1 more customer"
		if more.Number > 1 {
			who = fmt.Sprintf("%d more customers, each", more.Number)
		}
		h.say("%s with a consumption of %s USD in the month, of services that count already", who, each)
		if each < track.EligibleCustomerUSD {
			h.note("a customer of %s USD is not eligible: that takes %s", each, track.EligibleCustomerUSD)
		}
		for i := range more.Number {
			h.Customers = append(h.Customers, Customer{Customer: published.Customer{Tenant: fmt.Sprintf("new %d", i), Current: each, TTM: each},
				Active: true, ActiveTTM: true, SMB: track.ID == scoring.SMB})
		}
	}
	return nil
}
