package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Disk makes the changes of a folder. All changes but those of the lock file go through it, so that tests can count them, stop the program
// before any of them, or let it fail, by wrapping a disk.
type Disk interface {
	// Mkdir creates one folder.
	Mkdir(path string) error
	// Write creates or replaces a file.
	Write(path string, data []byte) error
	// Sync makes the contents of a file, or the entries of a folder, survive the machine.
	Sync(path string) error
	// Rename moves a file; it does not make the move survive.
	Rename(from, to string) error
	// Remove deletes a file or a folder with all it holds; none being there is not an error.
	Remove(path string) error
	// RemoveEmpty deletes a folder that holds nothing, and leaves another one.
	RemoveEmpty(path string) error
}

// disk is the one of the operating system.
type disk struct{}

func (disk) Mkdir(path string) error {
	if err := os.Mkdir(path, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create folder: %w", err)
	}
	return nil
}

func (disk) Write(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o666); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// Sync lets file systems pass that cannot sync a folder: there is nothing better to do on them.
func (disk) Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("sync: %w", err), f.Close())
	}
	err = f.Sync()
	if info.IsDir() && (errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP)) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

func (disk) Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

func (disk) Remove(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("clean up: %w", err)
	}
	return nil
}

func (disk) RemoveEmpty(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, syscall.EEXIST) {
		return nil
	}
	return err
}

// mkdirAll creates a folder and its missing parents, and syncs the folder each new one is entered in, so that a synced file below it cannot
// vanish with its folder.
func mkdirAll(d Disk, path string) error {
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
	if err := mkdirAll(d, parent); err != nil {
		return err
	}
	if err := d.Mkdir(path); err != nil {
		return err
	}
	return d.Sync(parent)
}

// writeSynced writes a file that no reader looks at yet.
func writeSynced(d Disk, path string, data []byte) error {
	return firstError(d.Write(path, data), func() error { return d.Sync(path) })
}

// firstError takes the steps until one fails.
func firstError(err error, steps ...func() error) error {
	for _, step := range steps {
		if err != nil {
			return err
		}
		err = step()
	}
	return err
}
