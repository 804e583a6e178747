package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// started is a process that runs on its own.
type started struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
	done           chan error
}

func (l *lab) start(tb testing.TB, args ...string) *started {
	tb.Helper()
	s := &started{Cmd: l.command(tb.Context(), args...), done: make(chan error, 1)}
	s.Stdout, s.Stderr = &s.stdout, &s.stderr
	if err := s.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { s.done <- s.Wait() }()
	return s
}

func (s *started) signal(tb testing.TB, signal syscall.Signal) {
	tb.Helper()
	if err := s.Process.Signal(signal); err != nil {
		tb.Fatal(err)
	}
}

// end waits for the end, at most so long, and returns the exit code.
func (s *started) end(tb testing.TB, limit time.Duration) int {
	tb.Helper()
	select {
	case err := <-s.done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			tb.Fatal(err)
		}
	case <-time.After(limit):
		_ = s.Process.Kill()
		err := <-s.done
		tb.Fatalf("still there after %s: %v: %s", limit, err, s.stderr.String())
	}
	return codeOfState(s.ProcessState)
}

// await waits for something to come about.
func await(tb testing.TB, what string, about func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(time.Minute); !about(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatalf("no %s in a minute", what)
		}
	}
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// testSignals interrupts a query of several seconds, and a publish between two renames.
func testSignals(t *testing.T, binary string) {
	l := newLab(t, binary)
	l.mustScore(t, lastMonth.Add(-1))
	l.mustScore(t, lastMonth)
	before, _ := l.published(t)
	l.flags = []string{"--memory-limit", "1GB"}
	writeText(t, filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String(), "part-1.csv"), usageText(lastMonth, 1_500_000, 1))
	for _, c := range []struct {
		name    string
		signals []syscall.Signal
		codes   []int
	}{
		{"SIGTERM", []syscall.Signal{syscall.SIGTERM}, []int{143}},
		{"SIGINT", []syscall.Signal{syscall.SIGINT}, []int{130}},
		{"a second signal", []syscall.Signal{syscall.SIGTERM, syscall.SIGINT}, []int{143, 130}}, // whichever end is reached first
	} {
		run := l.start(t, l.score(lastMonth)...)
		await(t, "temporary folder of the engine", func() bool { entries, _ := os.ReadDir(l.temp); return len(entries) > 0 })
		time.Sleep(300 * time.Millisecond) // in the middle of the big month: the thirteen others are in the cache
		for _, signal := range c.signals {
			run.signal(t, signal)
		}
		begun := time.Now()
		code := run.end(t, 20*time.Second)
		t.Logf("%s: ended with %d after %s", c.name, code, time.Since(begun).Round(time.Millisecond))
		if code != c.codes[0] && code != c.codes[len(c.codes)-1] {
			t.Errorf("%s: ended with %d: %s", c.name, code, run.stderr.String())
		}
		if now, open := l.published(t); open != "" || !cmp.Equal(before, now) {
			t.Errorf("%s: something changed, open %q:\n%s", c.name, open, cmp.Diff(before, now))
		}
		if len(c.signals) == 1 {
			l.noLeftovers(t)
		}
	}
	l.mustScore(t, lastMonth)
	l.noLeftovers(t)
	t.Run("between renames", func(t *testing.T) { testSignalInPublish(t, binary) })
}

// testSignalInPublish: a first signal lets a publish that has begun go on to its end, a second one ends it at once. The next run completes it.
func testSignalInPublish(t *testing.T, binary string) {
	needStrace(t)
	k := undisturbed(t, binary)
	for _, second := range []bool{false, true} {
		k.restore(t, k.template)
		slow := filepath.Join(k.snapshots, "customers", "month=2024-06", "part-0.parquet")
		run := k.start(t, append([]string{"strace", "-f", "-o", "/dev/null", "-P", slow, "-e", "trace=rename,renameat,renameat2",
			"-e", "inject=rename,renameat,renameat2:delay_enter=1500000"}, k.score(lastMonth)...)...)
		await(t, "intent", func() bool { return isThere(filepath.Join(k.snapshots, ".staging", "intent.json")) })
		pid := k.holder(t)
		signal := func() {
			if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
		signal()
		if second {
			time.Sleep(100 * time.Millisecond)
			signal()
		}
		code := run.end(t, 30*time.Second)
		now, open := k.published(t)
		if finished := open == "" && cmp.Equal(now, k.after); finished == second {
			t.Errorf("second signal %t: ended with %d, published to the end: %t, open %q", second, code, finished, open)
		}
		if code != 143 && (second || code != 0) {
			t.Errorf("second signal %t: ended with %d: %s", second, code, run.stderr.String())
		}
		k.survives(t)
	}
}

// testClosedPipes: somebody who reads one line of the result and leaves, or does not read at all.
func testClosedPipes(t *testing.T, binary string) {
	l := newLab(t, binary)
	for _, format := range []string{"table", "json"} {
		command := `"$0" "$@" | head -1 >/dev/null; exit "${PIPESTATUS[0]}"`
		e := l.run(t, append([]string{"bash", "-c", command}, l.score(lastMonth, "--format", format)...)...)
		if e.code != 0 {
			t.Errorf("%s into head: ended with %d: %s", format, e.code, e.stderr)
		}
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd := l.command(t.Context(), l.score(lastMonth, "--format", format)...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = writer, &stderr
		if err := errors.Join(reader.Close(), cmd.Run(), writer.Close()); err != nil || strings.Contains(stderr.String(), "goroutine") {
			t.Errorf("%s to nobody: %v: %s", format, err, stderr.String())
		}
	}
	for _, closed := range []string{">&-", "2>&-", "<&- >&- 2>&-"} {
		e := l.run(t, append([]string{"bash", "-c", `"$0" "$@" ` + closed}, l.score(lastMonth.Add(-1))...)...)
		if e.code > 1 { // a result that cannot be written is an error, but no crash
			t.Errorf("%s: ended with %d: %s", closed, e.code, e.stderr)
		}
	}
	if months, open := l.published(t); len(months) != 2 || open != "" {
		t.Errorf("published: %d months, open %q", len(months), open)
	}
	l.noLeftovers(t)
}
