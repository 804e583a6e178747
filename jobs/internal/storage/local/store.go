// Package local keeps snapshots in a folder. Its lock is an flock on .lock, which ends with its process. What is staged lies in .staging, on the
// same file system; the open publish is the file .staging/intent.json. Files are published by renames, so that a reader sees whole files at any
// time, and before each step that relies on an earlier one the earlier one is synced.
package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/storage"
)

const (
	lockName    = ".lock"
	stagingName = ".staging"
	intentName  = ".staging/intent.json"
	// intentAside is where the intent is written before it can be seen.
	intentAside = ".staging/intent.staged"
)

// Store is one folder of snapshots.
type Store struct {
	root string
	disk Disk
}

// Open returns the store in a folder. It creates nothing: a folder that does not exist is an empty store until Lock creates it.
func Open(root string) (*Store, error) { return OpenOn(root, func(d Disk) Disk { return d }) }

// OpenOn is Open with the disk of the operating system wrapped by another one.
func OpenOn(root string, wrap func(Disk) Disk) (*Store, error) {
	if root == "" {
		return nil, errors.New("open snapshots: no folder given")
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("open snapshots %s: %w", root, err)
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil && !elsewhereHelps(err):
		return nil, fmt.Errorf("open snapshots: %w", err)
	case err != nil:
		return nil, &storage.UnusableError{Root: root, What: "it cannot be opened; name another one with --snapshots", Err: err}
	case !info.IsDir():
		return nil, &storage.UnusableError{Root: root, What: "it is not a folder; name another one with --snapshots"}
	}
	return &Store{root: abs, disk: wrap(disk{})}, nil
}

// elsewhereHelps reports whether an error is of the place that was named, so that another one would do.
func elsewhereHelps(err error) bool {
	return slices.ContainsFunc([]error{fs.ErrPermission, fs.ErrNotExist, unix.EROFS, unix.ENOTDIR, unix.ENAMETOOLONG, unix.ELOOP},
		func(fault error) bool { return errors.Is(err, fault) })
}

// Properties say that files have no versions: the lock ends with its process, so a run cannot lose it without noticing.
func (s *Store) Properties() storage.Properties { return storage.Properties{Intent: intentName} }

func (s *Store) Where(name string) string { return s.path(name) }

func (s *Store) path(name string) string { return filepath.Join(s.root, filepath.FromSlash(name)) }

func (s *Store) Exists(context.Context) (bool, error) {
	_, err := os.Stat(s.root)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (s *Store) Files(_ context.Context, names ...string) ([]string, error) {
	paths := make([]string, len(names))
	for i, name := range names {
		if err := storage.CheckName(name); err != nil {
			return nil, err
		}
		paths[i] = s.path(name)
	}
	return paths, nil
}

// Folders returns the folder of the store, in which staged files lie, too.
func (s *Store) Folders() []string { return []string{s.root} }

func (s *Store) Below(folder string) storage.Store { return &Store{root: s.path(folder), disk: s.disk} }

func (s *Store) Publishing(ctx context.Context) ([]byte, error) {
	data, _, err := storage.ReadFile(ctx, s, intentName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// Open opens a regular file and nothing else: opening a named pipe would wait for a writer for ever, and no output is a symbolic link.
func (s *Store) Open(_ context.Context, name string) (storage.File, error) {
	if err := storage.CheckName(name); err != nil {
		return nil, err
	}
	f, err := openRegular(s.path(name), name)
	return f, unreadable(s.root, err)
}

// file is an open regular file.
type file struct {
	*os.File
	object storage.Object
}

func (f file) Object() storage.Object { return f.object }

func openRegular(path, name string) (storage.File, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, syscall.ENOTDIR) || err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open %s: %w", path, storage.ErrNotFile)
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	// The descriptor decides from here on: a rename may have come between.
	info, err = f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("open %s: %w", path, storage.ErrNotFile), f.Close())
	}
	return file{f, object(name, info)}, nil
}

func object(name string, info fs.FileInfo) storage.Object {
	return storage.Object{Name: name, Bytes: info.Size(), Modified: info.ModTime()}
}

// unreadable says of an error about permissions what to do; others it returns as they are.
func unreadable(root string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return &storage.UnusableError{Root: root, What: "the folder cannot be read, check the owner and mode of it and of what it holds", Err: err}
	}
	return err
}

// List walks a folder. Links, pipes and the like are listed as files: opening one is an error. A folder lost+found is the file system's.
func (s *Store) List(ctx context.Context, folder string, leaveOut ...string) (found []storage.Object, err error) {
	root, err := filepath.EvalSymlinks(s.path(folder)) // a walk does not follow a link as its root
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(s.root, err)
	}
	err = filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone since it was listed
		}
		if err := errors.Join(err, context.Cause(ctx)); err != nil {
			return err
		}
		rel, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		name := path.Join(folder, filepath.ToSlash(rel))
		if entry.IsDir() {
			if name == "lost+found" || entry.Name() == stagingName || slices.Contains(leaveOut, name) {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Name() == lockName {
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		found = append(found, object(name, info))
		return nil
	})
	slices.SortFunc(found, func(a, b storage.Object) int { return strings.Compare(a.Name, b.Name) })
	return found, unreadable(s.root, err)
}

// Places opens folders. What is in a folder needs no copies.
type Places struct{}

func (Places) Snapshots(_ context.Context, folder, _ string) (storage.Store, error) {
	return Open(folder)
}

func (Places) Exports(_ context.Context, folder, _ string) (storage.Source, error) {
	return OpenSource(folder)
}
