package nearest

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNames(t *testing.T) {
	names := []string{"1010000", "1020000", "1030000", "2000000"}
	for wanted, want := range map[string][]string{
		"1020001": {"1020000", "1010000"},
		"200000":  {"2000000", "1010000"},
		"":        {"1010000", "1020000"},
	} {
		if got := Names(wanted, names, 2); !slices.Equal(got, want) {
			t.Errorf("Names(%q) = %q, want %q", wanted, got, want)
		}
	}
	if got := Names("a", []string{"b"}, 5); !slices.Equal(got, []string{"b"}) {
		t.Errorf("of one name: %q", got)
	}
}

// TestDistanceIsAMetric: no distance from itself, the same both ways, never shorter over a third name, one for one edit.
func TestDistanceIsAMetric(t *testing.T) {
	text := rapid.StringMatching(`[abc]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")
		if Distance(a, a) != 0 || Distance(a, b) != Distance(b, a) || Distance(a, c) > Distance(a, b)+Distance(b, c) {
			t.Fatalf("distances of %q, %q, %q", a, b, c)
		}
		if i := rapid.IntRange(0, len(a)).Draw(t, "i"); Distance(a, a[:i]+"x"+a[i:]) != 1 {
			t.Fatalf("an insertion into %q is no distance of one", a)
		}
	})
	if d := Distance(strings.Repeat("a", 1<<20), strings.Repeat("b", 1<<20)); d != longest {
		t.Errorf("long names: %d", d)
	}
}
