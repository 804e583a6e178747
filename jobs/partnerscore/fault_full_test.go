package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mountTmpfs mounts a file system in memory with these options, or skips the test where that is not allowed.
func mountTmpfs(t *testing.T, path, options string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
	mount(t, path, "-t", "tmpfs", "-o", options, "tmpfs", path)
}

func mount(t *testing.T, path string, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), "mount", args...).CombinedOutput(); err != nil {
		t.Skipf("mount needs to be root with the right to mount: %v %s", err, output)
	}
	t.Cleanup(func() {
		if output, err := exec.Command("umount", path).CombinedOutput(); err != nil {
			t.Errorf("umount %s: %v %s", path, err, output)
		}
	})
}

// testFullDisks publishes to a disk with room for nothing, for a page, for two pages, … until there is enough.
func testFullDisks(t *testing.T, binary string) {
	t.Run("no space left", func(t *testing.T) { testNoSpaceLeft(t, binary) })
	t.Run("read only", func(t *testing.T) { testReadOnly(t, binary) })
	if longFaults {
		t.Run("not allowed", func(t *testing.T) { testNotAllowed(t, binary) })
	}
}

func testNoSpaceLeft(t *testing.T, binary string) {
	k := undisturbed(t, binary)
	const size = 8 << 20
	disk := filepath.Join(t.TempDir(), "disk")
	mountTmpfs(t, disk, fmt.Sprintf("size=%d", size))
	k.snapshots = filepath.Join(disk, "snapshots")
	filler := filepath.Join(disk, "filler")
	failed := 0
	for room := 0; ; room += k.roomStep() {
		k.restore(t, k.template)
		fill(t, filler, size, int64(room))
		e := k.run(t, k.score(lastMonth)...)
		if e.code != 0 {
			failed++
			if e.code != 1 || !strings.Contains(strings.ToLower(e.stderr), "no space left") || !strings.Contains(e.stderr, `hint="make room on that disk`) {
				t.Errorf("ended with %d: %s", e.code, e.stderr)
			}
			k.explains(t, e, disk)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if e.code == 0 {
			break
		}
		if k.survives(t); t.Failed() {
			t.Fatalf("with room for %d bytes: %s", room, e.stderr)
		}
	}
	if failed == 0 || longFaults && failed < 5 {
		t.Errorf("only %d runs failed", failed)
	}
	t.Logf("%d runs without enough room", failed)
}

func (k *kills) roomStep() int {
	if longFaults {
		return 4 << 10
	}
	return 24 << 10
}

// fill takes all of a file system but room.
func fill(t *testing.T, path string, size, room int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	page := make([]byte, 4<<10)
	for err == nil {
		_, err = f.Write(page)
	}
	info, statErr := f.Stat()
	if err := errors.Join(statErr, f.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, max(0, info.Size()-room)); err != nil || info.Size() > size {
		t.Fatalf("fill: %v", err)
	}
}

// testReadOnly: a read-only file system is no place to publish to, but one can look at it.
func testReadOnly(t *testing.T, binary string) {
	l := newShortLab(t, binary)
	l.mustScore(t, lastMonth.Add(-1))
	before := files(t, l.snapshots)
	mount(t, l.snapshots, "--bind", l.snapshots, l.snapshots)
	if output, err := exec.CommandContext(t.Context(), "mount", "-o", "remount,ro,bind", l.snapshots).CombinedOutput(); err != nil {
		t.Skipf("remount: %v %s", err, output)
	}
	e := l.run(t, l.score(lastMonth)...)
	if e.code != 2 || !strings.Contains(e.stderr, l.snapshots) || !strings.Contains(e.stderr, "--snapshots") {
		t.Errorf("ended with %d: %s", e.code, e.stderr)
	}
	if e := l.run(t, l.score(lastMonth, "--dry-run")...); e.code != 0 {
		t.Errorf("a dry run ended with %d: %s", e.code, e.stderr)
	}
	if diff := cmp.Diff(before, files(t, l.snapshots)); diff != "" {
		t.Errorf("something changed:\n%s", diff)
	}
}

// testNotAllowed: folders that this user may not write to, each in turn, and exports that it may not read.
func testNotAllowed(t *testing.T, binary string) {
	l := newLab(t, binary)
	l.mustScore(t, lastMonth.Add(-1))
	l.mustScore(t, lastMonth)
	writeExports(t, l.exports, 2)
	modes := func(folder, file os.FileMode) {
		t.Helper()
		if err := filepath.WalkDir(l.snapshots, func(path string, d os.DirEntry, err error) error {
			if d.IsDir() {
				return errors.Join(err, os.Chmod(path, folder))
			}
			return errors.Join(err, os.Chmod(path, file))
		}); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := l.published(t)
	export := filepath.Join(l.exports, "azure_usage", "month=2024-05", "part-0.csv")
	for _, c := range []struct {
		path string
		mode os.FileMode
		code int
	}{
		{filepath.Join(l.snapshots, "_facts", "month=2024-05"), 0o555, 1}, // first: later ones build these facts
		{l.snapshots, 0o555, 2}, // no place for snapshots at all
		{filepath.Join(l.snapshots, "_manifests"), 0o555, 1},
		{filepath.Join(l.snapshots, "scores", "month=2024-06"), 0o555, 1},
		{export, 0, 4},
	} {
		modes(0o777, 0o666)
		if c.path == l.snapshots {
			if err := os.Remove(filepath.Join(l.snapshots, ".lock")); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(c.path, c.mode); err != nil {
			t.Fatal(err)
		}
		e := nobody(t, l, l.score(lastMonth)...)
		if rel, _ := filepath.Rel(filepath.Dir(l.snapshots), c.path); e.code != c.code || !strings.Contains(e.stderr, "permission denied") ||
			!strings.Contains(e.stderr, strings.TrimPrefix(strings.TrimPrefix(rel, "exports/"), "snapshots/")) {
			t.Errorf("%s: ended with %d: %s", c.path, e.code, e.stderr)
		}
		if now, open := l.published(t); open != "" || !cmp.Equal(before, now) {
			t.Errorf("%s: something changed, open %q:\n%s", c.path, open, cmp.Diff(before, now))
		}
	}
	if err := os.Chmod(export, 0o644); err != nil {
		t.Fatal(err)
	}
	l.mustScore(t, lastMonth)
}
