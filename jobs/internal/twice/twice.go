// Package twice tells whether files of a month hold the same consumption twice, or are the parts of one delivery. It sees how often each file
// has a consumption key, which is all of a row but its amount, and knows nothing of tenants and amounts.
//
// A delivery that a job wrote in several files puts each row into one of them by chance, or by some order. Two deliveries hold every key equally
// often. Where keys are unique that is easily told: parts have no key in common, deliveries have all. Where keys repeat, what tells is how often
// two files hold a key equally often, against how often chance would make it so: see verdict.
package twice

import (
	"cmp"
	"math"
	"slices"
)

// Count is how many rows of a consumption key a file has.
type Count struct {
	// File is the number of the file, from 0.
	File int
	// Key is the hash of the key, Block that of its tenant and day.
	Key, Block uint64
	// Day is a number of days.
	Day  int32
	Rows int64
}

// Finding is two files, two folders, or two sets of files that hold the same consumption, or may hold it.
type Finding struct {
	// A and B are numbers of files, ascending; the first of A is less than the first of B.
	A, B []int
	// Folders tells that A and B are all files of a folder each.
	Folders bool
	// Common is how many keys both hold, Keys how many the smaller one holds of the tenants and days that both have.
	Common, Keys int
	// First and Last are the days of the keys in common.
	First, Last int32
}

// Result is what a comparison found.
type Result struct {
	// Same are two deliveries each.
	Same []Finding
	// Unclear are what keys cannot tell from the parts of one delivery.
	Unclear []Finding
	// Days is how many days the keys are of.
	Days int
}

// Compare compares the folders, the files and, where these show nothing, sets of files with each other. folders has the number of its folder for
// every file. What folders show is not said again of their files.
func Compare(counts []Count, folders []int) Result {
	keys := keysOf(counts)
	days := map[int32]bool{}
	for _, k := range keys {
		days[k.day] = true
	}
	result := Result{Days: len(days)}
	for _, l := range levels(keys, folders) {
		same, unclear := l.compare(limits{leastShare, len(days) > 1})
		if result.Unclear == nil {
			result.Unclear = unclear
		}
		if len(same) > 0 {
			result.Same = same
			break
		}
	}
	return result
}

// Glance reports whether files may hold the same consumption, by keys that lack a part, so that Compare must tell by whole keys. It is meant for
// many rows: a few that two files have in common are not noticed. Where the part that is lacking is what makes rows different, as in few
// subscriptions with many resources, it cannot tell.
func Glance(counts []Count, folders []int) bool {
	var rows int64
	for _, c := range counts {
		rows += c.Rows
	}
	if rows > glanceRows*int64(len(counts)) {
		return true
	}
	for _, l := range levels(keysOf(counts), folders) {
		if same, unclear := l.compare(limits{glanceShare, true}); len(same)+len(unclear) > 0 {
			return true
		}
	}
	return false
}

// key is a consumption key and who has it.
type key struct {
	block uint64
	day   int32
	total int64  // rows of all files
	in    []held // by group, ascending
}

// held is how many rows of a key a group of files has.
type held struct {
	group int
	rows  int64
}

// keysOf puts together what is counted of each key.
func keysOf(counts []Count) (keys []key) {
	counts = slices.Clone(counts)
	slices.SortFunc(counts, func(a, b Count) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.File, b.File)) })
	for i, c := range counts {
		if i == 0 || c.Key != counts[i-1].Key {
			keys = append(keys, key{block: c.Block, day: c.Day})
		}
		k := &keys[len(keys)-1]
		k.total += c.Rows
		k.add(c.File, c.Rows)
	}
	return keys
}

// add counts rows of a group that is not less than those before.
func (k *key) add(group int, rows int64) {
	if n := len(k.in); n > 0 && k.in[n-1].group == group {
		k.in[n-1].rows += rows
		return
	}
	k.in = append(k.in, held{group, rows})
}

// level is one way of putting the files into groups.
type level struct {
	keys    []key
	members [][]int // the files of each group
	folders bool
	// tries is the logarithm of how many pairs of groups this way could have shown.
	tries float64
	// chosen tells that the groups were chosen by what they have in common; byFile are the keys by file then.
	chosen bool
	byFile []key
}

// levels are folders, files and sets of files, as far as there are several.
func levels(keys []key, folders []int) (all []level) {
	files := len(folders)
	if files < 2 {
		return nil
	}
	own := make([]int, files)
	for i := range own {
		own[i] = i
	}
	pairs := func(n int) float64 { return math.Log(float64(n) * float64(n-1) / 2) }
	n := slices.Max(folders) + 1
	if n > 1 {
		l := group(keys, folders, n)
		l.folders, l.tries = true, pairs(n)
		all = append(all, l)
	}
	if n < files {
		l := group(keys, own, files)
		l.tries = pairs(files)
		all = append(all, l)
	}
	if files > mostFiles {
		return all
	}
	shared := sharing(keys, files)
	for colors := 2; colors <= mostDeliveries && colors < files; colors++ {
		l := group(keys, separate(shared, colors), colors)
		l.chosen, l.byFile, l.tries = true, keys, float64(files)*math.Log(float64(colors))+pairs(colors)
		all = append(all, l)
	}
	return all
}

// group puts the files into n groups.
func group(keys []key, of []int, n int) level {
	l := level{keys: make([]key, len(keys)), members: make([][]int, n)}
	for file, g := range of {
		l.members[g] = append(l.members[g], file)
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
