package twice

import (
	"cmp"
	"math"
	"slices"
)

// units are what is compared: files, and the files of a run together.
type units struct {
	of    []int    // the unit of each file
	files [][]int  // the files of each unit
	from  []Source // of each unit, by its first file
}

// unite puts the files of a run together.
func unite(from []Source) (u units) {
	runs := map[int]int{}
	for file, s := range from {
		unit, known := runs[s.Run]
		if s.Run < 0 || !known {
			unit = len(u.files)
			u.files, u.from = append(u.files, nil), append(u.from, s)
		}
		if s.Run >= 0 {
			runs[s.Run] = unit
		}
		u.of, u.files[unit] = append(u.of, unit), append(u.files[unit], file)
	}
	return u
}

// counts are those of the units.
func (u units) counts(counts []Count) []Count {
	counts = slices.Clone(counts)
	for i := range counts {
		counts[i].File = u.of[counts[i].File]
	}
	return counts
}

// named gives findings the files of their units.
func (u units) named(findings []Finding) []Finding {
	for i, f := range findings {
		f.A, f.B = u.filesOf(f.A), u.filesOf(f.B)
		if f.A[0] > f.B[0] {
			f.A, f.B = f.B, f.A
		}
		findings[i] = f
	}
	return findings
}

func (u units) filesOf(of []int) (files []int) {
	for _, unit := range of {
		files = append(files, u.files[unit]...)
	}
	slices.Sort(files)
	return files
}

// level is one way of putting the units into groups.
type level struct {
	keys    []key
	members [][]int // the units of each group
	folders bool
	// tries is the logarithm of how many pairs of groups this way could have shown.
	tries float64
	// complete is true for a group whose files all belong to known runs, so that no other group can hold parts of it.
	complete []bool
	// chosen tells that the groups were chosen by what they have in common; byUnit are the keys by unit then.
	chosen bool
	byUnit []key
}

// levels are folders, units, series of files and sets of units, as far as there are several.
func (u units) levels(keys []key) (all []level) {
	n := len(u.files)
	if n < 2 {
		return nil
	}
	pairs := func(n int) float64 { return math.Log(float64(n) * float64(n-1) / 2) }
	var seen [][]int
	add := func(of func(unit int) int) {
		groups, number := numbered(n, of)
		if number < 2 || slices.ContainsFunc(seen, func(s []int) bool { return slices.Equal(s, groups) }) {
			return
		}
		l := u.group(keys, groups, number)
		l.tries = pairs(number)
		all, seen = append(all, l), append(seen, groups)
	}
	add(func(unit int) int { return u.from[unit].Folder })
	for i := range all {
		all[i].folders = true
	}
	add(func(unit int) int { return unit })
	for place := range u.from[0].Series {
		add(func(unit int) int { return u.from[unit].Series[place] })
	}
	if n > mostFiles {
		return all
	}
	shared := sharing(keys, n)
	for colors := 2; colors <= mostDeliveries && colors < n; colors++ {
		l := u.group(keys, separate(shared, colors), colors)
		l.chosen, l.byUnit, l.tries = true, keys, float64(n)*math.Log(float64(colors))+pairs(colors)
		all = append(all, l)
	}
	return all
}

// numbered numbers what of says of n units, from 0.
func numbered(n int, of func(unit int) int) (groups []int, number int) {
	known := map[int]int{}
	for unit := range n {
		if _, ok := known[of(unit)]; !ok {
			known[of(unit)] = len(known)
		}
		groups = append(groups, known[of(unit)])
	}
	return groups, len(known)
}

// group puts the units into n groups.
func (u units) group(keys []key, of []int, n int) level {
	l := level{keys: make([]key, len(keys)), members: make([][]int, n), complete: make([]bool, n)}
	for unit, g := range of {
		l.complete[g] = u.from[unit].Run >= 0 && (len(l.members[g]) == 0 || l.complete[g])
		l.members[g] = append(l.members[g], unit)
	}
	for i, k := range keys {
		grouped := key{block: k.block, day: k.day, total: k.total}
		in := make([]held, len(k.in))
		for j, h := range k.in {
			in[j] = held{of[h.group], h.rows}
		}
		slices.SortFunc(in, func(a, b held) int { return cmp.Compare(a.group, b.group) })
		for _, h := range in {
			grouped.add(h.group, h.rows)
		}
		l.keys[i] = grouped
	}
	return l
}
