package report

import (
	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
)

// waysView is how to get to the designation in an area, or what keeps it or is to spare.
type waysView struct {
	Area  string
	Block block
}

// shownWays is how many ways to the designation a page shows of an area.
const shownWays = 3

// ways adds the ways to the designation, and who is nearest to them.
func (v *advice) ways(x *answers.Path) {
	for _, a := range x.Areas {
		ways, nearest := written.Ways(x, a)
		v.Ways = append(v.Ways, waysView{a.Name, newBlock(ways, "Ways to the designation in "+a.Name)})
		for _, near := range newBlocks(nearest) {
			near.Lead[0] = a.Name + ". " + near.Lead[0]
			v.Train = append(v.Train, near)
		}
	}
	v.Effort, v.Premise = wording.Effort(x.Costs), newBlock(written.Premise(x), "")
}
