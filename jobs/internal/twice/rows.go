package twice

// SameRows returns the pairs of folders, else of files, that hold many rows in common, amounts included: enough decides from the number of
// common rows and the rows of the smaller one. In months of few rows equal amounts are better evidence than keys.
func SameRows(counts []Count, from []Source, folders bool, enough func(common, least int) bool) (found []Finding) {
	units := unite(from)
	of, n := numbered(len(units.files), func(unit int) int {
		if folders {
			return units.from[unit].Folder
		}
		return unit
	})
	l := units.group(keysOf(units.counts(counts)), of, n)
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
	return units.named(found)
}
