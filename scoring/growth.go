package scoring

import (
	"fmt"
	"math/big"
	"strings"
)

// growthRatio returns ACR growth in percent as num/den. The baseline must be above zero.
func growthRatio(m Measures) (num, den *big.Int) {
	num = new(big.Int).Sub(big.NewInt(int64(m.ACR)), big.NewInt(int64(m.ACRBaseline)))
	return num.Mul(num, big.NewInt(100)), big.NewInt(int64(m.ACRBaseline))
}

// growthStatus returns the status of usage growth, and whether there is a growth to publish.
func (r GrowthRules) growthStatus(m Measures) (measured bool, status Status) {
	switch {
	case m.Absent.GrowthBaseline:
		return false, NoData
	case m.ACRBaseline == 0:
		return false, NoBaseline
	case m.ACRBaseline < 0:
		return false, InvalidBaseline
	case m.ACRTTM < r.ACRGateUSD:
		return true, BelowACRGate
	default:
		return true, Scored
	}
}

// growthPoints returns the points of growth under a rounding. The baseline must be above zero.
func (r GrowthRules) growthPoints(m Measures, rounding string) Points {
	return r.growthEarned(m, rounding).clamped(r.MaxUsageGrowth)
}

// growthEarned returns what growth is worth under a rounding, before the cap; below zero for a loss.
func (r GrowthRules) growthEarned(m Measures, rounding string) Points {
	num, den := growthRatio(m)
	each := big.NewInt(r.PointsPerPercent)
	switch rounding {
	case RoundExact:
		return pointsOf(num.Mul(num, each), den)
	case RoundOneDecimal:
		tenths := num.Mul(num, big.NewInt(10))
		return pointsOf(tenths.Div(tenths, den).Mul(tenths, each), big.NewInt(10))
	case RoundNearest:
		twice := num.Lsh(num, 1).Add(num, den)
		return pointsOf(twice.Mul(twice.Div(twice, den.Lsh(den, 1)), each), big.NewInt(1))
	case RoundUp:
		percents := ceil(num, den)
		return pointsOf(percents.Mul(percents, each), big.NewInt(1))
	default:
		percents := num.Div(num, den)
		return pointsOf(percents.Mul(percents, each), big.NewInt(1))
	}
}

// RoundingGrowth returns the rulebook with another rounding of growth.
func (r *Rulebook) RoundingGrowth(rounding string) *Rulebook {
	other := *r
	other.GrowthRounding = rounding
	return &other
}

// usageGrowth scores the growth of consumption within a year.
func (r GrowthRules) usageGrowth(m Measures) MetricScore {
	s := MetricScore{Metric: UsageGrowth, Applicable: true, Current: fixedUSD(m.ACR)}
	measured, status := r.growthStatus(m)
	if status != NoData {
		s.Baseline = fixedUSD(m.ACRBaseline)
	}
	if measured {
		s.Measure = growthMeasure(m)
	}
	var points Points
	if status == Scored {
		points = r.growthPoints(m, r.GrowthRounding)
	}
	return s.withPoints(points, r.MaxUsageGrowth, status, r.growthReason(m, status))
}

// growthMeasure returns growth in percent, rounded half away from zero at six places, saturating.
func growthMeasure(m Measures) *Fixed6 {
	num, den := growthRatio(m)
	return new(saturated(roundedAt(num, den, 6)))
}

// roundedAt returns num/den in units of the given decimal place, rounded half away from zero. den is above zero.
func roundedAt(num, den *big.Int, places int64) *big.Int {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil)
	twice := new(big.Int).Mul(new(big.Int).Abs(num), scale)
	twice.Lsh(twice, 1).Add(twice, den)
	twice.Quo(twice, new(big.Int).Lsh(den, 1))
	if num.Sign() < 0 {
		twice.Neg(twice)
	}
	return twice
}

// percent returns the size of growth for people, without its sign: with six places, or with as many more as it takes
// not to look like a tenth of a percent that was not reached.
func percent(num, den *big.Int) string {
	size := new(big.Rat).SetFrac(new(big.Int).Abs(num), den)
	tenths := new(big.Int).Mul(size.Num(), big.NewInt(10))
	whole, tenth := tenths.Quo(tenths, size.Denom()).QuoRem(tenths, big.NewInt(10), new(big.Int))
	reached := fmt.Sprintf("%d.%d", whole, tenth)
	for places := 6; ; places++ {
		shown := size.FloatString(places)
		if zero := strings.Trim(shown, "0.") == ""; strings.HasPrefix(shown, reached) && zero == (size.Sign() == 0) {
			whole, fraction, _ := strings.Cut(shown, ".")
			return grouped(whole) + strings.TrimRight("."+fraction, ".0")
		}
	}
}
