package document

import (
	"fmt"
	"slices"
	"testing"
)

func TestCut(t *testing.T) {
	three := func() *Table {
		w := &Table{Columns: Named("Name")}
		for _, name := range []string{"a", "b", "c"} {
			w.Add(0, "", name)
		}
		return w
	}
	for n, want := range map[int]Table{0: {Rows: three().Rows}, 2: {Rows: three().Rows[:2], Left: "and 1 more", Hint: "all"}, 3: {Rows: three().Rows}} {
		got := three()
		if got.Cut(n, func(n int64) string { return fmt.Sprintf("and %d more", n) }, "all"); len(got.Rows) != len(want.Rows) || got.Left != want.Left || got.Hint != want.Hint {
			t.Errorf("cut to %d: %+v", n, got)
		}
	}
}

func TestKeys(t *testing.T) {
	keys := Keys{{"score_month partner_id", "of the score"}, {"points", "of the total"}}
	if got := keys.Header(); !slices.Equal(got, []string{"score_month", "partner_id", "points"}) {
		t.Errorf("the header is %q", got)
	}
	if got := keys.Described(); !slices.Equal(got, [][2]string{{"score_month, partner_id", "of the score"}, {"points", "of the total"}}) {
		t.Errorf("described as %q", got)
	}
}
