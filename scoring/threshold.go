package scoring

import "math/big"

// CustomerThreshold is a step of the points of net customer adds: the eligible customers that earn them.
type CustomerThreshold struct {
	Points    int64
	Customers int64
}

// CustomerThresholds returns how many eligible customers each step of the points needs over a baseline, up to the cap.
func (r CustomerRules) CustomerThresholds(baseline int64) []CustomerThreshold {
	var all []CustomerThreshold
	for net := int64(1); ; net++ {
		points := min(net*r.PointsPerCustomer, r.MaxNetCustomerAdds)
		all = append(all, CustomerThreshold{Points: points, Customers: baseline + net})
		if points == r.MaxNetCustomerAdds {
			return all
		}
	}
}

// ACRThreshold is a step of the points of usage growth: the whole percent that earns them, and the smallest ACR of the month
// that does.
type ACRThreshold struct {
	Percent int64
	Points  int64
	ACR     USD
}

// ACRThresholds returns the ACR that each whole percent over a baseline needs, up to the cap; none where growth cannot be
// measured against the baseline. Amounts that DECIMAL(18,6) cannot hold are left out.
func (r GrowthRules) ACRThresholds(baseline USD) []ACRThreshold {
	var all []ACRThreshold
	for percent := int64(1); baseline > 0; percent++ {
		points := min(percent*r.PointsPerPercent, r.MaxUsageGrowth)
		acr, ok := r.ACRFor(NewPoints(points), baseline)
		if ok {
			all = append(all, ACRThreshold{Percent: percent, Points: points, ACR: acr})
		}
		if !ok || points == r.MaxUsageGrowth {
			break
		}
	}
	return all
}

// ACRAtGate returns the smallest ACR of the month with which the twelve months reach the gate of usage growth, if the other eleven
// do not change; below zero where those are far above it.
func (r GrowthRules) ACRAtGate(m Measures) USD { return m.ACR + r.ACRGateUSD - m.ACRTTM }

// ACRFor returns the smallest ACR of the month that earns at least so many points of usage growth over a baseline; for zero
// points, the smallest that earns any. It is false where no ACR does: the baseline is not above zero, the points are above the
// cap, or DECIMAL(18,6) cannot hold the amount.
func (r GrowthRules) ACRFor(points Points, baseline USD) (USD, bool) {
	if baseline <= 0 || points.Cmp(NewPoints(r.MaxUsageGrowth)) > 0 {
		return 0, false
	}
	num, den := points.rat().Num(), points.rat().Denom()
	percents := new(big.Int).Mul(den, big.NewInt(r.PointsPerPercent)) // growth in percent is num/percents
	one := big.NewInt(1)
	switch {
	case r.GrowthRounding == RoundOneDecimal:
		tenths := ceil(new(big.Int).Mul(num, big.NewInt(10)), percents)
		return grown(baseline, larger(one, tenths), big.NewInt(1000))
	case r.GrowthRounding == RoundExact && points.Sign() > 0:
		return grown(baseline, num, new(big.Int).Mul(percents, big.NewInt(100)))
	case r.GrowthRounding == RoundExact:
		acr := baseline + 1
		return acr, acr <= maxFixed6
	default:
		return grown(baseline, larger(one, ceil(num, percents)), big.NewInt(100))
	}
}

// grown returns the smallest amount that is at least baseline × (1 + num/den), and whether DECIMAL(18,6) can hold it.
func grown(baseline USD, num, den *big.Int) (USD, bool) {
	more := new(big.Int).Mul(big.NewInt(int64(baseline)), num)
	more = ceil(more, den)
	more.Add(more, big.NewInt(int64(baseline)))
	if more.Cmp(big.NewInt(maxFixed6)) > 0 {
		return 0, false
	}
	return USD(more.Int64()), true
}

// ceil returns num/den rounded up. den is above zero.
func ceil(num, den *big.Int) *big.Int {
	up := new(big.Int).Neg(num)
	return up.Neg(up.Div(up, den))
}

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}
