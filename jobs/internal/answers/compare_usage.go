package answers

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// tenants calls do with each customer of either month, by id; one that a month does not have is empty there but for its id.
func (x pair) tenants(do func(before, after published.Customer)) {
	before, after := map[string]published.Customer{}, map[string]published.Customer{}
	for _, c := range x.from.Customers {
		before[c.Tenant], after[c.Tenant] = c, published.Customer{Tenant: c.Tenant, Name: c.Name}
	}
	for _, c := range x.to.Customers {
		if _, known := before[c.Tenant]; !known {
			before[c.Tenant] = published.Customer{Tenant: c.Tenant}
		}
		after[c.Tenant] = c
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		do(before[id], after[id])
	}
}

// customers shares out net customer adds: a tenant counts for those of now and against those of a year ago.
func (x pair) customers() (changes []Change) {
	rate := scoring.Hundredths(x.from.Rules.PointsPerCustomer * hundred)
	was, is := x.from.Track.EligibleCustomerUSD, x.to.Track.EligibleCustomerUSD
	add := func(c published.Customer, side bool, cause ChangeCause, points scoring.Hundredths, before, after scoring.USD, what scoring.Phrase) {
		reason := scoring.Say("%s: from %s to %s USD in the better of two months", what, before, after)
		if was != is && (after >= was) != side {
			cause, reason = RulesChanged, scoring.Say("%s: it takes %s USD a month now, before %s, and has %s", what, is, was, after)
		}
		changes = append(changes, Change{Cause: cause, ID: c.Tenant, Name: c.Name, Points: points, ACRFrom: &before, ACRTo: &after, Reason: reason})
	}
	x.tenants(func(b, a published.Customer) {
		switch {
		case a.Eligible && !b.Eligible:
			add(a, true, CustomerIn, rate, b.Best(), a.Best(), scoring.Say("became an eligible customer"))
		case b.Eligible && !a.Eligible:
			add(a, false, CustomerOut, -rate, b.Best(), a.Best(), scoring.Say("is no longer an eligible customer"))
		}
		switch {
		case a.EligibleBaseline && !b.EligibleBaseline:
			add(a, true, YearAgoIn, -rate, b.BestBaseline(), a.BestBaseline(), scoring.Say("was an eligible customer a year ago"))
		case b.EligibleBaseline && !a.EligibleBaseline:
			add(a, false, YearAgoOut, rate, b.BestBaseline(), a.BestBaseline(), scoring.Say("was no eligible customer a year ago"))
		}
	})
	m := x.to.Measures()
	return append(changes, x.rate(x.from.Rules.PointsPerCustomer, x.to.Rules.PointsPerCustomer, m.EligibleCustomers-m.EligibleCustomersBaseline,
		func(now scoring.Phrase, before scoring.Hundredths) scoring.Phrase {
			return scoring.Say("the rules changed: %s for each net added customer, before %s", now, before)
		})...)
}

// services shares out deployments. Services compare without regard to case.
func (x pair) services() (changes []Change) {
	before, after := byFoldedName(x.from.Services), byFoldedName(x.to.Services)
	either := maps.Clone(before)
	maps.Copy(either, after)
	rate := scoring.Hundredths(x.from.Rules.PointsPerService * hundred)
	var counted int64
	for _, key := range slices.Sorted(maps.Keys(either)) {
		b, a := before[key], after[key]
		counted += a.counted
		if a.counted == b.counted {
			continue
		}
		c := Change{Cause: ServiceIn, ID: key, Name: cmp.Or(a.name, b.name), Points: rate * scoring.Hundredths(a.counted-b.counted), ACRFrom: &b.acr, ACRTo: &a.acr}
		switch {
		case a.reason == published.ServiceExcluded || b.reason == published.ServiceExcluded:
			c.Cause, c.Reason = RulesChanged, scoring.Say("the rules changed: whether the service is a deployment")
		case a.counted > b.counted:
			c.Reason = scoring.Say("counts now: %s USD in twelve months", a.acr)
		case a.name == "":
			c.Cause, c.Reason = ServiceOut, scoring.Say("was not used any more in the twelve months")
		default:
			c.Cause, c.Reason = ServiceOut, scoring.Say("adds up to %s USD in twelve months", a.acr)
		}
		changes = append(changes, c)
	}
	return append(changes, x.rate(x.from.Rules.PointsPerService, x.to.Rules.PointsPerService, counted,
		func(now scoring.Phrase, before scoring.Hundredths) scoring.Phrase {
			return scoring.Say("the rules changed: %s for each service, before %s", now, before)
		})...)
}

// serviceSum is what a month has under a folded name; two spellings in one month are rare, and each counts.
type serviceSum struct {
	name    string
	reason  published.ServiceReason
	acr     scoring.USD
	counted int64
}

func byFoldedName(services []published.Service) map[string]serviceSum {
	all := map[string]serviceSum{}
	for _, s := range services {
		key := strings.ToLower(s.Name)
		sum := all[key]
		sum.name, sum.reason, sum.acr = s.Name, s.Reason, sum.acr+s.TTM
		if s.Counted {
			sum.counted++
		}
		all[key] = sum
	}
	return all
}
