package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/fault"
)

// testProcess is a process that knows the time and keeps what it prints.
func testProcess() (p Process, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return Process{
		Env:    func(string) string { return "" },
		Stdout: stdout, Stderr: stderr,
		Clock: func() time.Time { return time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC) },
	}, stdout, stderr
}

// exitCode is the exit code of a run that ended with an error.
func exitCode(ctx context.Context, err error) int {
	_, code := kindOf(ctx, err)
	return code
}

func TestExitCodeOfASignal(t *testing.T) {
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		ctx, cancel := context.WithCancelCause(context.Background())
		if got := exitCode(ctx, errors.New("fault")); got != 1 {
			t.Errorf("before the signal: %d", got)
		}
		cancel(&InterruptedError{Signal: signal})
		if got := exitCode(ctx, errors.New("fault")); got != want {
			t.Errorf("%v: %d, want %d", signal, got, want)
		}
		if got := exitCode(ctx, nil); got != 0 {
			t.Errorf("%v after all was done: %d", signal, got)
		}
	}
}

// busy is an internal error that knows what to do.
type busy struct{ error }

func (busy) FaultKind() string   { return fault.Internal }
func (busy) FaultAdvice() string { return "run again at noon" }

func TestAdviceOfAnInternalErrorIsItsOwn(t *testing.T) {
	err := errors.New("fault")
	if got, want := advice(t.Context(), fault.Internal, fmt.Errorf("score: %w", busy{err})), "run again at noon"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := advice(t.Context(), fault.Internal, err), fault.Kind(fault.Internal).Advice(); got != want {
		t.Errorf("without its own: %q, want %q", got, want)
	}
	for errno, want := range map[syscall.Errno]string{syscall.EDQUOT: fault.NoRoomAdvice, syscall.EMFILE: fault.NoFilesAdvice} {
		if got := advice(t.Context(), fault.Internal, &os.PathError{Op: "open", Path: "a", Err: errno}); got != want {
			t.Errorf("%v: %q, want %q", errno, got, want)
		}
	}
}

func TestLongListsOfProblemsAreCut(t *testing.T) {
	p, _, stderr := testProcess()
	x := &execution{process: p}
	x.report(context.Background(), &UsageError{Problems: strings.Split(strings.Repeat("wrong,", 130)+"wrong", ",")})
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	if len(lines) != 1+shownProblems+1 || lines[0] != "partnerscore: 131 problems:" || lines[len(lines)-1] != "  and 31 more" {
		t.Errorf("%d lines, first %q, last %q", len(lines), lines[0], lines[len(lines)-1])
	}
}

func TestRunIDsDiffer(t *testing.T) {
	now := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	a, b := newRunID(now), newRunID(now)
	if a == b || !strings.HasPrefix(a, "20240701T120000Z-") || len(a) != len(b) {
		t.Errorf("%s, %s", a, b)
	}
}
