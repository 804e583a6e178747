package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// holder returns the process that the lock file names, 0 when it names none.
func (l *lab) holder(tb testing.TB) int {
	tb.Helper()
	var h struct {
		PID int `json:"pid"`
	}
	data, err := os.ReadFile(filepath.Join(l.snapshots, ".lock"))
	if err != nil || json.Unmarshal(data, &h) != nil {
		return 0
	}
	return h.PID
}

// testTwoRuns starts runs while another one has the lock. The holder is stopped, so that it has it for as long as it takes.
func testTwoRuns(t *testing.T, binary string) {
	l := newLab(t, binary)
	hold := func() *started {
		t.Helper()
		first := l.start(t, l.score(lastMonth)...)
		await(t, "holder of the lock", func() bool { return l.holder(t) == first.Process.Pid })
		first.signal(t, syscall.SIGSTOP)
		return first
	}
	first := hold()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	second := l.run(t, l.score(lastMonth.Add(-1))...)
	for _, word := range []string{fmt.Sprintf("pid %d on %s", first.Process.Pid, host), "--lock-wait", l.snapshots} {
		if second.code != 5 || !strings.Contains(second.stderr, word) {
			t.Errorf("the second run ended with %d, no %q in: %s", second.code, word, second.stderr)
		}
	}
	if !runID.MatchString(second.stderr) {
		t.Errorf("no run id in: %s", second.stderr)
	}
	if e := l.run(t, l.score(lastMonth, "--lock-wait", "200ms")...); e.code != 5 {
		t.Errorf("after waiting 200 ms: ended with %d: %s", e.code, e.stderr)
	}
	third := l.start(t, l.score(lastMonth.Add(-1), "--lock-wait", "1m")...)
	time.Sleep(500 * time.Millisecond)
	first.signal(t, syscall.SIGCONT)
	if code := first.end(t, time.Minute); code != 0 {
		t.Errorf("the first run ended with %d: %s", code, first.stderr.String())
	}
	if code := third.end(t, time.Minute); code != 0 {
		t.Errorf("the run that waited ended with %d: %s", code, third.stderr.String())
	}
	both, _ := l.published(t)
	if len(both) != 2 {
		t.Errorf("%d months are published", len(both))
	}

	writeExports(t, l.exports, 2)
	if err := os.RemoveAll(filepath.Join(l.snapshots, "_facts")); err != nil { // so that there is time to stop the run
		t.Fatal(err)
	}
	dead := hold()
	dead.signal(t, syscall.SIGKILL)
	dead.end(t, time.Minute)
	l.mustScore(t, lastMonth)
	l.noLeftovers(t)
	if longFaults {
		t.Run("many", func(t *testing.T) { testManyRuns(t, binary) })
	}
}

// testManyRuns lets runs of both months wait for each other: the result is that of one after the other.
func testManyRuns(t *testing.T, binary string) {
	l := newLab(t, binary)
	var waiting []*started
	for i := range 4 {
		waiting = append(waiting, l.start(t, l.score(lastMonth.Add(-(i%2)), "--lock-wait", "2m")...))
	}
	for _, run := range waiting {
		if code := run.end(t, 2*time.Minute); code != 0 {
			t.Errorf("ended with %d: %s", code, run.stderr.String())
		}
	}
	alone := *l
	alone.snapshots = filepath.Join(t.TempDir(), "alone")
	alone.mustScore(t, lastMonth)
	alone.mustScore(t, lastMonth.Add(-1))
	want, _ := alone.published(t)
	if got, _ := l.published(t); !cmp.Equal(want, got) {
		t.Errorf("runs that waited for each other give something else:\n%s", cmp.Diff(want, got))
	}
	l.noLeftovers(t)
}
