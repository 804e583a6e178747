package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
)

// The exit codes of the contract; an interrupted run ends with 128 + the number of the signal.
const (
	exitDone        = 0
	exitInternal    = 1
	exitUsage       = 2
	exitMissing     = 3
	exitContract    = 4
	exitHeld        = 5
	exitDiffers     = 6
	exitInterrupted = 128 + int(syscall.SIGINT)
	exitTerminated  = 128 + int(syscall.SIGTERM)
)

// TestEveryExitCode ends a run in every way there is. Whichever it is, the last line of the log and the receipt say so, and what to do.
func TestEveryExitCode(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	exports, snapshots, broken := filepath.Join(root, "exports"), filepath.Join(root, "snapshots"), filepath.Join(root, "broken")
	writeText(t, filepath.Join(exports, "azure_usage", "month=2024-05", "part-0.csv"), usageText(lastMonth.Add(-1), 4, 1))
	writeText(t, filepath.Join(broken, "azure_usage", "month=2024-05", "part-0.csv"), "Month,MPNId\n2024-05,partner\n")
	score := func(exports, snapshots string) []string {
		return []string{"score", "--exports", exports, "--snapshots", snapshots, "--allow-missing", "history,certifications"}
	}
	for _, c := range []exitCase{
		{exitDone, "done", score(exports, snapshots), nil},
		{exitInternal, "internal_error", score(exports, filepath.Join(root, "internal")), func(p *program) context.Context {
			calls, clock := 0, p.Clock
			p.Clock = func() time.Time { // begins, and stops when the work does
				if calls++; calls == 4 {
					panic("the clock has stopped")
				}
				return clock()
			}
			return context.Background()
		}},
		{exitUsage, "usage_error", score(exports, exports), nil},
		{exitUsage, "usage_error", score(filepath.Join(root, "nowhere"), snapshots), nil},
		{exitMissing, "not_ready", append(score(exports, snapshots), "--month", "2024-07"), nil},
		{exitContract, "contract_broken", score(broken, filepath.Join(root, "s4")), nil},
		{exitHeld, "held", score(exports, filepath.Join(root, "held")), func(*program) context.Context {
			store, err := snapshot.Open(t.Context(), local.Places{}, filepath.Join(root, "held"), "")
			if err != nil {
				t.Fatal(err)
			}
			release, err := store.Lock(t.Context(), 0, "somebody-else")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = release() })
			return context.Background()
		}},
		{exitDiffers, "differs", []string{"verify", "--snapshots", snapshots}, func(*program) context.Context {
			if err := os.Remove(filepath.Join(snapshots, "scores", "month=2024-05", "part-0.parquet")); err != nil {
				t.Fatal(err)
			}
			return context.Background()
		}},
		{exitInterrupted, "interrupted", score(exports, filepath.Join(root, "s130")), func(*program) context.Context { return interruptedBy(syscall.SIGINT) }},
		{exitTerminated, "interrupted", score(exports, filepath.Join(root, "s143")), func(*program) context.Context { return interruptedBy(syscall.SIGTERM) }},
	} {
		c.check(t, root)
	}
}

// exitCase is a run and how it must end.
type exitCase struct {
	code    int
	outcome string
	args    []string
	before  func(p *program) context.Context
}

func (c exitCase) check(t *testing.T, root string) {
	t.Helper()
	p, _, stderr := testProgram(map[string]string{"PARTNERSCORE_PERSON_KEY": "the-key-of-the-tests"})
	ctx := context.Background()
	if c.before != nil {
		ctx = c.before(p)
	}
	receipt, metrics := filepath.Join(root, "receipt.json"), filepath.Join(root, "job.prom")
	args := append(append([]string{"partnerscore"}, c.args...), "--log-format", "json", "--receipt", receipt, "--metrics-file", metrics)
	if code := p.run(ctx, args); code != c.code {
		t.Errorf("exit code %d, want %d: %s", code, c.code, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	logged := readEnding(t, []byte(lines[len(lines)-1]))
	written, err := os.ReadFile(receipt)
	if err != nil {
		t.Fatal(err)
	}
	for where, e := range map[string]told{"log": logged, "receipt": readEnding(t, written)} {
		if e.Code != c.code || e.Outcome != c.outcome || (e.Hint == "") != (c.code == exitDone) || (e.Error == "") != (c.code == exitDone) {
			t.Errorf("%d: the %s says %+v", c.code, where, e)
		}
	}
	if metricsCode(t, metrics) != c.code {
		t.Errorf("%d: the metrics say %d", c.code, metricsCode(t, metrics))
	}
}

// interruptedBy is the context of a process that got a signal.
func interruptedBy(signal syscall.Signal) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(&cli.InterruptedError{Signal: signal})
	return ctx
}

// told is what a receipt and the last line of a log have in common.
type told struct {
	Code    int    `json:"exit_code"`
	Outcome string `json:"outcome"`
	Error   string `json:"error"`
	Hint    string `json:"hint"`
}

func readEnding(t *testing.T, text []byte) (e told) {
	t.Helper()
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}
