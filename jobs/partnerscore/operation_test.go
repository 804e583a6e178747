package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/cli"
)

// operation is a job that runs every day at six, on a clock of its own.
type operation struct {
	*lab
	now time.Time
}

// runs is one run of the job with what it was told besides.
func (o *operation) runs(tb testing.TB, flags ...string) (code int, stdout, stderr string) {
	tb.Helper()
	p, out, errs := testProgram(map[string]string{"PARTNERSCORE_PERSON_KEY": "the-key-of-the-tests"})
	p.Clock = func() time.Time { return o.now }
	p.Sleep = func(_ context.Context, d time.Duration) error { o.now = o.now.Add(d); return nil }
	args := append([]string{"partnerscore", "score", "--exports", o.exports, "--snapshots", o.snapshots, "--temp-dir", o.temp, "--threads", "1",
		"--memory-limit", "256MB"}, flags...)
	code = p.run(context.Background(), args)
	return code, out.String(), errs.String()
}

// day is what happens on one day of a month of operation, and what the run of that day has to do about it.
type day struct {
	deliver   func()
	code      int
	says      string   // in the log or the result
	published []string // the months whose published files are other ones afterwards
}

// TestAMonthOfOperation runs the job every day of July 2024 with --fresh-after 15 --restated: the export of June is absent, partial,
// complete, and restated; so are others. Every day the published months are those that a run into an empty folder gives.
func TestAMonthOfOperation(t *testing.T) {
	onlyLong(t)
	o := &operation{lab: labIn(t, "", t.TempDir()), now: time.Date(2024, 6, 20, 6, 0, 0, 0, time.UTC)}
	writeExports(t, o.exports, 1)
	usage := func(m, rows, version int) func() {
		return func() {
			at := lastMonth.Add(m)
			writeText(t, filepath.Join(o.exports, "azure_usage", "month="+at.String(), "part-0.csv"), usageText(at, rows, version))
		}
	}
	removed := os.RemoveAll(filepath.Join(o.exports, "azure_usage", "month=2024-06"))
	if code, _, log := o.runs(t); removed != nil || code != exitDone {
		t.Fatalf("May: %v, %d: %s", removed, code, log)
	}
	before, _ := o.lab.published(t)
	absent := day{code: exitMissing, says: "no export of azure_usage for 2024-06"}
	early := day{code: exitMissing, says: "the export of azure_usage for 2024-06 is not ready: it may still be refreshed until 2024-07-15"}
	nothing := day{says: "Unchanged: the snapshot of 2024-06"}
	days := map[int]day{
		1: early, 5: {deliver: usage(0, 6, 1), code: exitMissing, says: early.says}, 10: {deliver: usage(0, 24, 1), code: exitMissing, says: early.says},
		// April is restated while June is not ready: what depends on it is published at once.
		12: {deliver: usage(-2, 24, 2), code: exitMissing, says: early.says, published: []string{"2024-05"}},
		13: early,
		// The day comes, and with it a delivery that is not complete.
		15: {deliver: usage(0, 6, 1), code: exitMissing, says: "is not ready: it holds 6 rows, and the months before it usually hold 24"},
		16: {deliver: usage(0, 24, 1), says: "Published: the snapshot of 2024-06", published: []string{"2024-06"}},
		17: nothing,
		18: {deliver: usage(0, 25, 2), says: "Published: the snapshot of 2024-06", published: []string{"2024-06"}},
		19: nothing,
		20: {deliver: usage(-12, 24, 2), says: "Scored again, since their inputs, rules or settings changed: 2024-05.", published: []string{"2024-05", "2024-06"}},
		21: nothing,
		// A month that is published stays as it is while its export is delivered anew, and while it is gone.
		22: {deliver: usage(0, 2, 3), code: exitMissing, says: "it holds 2 rows"},
		24: {deliver: func() {
			if err := os.RemoveAll(filepath.Join(o.exports, "azure_usage", "month=2024-06")); err != nil {
				t.Fatal(err)
			}
		}, code: exitMissing, says: absent.says},
		26: {deliver: usage(0, 25, 2), says: "Unchanged: the snapshot of 2024-06"},
		27: nothing,
	}
	var today day
	for o.now = time.Date(2024, 7, 1, 6, 0, 0, 0, time.UTC); o.now.Month() == time.July; o.now = o.now.AddDate(0, 0, 1) {
		if next, ok := days[o.now.Day()]; ok {
			today = next
			if today.deliver != nil {
				today.deliver()
			}
		} else if today.deliver, today.published = nil, nil; !longFaults {
			continue // PARTNERSCORE_TEST_LONG=1 runs on the days on which nothing happens as well
		}
		code, result, log := o.runs(t, "--fresh-after", "15", "--restated")
		if code != today.code || !strings.Contains(log+result, today.says) {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s%s", o.now.Format(time.DateOnly), code, today.code, today.says, result, log)
		}
		before = o.changed(t, before, today.published)
	}
	if code, _, log := o.runs(t); code != exitMissing || !strings.Contains(log, "no export of azure_usage for 2024-07") {
		t.Errorf("1 August: %d: %s", code, log)
	}
}

// changed checks that the published months are other ones exactly where they are to be, and that those are what their inputs give.
func (o *operation) changed(t *testing.T, before map[string]month, want []string) map[string]month {
	t.Helper()
	after, _ := o.lab.published(t)
	var got []string
	for _, m := range slices.Sorted(maps.Keys(after)) {
		if !cmp.Equal(before[m].Tables, after[m].Tables) {
			got = append(got, m)
		}
	}
	if !slices.Equal(got, want) || len(after) < len(before) {
		t.Errorf("%s: published %v, want %v", o.now.Format(time.DateOnly), got, want)
	}
	for _, m := range got {
		fresh := &operation{lab: &lab{exports: o.exports, snapshots: filepath.Join(t.TempDir(), "fresh"), temp: o.temp}, now: o.now}
		if code, _, log := fresh.runs(t, "--month", m); code != exitDone {
			t.Fatalf("%s into an empty folder: %d: %s", m, code, log)
		}
		again, _ := fresh.lab.published(t)
		if diff := cmp.Diff(again[m].Tables, after[m].Tables); diff != "" {
			t.Errorf("%s: %s is not what its inputs give:\n%s", o.now.Format(time.DateOnly), m, diff)
		}
	}
	return after
}

func TestWaitUntilTheExportIsThere(t *testing.T) {
	t.Parallel()
	o := &operation{lab: labIn(t, "", t.TempDir()), now: time.Date(2024, 7, 20, 6, 2, 0, 0, time.UTC)}
	writeExports(t, o.exports, 1)
	june := filepath.Join(o.exports, "azure_usage", "month=2024-06")
	if err := os.Rename(june, june+".late"); err != nil {
		t.Fatal(err)
	}
	begun := o.now
	if code, _, _ := o.runs(t, "--wait-until", "06:01"); code != exitMissing || o.now != begun {
		t.Errorf("exit code %d after %s: the time was over", code, o.now.Sub(begun))
	}
	code, _, log := o.runs(t, "--wait-until", "07:00")
	if code != exitMissing || o.now != begun.Add(58*time.Minute) {
		t.Errorf("exit code %d after %s", code, o.now.Sub(begun))
	}
	if n := strings.Count(log, "inputs are not ready, waiting"); n != 1 {
		t.Errorf("the log says %d times that it waits:\n%s", n, log)
	}
	p, _, stderr := testProgram(nil)
	p.Clock = func() time.Time { return o.now }
	p.Sleep = func(_ context.Context, d time.Duration) error {
		if o.now = o.now.Add(d); o.now.Hour() == 12 {
			return os.Rename(june+".late", june)
		}
		return nil
	}
	args := []string{"partnerscore", "score", "--exports", o.exports, "--snapshots", o.snapshots, "--temp-dir", o.temp, "--wait-until", "18:00", "--quiet"}
	if code := p.run(context.Background(), args); code != exitDone || o.now.Hour() != 12 {
		t.Errorf("exit code %d at %s: %s", code, o.now, stderr)
	}
}

// TestSignalWhileWaiting: a run that waits for inputs ends at once.
func TestSignalWhileWaiting(t *testing.T) {
	p, _, stderr := testProgram(nil)
	ctx, cancel := context.WithCancelCause(context.Background())
	p.Sleep = func(ctx context.Context, d time.Duration) error {
		time.AfterFunc(10*time.Millisecond, func() { cancel(&cli.InterruptedError{Signal: syscall.SIGTERM}) })
		return sleep(ctx, d)
	}
	begun := time.Now()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "exports", "azure_usage"), 0o777); err != nil {
		t.Fatal(err)
	}
	args := []string{"partnerscore", "score", "--exports", filepath.Join(dir, "exports"), "--snapshots", filepath.Join(dir, "s"), "--wait-until", "23:59"}
	code := p.run(ctx, args)
	if code != exitTerminated || time.Since(begun) > 4*time.Second || !strings.Contains(stderr.String(), "inputs are not ready, waiting") {
		t.Errorf("exit code %d after %s: %s", code, time.Since(begun), stderr)
	}
}
