package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testFacts builds the facts of fourteen months by four processes that are killed at random moments; then one score gives what it gives undisturbed.
func testFacts(t *testing.T, binary string) {
	const processes, rounds = 4, 12
	l := newLab(t, binary)
	alone := *l
	alone.snapshots = l.snapshots + "-alone"
	alone.mustScore(t, lastMonth)
	want, _ := alone.published(t)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // moments of kills
	killed := 0
	for round := range rounds {
		var runs []*started
		for i := range processes {
			args := []string{l.binary, "facts", "--exports", l.exports, "--snapshots", l.snapshots, "--temp-dir", l.temp, "--to", lastMonth.String(),
				"--threads", "1", "--memory-limit", "256MB", "--index", fmt.Sprint(i), "--of", fmt.Sprint(processes)}
			runs = append(runs, l.start(t, args...))
		}
		time.Sleep(time.Duration(100+random.IntN(1500)) * time.Millisecond)
		for _, run := range runs {
			_ = run.Process.Kill()
		}
		for _, run := range runs {
			switch code := run.end(t, time.Minute); code {
			case 128 + 9:
				killed++
			case exitDone:
			default:
				t.Errorf("round %d: ended with %d: %s", round, code, run.stderr.String())
			}
		}
	}
	if killed == 0 {
		t.Error("no process was killed")
	}
	l.mustScore(t, lastMonth)
	if got, _ := l.published(t); !cmp.Equal(want, got) {
		t.Errorf("after %d kills a score gives something else:\n%s", killed, cmp.Diff(want, got))
	}
	l.noLeftovers(t)
}
