package months_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// BenchmarkBackfill scores thirteen months from twenty-six months of exports and compares with the bare query of each of these months.
// What it takes is told apart: facts-s to build facts, score-s for the same backfill from facts that are there, hash-s to hash the exports,
// rest-s for whatever else. x-bare is all but score-s, by the sum of the bare queries.
func BenchmarkBackfill(b *testing.B) {
	const scored = 13
	rows, last := benchRows(b), scoring.NewMonth(2024, time.June)
	read := scored + inputs.WindowMonths - 1
	dir := world.Generate(b, rows, read)
	rng := months.Range{From: last.Add(1 - scored), To: last}
	for b.Loop() {
		bare := bareMonths(b, dir, last, read)
		opt := benchOptions(b, dir)
		first, again := newStopwatch(), newStopwatch()
		whole := first.backfill(b, opt, rng)
		if len(first.built) != read || first.sum.Rows != int64(rows*read) || first.sum.Scored != scored {
			b.Fatalf("%d months and %d rows are read, %+v", len(first.built), first.sum.Rows, first.sum)
		}
		for m, times := range first.built {
			if times != 1 {
				b.Errorf("%s is read %d times", m, times)
			}
		}
		forgetTables(b, opt.Snapshots)
		alone := again.backfill(b, opt, rng)
		if again.sum.FactsBuilt != 0 || again.sum.Scored != scored {
			b.Fatalf("from facts that are there: %+v", again.sum)
		}
		idle := newStopwatch().backfill(b, opt, rng)
		hashing := first.inputs - again.inputs
		for name, took := range map[string]time.Duration{"bare-s": bare, "whole-s": whole, "facts-s": first.facts, "score-s": alone, "hash-s": hashing,
			"rest-s": whole - first.facts - alone - hashing, "idle-s": idle} {
			b.ReportMetric(took.Seconds(), name)
		}
		b.ReportMetric((whole-alone).Seconds()/bare.Seconds(), "x-bare")
		b.ReportMetric(float64(first.peaks[0])/1e6, "peak-MB-first")
		b.ReportMetric(float64(first.peaks[1])/1e6, "peak-MB-second")
		b.ReportMetric(float64(first.peaks[scored-1])/1e6, "peak-MB-last")
	}
}

// bareMonths is the time of the bare queries of n months.
func bareMonths(b *testing.B, dir string, last scoring.Month, n int) (sum time.Duration) {
	db := engine(b)
	for m := last.Add(1 - n); m <= last; m++ {
		sum += timed(b, func() error { _, err := db.Exec(bareUsage(b, dir, m)); return err })
	}
	if err := db.Close(); err != nil { // or its memory would count as the backfill's
		b.Fatal(err)
	}
	return sum
}

// forgetTables deletes all of the snapshots but the cache.
func forgetTables(b *testing.B, snapshots string) {
	entries, err := os.ReadDir(snapshots)
	for _, e := range entries {
		if e.Name() != "_facts" {
			err = errors.Join(err, os.RemoveAll(filepath.Join(snapshots, e.Name())))
		}
	}
	if err != nil {
		b.Fatal(err)
	}
}

// stopwatch adds up what the steps of a backfill take.
type stopwatch struct {
	silent
	facts, inputs time.Duration // of facts that are built; of finding, checking and hashing the inputs
	built         map[scoring.Month]int
	peaks         []int64 // of each month, bytes
	sum           results.Backfilled
}

func newStopwatch() *stopwatch { return &stopwatch{built: map[scoring.Month]int{}} }

// Done takes note of a step.
func (s *stopwatch) Done(step monitor.Step) {
	switch {
	case step.Name == monitor.StepInputs:
		s.inputs += step.Elapsed
	case step.Name == monitor.StepFacts && !step.Idle:
		s.facts += step.Elapsed
		s.built[step.Month]++
	}
}

// backfill returns how long it takes.
func (s *stopwatch) backfill(b *testing.B, opt months.Options, rng months.Range) time.Duration {
	opt.Progress = s
	return timed(b, func() (err error) {
		s.sum, err = months.Backfill(context.Background(), opt, rng, func(int, int, results.MonthResult) {
			peak, err := takePeak()
			if err != nil {
				b.Error(err)
			}
			s.peaks = append(s.peaks, peak)
		})
		return err
	})
}

// takePeak returns the most memory that this process ever had since it was last asked.
func takePeak() (bytes int64, err error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kB << 10, errors.Join(err, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no VmHWM: %.100s", text)
}
