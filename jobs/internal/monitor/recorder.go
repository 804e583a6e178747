package monitor

import (
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"partnerscore/scoring"
)

// Recorder makes the record of one run and logs each step as it is entered.
type Recorder struct {
	log   *slog.Logger
	clock func() time.Time

	mu     sync.Mutex
	record Record
}

// NewRecorder begins a record. reasons are those that rows can be rejected for.
func NewRecorder(command, runID, toolVersion string, reasons []string, clock func() time.Time, log *slog.Logger) *Recorder {
	r := &Recorder{log: log, clock: clock, record: Record{
		Version: recordVersion, Command: command, RunID: runID, ToolVersion: toolVersion, Started: clock().UTC(),
		Months: []MonthResult{}, Steps: []Step{}, Rejected: map[string]int64{},
	}}
	for _, reason := range reasons {
		r.record.Rejected[reason] = 0
	}
	return r
}

// Done enters a step that has ended well.
func (r *Recorder) Done(s Step) {
	r.mu.Lock()
	r.record.add(s)
	r.mu.Unlock()
	var attributes []any
	if s.Month != 0 {
		attributes = append(attributes, "month", s.Month.String())
	}
	attributes = append(attributes, "rows", s.Rows)
	if s.Name == StepFacts {
		var rejected int64
		for _, rows := range s.Rejected {
			rejected += rows
		}
		attributes = append(attributes, "rejected", rejected, "engine", s.Engine)
	}
	attributes = append(attributes, "elapsed_seconds", Seconds(s.Elapsed))
	r.log.Info(s.message(), attributes...) //nolint:sloglint // one of the few texts of Step.message
}

// Failed enters a score month that failed. The text names no tenant and no person, as no error does.
func (r *Recorder) Failed(m scoring.Month, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record.fail(m, text)
}

// Stale records which published months are stale.
func (r *Recorder) Stale(months []scoring.Month) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record.Stale = append([]scoring.Month{}, months...)
}

// Latest records the latest published month.
func (r *Recorder) Latest(m scoring.Month) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record.Latest = m
}

// Ending is how a run ended.
type Ending struct {
	ExitCode int    `json:"exit_code"`
	Outcome  string `json:"outcome"`         // the exit code in a word
	Error    string `json:"error,omitempty"` // empty when it ended well
	Hint     string `json:"hint,omitempty"`  // what to do about the error
}

// End closes the record and returns it.
func (r *Recorder) End(e Ending) Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record.Ending = e
	r.record.Finished = r.clock().UTC()
	r.record.Seconds = Seconds(r.record.Finished.Sub(r.record.Started))
	closed := r.record
	closed.Months, closed.Steps, closed.Rejected = slices.Clone(r.record.Months), slices.Clone(r.record.Steps), maps.Clone(r.record.Rejected)
	return closed
}

// Summary is what the run did, as attributes of the last line of its log. The record must be closed.
func (r *Recorder) Summary() []any {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := r.record
	attributes := []any{"command", sum.Command, "run_id", sum.RunID, "months_published", sum.MonthsPublished, "months_unchanged", sum.MonthsUnchanged,
		"months_failed", sum.MonthsFailed, "facts_built", sum.FactsBuilt, "facts_reused", sum.FactsReused, "rows", sum.RowsRead}
	if sum.Stale != nil {
		attributes = append(attributes, "months_stale", len(sum.Stale))
	}
	return append(attributes, "elapsed_seconds", Seconds(sum.Finished.Sub(sum.Started)))
}

// Progress follows a run: what begins, for a person who watches, and what has ended, for the record.
type Progress interface {
	// Step says that a step begins, the i-th of n.
	Step(i, n int, what string)
	// Done says that a step has ended well.
	Done(s Step)
}
