package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// changing are the system calls that change files, but for openat: the program opens many more files than it creates.
const changing = "write,pwrite64,pwritev,rename,renameat,renameat2,fsync,fdatasync,ftruncate,unlink,unlinkat,mkdir,mkdirat"

// traced is a run under strace.
type traced struct {
	ended
	steps  []string // the changes of files below the snapshots folder, in their order, less what differs between equal runs
	killed bool
	group  int // the process group of the program and of strace
}

// runID is what names of runs look like in paths.
var runID = regexp.MustCompile(`[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}`)

// point is a moment of a run: behind the step of that name, when it is made for the nth time. The zero point never comes.
type point struct {
	step string
	nth  int
}

// points are the moments behind each of some steps.
func points(steps []string) (all []point) {
	times := map[string]int{}
	for _, s := range steps {
		times[s]++
		all = append(all, point{s, times[s]})
	}
	return all
}

// traceKilled runs the program and kills it at a point, if it comes there. strace counts the calls of
// each thread on its own, so it only stops the program at every change, and the counting and killing is done here.
func (l *lab) traceKilled(tb testing.TB, end point, args ...string) traced {
	tb.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	defer reader.Close()
	calls := changing
	if l.creations {
		calls += ",openat"
	}
	ctx, cancel := context.WithTimeout(tb.Context(), 2*time.Minute)
	defer cancel()
	cmd := l.command(ctx, append([]string{"strace", "-f", "-y", "-s", "0", "-o", "/dev/fd/3",
		"-e", "trace=" + calls, "-e", "inject=" + calls + ":signal=STOP"}, args...)...)
	cmd.ExtraFiles = []*os.File{writer}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := errors.Join(cmd.Start(), writer.Close()); err != nil {
		tb.Fatal(err)
	}
	t := traced{group: cmd.Process.Pid}
	last := map[string]string{} // thread → its latest call
	stopping, times := false, 0
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		thread, event, _ := strings.Cut(lines.Text(), " ")
		switch event = strings.TrimSpace(event); {
		case strings.HasPrefix(event, "--- SIGSTOP {"):
			stopping = true
			if step, ok := l.step(last[thread]); ok {
				if t.steps = append(t.steps, step); step == end.step {
					times++
				}
			}
		case strings.HasPrefix(event, "--- stopped by SIGSTOP") && stopping:
			// Once for each stop, though every thread tells of it: one SIGCONT too many would undo the next SIGSTOP.
			stopping = false
			t.killed = t.killed || end.nth > 0 && times >= end.nth
			t.goOn(tb)
		case strings.HasPrefix(event, "<... "):
			last[thread] += event
		case event != "" && 'a' <= event[0] && event[0] <= 'z': // neither another signal nor the rest of a call
			last[thread] = event
		}
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		tb.Fatalf("the traced program does not end: it hangs behind %q", t.steps[max(0, len(t.steps)-3):])
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		tb.Fatal(err)
	}
	t.code, t.stderr = codeOfState(cmd.ProcessState), stderr.String()
	return t
}

// goOn wakes the stopped program, or kills it if it is to be killed, and strace with it: that waits for ever when a kill meets it while it
// takes note of the stop.
func (t *traced) goOn(tb testing.TB) {
	tb.Helper()
	signal := syscall.SIGCONT
	if t.killed {
		signal = syscall.SIGKILL
	}
	if err := syscall.Kill(-t.group, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		tb.Fatal(err)
	}
}

// step names a call by what it changes: rename .staging/RUN/2024-06/scores.staged scores/month=2024-06/part-0.parquet. Calls that fail,
// or change nothing below the snapshots folder, are none.
func (l *lab) step(call string) (string, bool) {
	name, arguments, _ := strings.Cut(call, "(")
	if name == "openat" && !strings.Contains(arguments, "O_CREAT") || strings.Contains(arguments, "= -1 ") {
		return "", false
	}
	if isRename(name) {
		name = "rename" // whatever it is called on this machine
	}
	var paths []string
	for _, part := range strings.FieldsFunc(arguments, func(r rune) bool { return strings.ContainsRune(`"<>`, r) }) {
		if rest, ok := strings.CutPrefix(part, l.snapshots); ok && (rest == "" || rest[0] == '/') {
			paths = append(paths, runID.ReplaceAllString(strings.TrimPrefix(rest, "/"), "RUN"))
		}
	}
	return strings.TrimSpace(name + " " + strings.Join(paths, " ")), len(paths) > 0
}

// injected is a call that strace made fail.
type injected struct{ call, path string }

// runInjecting runs the program under strace, which makes system calls fail: inject is what strace calls the tampering, like
// "fsync:error=EIO:when=3", which counts the calls of each thread on its own. With paths only calls on these are met.
func (l *lab) runInjecting(tb testing.TB, inject string, paths []string, args ...string) (ended, []injected) {
	tb.Helper()
	log := filepath.Join(tb.TempDir(), "strace")
	calls, _, _ := strings.Cut(inject, ":")
	trace := []string{"strace", "-f", "-y", "-s", "0", "-o", log, "-e", "trace=" + calls, "-e", "inject=" + inject}
	for _, path := range paths {
		trace = append(trace, "-P", path)
	}
	e := l.run(tb, append(trace, args...)...)
	data, err := os.ReadFile(log)
	if err != nil {
		tb.Fatal(err)
	}
	var met []injected
	for line := range strings.Lines(string(data)) {
		if !strings.Contains(line, "(INJECTED)") {
			continue
		}
		_, call, _ := strings.Cut(line, " ")
		name, _, _ := strings.Cut(strings.TrimSpace(call), "(")
		met = append(met, injected{call: name, path: callPath(call)})
	}
	return e, met
}

// callPath is the last path that a line of strace names, of a descriptor or as an argument.
func callPath(call string) string {
	found := regexp.MustCompile(`["<](/[^">]*)[">]`).FindAllStringSubmatch(call, -1)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1][1]
}
