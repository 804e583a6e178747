// Package twice decides whether files of a month hold the same consumption twice, or are the parts of one delivery. Its input is how often each
// file has a consumption key (a row without its amount); it knows nothing of tenants and amounts.
//
// A delivery that a job wrote in several files puts each row into one of them by chance, or by some order. Two deliveries hold every key equally
// often. If keys are unique, that is easy to see: parts have no key in common, deliveries have all. If keys repeat, the evidence is how often
// two files hold a key equally often, compared with how often that would happen by chance: see verdict.
package twice

import (
	"cmp"
	"slices"
)

// Count is how many rows of a consumption key a file has; several of one key and file add up.
type Count struct {
	// File is the number of the file, from 0.
	File int
	// Key is the hash of the key, Block that of its tenant and day.
	Key, Block uint64
	// Day is a number of days.
	Day  int32
	Rows int64
}

// Source says where a file comes from. Its numbers count from 0.
type Source struct {
	// Folder is the number of its folder.
	Folder int
	// Run is the number of the run that wrote it, according to a list of delivered files; -1: no list names it. Files of one run are never duplicates of each other.
	Run int
	// Series are the numbers of the files whose names differ from its own in one place only, by the place: parts of one run are often named so.
	// All files have as many.
	Series []int
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
	// Amounts tells that keys are of amounts, and not of what was used.
	Amounts bool
	// Days is how many days the keys are of.
	Days int
}

// Compare compares the folders, the files, series of files and, where these show nothing, sets of files with each other. from has an element for
// every file. What folders show is not said again of their files.
func Compare(counts []Count, from []Source) Result {
	units := unite(from)
	keys := keysOf(units.counts(counts))
	days := map[int32]bool{}
	for _, k := range keys {
		days[k.day] = true
	}
	result := Result{Days: len(days)}
	for _, l := range units.levels(keys) {
		same, unclear := l.compare(limits{leastShare, len(days) > 1})
		if result.Unclear == nil {
			result.Unclear = units.named(unclear)
		}
		if len(same) > 0 {
			result.Same = units.named(same)
			break
		}
	}
	return result
}

// Glance reports whether files may hold the same consumption, by keys that lack a part, so that Compare must tell by whole keys. It is meant for
// many rows: a few that two files have in common are not noticed. Where the part that is lacking is what makes rows different, as in few
// subscriptions with many resources, it cannot tell.
func Glance(counts []Count, from []Source) bool {
	var rows int64
	for _, c := range counts {
		rows += c.Rows
	}
	if rows > glanceRows*int64(len(counts)) {
		return true
	}
	units := unite(from)
	for _, l := range units.levels(keysOf(units.counts(counts))) {
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
