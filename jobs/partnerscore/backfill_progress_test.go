package main

import (
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/months"
	"partnerscore/scoring"
)

// watch is a backfill that a person watches, and a clock to turn.
func watch(width int) (b *backfillProgress, now *time.Time) {
	p, _, _ := testProgram(nil)
	clock := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	p.clock = func() time.Time { return clock }
	p.stderrTerminal, p.stderrWidth = true, width
	c, _ := p.newConsole("text", false)
	return newBackfillProgress(c, p), &clock
}

// scored is a month that took so long.
func scored(took time.Duration, rows int64) months.MonthResult {
	return months.MonthResult{Month: scoring.NewMonth(2023, 6), Outcome: &months.Outcome{Changed: true, RowsRead: rows}, Elapsed: took}
}

func TestBackfillProgress(t *testing.T) {
	const n = 4 * months.MonthSteps
	b, now := watch(80)
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
	b.done(scored(30*time.Second, 1_234_567))
	shows(20*time.Second, months.MonthSteps, "month 2 of 4, 2023-07: inputs", "month 2 of 4, 2023-07, 1,234,567 rows, 0:30, about 0:12 left")
	b.done(scored(60*time.Second, 1))
	shows(time.Minute, 2*months.MonthSteps, "month 3 of 4, 2023-08: inputs", "month 3 of 4, 2023-08, 1,234,568 rows, 1:30, about 2:00 left")
	shows(45*time.Second, 2*months.MonthSteps+3, "month 3 of 4, 2023-08: facts of 2022-10", "month 3 of 4, 2023-08, 1,234,568 rows, 2:15, about 1:15 left")
	shows(45*time.Second, 2*months.MonthSteps+14, "month 3 of 4, 2023-08: score of 2023-08", "month 3 of 4, 2023-08, 1,234,568 rows, 3:00, about 1:00 left")
}

func TestUnchangedMonthsSayNothingAboutTheRest(t *testing.T) {
	b, now := watch(120)
	b.Step(0, 3*months.MonthSteps, "month 1 of 3, 2023-06: inputs")
	b.done(months.MonthResult{Outcome: &months.Outcome{FactsReused: 14}, Elapsed: time.Millisecond})
	b.done(months.MonthResult{Err: errForTest{}})
	*now = now.Add(3700 * time.Second)
	b.Step(2*months.MonthSteps, 3*months.MonthSteps, "month 3 of 3, 2023-08: inputs")
	if got, want := b.text(), "month 3 of 3, 2023-08: inputs, 1:01:40"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

type errForTest struct{}

func (errForTest) Error() string { return "fault" }

func TestProgressFitsTheTerminal(t *testing.T) {
	p, _, stderr := testProgram(nil)
	p.stderrTerminal, p.stderrWidth = true, 80
	c, log := p.newConsole("text", false)
	b := newBackfillProgress(c, p)
	stop := b.keepTime()
	b.Step(1, 200*months.MonthSteps, "month 1 of 200, 2023-06: facts of 2022-05")
	log.Info("facts built")
	b.Step(0, 17*months.MonthSteps, "month 1 of 17, 2023-06: inputs") // another range: what is stale is known now
	b.Step(16*months.MonthSteps, 17*months.MonthSteps, "month 17 of 17, 2024-10: inputs")
	stop()
	c.close()
	if !strings.Contains(stderr.String(), "month 17 of 17, 2024-10, 0:00") || !strings.Contains(stderr.String(), " 94% ") {
		t.Errorf("no progress in %q", stderr)
	}
	if screen := rendered(stderr.String()); len(screen) != 1 || !strings.HasSuffix(screen[0], `msg="facts built"`) {
		t.Errorf("the terminal shows %q", screen)
	}
}

// TestProgressWhileTimeGoesBy lets the clock on the screen tick while the backfill goes on; with -race that finds what is not guarded.
func TestProgressWhileTimeGoesBy(t *testing.T) {
	p, _, stderr := testProgram(nil)
	p.stderrTerminal, p.stderrWidth, p.clock = true, 80, time.Now
	c, log := p.newConsole("text", false)
	b := newBackfillProgress(c, p)
	stop := b.keepTime()
	for begun, i := time.Now(), 0; time.Since(begun) < 1100*time.Millisecond; i++ {
		b.Step(i%months.MonthSteps, 2*months.MonthSteps, "month 1 of 2, 2023-06: inputs")
		b.done(scored(time.Millisecond, 1))
		log.Info("facts built")
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	c.close()
	if !strings.Contains(stderr.String(), "month 1 of 2, 2023-06, ") {
		t.Errorf("no progress in %q", stderr)
	}
}

func TestTimesAndSizesForPeople(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0.0 s", 1449 * time.Millisecond: "1.4 s", 59 * time.Second: "59.0 s", time.Minute: "1:00", 3723 * time.Second: "1:02:03"} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 1_500_000_000: "1.5 GB", 2e15: "2.0 PB"} {
		if got := sizeOf(n); got != want {
			t.Errorf("sizeOf(%d) = %s, want %s", n, got, want)
		}
	}
}
