package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/storage"
)

// lockPoll is the time between two tries while waiting; a waiting run starts at most
// this much late.
const lockPoll = 50 * time.Millisecond

// holder is the content of the lock file, for people and for storage.HeldError. The lock
// itself is the flock: it ends with its process, whatever the file says.
type holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	RunID   string    `json:"run_id"`
	Started time.Time `json:"started"`
}

// Lock takes the flock, and creates the folder before. The lock of a dead process is free; the file stays.
func (s *Store) Lock(ctx context.Context, wait time.Duration, runID string) (storage.Writer, error) {
	if err := storage.CheckRunID(runID); err != nil {
		return nil, fmt.Errorf("lock snapshots: %w", err)
	}
	if err := mkdirAll(s.disk, s.root); err != nil && elsewhereHelps(err) {
		return nil, &storage.UnusableError{Root: s.root, What: "the folder cannot be made; name another one with --snapshots", Err: err}
	} else if err != nil {
		return nil, fmt.Errorf("lock snapshots %s: %w", s.root, err)
	}
	f, err := s.waitForLock(ctx, time.Now().Add(wait))
	if err != nil {
		return nil, err
	}
	if err := writeHolder(f, runID); err != nil {
		return nil, errors.Join(fmt.Errorf("lock snapshots: %w", err), f.Close())
	}
	return &writer{Store: s, runID: runID, lock: f}, nil
}

// Release empties the lock file, so that a free lock names nobody, and gives the flock back. Closing would not be enough while a process that is
// being started still has a copy of the descriptor.
func (w *writer) Release() error {
	if err := w.locked(); err != nil {
		return err
	}
	f := w.lock
	w.lock = nil
	return errors.Join(f.Truncate(0), unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close())
}

func (s *Store) waitForLock(ctx context.Context, deadline time.Time) (*os.File, error) {
	for {
		f, err := s.tryLock()
		if f != nil || err != nil {
			return f, err
		}
		if !time.Now().Before(deadline) {
			return nil, s.heldError()
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("lock snapshots %s: %w", s.root, context.Cause(ctx))
		case <-time.After(lockPoll):
		}
	}
}

// tryLock returns the locked file, or nil when another run holds it.
func (s *Store) tryLock() (*os.File, error) {
	f, err := os.OpenFile(s.path(lockName), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o666)
	if err != nil {
		return nil, lockError(s.root, err)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(lockError(s.root, storage.ErrNotFile), err, f.Close())
	}
	err = flock(f)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, f.Close()
	}
	if err != nil {
		return nil, errors.Join(lockError(s.root, err), f.Close())
	}
	// Somebody may have deleted the file between open and flock: then this lock keeps
	// nobody out, and the next try opens the new file.
	now, err := os.Lstat(s.path(lockName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(lockError(s.root, err), f.Close())
	}
	if err != nil || !os.SameFile(info, now) {
		return nil, f.Close()
	}
	return f, nil
}

func lockError(root string, err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.EROFS) {
		return &storage.UnusableError{Root: root, What: "the folder cannot be written, check its owner and mode or name another one with --snapshots", Err: err}
	}
	return fmt.Errorf("lock snapshots %s: %w", root, err)
}

func flock(f *os.File) error {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func writeHolder(f *os.File, runID string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	data, err := json.Marshal(holder{PID: os.Getpid(), Host: host, RunID: runID, Started: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	return err
}

// heldError reads who holds the lock. The holder writes its name after taking the
// lock, so a few tries are made before the error stays anonymous.
func (s *Store) heldError() error {
	held := &storage.HeldError{Root: s.root}
	for range 3 {
		if h, ok := s.readHolder(); ok {
			held.PID, held.Host, held.RunID, held.Started = h.PID, h.Host, h.RunID, h.Started
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return held
}

func (s *Store) readHolder() (h holder, ok bool) {
	f, err := openRegular(s.path(lockName), lockName)
	if err != nil {
		return h, false
	}
	data, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<16))
	if errors.Join(err, f.Close()) != nil {
		return h, false
	}
	err = json.Unmarshal(bytes.TrimSpace(data), &h)
	return h, err == nil && h.RunID != ""
}
