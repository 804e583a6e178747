package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testKills kills the program behind every single change that it makes to the snapshots, from three start states. Whatever the moment,
// every month is the old or the new one, or one that the next run completes; the next run ends well and in the bytes of a run that nobody
// disturbed.
func testKills(t *testing.T, binary string) {
	needStrace(t)
	for _, state := range []struct {
		name    string
		prepare func(t *testing.T, l *lab)
		old     []string // the published months of the start
	}{
		{"empty tree", emptyTree, nil},
		{"published month", publishedMonths, []string{"2024-05", "2024-06"}},
		{"earlier crash", earlierCrash, []string{"2024-05"}},
	} {
		t.Run(state.name, func(t *testing.T) {
			if !longFaults && state.name != "published month" {
				t.Skip("takes long; PARTNERSCORE_TEST_LONG=1 runs it")
			}
			t.Parallel()
			k := kills{lab: newShortLab(t, binary), template: filepath.Join(t.TempDir(), "template")}
			k.staged = state.name == "published month"
			k.creations = k.staged
			state.prepare(t, k.lab)
			k.keep(t, k.template)
			k.before, _ = k.published(t)
			if diff := cmp.Diff(state.old, slices.Sorted(maps.Keys(k.before))); diff != "" {
				t.Fatalf("published at the start (-want +got):\n%s", diff)
			}
			k.everyStep(t)
		})
	}
}

// emptyTree leaves of the history what makes three months of facts: a first one, one between, and a last one.
func emptyTree(t *testing.T, l *lab) {
	for m := lastMonth.Add(-15); m < lastMonth.Add(-1); m++ {
		if err := os.RemoveAll(filepath.Join(l.exports, "azure_usage", "month="+m.String())); err != nil {
			t.Fatal(err)
		}
	}
	writeMonth(t, l.exports, lastMonth.Add(-12), 1) // 2023-06, before 2024-05 and 2024-06
	l.flags = []string{"--allow-missing", "history"}
}

// publishedMonths publishes two months; then one month of usage and the certifications are restated.
func publishedMonths(t *testing.T, l *lab) {
	l.mustScore(t, lastMonth.Add(-1))
	l.mustScore(t, lastMonth)
	writeExports(t, l.exports, 2)
}

// earlierCrash adds a run of a second version that was killed between the renames of its publish, and the rubbish of one that was killed
// before; then everything is restated once more.
func earlierCrash(t *testing.T, l *lab) {
	publishedMonths(t, l)
	steps := l.traceKilled(t, point{}, l.score(lastMonth, "--dry-run")...).steps
	if len(steps) > 0 {
		t.Fatalf("a dry run changes: %q", steps)
	}
	rename := "rename .staging/RUN/2024-06/customers.staged customers/month=2024-06/part-0.parquet"
	if run := l.traceKilled(t, point{rename, 1}, l.score(lastMonth)...); !run.killed {
		t.Fatalf("not killed behind the rename of customers in %q", run.steps)
	}
	rubbish := filepath.Join(l.snapshots, ".staging", "20200101T000000Z-00000000", "2024-06")
	writeText(t, filepath.Join(rubbish, "scores.staged"), "PAR1")
	writeExports(t, l.exports, 3)
}

func isRename(step string) bool { return strings.HasPrefix(step, "rename") }

// kills is a start state and what comes of it when nobody disturbs.
type kills struct {
	*lab
	template      string
	staged        bool // what is done to staged files counts as well: one state will do, for nobody looks at them before they are renamed
	before, after map[string]month
	parquet       map[string]string // every Parquet file afterwards, facts too
}

func (k *kills) everyStep(t *testing.T) {
	k.restore(t, k.template)
	whole := k.traceKilled(t, point{}, k.score(lastMonth)...)
	if whole.code != 0 {
		t.Fatalf("undisturbed: %d %s", whole.code, whole.stderr)
	}
	k.after, _ = k.published(t)
	k.parquet = k.parquetHashes(t)
	k.noLeftovers(t)
	visited := 0
	for i, p := range points(whole.steps) {
		if k.matters(p.step) && (!longFaults || isRename(p.step) || share(i, 8)) {
			k.killAt(t, p)
			visited++
		}
	}
	t.Logf("%d steps, killed behind %d of them", len(whole.steps), visited)
}

// killAt kills a run at a point and lets the next one put things right. A run may miss a point: when two threads make a step at the same
// moment, it stops once. The engine may also write in other pieces.
func (k *kills) killAt(t *testing.T, p point) {
	t.Helper()
	for range 5 {
		k.restore(t, k.template)
		run := k.traceKilled(t, p, k.score(lastMonth)...)
		if !run.killed && run.code != 0 {
			t.Fatalf("not killed: %d %s", run.code, run.stderr)
		}
		if k.survives(t); t.Failed() {
			t.Fatalf("killed %t behind %s (%d)", run.killed, p.step, p.nth)
		}
		if run.killed {
			return
		}
	}
	if isRename(p.step) || strings.HasPrefix(p.step, "fsync") {
		t.Errorf("five runs do not come to %s (%d)", p.step, p.nth)
	}
}

// inStage are steps that change nothing but staged files.
var inStage = regexp.MustCompile(`^(write|pwrite64|fsync|openat) \.staging/RUN/`)

// matters tells whether to kill behind a step. In the long loop that is every one, but for what is done to staged files where another start
// state has that; in the short one it is three of the renames that publish.
func (k *kills) matters(step string) bool {
	if !longFaults {
		return isRename(step) && (strings.HasSuffix(step, "intent.json") || strings.HasSuffix(step, " metrics/month=2024-06/part-0.parquet") ||
			strings.HasSuffix(step, "_manifests/month=2024-06.json"))
	}
	return k.staged || !inStage.MatchString(step)
}

// survives checks what a kill or another fault left, and that the next run makes of it what an undisturbed one makes.
func (k *kills) survives(t *testing.T) {
	t.Helper()
	now, open := k.published(t)
	for name, m := range now {
		if !cmp.Equal(m, k.before[name]) && !cmp.Equal(m, k.after[name]) && !k.finishedCrash(name, m) {
			t.Errorf("%s is neither the old nor the new month:\n%s", name, cmp.Diff(k.before[name], m))
		}
	}
	for name := range k.before {
		if _, there := now[name]; !there && name != open {
			t.Errorf("%s is gone", name)
		}
	}
	// The lock of the dead run is free as soon as the system has cleared up behind it.
	e := k.run(t, k.score(lastMonth, "--lock-wait", "10s")...)
	if e.code != 0 {
		t.Errorf("the next run ended with %d: %s", e.code, e.stderr)
	}
	again, open := k.published(t)
	if diff := cmp.Diff(k.after, again); diff != "" || open != "" {
		t.Errorf("the next run does not end as an undisturbed one, open %q (-undisturbed +after the fault):\n%s", open, diff)
	}
	if diff := cmp.Diff(k.parquet, k.parquetHashes(t)); diff != "" {
		t.Errorf("other files (-undisturbed +after the fault):\n%s", diff)
	}
	k.noLeftovers(t)
}

// finishedCrash allows, over an earlier crash, its month once it has been finished: its tables agree with its manifest.
func (k *kills) finishedCrash(name string, m month) bool {
	_, wasThere := k.before[name]
	return !wasThere && len(m.Tables) == 6 && len(k.before) == 1
}

func (k *kills) parquetHashes(t *testing.T) map[string]string {
	t.Helper()
	hashes := map[string]string{}
	for path := range files(t, k.snapshots) {
		if strings.HasSuffix(path, ".parquet") {
			hashes[path] = fileHash(t, k.snapshots+path)
		}
	}
	return hashes
}
