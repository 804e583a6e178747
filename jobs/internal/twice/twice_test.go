package twice

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sizes are numbers of files of a month.
func sizes() []int { return []int{2, 3, 4, 7, 16, 31, 64} }

func seeds() uint64 { return uint64(scale(1, 8, 30)) }

// TestOneDelivery: no month that was split is refused, in whatever way, and hardly any is doubted. Where every key has the same few rows and these
// are dealt out in turn, nothing is left that could tell: there a month may be doubted, and with two rows of every key refused.
func TestOneDelivery(t *testing.T) {
	for _, s := range shapes() {
		for _, way := range splits() {
			regular := way.name == "in turn"
			var doubted, months int
			for seed := range seeds() {
				r := rand.New(rand.NewPCG(seed, 1))
				for _, files := range sizes() {
					parts := way.deal(r, s.rows(r), files)
					got := Compare(counts(parts), one(parts))
					if len(got.Same) > 0 && !(regular && s.always(2)) {
						t.Errorf("%s, split %s into %d, seed %d: %v", s.name, way.name, files, seed, got)
					}
					if len(got.Unclear) > 0 {
						doubted++
					}
					months++
				}
			}
			// In small months with two rows of every key chance does it.
			if small := s.always(2) && s.tenants < 5; doubted > 0 && !regular && !small && doubted*100 > months {
				t.Errorf("%s, split %s: %d of %d months are doubted", s.name, way.name, doubted, months)
			}
		}
	}
}

// always reports whether every key of the shape has n rows.
func (s shape) always(n int) bool {
	r := rand.New(rand.NewPCG(0, 0))
	for range 100 {
		if s.repeat(r) != n {
			return false
		}
	}
	return true
}

// TestTwoDeliveries: two versions of a month are told from each other, whole or in files, the files of both in one folder or in two.
func TestTwoDeliveries(t *testing.T) {
	for _, s := range shapes() {
		for _, way := range splits()[:5] {
			for seed := range seeds() {
				r := rand.New(rand.NewPCG(seed, 2))
				rows := s.rows(r)
				second := changed(r, rows, 2)
				for _, files := range []int{1, 2, 5, 8} {
					parts := slices.Concat(way.deal(r, rows, files), way.deal(r, second, files))
					what := fmt.Sprintf("%s, twice, each split %s into %d, seed %d", s.name, way.name, files, seed)
					folders := one(parts)
					if files == 1 || len(rows) >= 100*files && s.unique() { // else nothing tells which files belong together
						expectTwice(t, s, what, Compare(counts(parts), folders))
					}
					for i := range parts[files:] {
						folders[files+i].Folder = 1
					}
					got := Compare(counts(parts), folders)
					expectTwice(t, s, what+", in two folders", got)
					if len(got.Same) > 0 && !got.Same[0].Folders {
						t.Errorf("%s: the folders are not named", what)
					}
				}
			}
		}
	}
}

// expectTwice wants two deliveries where keys are mostly unique in a delivery, and a doubt where they are not.
func expectTwice(t *testing.T, s shape, what string, got Result) {
	t.Helper()
	if s.unique() && len(got.Same) == 0 || len(got.Same)+len(got.Unclear) == 0 {
		t.Errorf("%s: %v", what, got)
	}
}

// unique reports whether most keys have one row.
func (s shape) unique() bool {
	return !s.always(2) && !s.always(4) && !s.always(30) && s.name != "some days without a day"
}

// TestRuns: runs that hold the month so far are told, and how far they have days in common; runs of other days and exports of other
// subscriptions are not.
func TestRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	rows := shape{tenants: 8, keys: 6, days: 30, repeat: seldom}.rows(r)
	days := func(first, last int) []row {
		return slices.DeleteFunc(slices.Clone(rows), func(w row) bool { return w.day < first || w.day > last })
	}
	scope := func(tenants ...int) []row {
		return slices.DeleteFunc(slices.Clone(rows), func(w row) bool { return !slices.Contains(tenants, w.tenant) })
	}
	for _, c := range []struct {
		what  string
		files [][]row
		same  int // findings
		first int32
		last  int32
	}{
		{"nine days and the month", [][]row{days(0, 8), rows}, 1, 0, 8},
		{"the month and two days of it", [][]row{rows, days(10, 11)}, 1, 10, 11},
		{"a run a day", [][]row{days(0, 0), days(0, 1), days(0, 2), days(0, 3)}, 6, 0, 0},
		{"runs of other days", [][]row{days(0, 9), days(10, 19), days(20, 29)}, 0, 0, 0},
		{"runs with one day in common", [][]row{days(0, 10), days(10, 20)}, 1, 10, 10},
		{"other scopes", [][]row{scope(0, 1, 2), scope(3, 4)}, 0, 0, 0},
		{"scopes with something in common", [][]row{scope(0, 1, 2), scope(2, 3, 4, 5)}, 1, 0, 29},
		{"three times", [][]row{rows, changed(r, rows, 3), changed(r, rows, 3)}, 3, 0, 29},
		{"one file", [][]row{rows}, 0, 0, 0},
		{"an empty one beside it", [][]row{rows, nil}, 0, 0, 0},
	} {
		got := Compare(counts(c.files), one(c.files))
		if len(got.Same) != c.same || len(got.Unclear) > 0 {
			t.Errorf("%s: %v", c.what, got)
			continue
		}
		if c.same > 0 && (got.Same[0].First != c.first || got.Same[0].Last != c.last) {
			t.Errorf("%s: days %d to %d", c.what, got.Same[0].First, got.Same[0].Last)
		}
	}
}

// TestFilesInSets: of files that are mixed in a folder those are named that have something in common.
func TestFilesInSets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	rows, other := shape{tenants: 40, keys: 10, days: 1, repeat: once}.rows(r), []row{{key: 500, tenant: 1}, {key: 501, tenant: 2}}
	first, second := byChance(r, rows, 3), byChance(r, changed(r, rows, 5), 3)
	files := [][]row{first[0], second[0], other, first[1], second[1], first[2], second[2]}
	got := Compare(counts(files), one(files))
	if len(got.Same) != 1 || !slices.Equal(got.Same[0].A, []int{0, 3, 5}) || !slices.Equal(got.Same[0].B, []int{1, 4, 6}) || got.Same[0].Folders {
		t.Errorf("%v", got)
	}
}

// TestLeast holds the numbers of the table at verdict: how many keys in common it takes.
func TestLeast(t *testing.T) {
	for _, c := range []struct{ files, unclear, same int }{{2, 1, 17}, {8, 6, 22}, {64, 12, 28}} {
		for keys := range 40 {
			files := make([][]row, c.files)
			for k := range keys {
				files[0], files[1] = append(files[0], row{key: k}), append(files[1], row{key: k})
			}
			got := Compare(counts(files), one(files))
			if keys >= c.same != (len(got.Same) > 0) || (keys >= c.unclear && keys < c.same) != (len(got.Unclear) > 0) {
				t.Errorf("%d files, %d keys in two of them: %v", c.files, keys, got)
			}
		}
	}
	next := shape{tenants: 1, keys: 1, days: 30, repeat: once}.rows(nil)
	for n := range 16 {
		old := next[:n]
		if got := Compare(counts([][]row{old, next}), in(0, 0)); (n >= 14) != (len(got.Same) > 0) {
			t.Errorf("%d days beside 30: %v", n, got)
		}
	}
}

// TestEvidenceBounds: no month that chance splits has evidence more often than its bound says.
func TestEvidenceBounds(t *testing.T) {
	months := scale(2_000, 50_000, 200_000)
	r := rand.New(rand.NewPCG(5, 5))
	above := map[float64]int{}
	for range months {
		var inA, inB side // of one day
		p := &pair{}
		share := r.Float64()
		for range 4 + r.IntN(60) {
			var a, b int64
			for range 1 + r.IntN(6) {
				if r.Float64() < share {
					a++
				} else {
					b++
				}
			}
			for s, n := range map[*side]int64{&inA: a, &inB: b} {
				if n > 0 {
					s.rows += n
					s.even.count(n)
				}
			}
			if a > 0 && b > 0 {
				p.add(a, b, a+b)
			}
		}
		if inA.rows == 0 || inB.rows == 0 {
			continue
		}
		found := p.evidence(days{0: &inA}, days{0: &inB})
		for _, alarm := range []float64{0.1, 0.01, 0.001} {
			if found > -math.Log(alarm) {
				above[alarm]++
			}
		}
	}
	for alarm, n := range above {
		if allowed := alarm * float64(months); float64(n) > allowed+3*math.Sqrt(allowed) {
			t.Errorf("%d of %d months have evidence beyond a probability of %g", n, months, alarm)
		}
	}
}

// TestChernoff compares the bound with probabilities that are known.
func TestChernoff(t *testing.T) {
	for _, c := range []struct{ keys, hits, chance, want float64 }{
		{30, 30, 0.5, 30 * math.Ln2}, {1, 1, 0.5, math.Ln2}, {10, 10, 0.1, 10 * math.Log(10)}, {10, 5, 0.5, 0}, {10, 1, 0.5, 0},
		{100, 75, 0.5, 100 * (0.75*math.Log(1.5) + 0.25*math.Log(0.5))},
	} {
		if got := chernoff([]float64{c.keys}, []float64{c.chance}, c.keys, c.hits); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%v: %g", c, got)
		}
	}
	chance := 1.0
	for i, want := range []float64{0.5, 0.375, 0.3125} {
		if chance *= oneMore(i+1) / 4; math.Abs(chance-want) > 1e-12 {
			t.Errorf("%d rows in halves: %g, want %g", 2*(i+1), chance, want)
		}
	}
}

// TestOrder: what is found does not depend on the order of the counts, and the numbers of files do not matter.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 7))
		all := shapes()
		s := all[r.IntN(len(all))]
		for s.tenants*s.keys*s.days > 3000 {
			s = all[r.IntN(len(all))]
		}
		rows := s.rows(r)
		parts := slices.Concat(byChance(r, rows, 1+r.IntN(3)), byChance(r, changed(r, rows, r.IntN(60)), 1+r.IntN(3)))
		before := counts(parts)
		got := Compare(before, one(parts))
		shuffled := slices.Clone(before)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again := Compare(shuffled, one(parts)); again.String() != got.String() {
			t.Errorf("%v, shuffled %v", got, again)
		}
		slices.Reverse(parts)
		if again := Compare(counts(parts), one(parts)); len(again.Same) != len(got.Same) {
			t.Errorf("%v, with other numbers %v", got, again)
		}
	})
}

// TestKnownRuns: files of one run are never in doubt with each other; what a list of another run's files does not name is told from it although keys
// stand twice in both.
func TestKnownRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	rows := shape{tenants: 20, keys: 20, days: 1, repeat: always(2)}.rows(r)
	files := inTurn(r, rows, 3)
	if got := Compare(counts(files), one(files)); len(got.Same) == 0 {
		t.Errorf("nothing is known, and yet it is told: %v", got)
	}
	from := one(files)
	for i := range from {
		from[i].Run = 4
	}
	if got := Compare(counts(files), from); len(got.Same)+len(got.Unclear) > 0 {
		t.Errorf("one run: %v", got)
	}
	files = append(files, byChance(r, rows, 2)...)
	from = append(from, Source{Run: -1}, Source{Run: -1})
	got := Compare(counts(files), from)
	if len(got.Same) == 0 || !slices.Equal(got.Same[0].A, []int{0, 1, 2}) {
		t.Errorf("a run and another: %v", got)
	}
	from[3].Run, from[4].Run = 5, 5
	if got := Compare(counts(files), from); len(got.Same) != 1 || !slices.Equal(got.Same[0].B, []int{3, 4}) {
		t.Errorf("two runs: %v", got)
	}
}

// TestSeries: files whose names belong together are looked at together.
func TestSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	rows := shape{tenants: 2, keys: 10, days: 30, repeat: always(2)}.rows(r)
	old := rows[:9*2*10*2]
	files := slices.Concat(byChance(r, old, 2), byChance(r, rows, 5))
	from := one(files)
	if got := Compare(counts(files), from); len(got.Same) > 0 {
		t.Errorf("without names: %v", got)
	}
	for i := range from {
		from[i].Series = []int{i, min(i/2, 1)}
	}
	if got := Compare(counts(files), from); len(got.Unclear) != 1 || !slices.Equal(got.Unclear[0].B, []int{2, 3, 4, 5, 6}) {
		t.Errorf("with names: %v", got)
	}
}
