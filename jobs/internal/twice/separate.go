package twice

import "slices"

// mostDeliveries is how many deliveries are looked for that lie mixed in one folder, each in several files.
const mostDeliveries = 3

// mostFiles is how many files are put into sets: each is compared with each.
const mostFiles = 1024

// mostShared bounds how many pairs of files are looked at over all keys: when many files have many keys in common, a part of the keys will do.
const mostShared = 200_000

// sharing says, for each two files, in how many ways a row of one and a row of the other have the same key. Only keys with the fewest rows are
// looked at, half of those that several files have: what a month has seldom is nearly unique in a delivery.
func sharing(keys []key, files int) [][]int64 {
	shared := make([][]int64, files)
	for i := range shared {
		shared[i] = make([]int64, files)
	}
	var totals []int64
	for _, k := range keys {
		if len(k.in) > 1 {
			totals = append(totals, k.total)
		}
	}
	if len(totals) == 0 {
		return shared
	}
	slices.Sort(totals)
	rare := totals[len(totals)/2]
	for _, k := range thinned(keys) {
		if k.total > rare {
			continue
		}
		for i, a := range k.in {
			for _, b := range k.in[:i] {
				shared[a.group][b.group] += a.rows * b.rows
				shared[b.group][a.group] += a.rows * b.rows
			}
		}
	}
	return shared
}

// coloring divides files into colors.
type coloring struct {
	shared [][]int64
	of     []int     // the color of each file, -1 before it has one
	common [][]int64 // what each file shares with the files of each color
}

// separate divides files into colors so that those of one color share little, as the parts of one delivery do. The file that fits one color much
// better than the others comes first; in the end each goes where it shares least, until none would go elsewhere.
func separate(shared [][]int64, colors int) []int {
	c := coloring{shared, make([]int, len(shared)), make([][]int64, len(shared))}
	for i := range c.of {
		c.of[i], c.common[i] = -1, make([]int64, colors)
	}
	for range c.of {
		next, most := 0, int64(-1)
		for i, color := range c.of {
			if gain := c.gain(i); color < 0 && gain > most {
				next, most = i, gain
			}
		}
		c.put(next)
	}
	const rounds = 20 // it settles in two or three
	for moved, round := true, 0; moved && round < rounds; round++ {
		moved = false
		for i := range c.of {
			moved = c.put(i) || moved
		}
	}
	return c.of
}

// gain is how much less a file shares in the color that fits it best than in the others.
func (c *coloring) gain(file int) (gain int64) {
	least := slices.Min(c.common[file])
	for _, n := range c.common[file] {
		gain += n - least
	}
	return gain
}

// put gives a file the color that fits it best, and reports whether it had another one.
func (c *coloring) put(file int) bool {
	before := c.of[file]
	best := max(before, 0)
	for color, n := range c.common[file] {
		if n < c.common[file][best] {
			best = color
		}
	}
	if best == before {
		return false
	}
	c.of[file] = best
	for other, n := range c.shared[file] {
		if before >= 0 {
			c.common[other][before] -= n
		}
		c.common[other][best] += n
	}
	return true
}

// thinned leaves as many of the keys as can be looked at pair by pair.
func thinned(keys []key) []key {
	var pairs int
	for _, k := range keys {
		pairs += len(k.in) * (len(k.in) - 1) / 2
	}
	if pairs <= mostShared {
		return keys
	}
	step := pairs/mostShared + 1
	left := make([]key, 0, len(keys)/step+1)
	for i := 0; i < len(keys); i += step { // sorted by hash, so this is by chance
		left = append(left, keys[i])
	}
	return left
}
