package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// about asks the test hook whether the change may happen. path names it in tests.
func (s *Store) about(op, path string) error {
	if s.before == nil {
		return nil
	}
	return s.before(op + " " + s.rel(path))
}

// mkdir creates path and its missing parents, and syncs the folder each new one is
// entered in, so that a synced file below it cannot vanish with its folder.
func (s *Store) mkdir(path string) error {
	info, err := os.Stat(path)
	if err == nil {
		if !info.IsDir() {
			return fmt.Errorf("create folder %s: a file is in the way", path)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("create folder: %w", err)
	}
	parent := filepath.Dir(path)
	if err := s.mkdir(parent); err != nil {
		return err
	}
	if err := s.about("mkdir", path); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create folder: %w", err)
	}
	return s.syncDir(parent)
}

// syncDir makes the entries of a folder durable. File systems that cannot sync a
// folder are let pass: there is nothing better to do on them.
func (s *Store) syncDir(path string) error {
	if err := s.about("fsync", path); err != nil {
		return err
	}
	err := syncPath(path)
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// syncFile makes the contents of a file durable that another writer closed.
func (s *Store) syncFile(path string) error {
	if err := s.about("fsync", path); err != nil {
		return err
	}
	return syncPath(path)
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// writeFile creates or replaces a file that no reader looks at yet and syncs it.
func (s *Store) writeFile(path string, data []byte) (err error) {
	if err := s.about("write", path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := s.about("fsync", path); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// rename moves from over to; it does not make the change durable.
func (s *Store) rename(from, to string) error {
	if err := s.about("rename", to); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// remove deletes a file or a folder with all it holds; an absent one is fine.
func (s *Store) remove(path string) error {
	if err := s.about("remove", path); err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("clean up: %w", err)
	}
	return nil
}

// openRegular opens a regular file and nothing else: opening a named pipe would wait
// for a writer for ever, and a symbolic link is nobody's output.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("open %s: %w", path, errNotRegular)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	// The descriptor decides from here on: a rename may have come between.
	info, err = f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, 0, errors.Join(err, fmt.Errorf("open %s: %w", path, errNotRegular), f.Close())
	}
	return f, info.Size(), nil
}

var errNotRegular = errors.New("it is not a regular file")

// sameFile says whether path is a regular file of exactly these bytes. An absent file
// and one of another size cost no read.
func sameFile(path string, bytes int64, sum string) (same bool, err error) {
	f, size, err := openRegular(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, errNotRegular) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if size != bytes {
		return false, nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return false, fmt.Errorf("hash %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)) == sum, nil
}
