package twice

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
)

// scale is how long loops are: a few rounds, those of CI, or all.
func scale(few, some, all int) int {
	switch os.Getenv("PARTNERSCORE_TEST_LONG") {
	case "":
		return few
	case "all":
		return all
	default:
		return some
	}
}

// row is one row of usage: its key without the day, and the day.
type row struct{ key, tenant, day int }

// shape is what a month of usage looks like.
type shape struct {
	name    string
	tenants int
	keys    int // of a tenant and day
	days    int // with a day in the key
	// repeat returns how many rows a key has.
	repeat func(*rand.Rand) int
}

func once(*rand.Rand) int { return 1 }

func always(n int) func(*rand.Rand) int { return func(*rand.Rand) int { return n } }

// seldom is a month in which a few keys repeat, as where a service has no resources.
func seldom(r *rand.Rand) int {
	n := 1
	for r.IntN(8) == 0 {
		n += 1 + r.IntN(3)
	}
	return n
}

// anyDays is usage by day without a day: some of it on every day, some on a few.
func anyDays(r *rand.Rand) int {
	if r.IntN(3) > 0 {
		return 30
	}
	return 1 + r.IntN(30)
}

// shapes are months of all kinds, small and large.
func shapes() []shape {
	return []shape{
		{"unique keys", 5, 6, 1, once},
		{"unique keys of many tenants", 300, 5, 1, once},
		{"a few keys repeat", 40, 20, 1, seldom},
		{"a few keys repeat in a large month", 500, 20, 1, seldom},
		{"two rows of every key", 20, 20, 1, always(2)},
		{"two rows of every key in a small month", 2, 8, 1, always(2)},
		{"four rows of every key", 10, 10, 1, always(4)},
		{"days without a day", 5, 6, 1, always(30)},
		{"days without a day of many tenants", 50, 10, 1, always(30)},
		{"some days without a day", 20, 10, 1, anyDays},
		{"days", 8, 6, 30, once},
		{"days on which a few keys repeat", 8, 12, 30, seldom},
		{"days of a small month on which every key repeats", 1, 1, 30, always(2)},
	}
}

// rows makes the rows of a month in the order of day and tenant, the rows of a key side by side.
func (s shape) rows(r *rand.Rand) (rows []row) {
	for day := range s.days {
		for tenant := range s.tenants {
			for k := range s.keys {
				for range s.repeat(r) {
					rows = append(rows, row{k, tenant, day})
				}
			}
		}
	}
	return rows
}

// split deals rows to files.
type split struct {
	name string
	deal func(r *rand.Rand, rows []row, files int) [][]row
}

func splits() []split {
	return []split{{"by chance", byChance}, {"by chance, unevenly", unevenly}, {"by hash of the tenant", byTenant}, {"by hash of the key", byKey},
		{"in order", inOrder}, {"in turn", inTurn}}
}

func deal(rows []row, files int, to func(i int) int) [][]row {
	parts := make([][]row, files)
	for i, w := range rows {
		file := to(i)
		parts[file] = append(parts[file], w)
	}
	return parts
}

func byChance(r *rand.Rand, rows []row, files int) [][]row {
	return deal(rows, files, func(int) int { return r.IntN(files) })
}

func unevenly(r *rand.Rand, rows []row, files int) [][]row {
	return deal(rows, files, func(int) int { return min(r.IntN(files), r.IntN(files), r.IntN(files)) })
}

func byTenant(_ *rand.Rand, rows []row, files int) [][]row {
	return deal(rows, files, func(i int) int { return int(mix(rows[i].tenant)) % files })
}

func byKey(_ *rand.Rand, rows []row, files int) [][]row {
	return deal(rows, files, func(i int) int { return int(mix(rows[i].key*1000+rows[i].tenant)) % files })
}

func inOrder(_ *rand.Rand, rows []row, files int) [][]row {
	return deal(rows, files, func(i int) int { return i * files / len(rows) })
}

func inTurn(_ *rand.Rand, rows []row, files int) [][]row {
	return deal(rows, files, func(i int) int { return i % files })
}

func mix(n int) uint32 {
	h := uint64(n+1) * 0x9e3779b97f4a7c15
	return uint32(h>>33) & 0x7fffffff
}

// changed is another version of the month: some rows are gone, and as many are new.
func changed(r *rand.Rand, rows []row, percent int) []row {
	kept := slices.DeleteFunc(slices.Clone(rows), func(row) bool { return r.IntN(100) < percent })
	for i := range rows {
		if r.IntN(100) < percent {
			kept = append(kept, row{1000 + i, rows[i].tenant, rows[i].day})
		}
	}
	return kept
}

// counts lists how many rows of each key each file has, in any order.
func counts(files [][]row) (all []Count) {
	for f, rows := range files {
		n := map[row]int64{}
		for _, w := range rows {
			n[w]++
		}
		for w, rows := range n {
			all = append(all, Count{File: f, Key: uint64(mix(w.key*1_000_003+w.tenant))<<16 | uint64(w.day), Block: uint64(w.tenant)<<16 | uint64(w.day),
				Day: int32(w.day), Rows: rows})
		}
	}
	return all
}

// one puts files into one folder.
func one(files [][]row) []Source { return in(make([]int, len(files))...) }

// in puts files into folders by number.
func in(folders ...int) (from []Source) {
	for _, f := range folders {
		from = append(from, Source{Folder: f, Run: -1})
	}
	return from
}

func (r Result) String() string { return fmt.Sprintf("same %v, unclear %v", r.Same, r.Unclear) }
