package warehouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"partnerscore/jobs/internal/fault"
)

// roomTick is how often a statement that writes files is looked at.
const roomTick = 50 * time.Millisecond

// RoomError says that files that a statement writes for later ones take more room than they may.
type RoomError struct{ Limit int64 }

// Error names the limit.
func (e *RoomError) Error() string {
	return fmt.Sprintf("temporary files take more than the %d bytes that they may", e.Limit)
}

// FaultKind is fault.Internal.
func (e *RoomError) FaultKind() string { return fault.Internal }

// FaultAdvice names the flags that help.
func (e *RoomError) FaultAdvice() string {
	return "allow more with --max-temp, or name a folder with more room with --temp-dir"
}

// Folder makes a new folder for files that statements write and read again. It goes when the warehouse is closed.
func (db *DB) Folder() (string, error) {
	dir, err := os.MkdirTemp(db.temp.path, "slices-")
	if err != nil {
		return "", &ScratchError{Err: err}
	}
	if db.beside { // the first connection removes all that is left
		db.folders = append(db.folders, dir)
	}
	return dir, nil
}

// CopyFile copies a file that statements wrote.
func CopyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// MakeFolder makes a folder in one that Folder made.
func MakeFolder(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return &ScratchError{Err: err}
	}
	return nil
}

// RemoveFolder removes a folder that Folder or MakeFolder made before the warehouse is closed.
func RemoveFolder(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return &ScratchError{Err: err}
	}
	return nil
}

// Within runs do, which writes files below dir, and stops it with a *RoomError once they take more than limit bytes: the engine itself limits
// only what it spills.
func (db *DB) Within(ctx context.Context, dir string, limit int64, do func(context.Context) error) error {
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for running.Err() == nil {
			if size, err := folderSize(dir); err == nil && size > limit {
				stop(&RoomError{Limit: limit})
			}
			select {
			case <-running.Done():
			case <-time.After(roomTick):
			}
		}
	}()
	err := do(running)
	stop(nil)
	<-watched
	if err != nil {
		return err
	}
	if size, err := folderSize(dir); err != nil || size > limit {
		return cmp.Or(err, error(&RoomError{Limit: limit}))
	}
	return nil
}

// folderSize adds up the files below a folder; one that goes meanwhile counts nothing.
func folderSize(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}

// TooMuchTemp reports whether an error says that temporary files would take more room than --max-temp allows.
func TooMuchTemp(err error) bool {
	var room *RoomError
	return errors.As(err, &room)
}
