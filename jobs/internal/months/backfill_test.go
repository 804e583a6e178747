package months_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

func TestMonthRanges(t *testing.T) {
	for want, offsets := range map[string][]int{
		"":                   nil,
		"2024-06":            {0},
		"2024-06, 2024-07":   {0, 1},
		"2024-06 to 2024-08": {0, 1, 2},
		"2024-06, 2024-08":   {0, 2},
		"2023-12 to 2024-02, 2024-06, 2024-08, 2024-09": {-6, -5, -4, 0, 2, 3},
	} {
		var months []scoring.Month
		for _, o := range offsets {
			months = append(months, world.June.Add(o))
		}
		if got := scoring.MonthRanges(months); got != want {
			t.Errorf("%v: %q, want %q", months, got, want)
		}
	}
}

// steps keeps the steps that it is told of.
type steps []string

func (*steps) Done(monitor.Step) {}

func (s *steps) Step(i, n int, what string) { *s = append(*s, fmt.Sprintf("%d/%d %s", i, n, what)) }

// TestInterruptedMonthIsNotCounted cancels a backfill when its second month is about to be scored.
func TestInterruptedMonthIsNotCounted(t *testing.T) {
	w := world.New()
	w.Add(world.June.Add(1), world.Usage{Location: "base", Amount: "100"})
	w.Add(world.June.Add(2), world.Usage{Location: "base", Amount: "100"})
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	why := errors.New("pulled the plug")
	exports := w.Write(t)
	opt := world.Options(exports, world.Sown(t, exports), t.TempDir())
	opt.Progress = cancelAt{step: months.MonthSteps + inputs.WindowMonths, cancel: func() { cancel(why) }}
	var told []scoring.Month
	sum, err := months.Backfill(ctx, opt, months.Range{KeepGoing: true}, func(_, n int, r results.MonthResult) {
		if told = append(told, r.Month); n != 3 {
			t.Errorf("%d months", n)
		}
	})
	if !errors.Is(err, why) || errors.As(err, new(*results.BackfillError)) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]scoring.Month{world.June}, told); diff != "" {
		t.Errorf("months told of: %s", diff)
	}
	if sum.Months != 3 || sum.Scored != 1 || sum.Failed != 0 || sum.Unchanged != 0 {
		t.Errorf("counted %+v", sum)
	}
	if _, err := os.Stat(filepath.Join(opt.Snapshots, "scores", "month=2024-07")); err == nil {
		t.Error("the interrupted month is published")
	}
}

type cancelAt struct {
	world.Quiet
	step   int
	cancel func()
}

func (c cancelAt) Step(i, _ int, _ string) {
	if i == c.step {
		c.cancel()
	}
}

func TestStepsOfAMonthWithoutHistoryAreItsLast(t *testing.T) {
	var got steps
	p := months.MonthProgress(&got, 1, 3, world.June)
	p.Step(0, months.MonthSteps, "inputs")
	p.Step(0, 3, "facts of 2024-05")
	p.Step(1, 3, "facts of 2024-06")
	p.Step(2, 3, "score of 2024-06")
	want := steps{"15/45 month 2 of 3, 2024-06: inputs", "27/45 month 2 of 3, 2024-06: facts of 2024-05",
		"28/45 month 2 of 3, 2024-06: facts of 2024-06", "29/45 month 2 of 3, 2024-06: score of 2024-06"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
