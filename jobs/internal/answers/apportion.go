package answers

import (
	"math/big"
	"slices"

	"partnerscore/scoring"
)

// share is what one thing adds to a sum, in hundredths of a point, exactly.
type share struct {
	id, name string
	exact    *big.Rat
}

// shareLimit bounds, in hundredths of a point, what is shared out: ten million percent of growth.
const shareLimit = 10_000_000 * hundred

// bounded reports whether no share is beyond all bounds: credits can leave next to nothing to measure growth against.
func bounded(shares []share) bool {
	return !slices.ContainsFunc(shares, func(s share) bool { return floor(s.exact).CmpAbs(big.NewInt(shareLimit)) > 0 })
}

// apportioned rounds shares to hundredths so that they add up to the total: each is rounded down, and those that lose the most by it get a
// hundredth more, the first of equal ones first. Shares of nothing are left out. The total is less than a hundredth for each share away
// from their exact sum.
func apportioned(cause Cause, shares []share, total scoring.Hundredths) []Part {
	shares = slices.DeleteFunc(slices.Clone(shares), func(s share) bool { return s.exact.Sign() == 0 })
	if len(shares) == 0 {
		return nil
	}
	parts := make([]Part, len(shares))
	rests := make([]*big.Rat, len(shares))
	order := make([]int, len(shares))
	for i, s := range shares {
		whole := floor(s.exact)
		parts[i] = Part{Cause: cause, ID: s.id, Name: s.name, Points: scoring.Hundredths(whole.Int64())}
		rests[i] = new(big.Rat).Sub(s.exact, new(big.Rat).SetInt(whole))
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].Cmp(rests[a]) })
	missing := int(total - sumOf(parts))
	for i := range missing {
		parts[order[i%len(order)]].Points++
	}
	return parts
}
