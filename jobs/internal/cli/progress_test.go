package cli

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/cli/build"
)

// stepsOfMonth is the number of steps in these tests: those of a month with the facts of fourteen.
const stepsOfMonth = 15

// watch is the progress of a backfill that a person watches, and a clock to turn.
func watch(width int) (b *MonthsProgress, log *slog.Logger, now *time.Time, stderr *bytes.Buffer) {
	p, _, stderr := testProcess()
	clock := p.Clock()
	p.Clock = func() time.Time { return clock }
	p.StderrTerminal, p.StderrWidth = true, width
	s := NewSession(p, Command{Log: &LogOptions{Format: LogText, Verbose: true}}, &build.Build{})
	return NewMonthsProgress(s, stepsOfMonth), s.Log, &clock, stderr
}

func TestBackfillProgress(t *testing.T) {
	const n = 4 * stepsOfMonth
	b, _, now, _ := watch(80)
	shows := func(after time.Duration, step int, what, want string) {
		t.Helper()
		*now = now.Add(after)
		b.Step(step, n, what)
		if got := b.text(); got != want {
			t.Errorf("step %d: %q, want %q", step, got, want)
		}
	}
	shows(0, 0, "month 1 of 4, 2023-06: inputs", "month 1 of 4, 2023-06, 0:00")
	// Five of fifteen steps in ten seconds: twenty for the rest, and two steps for each of three months.
	shows(10*time.Second, 5, "month 1 of 4, 2023-06: facts of 2022-10", "month 1 of 4, 2023-06, 0:10, about 0:32 left")
	b.MonthDone(1_234_567, true, 30*time.Second)
	shows(20*time.Second, stepsOfMonth, "month 2 of 4, 2023-07: inputs", "month 2 of 4, 2023-07, 1,234,567 rows, 0:30, about 0:12 left")
	b.MonthDone(1, true, 60*time.Second)
	shows(time.Minute, 2*stepsOfMonth, "month 3 of 4, 2023-08: inputs", "month 3 of 4, 2023-08, 1,234,568 rows, 1:30, about 2:00 left")
	shows(45*time.Second, 2*stepsOfMonth+3, "month 3 of 4, 2023-08: facts of 2022-10", "month 3 of 4, 2023-08, 1,234,568 rows, 2:15, about 1:15 left")
	shows(45*time.Second, 2*stepsOfMonth+14, "month 3 of 4, 2023-08: score of 2023-08", "month 3 of 4, 2023-08, 1,234,568 rows, 3:00, about 1:00 left")
}

func TestUnchangedMonthsSayNothingAboutTheRest(t *testing.T) {
	b, _, now, _ := watch(120)
	b.Step(0, 3*stepsOfMonth, "month 1 of 3, 2023-06: inputs")
	b.MonthDone(0, false, time.Millisecond)
	*now = now.Add(3700 * time.Second)
	b.Step(2*stepsOfMonth, 3*stepsOfMonth, "month 3 of 3, 2023-08: inputs")
	if got, want := b.text(), "month 3 of 3, 2023-08: inputs, 1:01:40"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestProgressFitsTheTerminal(t *testing.T) {
	b, log, _, stderr := watch(80)
	stop := b.KeepTime()
	b.Step(1, 200*stepsOfMonth, "month 1 of 200, 2023-06: facts of 2022-05")
	log.Info("facts built")
	b.Step(0, 17*stepsOfMonth, "month 1 of 17, 2023-06: inputs") // another range: what is stale is known now
	b.Step(16*stepsOfMonth, 17*stepsOfMonth, "month 17 of 17, 2024-10: inputs")
	stop()
	b.console.Close()
	if !strings.Contains(stderr.String(), "month 17 of 17, 2024-10, 0:00") || !strings.Contains(stderr.String(), " 94% ") {
		t.Errorf("no progress in %q", stderr)
	}
	if screen := rendered(stderr.String()); len(screen) != 1 || !strings.HasSuffix(screen[0], `msg="facts built"`) {
		t.Errorf("the terminal shows %q", screen)
	}
}

// TestProgressWhileTimeGoesBy lets the clock on the screen tick while the backfill goes on; with -race that finds what is not guarded.
func TestProgressWhileTimeGoesBy(t *testing.T) {
	b, log, _, stderr := watch(80)
	b.clock = time.Now
	stop := b.KeepTime()
	for begun, i := time.Now(), 0; time.Since(begun) < 1100*time.Millisecond; i++ {
		b.Step(i%stepsOfMonth, 2*stepsOfMonth, "month 1 of 2, 2023-06: inputs")
		b.MonthDone(1, true, time.Millisecond)
		log.Info("facts built")
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	b.console.Close()
	if !strings.Contains(stderr.String(), "month 1 of 2, 2023-06, ") {
		t.Errorf("no progress in %q", stderr)
	}
}
