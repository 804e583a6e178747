package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show"
)

// wideProgress is the columns from which on the progress of a backfill has room for the step within a month.
const wideProgress = 110

// backfillProgress shows how far a backfill is: which month, the rows read, how long it has taken and about how long it will still take.
type backfillProgress struct {
	console *console
	clock   func() time.Time
	wide    bool

	mu         sync.Mutex
	begun      time.Time // of the run
	monthBegun time.Time
	step, of   int
	what       string
	rows       int64
	scored     []time.Duration // how long each month took that was scored, in their order
}

func newBackfillProgress(c *console, p *program) *backfillProgress {
	c.uncounted = true
	return &backfillProgress{console: c, clock: p.clock, wide: p.stderrWidth >= wideProgress, begun: p.clock()}
}

// Step shows that the i-th of n steps begins.
func (b *backfillProgress) Step(i, n int, what string) {
	b.mu.Lock()
	if i%months.MonthSteps == 0 {
		b.monthBegun = b.clock()
	}
	b.step, b.of, b.what = i, n, what
	b.mu.Unlock()
	b.show()
}

// done notes how a month ended.
func (b *backfillProgress) done(r months.MonthResult) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.Outcome == nil {
		return
	}
	b.rows += r.Outcome.RowsRead
	if r.Outcome.Changed {
		b.scored = append(b.scored, r.Elapsed)
	}
}

// keepTime shows the time go by until stop is called.
func (b *backfillProgress) keepTime() (stop func()) {
	if !b.console.watched {
		return func() {}
	}
	ticker, end, ended := time.NewTicker(time.Second), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				b.show()
			case <-end:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(end)
		<-ended
	}
}

func (b *backfillProgress) show() {
	b.mu.Lock()
	i, n, text := b.step, b.of, b.text()
	b.mu.Unlock()
	if n > 0 {
		b.console.Step(i, n, text)
	}
}

// text is "month 3 of 17, 2023-04: facts of 2023-04, 1,234,567 rows, 1:42, about 12:10 left", without the step where there is little room.
func (b *backfillProgress) text() string {
	text := b.what
	if !b.wide {
		text, _, _ = strings.Cut(text, ": ")
	}
	now := b.clock()
	if b.rows > 0 {
		text += ", " + show.Count(b.rows, "row")
	}
	text += ", " + clockTime(now.Sub(b.begun))
	if left, known := b.remaining(now); known {
		text += ", about " + clockTime(left) + " left"
	}
	return text
}

// remaining estimates the time to the end. The first month that is scored builds the facts of fourteen months, each later one those of one
// month; facts and a score take about as long. Months that are unchanged cost next to nothing and say nothing about the others.
func (b *backfillProgress) remaining(now time.Time) (left time.Duration, known bool) {
	month, step := b.step/months.MonthSteps, b.step%months.MonthSteps
	later := b.of/months.MonthSteps - month - 1
	spent := now.Sub(b.monthBegun)
	var each time.Duration // of a later month
	switch n := time.Duration(len(b.scored)); {
	case n > 1:
		for _, d := range b.scored[1:] {
			each += d
		}
		each /= n - 1
	case n == 1:
		each = 2 * b.scored[0] / months.MonthSteps
	case step == 0:
		return 0, false
	default: // in the first month
		part := spent / time.Duration(step)
		return part * time.Duration(months.MonthSteps-step+2*later), true
	}
	return max(0, each-spent) + each*time.Duration(later), true
}

// clockTime writes a time like a clock, 1:42 or 1:02:03.
func clockTime(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// duration writes how long something took.
func duration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return clockTime(d)
}
