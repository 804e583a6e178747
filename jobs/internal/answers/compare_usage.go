package answers

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// tenants calls do with each customer of either month, by id; one that a month does not have is empty there but for its id.
func (x pair) tenants(do func(before, after Customer)) {
	before, after := map[string]Customer{}, map[string]Customer{}
	for _, c := range x.from.Customers {
		before[c.Tenant], after[c.Tenant] = c, Customer{Tenant: c.Tenant, Name: c.Name}
	}
	for _, c := range x.to.Customers {
		if _, known := before[c.Tenant]; !known {
			before[c.Tenant] = Customer{Tenant: c.Tenant}
		}
		after[c.Tenant] = c
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		do(before[id], after[id])
	}
}

// customers shares out net customer adds: a tenant counts for those of now and against those of a year ago.
func (x pair) customers() (changes []Change) {
	rate := snapshot.Hundredths(x.from.Rules.PointsPerCustomer * hundred)
	was, is := x.from.Track.EligibleCustomerUSD, x.to.Track.EligibleCustomerUSD
	add := func(c Customer, side bool, cause ChangeCause, points snapshot.Hundredths, before, after snapshot.Amount, what string) {
		reason := fmt.Sprintf("%s: from %s to %s USD in the better of two months", what, scoring.USD(before), scoring.USD(after))
		if was != is && (after >= snapshot.Amount(was)) != side {
			cause, reason = RulesChanged, fmt.Sprintf("%s: it takes %s USD a month now, before %s, and has %s", what, is, was, scoring.USD(after))
		}
		changes = append(changes, Change{Cause: cause, ID: c.Tenant, Name: c.Name, Points: points, ACRFrom: &before, ACRTo: &after, Reason: reason})
	}
	x.tenants(func(b, a Customer) {
		switch {
		case a.Eligible && !b.Eligible:
			add(a, true, CustomerIn, rate, b.Best(), a.Best(), "became an eligible customer")
		case b.Eligible && !a.Eligible:
			add(a, false, CustomerOut, -rate, b.Best(), a.Best(), "is no eligible customer any more")
		}
		switch {
		case a.EligibleBaseline && !b.EligibleBaseline:
			add(a, true, YearAgoIn, -rate, b.BestBaseline(), a.BestBaseline(), "was an eligible customer a year ago")
		case b.EligibleBaseline && !a.EligibleBaseline:
			add(a, false, YearAgoOut, rate, b.BestBaseline(), a.BestBaseline(), "was no eligible customer a year ago")
		}
	})
	m := x.to.Measures()
	return append(changes, x.rate(x.from.Rules.PointsPerCustomer, x.to.Rules.PointsPerCustomer, m.EligibleCustomers-m.EligibleCustomersBaseline,
		"for each net added customer")...)
}

// growth shares out usage growth. With A the ACR of the month and B that of a year before, growth changes by
//
//	A'/B' - A/B = (A' - A)·(1/B + 1/B')/2 - (B' - B)·(A + A')/(2·B·B'),
//
// which treats both sides alike and is linear in what each tenant adds to A' - A and to B' - B.
func (x pair) growth(before, after *Metric) []Change {
	m, n := x.from.Measures(), x.to.Measures()
	each, now := x.from.Rules.PointsPerPercent, x.to.Rules.PointsPerPercent
	old, okOld := growthHundredths(m, each)
	mid, okMid := growthHundredths(n, each)
	last, okLast := growthHundredths(n, now)
	shares, changes := x.growthShares(m, n, each)
	if !okOld || !okMid || !okLast || !bounded(shares) || isWhole(x.from, before) || isWhole(x.to, after) {
		return x.growthAsAWhole(before, after)
	}
	points := map[string]snapshot.Hundredths{}
	for _, part := range apportioned("", shares, mid-old) {
		points[part.ID] = part.Points
	}
	kept := []Change{}
	for _, c := range changes {
		c.Points = points[string(c.Cause)+" "+c.ID]
		kept = append(kept, c)
	}
	if last != mid {
		kept = append(kept, Change{Cause: RulesChanged, Points: last - mid,
			Reason: fmt.Sprintf("the rules changed: %s for each percent, before %d", snapshot.Hundredths(now*hundred).InPoints(), each)})
	}
	return kept
}

// growthShares returns the shares of the tenants, and the changes that they belong to.
func (x pair) growthShares(m, n scoring.Measures, each int64) (shares []share, changes []Change) {
	if m.ACRBaseline <= 0 || n.ACRBaseline <= 0 {
		return nil, nil
	}
	two := big.NewRat(2, 1)
	perUSD := func(b scoring.USD) *big.Rat { return growthShare(1, b, each) }
	acr := new(big.Rat).Add(perUSD(m.ACRBaseline), perUSD(n.ACRBaseline))
	acr.Quo(acr, two)
	base := new(big.Rat).Mul(perUSD(m.ACRBaseline), big.NewRat(int64(m.ACR), int64(n.ACRBaseline)))
	base.Add(base, new(big.Rat).Mul(perUSD(m.ACRBaseline), big.NewRat(int64(n.ACR), int64(n.ACRBaseline))))
	base.Quo(base, two).Neg(base)
	add := func(c Customer, cause ChangeCause, before, after snapshot.Amount, worth *big.Rat, what string) {
		if before == after {
			return
		}
		exact := new(big.Rat).Mul(worth, new(big.Rat).SetInt64(int64(after-before)))
		shares = append(shares, share{id: string(cause) + " " + c.Tenant, exact: exact})
		changes = append(changes, Change{Cause: cause, ID: c.Tenant, Name: c.Name, ACRFrom: &before, ACRTo: &after,
			Reason: fmt.Sprintf("%s: from %s to %s USD", what, scoring.USD(before), scoring.USD(after))})
	}
	x.tenants(func(b, a Customer) {
		add(a, GrowthACR, b.Current, a.Current, acr, "ACR of the month")
		add(a, GrowthBase, b.Baseline, a.Baseline, base, "ACR of the month a year before")
	})
	return shares, changes
}

// growthAsAWhole is the one cause where growth could not be measured in both months, or is beyond all bounds.
func (x pair) growthAsAWhole(before, after *Metric) []Change {
	// What bounds and rounding changed is told beside it.
	points := unbounded(x.to, after) - unbounded(x.from, before)
	reason := fmt.Sprintf("usage growth was %s and is %s", growthWords(before), growthWords(after))
	if points == 0 && growthWords(before) == growthWords(after) {
		return nil
	}
	return []Change{{Cause: GrowthMeasured, Points: points, Reason: reason}}
}

// isWhole reports whether growth is too large to share out among tenants.
func isWhole(p *Partner, m *Metric) bool {
	return slices.ContainsFunc(p.growthParts(*m), func(part Part) bool { return part.Cause == Growth })
}

// unbounded returns the points of growth before caps and rounding, as Parts has them.
func unbounded(p *Partner, m *Metric) (points snapshot.Hundredths) {
	for _, part := range p.growthParts(*m) {
		if part.Cause == Growth || part.Cause == CustomerGrowth {
			points += part.Points
		}
	}
	return points
}

// growthWords says what growth came to.
func growthWords(m *Metric) string {
	switch {
	case m.Status == scoring.NoBaseline:
		return "not measured, without ACR a year before"
	case m.Status == scoring.InvalidBaseline:
		return "not measured, against a net credit a year before"
	case m.Measure == nil:
		return "not measured"
	default:
		return strings.TrimSuffix(strings.TrimRight(scoring.USD(*m.Measure).String(), "0"), ".") + " %"
	}
}

// services shares out deployments. Services compare without regard to case.
func (x pair) services() (changes []Change) {
	before, after := byFoldedName(x.from.Services), byFoldedName(x.to.Services)
	keys := map[string]bool{}
	for key := range before {
		keys[key] = true
	}
	for key := range after {
		keys[key] = true
	}
	rate := snapshot.Hundredths(x.from.Rules.PointsPerService * hundred)
	var counted int64
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		b, a := before[key], after[key]
		counted += a.counted
		if a.counted == b.counted {
			continue
		}
		c := Change{Cause: ServiceIn, ID: key, Name: a.name, Points: rate * snapshot.Hundredths(a.counted-b.counted), ACRFrom: &b.acr, ACRTo: &a.acr}
		if a.name == "" {
			c.Name = b.name
		}
		switch {
		case a.reason == "excluded_service" || b.reason == "excluded_service":
			c.Cause, c.Reason = RulesChanged, "the rules changed: whether the service is a deployment"
		case a.counted > b.counted:
			c.Reason = fmt.Sprintf("counts now: %s USD in twelve months", scoring.USD(a.acr))
		case a.name == "":
			c.Cause, c.Reason = ServiceOut, "was not used any more in the twelve months"
		default:
			c.Cause, c.Reason = ServiceOut, fmt.Sprintf("comes to %s USD in twelve months", scoring.USD(a.acr))
		}
		changes = append(changes, c)
	}
	return append(changes, x.rate(x.from.Rules.PointsPerService, x.to.Rules.PointsPerService, counted, "for each service")...)
}

// serviceSum is what a month has under a folded name; two spellings in one month are rare, and each counts.
type serviceSum struct {
	name, reason string
	acr          snapshot.Amount
	counted      int64
}

func byFoldedName(services []Service) map[string]serviceSum {
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
