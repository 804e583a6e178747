package snapshot

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot/deltalog"
)

// stopped is what a simulated crash panics with.
type stopped struct{ op string }

// everyCrash asks for all combinations: each crash of a publish with each crash of its
// recovery, and a process killed at each point of all start states. Without it a share
// of them, spread evenly, must do.
func everyCrash() bool { return os.Getenv("PARTNERSCORE_TEST_CRASHES") == "all" }

// startStates are the trees that a publish of version 2 is disturbed over. versions are
// those that may be the whole month afterwards; 0 stands for none.
type startState struct {
	name     string
	versions []int
	prepare  func(tb testing.TB, fx fixtures, root string)
	template string // the prepared tree, copied for each crash
}

// fastDir is a temporary folder in memory where there is one: the crashes are those of
// processes, not of the machine, so nothing depends on what the syncs do.
func fastDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "snapshot")
	if err != nil {
		return tb.TempDir()
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// tree makes a fresh copy of the start state.
func (st *startState) tree(tb testing.TB, fx fixtures) (root string) {
	tb.Helper()
	if st.template == "" {
		st.template = filepath.Join(fastDir(tb), "template")
		if err := os.Mkdir(st.template, 0o777); err != nil {
			tb.Fatal(err)
		}
		st.prepare(tb, fx, st.template)
	}
	root = filepath.Join(filepath.Dir(st.template), "snapshots")
	if err := errors.Join(os.RemoveAll(root), os.CopyFS(root, os.DirFS(st.template))); err != nil {
		tb.Fatal(err)
	}
	return root
}

func startStates() []startState {
	return []startState{
		{name: "empty tree", versions: []int{0, 2}, prepare: func(testing.TB, fixtures, string) {}},
		{name: "published month", versions: []int{1, 2}, prepare: func(tb testing.TB, fx fixtures, root string) {
			mustPublish(tb, fx, root, 1)
		}},
		{name: "earlier crash", versions: []int{3, 2}, prepare: func(tb testing.TB, fx fixtures, root string) {
			mustPublish(tb, fx, root, 1)
			s := mustOpen(tb, root)
			if !crashes(tb, s, stopAtOp("rename customers/month=2024-06/part-0.parquet"), func() { _, _ = fx.publish(s, "dead", 3) }) {
				tb.Fatal("the earlier crash did not come")
			}
			junk := s.files.Where(".staging/deader/2024-05")
			if err := errors.Join(os.MkdirAll(junk, 0o777), os.WriteFile(filepath.Join(junk, "scores.staged"), []byte("x"), 0o666)); err != nil {
				tb.Fatal(err)
			}
		}},
	}
}

func mustPublish(tb testing.TB, fx fixtures, root string, version int) {
	tb.Helper()
	if _, err := fx.publish(mustOpen(tb, root), fmt.Sprintf("run-%d", version), version); err != nil {
		tb.Fatal(err)
	}
}

// stopAtOp and stopAt crash right before a change, given by name or by number.
func stopAtOp(op string) func(string) error {
	return func(got string) error {
		if got == op {
			panic(stopped{op})
		}
		return nil
	}
}

func stopAt(n int) func(string) error {
	return func(op string) error {
		if n--; n < 0 {
			panic(stopped{op})
		}
		return nil
	}
}

// crashes runs do with a hook and says whether it was stopped.
func crashes(tb testing.TB, s *Store, hook func(string) error, do func()) (crashed bool) {
	tb.Helper()
	if hook != nil {
		faultsOf(s).Before = hook
	}
	defer func() {
		faultsOf(s).Before = nil
		s.writer = nil
		if p := recover(); p != nil {
			if _, ok := p.(stopped); !ok {
				panic(p)
			}
			crashed = true
		}
	}()
	do()
	return false
}

// wholeVersion returns the version that all six tables and the manifest are of, 0 when
// nothing is published.
func wholeVersion(tb testing.TB, fx fixtures, s *Store) int {
	tb.Helper()
	diffs, err := s.Verify(tb.Context())
	if err != nil || len(diffs) > 0 {
		tb.Fatalf("verify: %v, %v", diffs, err)
	}
	months, err := s.Months(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	if len(months) == 0 {
		return 0
	}
	man, err := s.Manifest(tb.Context(), june())
	if err != nil {
		tb.Fatal(err)
	}
	version, err := strconv.Atoi(strings.TrimPrefix(man.InputsFingerprint, "inputs-"))
	if err != nil {
		tb.Fatal(err)
	}
	if diff := cmp.Diff(fx.contents(tb, version), publishedFiles(tb, s)); diff != "" {
		tb.Fatalf("the tables are not those of version %d, which the manifest names:\n%s", version, diff)
	}
	return version
}

// contents maps the tables of a version to their bytes.
func (fx fixtures) contents(tb testing.TB, version int) map[string]string {
	tb.Helper()
	out := map[string]string{}
	for _, t := range Tables() {
		data, err := os.ReadFile(fx.path(t.Name, version))
		if err != nil {
			tb.Fatal(err)
		}
		out[t.Name] = string(data)
	}
	return out
}

// mustRecover runs Recover as the next command would.
func mustRecover(tb testing.TB, s *Store) {
	tb.Helper()
	release, err := s.Lock(tb.Context(), 0, "next")
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := s.Recover(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	if err := release(); err != nil {
		tb.Fatal(err)
	}
}

// converges recovers, wants one whole version of those allowed, and runs again: the
// result is that of an undisturbed run.
func converges(tb testing.TB, fx fixtures, root string, allowed []int) {
	tb.Helper()
	s := mustOpen(tb, root)
	mustRecover(tb, s)
	if got := wholeVersion(tb, fx, s); !slices.Contains(allowed, got) {
		tb.Fatalf("after recovery the month is version %d, want one of %v", got, allowed)
	}
	if entries, err := os.ReadDir(s.files.Where(".staging")); err == nil && len(entries) > 0 {
		tb.Fatalf("recovery left %v in staging", entries)
	}
	if _, err := fx.publish(s, "again", 2); err != nil {
		tb.Fatal(err)
	}
	if got := wholeVersion(tb, fx, s); got != 2 {
		tb.Fatalf("after the next run the month is version %d", got)
	}
	var files []string
	for rel, e := range tree(tb, root) {
		if !e.Mode.IsDir() && !(fx.delta && filepath.Base(filepath.Dir(rel)) == deltalog.Dir) { // which of these there may be, verify has said
			files = append(files, rel)
		}
	}
	slices.Sort(files)
	want := []string{".lock", ManifestRel(june())}
	for _, t := range Tables() {
		want = append(want, TableRel(t.Name, june()))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, files); diff != "" {
		tb.Fatalf("files after the next run (-want +got):\n%s", diff)
	}
}

// A crash before any change of the file system, and then a crash before any change of
// the recovery from it, leaves a whole month.
func TestCrashAnywhere(t *testing.T) { crashAnywhere(t, newFixtures(t, 5, 1, 2, 3)) }

func crashAnywhere(t *testing.T, fx fixtures) {
	for i, start := range startStates() {
		t.Run(start.name, func(t *testing.T) {
			each, step := fx.oneOf(4), fx.oneOf(5)
			points, nested := i%each, 0
			for again := points % step; ; {
				root := start.tree(t, fx)
				s := mustOpen(t, root)
				if !crashes(t, s, stopAt(points), func() { _, _ = fx.publish(s, "victim", 2) }) {
					break
				}
				if fx.delta {
					readersDuring(t, root, start.name != "empty tree")
				}
				recrashed := crashes(t, s, stopAt(again), func() { recoverLocked(t, s) })
				converges(t, fx, root, start.versions)
				if again += step; recrashed {
					nested++
				} else {
					points += each
					again = points % step
				}
			}
			t.Logf("one of %d of %d points, %d crashes of the recovery", each, points, nested)
			if points < 25 || nested < 25/each {
				t.Error("too few: is the hook called?")
			}
		})
	}
}

// recoverLocked recovers under the lock and lets go of it when it is stopped.
func recoverLocked(tb testing.TB, s *Store) {
	tb.Helper()
	release, err := s.Lock(tb.Context(), 0, "second")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = release() }()
	if _, err := s.Recover(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

// childEnv makes the test binary act as another process.
const childEnv = "SNAPSHOT_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(publishChild())
	}
	debug.SetGCPercent(400) // the heap of a publish is so small that the collector took a third of the time
	os.Exit(m.Run())
}

// child starts the test binary as another process.
func child(tb testing.TB, env ...string) *exec.Cmd {
	tb.Helper()
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), append(env, childEnv+"=publish")...)
	cmd.Stderr = os.Stderr
	return cmd
}

// publishChild publishes version 2 and kills itself before change number KILL.
func publishChild() int {
	s, err := open(os.Getenv("SNAPSHOT_TEST_ROOT"))
	if err != nil {
		return 1
	}
	n, err := strconv.Atoi(os.Getenv("SNAPSHOT_TEST_KILL"))
	if err != nil {
		return 1
	}
	faultsOf(s).Before = func(string) error {
		if n--; n < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	fx := fixtures{dir: os.Getenv("SNAPSHOT_TEST_FIXTURES"), delta: os.Getenv("SNAPSHOT_TEST_DELTA") != ""}
	if _, err := fx.publish(s, "victim", 2); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// The same with real processes and SIGKILL.
func TestKillAnywhere(t *testing.T) { killAnywhere(t, newFixtures(t, 5, 1, 2, 3)) }

func killAnywhere(t *testing.T, fx fixtures) {
	for i, start := range startStates() {
		if start.name == "empty tree" && !everyCrash() {
			continue // TestCrashAnywhere has it
		}
		t.Run(start.name, func(t *testing.T) {
			step := fx.oneOf(6)
			n := i % step
			for ; ; n += step {
				root := start.tree(t, fx)
				cmd := child(t, "SNAPSHOT_TEST_ROOT="+root, "SNAPSHOT_TEST_FIXTURES="+fx.dir, "SNAPSHOT_TEST_KILL="+strconv.Itoa(n))
				if fx.delta {
					cmd.Env = append(cmd.Env, "SNAPSHOT_TEST_DELTA=1")
				}
				err := cmd.Run()
				if err == nil {
					break
				}
				if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
					t.Fatalf("child %d: %v", n, err)
				}
				converges(t, fx, root, start.versions)
			}
			if n < 25 {
				t.Errorf("only %d kills", n)
			}
		})
	}
}

// Every change may fail instead: the run says so, and the next one converges.
func TestFailAnywhere(t *testing.T) { failAnywhere(t, newFixtures(t, 5, 1, 2, 3)) }

func failAnywhere(t *testing.T, fx fixtures) {
	for i, start := range startStates() {
		t.Run(start.name, func(t *testing.T) {
			step := fx.oneOf(3)
			for n := i % step; ; n += step {
				root := start.tree(t, fx)
				s := mustOpen(t, root)
				left, failed := n, ""
				faultsOf(s).Before = func(op string) error {
					if left--; left == -1 {
						failed = op
						return fmt.Errorf("%s: %w", op, syscall.EIO)
					}
					return nil
				}
				_, err := fx.publish(s, "victim", 2)
				if failed == "" {
					if err != nil || n < 25 {
						t.Errorf("after %d failures: %v", n, err)
					}
					return
				}
				if !errors.Is(err, syscall.EIO) {
					t.Fatalf("%s failed: got %v, want the error", failed, err)
				}
				converges(t, fx, root, start.versions)
			}
		})
	}
}
