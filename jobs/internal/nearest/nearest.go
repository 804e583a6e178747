// Package nearest finds, for a name that does not exist, the existing ones that may be meant.
package nearest

import "slices"

// longest is how much of a name is compared: more would cost time and change nothing.
const longest = 64

// Names returns at most n of the names, the nearest to wanted first; equally near ones keep their order.
func Names(wanted string, names []string, n int) []string {
	return First(names, n, func(name string) int { return Distance(wanted, name) })
}

// First returns at most n of the names, those with the least distance first; equally near ones keep their order.
func First(names []string, n int, distance func(name string) int) []string {
	type scored struct {
		name     string
		distance int
	}
	ranked := make([]scored, len(names))
	for i, name := range names {
		ranked[i] = scored{name, distance(name)}
	}
	slices.SortStableFunc(ranked, func(a, b scored) int { return a.distance - b.distance })
	shown := make([]string, min(n, len(ranked)))
	for i := range shown {
		shown[i] = ranked[i].name
	}
	return shown
}

// Distance is Levenshtein's edit distance, over the first 64 bytes of each.
func Distance(a, b string) int {
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
