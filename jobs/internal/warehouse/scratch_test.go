package warehouse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/fault"
)

// TestScratchSweepsTheDead: folders of runs that are over go, those of living runs and of others stay.
func TestScratchSweepsTheDead(t *testing.T) {
	dir := t.TempDir()
	dead, foreign := filepath.Join(dir, "partnerscore-123"), filepath.Join(dir, "partnerscore-of-mine")
	for _, path := range []string{dead, foreign} {
		if err := errors.Join(os.Mkdir(path, 0o700), os.WriteFile(filepath.Join(path, "spill.tmp"), []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	first, err := NewScratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := NewScratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{dead: false, foreign: true, first.path: true, second.path: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", path, err == nil, want)
		}
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

// TestScratchWithoutRoom: the error names the folder and the flag.
func TestScratchWithoutRoom(t *testing.T) {
	if _, err := NewScratch(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want that the folder does not exist", err)
	}
	if _, err := NewScratch("/proc"); fault.Of(err) != fault.Usage {
		t.Errorf("%v, want that no folder can be made there", err)
	}
	const other = "name another folder with --temp-dir"
	for errno, advice := range map[unix.Errno]string{unix.ENOSPC: "make room, or " + other, unix.EDQUOT: "make room, or " + other,
		unix.EACCES: "let the run write there, or " + other, unix.EROFS: other} {
		err := &ScratchError{Err: &os.PathError{Op: "mkdir", Path: "tmp", Err: errno}}
		if want := fmt.Sprintf("temporary directory: mkdir tmp: %v; %s", errno, advice); err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
