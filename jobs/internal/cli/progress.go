package cli

import (
	"strings"
	"sync"
	"time"

	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
)

// wideProgress is the columns from which on there is room for the step within a month.
const wideProgress = 110

// MonthsProgress shows how far a run over many months is: which month, the rows read, how long it has taken and about how long it will still
// take.
type MonthsProgress struct {
	console *Console
	clock   func() time.Time
	steps   int // of a month

	mu         sync.Mutex
	begun      time.Time // of the run
	monthBegun time.Time
	step, of   int
	what       string
	rows       int64
	scored     []time.Duration // how long each month took that was scored, in their order
}

// NewMonthsProgress makes the progress of a run in which every month has the same number of steps.
func NewMonthsProgress(s *Session, stepsOfMonth int) *MonthsProgress {
	s.Console.Uncounted()
	return &MonthsProgress{console: s.Console, clock: s.Clock, steps: stepsOfMonth, begun: s.Clock()}
}

// Step shows that the i-th of n steps begins.
func (b *MonthsProgress) Step(i, n int, what string) {
	b.mu.Lock()
	if i%b.steps == 0 {
		b.monthBegun = b.clock()
	}
	b.step, b.of, b.what = i, n, what
	b.mu.Unlock()
	b.show()
}

// MonthDone notes how a month ended: the rows that it read, and whether it was scored rather than found unchanged.
func (b *MonthsProgress) MonthDone(rows int64, scored bool, took time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows += rows
	if scored {
		b.scored = append(b.scored, took)
	}
}

// KeepTime shows the time go by until stop is called.
func (b *MonthsProgress) KeepTime() (stop func()) {
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

func (b *MonthsProgress) show() {
	b.mu.Lock()
	i, n, text := b.step, b.of, b.text()
	b.mu.Unlock()
	if n > 0 {
		b.console.Step(i, n, text)
	}
}

// text is "month 3 of 17, 2023-04: facts of 2023-04, 1,234,567 rows, 1:42, about 12:10 left", without the step where there is little room.
func (b *MonthsProgress) text() string {
	text := b.what
	if b.console.width < wideProgress {
		text, _, _ = strings.Cut(text, ": ")
	}
	now := b.clock()
	if b.rows > 0 {
		text += ", " + wording.Count(b.rows, "row")
	}
	text += ", " + show.ClockTime(now.Sub(b.begun))
	if left, known := b.remaining(now); known {
		text += ", about " + show.ClockTime(left) + " left"
	}
	return text
}

// remaining estimates the time to the end. The first month that is scored builds the facts of fourteen months, each later one those of one
// month; facts and a score take about as long. Months that are unchanged cost next to nothing and say nothing about the others.
func (b *MonthsProgress) remaining(now time.Time) (left time.Duration, known bool) {
	month, step := b.step/b.steps, b.step%b.steps
	later := b.of/b.steps - month - 1
	spent := now.Sub(b.monthBegun)
	var each time.Duration // of a later month
	switch n := time.Duration(len(b.scored)); {
	case n > 1:
		for _, d := range b.scored[1:] {
			each += d
		}
		each /= n - 1
	case n == 1:
		each = 2 * b.scored[0] / time.Duration(b.steps)
	case step == 0:
		return 0, false
	default: // in the first month
		part := spent / time.Duration(step)
		return part * time.Duration(b.steps-step+2*later), true
	}
	return max(0, each-spent) + each*time.Duration(later), true
}
