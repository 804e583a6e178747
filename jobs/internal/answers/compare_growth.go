package answers

import (
	"math/big"
	"slices"
	"strings"

	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// growthPair is usage growth in the two months.
type growthPair struct {
	pair
	before, after *published.MetricScore
}

// changes shares out usage growth. With A the ACR of the month and B that of a year before, growth changes by
//
//	A'/B' - A/B = (A' - A)·(1/B + 1/B')/2 - (B' - B)·(A + A')/(2·B·B'),
//
// which treats both sides alike and is linear in what each tenant adds to A' - A and to B' - B.
func (x growthPair) changes() []Change {
	m, n := x.from.Measures(), x.to.Measures()
	each, now := x.from.Rules.PointsPerPercent, x.to.Rules.PointsPerPercent
	old, okOld := growthHundredths(m, each)
	mid, okMid := growthHundredths(n, each)
	last, okLast := growthHundredths(n, now)
	shares, changes := x.shares(m, n, each)
	if !okOld || !okMid || !okLast || !bounded(shares) || isWhole(x.from, x.before) || isWhole(x.to, x.after) {
		return x.asAWhole()
	}
	points := map[string]scoring.Hundredths{}
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
			Reason: scoring.Say("the rules changed: %s for each percent, before %d", scoring.Hundredths(now*hundred).InWords(), each)})
	}
	return kept
}

// shares returns the shares of the tenants, and the changes that they belong to.
func (x growthPair) shares(m, n scoring.Measures, each int64) (shares []share, changes []Change) {
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
	add := func(c published.Customer, cause ChangeCause, before, after scoring.USD, worth *big.Rat, reason scoring.Phrase) {
		if before == after {
			return
		}
		exact := new(big.Rat).Mul(worth, new(big.Rat).SetInt64(int64(after-before)))
		shares = append(shares, share{id: string(cause) + " " + c.Tenant, exact: exact})
		changes = append(changes, Change{Cause: cause, ID: c.Tenant, Name: c.Name, ACRFrom: &before, ACRTo: &after, Reason: reason})
	}
	x.tenants(func(b, a published.Customer) {
		add(a, GrowthACR, b.Current, a.Current, acr, scoring.Say("ACR of the month: from %s to %s USD", b.Current, a.Current))
		add(a, GrowthBase, b.Baseline, a.Baseline, base, scoring.Say("ACR of the month a year before: from %s to %s USD", b.Baseline, a.Baseline))
	})
	return shares, changes
}

// asAWhole is the one cause where growth could not be measured in both months, or is beyond all bounds.
func (x growthPair) asAWhole() []Change {
	// Bounds and rounding are causes of their own.
	points := unbounded(x.to, x.after) - unbounded(x.from, x.before)
	was, is := growthWords(x.before), growthWords(x.after)
	if points == 0 && was.String() == is.String() {
		return nil
	}
	return []Change{{Cause: GrowthMeasured, Points: points, Reason: scoring.Say("usage growth was %s and is %s", was, is)}}
}

// isWhole reports whether growth is too large to share out among tenants.
func isWhole(p *published.Partner, m *published.MetricScore) bool {
	return slices.ContainsFunc(growthParts(p, *m), func(part Part) bool { return part.Cause == Growth })
}

// unbounded returns the points of growth before caps and rounding, as Parts has them.
func unbounded(p *published.Partner, m *published.MetricScore) (points scoring.Hundredths) {
	for _, part := range growthParts(p, *m) {
		if part.Cause == Growth || part.Cause == CustomerGrowth {
			points += part.Points
		}
	}
	return points
}

// growthWords says what growth came to.
func growthWords(m *published.MetricScore) scoring.Phrase {
	switch {
	case m.Status == scoring.NoBaseline:
		return scoring.Say("not measured, without ACR a year before")
	case m.Status == scoring.InvalidBaseline:
		return scoring.Say("not measured, against a net credit a year before")
	case m.Measure == nil:
		return scoring.Say("not measured")
	default:
		return scoring.Say("%s %%", scoring.Numeral(strings.TrimSuffix(strings.TrimRight(scoring.USD(*m.Measure).String(), "0"), ".")))
	}
}
