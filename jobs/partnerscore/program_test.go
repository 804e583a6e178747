package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command"
)

// program is the program within this process.
type program struct{ cli.Process }

func (p *program) run(ctx context.Context, args []string) int {
	return cli.Run(ctx, p.Process, command.Program(), args)
}

// testProgram is a program that knows the time and an environment, and keeps what it prints.
func testProgram(env map[string]string) (p *program, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &program{cli.Process{
		Env:    func(name string) string { return env[name] },
		Stdout: stdout, Stderr: stderr, Places: (&places{env: func(name string) string { return env[name] }}).reporting,
		Clock: func() time.Time { return time.Date(2024, 7, 1, 0, 30, 0, 0, time.FixedZone("", 3600)) },
	}}, stdout, stderr
}

func TestDefaultMonthIsTheOneBeforeInUTC(t *testing.T) {
	p, _, stderr := testProgram(nil)
	code := p.run(context.Background(), []string{"partnerscore", "score", "--exports", t.TempDir(), "--snapshots", filepath.Join(t.TempDir(), "s")})
	// At half past midnight on 1 July in Berlin it is still June in UTC.
	if code != exitMissing || !strings.Contains(stderr.String(), "a score of 2024-05 needs 2023-04 to 2024-05") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	p, stdout, stderr := testProgram(nil)
	p.Clock = func() time.Time { panic("the clock has stopped") }
	code := p.run(context.Background(), []string{"partnerscore", "score", "--exports", t.TempDir()})
	if code != exitInternal || !strings.HasPrefix(stderr.String(), "partnerscore: internal error: the clock has stopped; ") || stdout.Len() > 0 {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

// leaving is a reader that has left.
type leaving struct{}

func (leaving) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
}

func TestAReaderWhoLeavesIsNoFailure(t *testing.T) {
	p, _, stderr := testProgram(nil)
	p.Stdout = leaving{}
	if code := p.run(context.Background(), []string{"partnerscore", "rules", "show", "azure-2023-06"}); code != exitDone || stderr.Len() > 0 {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}
