package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/exports"
	"partnerscore/scoring"
)

// testProgram is a program that knows the time and an environment, and keeps what it prints.
func testProgram(env map[string]string) (p *program, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return &program{
		env:    func(name string) string { return env[name] },
		stdout: stdout, stderr: stderr,
		clock: func() time.Time { return time.Date(2024, 7, 1, 0, 30, 0, 0, time.FixedZone("", 3600)) },
	}, stdout, stderr
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
	p.clock = func() time.Time { panic("the clock has stopped") }
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
	p.stdout = leaving{}
	if code := p.run(context.Background(), []string{"partnerscore", "rules", "show", "azure-2023-06"}); code != exitDone || stderr.Len() > 0 {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

func TestExitCodeOfASignal(t *testing.T) {
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		ctx, cancel := context.WithCancelCause(context.Background())
		if got := exitCode(ctx, errors.New("fault")); got != exitInternal {
			t.Errorf("before the signal: %d", got)
		}
		cancel(&interruptedError{signal: signal})
		if got := exitCode(ctx, errors.New("fault")); got != want {
			t.Errorf("%v: %d, want %d", signal, got, want)
		}
		if got := exitCode(ctx, nil); got != exitDone {
			t.Errorf("%v after all was done: %d", signal, got)
		}
	}
}

func TestLongListsOfProblemsAreCut(t *testing.T) {
	p, _, stderr := testProgram(nil)
	p.report(context.Background(), &usageError{problems: strings.Split(strings.Repeat("wrong,", 130)+"wrong", ",")})
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

func TestEveryConfigKeyIsAnOption(t *testing.T) {
	o := newScoringOptions()
	path := &pathOptions{answerOptions: newAnswerOptions()}
	got := map[string]bool{}
	for _, option := range append(o.options(), path.options()...) {
		if option.key != "" {
			got[option.key] = true
		}
	}
	want := map[string]bool{}
	for key := range configKeys() {
		want[key] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("config keys and options differ (-keys +options):\n%s", diff)
	}
}

func TestExampleConfigIsRightAndComplete(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.yaml")
	if err := os.WriteFile(path, []byte(uncommented(exampleConfig)), 0o600); err != nil {
		t.Fatal(err)
	}
	p, stdout, stderr := testProgram(nil)
	if code := p.run(context.Background(), []string{"partnerscore", "config", "check", path}); code != exitDone || stdout.String() != path+": ok\n" {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	f, err := openConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	for key := range configKeys() {
		if _, ok := f.entries[key]; !ok {
			t.Errorf("%s does not show the key %s", path, key)
		}
	}
	if len(f.columns) == 0 || len(f.aliases) == 0 || f.patterns.Usage == "" {
		t.Errorf("%s does not show paths, columns and aliases", path)
	}
	if diff := cmp.Diff(exports.DefaultPatterns(), f.patterns); diff != "" {
		t.Errorf("paths are not the defaults (-defaults +example):\n%s", diff)
	}
	asIs := &configFile{path: "as-is.yaml", entries: map[string]configEntry{}}
	asIs.decode([]byte(exampleConfig))
	if len(asIs.entries)+len(asIs.problems)+len(asIs.columns)+len(asIs.aliases) > 0 || asIs.profile != "" || asIs.partner != "" {
		t.Errorf("the example sets something: %+v", asIs)
	}
}

// uncommented is the example of a config file with all of its keys set.
func uncommented(example string) string {
	return regexp.MustCompile(`(?m)^#([^ #].*|  .*)$`).ReplaceAllString(example, "$1")
}

// TestExampleConfigShowsTheDefaults: what the example says of a key that has a default is the default.
func TestExampleConfigShowsTheDefaults(t *testing.T) {
	values := func(text string) (all scoringOptions, costs scoring.Costs) {
		file := &configFile{path: "c.yaml", entries: map[string]configEntry{}}
		file.decode([]byte(text))
		all, costs = newScoringOptions(), answers.DefaultPathCosts()
		options := only(append(all.options(), costOptions(&costs)...), "snapshots", "max-rejected", "lock-wait", "log-format", "quiet", "customer-cost", "acr-cost",
			"service-cost", "person-cost")
		if problems := readOptions(options, func(string) string { return "" }, file); len(problems) > 0 {
			t.Fatal(problems)
		}
		return all, costs
	}
	shown, shownCosts := values(uncommented(exampleConfig))
	usual, usualCosts := values("")
	if fmt.Sprint(shown) != fmt.Sprint(usual) || shownCosts != usualCosts {
		t.Errorf("the example shows %+v %+v, the defaults are %+v %+v", shown, shownCosts, usual, usualCosts)
	}
}
