package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/storage"
)

// Source reads exports from a folder.
type Source struct{ root string }

// OpenSource opens the folder of exports. One that does not exist is a *storage.NoSourceError.
func OpenSource(root string) (*Source, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("find exports folder %s: %w", root, err)
	}
	resolved, err := filepath.EvalSymlinks(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &storage.NoSourceError{Root: root, Reason: "it does not exist"}
	case err != nil:
		return nil, fmt.Errorf("find exports folder %s: %w", root, err)
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return nil, fmt.Errorf("find exports folder %s: %w", root, err)
	}
	if !info.IsDir() {
		return nil, &storage.NoSourceError{Root: root, Reason: "it is no folder"}
	}
	return &Source{root: resolved}, nil
}

func (s *Source) Root() string { return s.root }

func (s *Source) path(name string) string { return filepath.Join(s.root, filepath.FromSlash(name)) }

func (s *Source) ReadDir(_ context.Context, dir string) ([]storage.SourceEntry, error) {
	found, err := os.ReadDir(s.path(dir))
	if err != nil {
		return nil, err
	}
	entries := make([]storage.SourceEntry, len(found))
	for i, e := range found {
		entries[i] = storage.SourceEntry{Name: e.Name(), Mode: e.Type()}
	}
	return entries, nil
}

func (s *Source) Stat(_ context.Context, name string) (storage.SourceInfo, error) {
	at := s.path(name)
	info, err := os.Lstat(at)
	if err != nil {
		return storage.SourceInfo{}, err
	}
	linked := info.Mode()&fs.ModeSymlink != 0
	if linked {
		if at, err = s.follow(at); err != nil {
			return storage.SourceInfo{}, &storage.SourceLinkError{Err: err}
		}
		if info, err = os.Lstat(at); err != nil {
			return storage.SourceInfo{}, &storage.SourceLinkError{Err: err}
		}
	}
	result, err := look(at)
	result.Mode, result.Linked, result.Modified = info.Mode().Type(), linked, info.ModTime()
	return result, err
}

// follow resolves a symlink without opening its target.
func (s *Source) follow(link string) (target string, err error) {
	target, err = filepath.EvalSymlinks(link)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "", err
	case err != nil: // nothing there, or a loop of links
		return "", storage.ErrLinkDangling
	}
	below, err := filepath.Rel(s.root, target)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return "", storage.ErrLinkEscapes
	}
	return target, nil
}

const (
	// fineTick is a bound on how coarse Linux stamps files within one process or another.
	fineTick = 20 * time.Millisecond
	// coarseTick is that of file systems that keep whole seconds (FAT: two).
	coarseTick = 2 * time.Second
)

// look reads size, times and inode of a file.
func look(path string) (storage.SourceInfo, error) {
	var raw unix.Stat_t
	for {
		switch err := unix.Lstat(path, &raw); {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return storage.SourceInfo{}, &fs.PathError{Op: "lstat", Path: path, Err: err}
		}
		return infoOf(&raw, time.Now()), nil
	}
}

// infoOf makes the version of size, times and inode: no program can set the time of the last change (ctime) back. Within one tick of the file
// system's clock a later write could leave the same times behind.
func infoOf(raw *unix.Stat_t, now time.Time) storage.SourceInfo {
	modified, changed := raw.Mtim.Nano(), raw.Ctim.Nano()
	info := storage.SourceInfo{Size: raw.Size, Version: fmt.Sprintf("%d-%d-%d-%d", raw.Size, modified, changed, raw.Ino)}
	tick := fineTick
	if changed%int64(time.Second) == 0 {
		tick = coarseTick
	}
	if now.Sub(time.Unix(0, changed)) <= tick {
		info.SettlesIn = tick
	}
	return info
}

// openFile is a file that was open and regular when its size was looked at.
type openFile struct {
	*os.File
	size int64
}

func (f openFile) Size() int64 { return f.size }

// Open opens a regular file. A pipe that took the name in the meantime does not make it hang.
func (s *Source) Open(_ context.Context, name string, _ storage.SourceInfo) (storage.SourceReader, error) {
	f, err := os.OpenFile(s.path(name), os.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &storage.NotRegularError{Mode: info.Mode()}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return openFile{f, info.Size()}, nil
}

func (s *Source) Path(name string, _ storage.SourceInfo) string { return s.path(name) }

// Fetch does nothing: the file is there.
func (s *Source) Fetch(context.Context, string, storage.SourceInfo) error { return nil }

// Forget does nothing: files stay.
func (s *Source) Forget(...string) {}

func (s *Source) Folders() []string { return []string{s.root} }
