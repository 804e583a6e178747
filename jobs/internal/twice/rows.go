package twice

import "slices"

// SameRows returns the pairs of groups of files that hold many rows in common, amounts and all: enough, told of the number of rows in common and of
// that of the smaller one, decides. of has the group of every file; folders tells that groups are folders. In months of few rows equal amounts
// tell more than keys do.
func SameRows(counts []Count, of []int, folders bool, enough func(common, least int) bool) (found []Finding) {
	n := slices.Max(of) + 1
	l := group(keysOf(counts), of, n)
	l.folders = folders
	all := make([]int, n)
	for _, k := range l.keys {
		for _, h := range k.in {
			all[h.group]++
		}
	}
	for _, p := range l.pairs() {
		if least := min(all[p.a], all[p.b]); enough(p.keys, least) {
			found = append(found, l.finding(p, least))
		}
	}
	return found
}
