package spark

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestHalves: however slices are halved, each row is in one of them.
func TestHalves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := slicesOf(rapid.Int64Range(1, 100).Draw(t, "rows"), 10)
		for range rapid.IntRange(0, 20).Draw(t, "times") {
			i := rapid.IntRange(0, len(all)-1).Draw(t, "slice")
			all = slices.Concat(all[:i], all[i].halves(), all[i+1:])
		}
		hash := rapid.IntRange(0, 1<<40).Draw(t, "hash")
		in := 0
		for _, s := range all {
			if hash%s.of == s.number {
				in++
			}
		}
		if in != 1 {
			t.Errorf("a row is in %d slices: %v", in, all)
		}
	})
}
