package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage"
)

// childEnv makes the test binary act as another process: see TestMain.
const childEnv = "LOCAL_TEST_LOCK"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(lockChild())
	}
	os.Exit(m.Run())
}

// child starts the test binary as another process.
func child(tb testing.TB, root string) *exec.Cmd {
	tb.Helper()
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childEnv+"="+root)
	cmd.Stderr = os.Stderr
	return cmd
}

// lockChild takes the lock, says so, and holds it until its stdin ends.
func lockChild() int {
	s, err := Open(os.Getenv(childEnv))
	if err != nil {
		return 1
	}
	if _, err := s.Lock(context.Background(), 0, "child-run"); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("locked")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	return 0
}

func TestLockAgainstAnotherProcess(t *testing.T) {
	root := filepath.Join(t.TempDir(), "deep", "snapshots")
	cmd := child(t, root)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "locked\n" {
		t.Fatalf("child said %q, %v", line, err)
	}

	s := mustOpen(t, root)
	_, err = s.Lock(t.Context(), 0, "mine")
	var held *storage.HeldError
	if !errors.As(err, &held) {
		t.Fatalf("got %v, want a HeldError", err)
	}
	host, _ := os.Hostname()
	if held.PID != cmd.Process.Pid || held.RunID != "child-run" || held.Host != host || time.Since(held.Started) > time.Minute {
		t.Errorf("got holder %+v, want pid %d", held, cmd.Process.Pid)
	}
	if !strings.Contains(err.Error(), "run child-run holds the lock (pid ") {
		t.Errorf("message %q does not name the holder", err)
	}

	// A dead holder holds nothing, whatever its file says; who waits gets it.
	got := make(chan error, 1)
	go func() {
		w, err := s.Lock(context.Background(), 10*time.Second, "mine")
		if err == nil {
			err = w.Release()
		}
		got <- err
	}()
	time.Sleep(2 * lockPoll)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if err := <-got; err != nil {
		t.Errorf("waiting for a holder that died: %v", err)
	}
	if info, err := os.Stat(s.path(lockName)); err != nil || info.Size() != 0 {
		t.Errorf("lock file after release: %v, %v; want an empty file", info, err)
	}
}

func TestLockWaits(t *testing.T) {
	root := t.TempDir()
	a, b := mustOpen(t, root), mustOpen(t, root)
	w, err := a.Lock(t.Context(), 0, "a")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	var held *storage.HeldError
	if _, err := b.Lock(t.Context(), 3*lockPoll, "b"); !errors.As(err, &held) || held.RunID != "a" {
		t.Fatalf("got %v, want held by a", err)
	}
	if took := time.Since(begin); took < 3*lockPoll {
		t.Errorf("gave up after %v", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(lockPoll, cancel)
	if _, err := b.Lock(ctx, time.Hour, "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	if err := w.Release(); err != nil {
		t.Fatal(err)
	}
	if w, err = b.Lock(t.Context(), 0, "b"); err != nil {
		t.Fatalf("after release: %v", err)
	}
	if err := w.Release(); err != nil {
		t.Fatal(err)
	}
}

// A lock file that was deleted while it was waited for must not give two holders.
func TestLockFileDeleted(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	w, err := s.Lock(t.Context(), 0, "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Release(); err != nil {
		t.Fatal(err)
	}
	old, err := os.Open(s.path(lockName))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = old.Close() }()
	if err := os.Remove(s.path(lockName)); err != nil {
		t.Fatal(err)
	}
	if err := flock(old); err != nil { // a lock on the deleted file holds nobody off
		t.Fatal(err)
	}
	if _, err := s.Lock(t.Context(), 0, "b"); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestLockRefusesBadRoots(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("a file as root: %v", err)
	}
	if _, err := Open(""); err == nil {
		t.Error("an empty root: no error")
	}
	if _, err := Open(filepath.Join(file, "below")); err == nil {
		t.Error("a root below a file: no error")
	}
	locked := filepath.Join(dir, "locked")
	if err := os.MkdirAll(filepath.Join(locked, lockName), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := mustOpen(t, locked).Lock(t.Context(), 0, "r"); err == nil || !strings.Contains(err.Error(), "lock snapshots") {
		t.Errorf("a folder as lock file: %v", err)
	}
	fifo := filepath.Join(dir, "fifo")
	if err := os.Mkdir(fifo, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(fifo, lockName), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := mustOpen(t, fifo).Lock(t.Context(), 0, "r"); !errors.Is(err, storage.ErrNotFile) {
		t.Errorf("a pipe as lock file: %v", err)
	}
}

func TestLockReadOnlyRoot(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the superuser may write everywhere")
	}
	root := t.TempDir()
	if err := os.Chmod(root, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := mustOpen(t, root).Lock(t.Context(), 0, "r")
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "cannot be written") || !strings.Contains(err.Error(), root) {
		t.Errorf("got %v", err)
	}
	_, err = mustOpen(t, filepath.Join(root, "new")).Lock(t.Context(), 0, "r")
	if !errors.Is(err, os.ErrPermission) {
		t.Errorf("below it: got %v", err)
	}
}

// TestFolderThatCannotBeRead: the setting or its mode is wrong, not the program.
func TestFolderThatCannotBeRead(t *testing.T) {
	var unusable *storage.UnusableError
	if err := unreadable("there", &fs.PathError{Op: "open", Path: "there/a", Err: fs.ErrPermission}); !errors.As(err, &unusable) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
	if err := unreadable("there", fs.ErrNotExist); !errors.Is(err, fs.ErrNotExist) || errors.As(err, &unusable) {
		t.Errorf("got %v", err)
	}
	if os.Geteuid() == 0 {
		t.Skip("the superuser may read everything")
	}
	root := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(root, "a"), nil, 0), os.Mkdir(filepath.Join(root, "folder"), 0)); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, root)
	_, listed := s.List(t.Context(), "folder")
	_, opened := s.Open(t.Context(), "a")
	for _, err := range []error{listed, opened} {
		if !errors.As(err, &unusable) || !strings.Contains(err.Error(), "check the owner and mode") {
			t.Errorf("got %v", err)
		}
	}
}

func TestRunIDs(t *testing.T) {
	for _, bad := range []string{"", ".", "..", "a/b", "../x", ".hidden", "a b", "ä", "intent.json", "intent.staged", strings.Repeat("x", 129)} {
		s := mustOpen(t, t.TempDir())
		if _, err := s.Lock(t.Context(), 0, bad); err == nil {
			t.Errorf("run id %q was taken", bad)
		}
	}
	if err := storage.CheckRunID("20240703T010000Z-4f2a"); err != nil {
		t.Error(err)
	}
}

// TestFolderThatCannotBe: a place in which no folder can be made is a wrong choice, whatever stands in the way.
func TestFolderThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := errors.Join(os.WriteFile(file, nil, 0o666), os.Symlink("nothing", filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	roots := []string{filepath.Join(file, "below"), "/proc/none", filepath.Join(dir, "link"), filepath.Join(dir, strings.Repeat("long", 100))}
	if os.Getuid() != 0 { // whom nothing is forbidden
		readOnly := filepath.Join(dir, "read-only")
		if err := os.Mkdir(readOnly, 0o555); err != nil {
			t.Fatal(err)
		}
		roots = append(roots, filepath.Join(readOnly, "new"))
	}
	for _, root := range roots {
		store, err := Open(root)
		if err == nil {
			_, err = store.Lock(t.Context(), 0, "run")
		}
		var unusable *storage.UnusableError
		if !errors.As(err, &unusable) || !strings.Contains(err.Error(), "--snapshots") {
			t.Errorf("%s: %v", root, err)
		}
	}
}

func mustOpen(tb testing.TB, root string) *Store {
	tb.Helper()
	s, err := Open(root)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
