package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// testMemory: what the process takes stays below the limit of the engine and 256 MB more, and does not grow with the months of a backfill.
// The pages of the program's own file are not counted, some 100 MB: the kernel drops them where memory is short.
func testMemory(t *testing.T, binary string) {
	generator := filepath.Join(t.TempDir(), "generate")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", generator, "../../samples/generate").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	generate := func(rows, months int) *lab {
		t.Helper()
		l := labIn(t, binary, t.TempDir())
		e := l.run(t, generator, "--out", l.exports, "--rows-per-month", strconv.Itoa(rows), "--months", strconv.Itoa(months), "--last", lastMonth.String())
		if e.code != 0 {
			t.Fatalf("generate: %s", e.stderr)
		}
		return l
	}
	const limit, rest = 256_000_000, 256_000_000
	l := generate(3_000_000, 1)
	flags := []string{"--exports", l.exports, "--snapshots", l.snapshots, "--temp-dir", l.temp, "--threads", "2", "--memory-limit", fmt.Sprint(limit),
		"--allow-missing", "history,certifications"}
	peak := l.peakMemory(t, append([]string{binary, "score", "--month", lastMonth.String()}, flags...)...)
	t.Logf("a month of 3 M rows: %d MB", peak/1e6)
	if peak > limit+rest {
		t.Errorf("a month of 3 M rows takes %d MB, want at most %d", peak/1e6, (limit+rest)/1_000_000)
	}
	l.noLeftovers(t)
	testFlatMemory(t, generate(300_000, 8), flags)
}

// testFlatMemory compares a backfill of two months with one of eight.
func testFlatMemory(t *testing.T, l *lab, flags []string) {
	t.Helper()
	flags = append([]string{}, flags...)
	flags[1], flags[5] = l.exports, l.temp
	backfill := func(months int) int64 {
		t.Helper()
		flags[3] = filepath.Join(t.TempDir(), "snapshots")
		return l.peakMemory(t, append([]string{l.binary, "backfill", "--from", lastMonth.Add(1 - months).String(), "--to", lastMonth.String()}, flags...)...)
	}
	two, eight := backfill(2), backfill(8)
	t.Logf("a backfill of 2 months: %d MB, of 8: %d MB", two/1e6, eight/1e6)
	if eight > two+64_000_000 {
		t.Errorf("a backfill of 2 months takes %d MB, of 8 months %d MB", two/1e6, eight/1e6)
	}
}

// peakMemory runs a command, which must succeed, and returns the most memory of its own that it was seen with. The kernel's account of a
// dead child starts with what this process had when it was forked, so it is asked while it lives.
func (l *lab) peakMemory(t *testing.T, args ...string) (bytes int64) {
	t.Helper()
	run := l.start(t, args...)
	run.watch(t, func() { bytes = max(bytes, run.memory(t, "RssAnon")) })
	if code := codeOfState(run.ProcessState); code != exitDone {
		t.Fatalf("%q: ended with %d: %s", args, code, run.stderr.String())
	}
	return bytes
}

// watch looks at a process again and again until it ends.
func (s *started) watch(t *testing.T, look func()) {
	t.Helper()
	for {
		select {
		case err := <-s.done:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			return
		case <-time.After(10 * time.Millisecond):
			look()
		}
	}
}

// memory is one of the sizes in the status of a process, in bytes; 0 when it has just ended.
func (s *started) memory(t *testing.T, field string) int64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.Process.Pid), "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			kB, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kB << 10
		}
	}
	return 0
}
