package twice

import (
	"cmp"
	"math"
	"slices"
)

// mostRows bounds how often a key may stand in two groups for its rows to be evidence: the days of a month in each.
const mostRows = 62

// byRows counts keys by half the number of their rows.
type byRows [mostRows/2 + 1]int32

// side is what a group has of all keys of a day.
type side struct {
	rows int64
	even byRows // keys with an even number of rows
}

// days is what a group has, by day.
type days map[int32]*side

// rows is how many rows these are.
func (d days) rows() (sum int64) {
	for _, s := range d {
		sum += s.rows
	}
	return sum
}

// pair is what two groups have of the keys that both have.
type pair struct {
	a, b         int
	keys, equal  int
	once         int   // keys of which one of the two has a single row
	total        int64 // rows of these keys in all files
	rowsA, rowsB int64
	// complete is true when one of the two is a whole run, so that the other is not a part of it.
	complete bool
	// Of these keys, those with an even number of rows: in A or B, in both together, and in both equally.
	evenAlone, even, evenEqual byRows
}

// limits are what verdicts on a month go by.
type limits struct {
	share float64 // the least share in common
	// severalDays tells that keys are of more than one day.
	severalDays bool
}

// compare returns the pairs of groups that are two deliveries, and those that may be.
func (l level) compare(by limits) (same, unclear []Finding) {
	l.keys = thinned(l.keys)
	sides, pairs := l.sides(), l.pairs()
	blocks := map[int]map[uint64]held{}
	blocksOf := func(group int) map[uint64]held {
		if blocks[group] == nil {
			blocks[group] = l.blocks(group)
		}
		return blocks[group]
	}
	for _, p := range pairs {
		p.complete = l.complete[p.a] || l.complete[p.b]
		weight := p.evidence(sides[p.a], sides[p.b]) - l.tries
		if weight < -math.Log(doubtOfWhole)-rounding {
			continue
		}
		whole := p.rowsA == sides[p.a].rows() || p.rowsB == sides[p.b].rows()
		keys, share := p.share(blocksOf(p.a), blocksOf(p.b))
		switch p.verdict(weight, share, whole, by, l.chosen) {
		case twoDeliveries:
			same = append(same, l.finding(p, keys))
		case unknown:
			unclear = append(unclear, l.finding(p, keys))
		case different:
		}
	}
	return same, unclear
}

// sides sums up what each group has.
func (l level) sides() []days {
	sides := make([]days, len(l.members))
	for g := range sides {
		sides[g] = days{}
	}
	for _, k := range l.keys {
		for _, h := range k.in {
			s := sides[h.group][k.day]
			if s == nil {
				s = &side{}
				sides[h.group][k.day] = s
			}
			s.rows += h.rows
			s.even.count(h.rows)
		}
	}
	return sides
}

// count counts a key, if its rows are even and few.
func (n *byRows) count(rows int64) {
	if rows%2 == 0 && rows <= mostRows {
		n[rows/2]++
	}
}

// pairs sums up what each two groups have in common, by their numbers.
func (l level) pairs() []*pair {
	known := map[[2]int]*pair{}
	var pairs []*pair
	for _, k := range l.keys {
		for i, b := range k.in {
			for _, a := range k.in[:i] {
				p := known[[2]int{a.group, b.group}]
				if p == nil {
					p = &pair{a: a.group, b: b.group}
					known[[2]int{a.group, b.group}] = p
					pairs = append(pairs, p)
				}
				p.add(a.rows, b.rows, k.total)
			}
		}
	}
	slices.SortFunc(pairs, func(p, q *pair) int { return cmp.Or(cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b)) })
	return pairs
}

// add counts a key that both groups have.
func (p *pair) add(a, b, total int64) {
	p.keys++
	p.rowsA += a
	p.rowsB += b
	p.total += total
	if min(a, b) == 1 {
		p.once++
	}
	p.evenAlone.count(a)
	p.evenAlone.count(b)
	p.even.count(a + b)
	if a == b {
		p.equal++
		p.evenEqual.count(a + b)
	}
}

// blocks counts keys and rows of a group by tenant and day.
func (l level) blocks(group int) map[uint64]held {
	blocks := map[uint64]held{}
	for _, k := range l.keys {
		for _, h := range k.in {
			if h.group == group {
				n := blocks[k.block]
				blocks[k.block] = held{n.group + 1, n.rows + h.rows}
			}
		}
	}
	return blocks
}

// share returns how many keys the smaller group has of the tenants and days that both have, and which share of its rows there is of keys that
// the other one has as well: an old run has nothing of later days, the export of one subscription nothing of others.
func (p *pair) share(a, b map[uint64]held) (keys int, share float64) {
	var inA, inB held
	for block, n := range a {
		if m, both := b[block]; both {
			inA = held{inA.group + n.group, inA.rows + n.rows}
			inB = held{inB.group + m.group, inB.rows + m.rows}
		}
	}
	return min(inA.group, inB.group), max(float64(p.rowsA)/float64(inA.rows), float64(p.rowsB)/float64(inB.rows))
}

// concerned returns those of some units that have a key in common with any of the others.
func (l level) concerned(units, others []int) (left []int) {
	shares := map[int]bool{}
	for _, k := range l.byUnit {
		if slices.ContainsFunc(k.in, func(h held) bool { return slices.Contains(others, h.group) }) {
			for _, h := range k.in {
				shares[h.group] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(units), func(unit int) bool { return !shares[unit] })
}

// finding describes a pair.
func (l level) finding(p *pair, keys int) Finding {
	f := Finding{A: l.members[p.a], B: l.members[p.b], Folders: l.folders, Common: p.keys, Keys: keys}
	if l.chosen {
		f.A, f.B = l.concerned(f.A, f.B), l.concerned(f.B, f.A)
	}
	has := func(k key, group int) bool {
		return slices.ContainsFunc(k.in, func(h held) bool { return h.group == group })
	}
	first := true
	for _, k := range l.keys {
		if !has(k, p.a) || !has(k, p.b) {
			continue
		}
		if first {
			f.First, f.Last, first = k.day, k.day, false
		}
		f.First, f.Last = min(f.First, k.day), max(f.Last, k.day)
	}
	return f
}
