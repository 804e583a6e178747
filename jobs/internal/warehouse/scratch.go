package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/fault"
)

const (
	scratchPrefix = "partnerscore-"
	// scratchTries bounds how often a new folder is made because another run, sweeping, took it for a dead one's.
	scratchTries = 10
)

// Scratch is a folder of temporary files. Its lock goes with its process, which tells it from what a killed run left behind.
type Scratch struct {
	path string
	lock *os.File
}

// ScratchError says that no temporary folder could be made.
type ScratchError struct{ Err error }

// FaultKind is fault.Usage where no file can be made in the folder, room or not: the choice of the folder is wrong. Else it is fault.Internal.
func (e *ScratchError) FaultKind() string {
	if errors.Is(e.Err, fs.ErrPermission) || errors.Is(e.Err, fs.ErrNotExist) || errors.Is(e.Err, unix.EROFS) {
		return fault.Usage
	}
	return fault.Internal
}

// Error says what to do.
func (e *ScratchError) Error() string {
	hint := "name another folder with --temp-dir"
	switch {
	case diskFull(e.Err):
		hint = "make room, or " + hint
	case errors.Is(e.Err, fs.ErrPermission):
		hint = "let the run write there, or " + hint
	}
	return fmt.Sprintf("temporary directory: %v; %s", e.Err, hint)
}

// Unwrap returns what failed.
func (e *ScratchError) Unwrap() error { return e.Err }

// NewScratch makes a folder in dir and removes those of dead runs from there; it fails with a *ScratchError. The caller closes it.
func NewScratch(dir string) (*Scratch, error) {
	SweepScratch(dir)
	for range scratchTries {
		path, err := os.MkdirTemp(dir, scratchPrefix)
		if err != nil {
			return nil, &ScratchError{Err: err}
		}
		lock, err := lockFolder(path)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("temporary directory %s: %w", path, err), os.RemoveAll(path))
		}
		if lock != nil {
			return &Scratch{path: path, lock: lock}, nil
		}
	}
	return nil, fmt.Errorf("temporary directory: what is made in %s is gone at once; name another folder with --temp-dir", dir)
}

// Path returns where the folder is.
func (s *Scratch) Path() string { return s.path }

// Close removes the folder with all that is in it.
func (s *Scratch) Close() error {
	return errors.Join(os.RemoveAll(s.path), s.lock.Close())
}

// lockFolder returns nil when another run has the folder, or it is gone.
func lockFolder(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, f.Close()
		}
		return nil, errors.Join(err, f.Close())
	}
	held, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if now, err := os.Lstat(path); err != nil || !os.SameFile(held, now) {
		return nil, f.Close()
	}
	return f, nil
}

// SweepScratch removes the folders of dead runs from dir. One that cannot be removed, another user's for example, does not stop the run.
func SweepScratch(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), scratchPrefix)
		if !ok || !e.IsDir() || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if lock, err := lockFolder(path); err == nil && lock != nil {
			_ = os.RemoveAll(path) // the next run tries again
			_ = lock.Close()
		}
	}
}

// Written lists the files that the engine wrote into a folder of the scratch.
func Written(folder string) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		paths = append(paths, filepath.Join(folder, e.Name()))
	}
	return paths, nil
}
