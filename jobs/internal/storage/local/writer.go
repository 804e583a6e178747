package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/storage"
)

// writer is the lock file and what its holder may do.
type writer struct {
	*Store
	runID string
	lock  *os.File // nil once it is released
}

func (w *writer) locked() error {
	if w.lock == nil {
		return storage.ErrReleased
	}
	return nil
}

// Stage makes an empty folder below that of the run.
func (w *writer) Stage(_ context.Context, name string) (storage.Staging, error) {
	st := w.staging(w.runID, name)
	return st, firstError(w.locked(),
		func() error { return w.disk.Remove(st.dir) },
		func() error { return mkdirAll(w.disk, st.dir) })
}

func (w *writer) Staged(runID, name string) storage.Staging { return w.staging(runID, name) }

func (w *writer) staging(runID, name string) *staging {
	return &staging{writer: w, dir: w.path(path.Join(stagingName, runID, name))}
}

// Begin writes the intent aside and renames it. It is whole as soon as it can be seen.
func (w *writer) Begin(ctx context.Context, publish []byte) error {
	return firstError(w.locked(),
		func() error { return mkdirAll(w.disk, w.path(stagingName)) },
		func() error { return writeSynced(w.disk, w.path(intentAside), publish) },
		func() error { return context.Cause(ctx) },
		func() error { return w.disk.Rename(w.path(intentAside), w.path(intentName)) },
		func() error { return w.disk.Sync(w.path(stagingName)) })
}

// End removes the intent. It is synced, or the intent could come back after a power cut and meet a later publish.
func (w *writer) End(context.Context) error {
	return firstError(w.locked(),
		func() error { return w.disk.Remove(w.path(intentName)) },
		func() error { return w.disk.Sync(w.path(stagingName)) })
}

// Put writes the file under another name beside its own, and renames it.
func (w *writer) Put(_ context.Context, name string, data []byte) error {
	at := w.path(name)
	err := firstError(errors.Join(w.locked(), storage.CheckName(name)),
		func() error { return mkdirAll(w.disk, filepath.Dir(at)) },
		func() error { return writeSynced(w.disk, at+".new", data) },
		func() error { return w.disk.Rename(at+".new", at) })
	if err != nil {
		err = errors.Join(err, w.disk.Remove(at+".new"))
	}
	return err
}

// Sweep empties the folder of all that is staged.
func (w *writer) Sweep(context.Context) error {
	if err := w.locked(); err != nil {
		return err
	}
	all := w.path(stagingName)
	info, err := os.Lstat(all)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweep staging: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("sweep staging: %s is in the way: it must be a folder", all)
	}
	entries, err := os.ReadDir(all)
	if err != nil {
		return fmt.Errorf("sweep staging: %w", err)
	}
	for _, e := range entries {
		if err := w.disk.Remove(filepath.Join(all, e.Name())); err != nil {
			return fmt.Errorf("sweep staging: %w", err)
		}
	}
	return nil
}

// staging is one folder of staged files.
type staging struct {
	*writer
	dir string
}

func (st *staging) Where(file string) string { return st.Path(file) }

func (st *staging) Path(file string) string { return filepath.Join(st.dir, file) }

// Write writes a staged file; Save syncs it.
func (st *staging) Write(_ context.Context, file string, data []byte) error {
	return firstError(st.locked(), func() error { return st.disk.Write(st.Path(file), data) })
}

func (st *staging) Open(_ context.Context, file string) (storage.File, error) {
	return openRegular(st.Path(file), file)
}

func (st *staging) Save(_ context.Context, files ...string) error {
	err := st.locked()
	for _, file := range files {
		err = firstError(err, func() error { return st.disk.Sync(st.Path(file)) })
	}
	return firstError(err, func() error { return st.disk.Sync(st.dir) })
}

// Prepare creates the folders of published files and refuses whatever would make a rename fail: one that fails half-way leaves a publish that
// is neither the old one nor the new one until it succeeds.
func (st *staging) Prepare(_ context.Context, names ...string) error {
	err := st.locked()
	for _, name := range names {
		err = firstError(err, func() error { return storage.CheckName(name) }, func() error { return st.prepare(name) })
	}
	return err
}

func (st *staging) prepare(name string) error {
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		info, err := os.Lstat(st.path(folder))
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is in the way: it must be a folder", folder)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
	}
	folder := filepath.Dir(st.path(name))
	if err := mkdirAll(st.disk, folder); err != nil {
		return err
	}
	info, err := os.Lstat(st.path(name))
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is in the way: it must be a regular file", name)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := unix.Access(folder, unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("write to %s: %w", folder, err)
	}
	return sameDevice(folder, st.dir)
}

// sameDevice refuses a folder on another file system: renames do not reach it.
func sameDevice(a, b string) error {
	var x, y unix.Stat_t
	if err := errors.Join(unix.Stat(a, &x), unix.Stat(b, &y)); err != nil {
		return err
	}
	if x.Dev != y.Dev {
		return fmt.Errorf("%s and %s are on different file systems; all of the snapshots must be on one", a, b)
	}
	return nil
}

// Move renames files and syncs their folders, also those of moves that were made before a crash: these may not survive the machine yet.
func (st *staging) Move(_ context.Context, moves ...storage.Move) error {
	err := st.locked()
	for _, mv := range moves {
		to := st.path(mv.Name)
		if mv.Made {
			continue
		}
		err = firstError(err,
			func() error { return storage.CheckName(mv.Name) },
			func() error { return mkdirAll(st.disk, filepath.Dir(to)) },
			func() error { return st.disk.Rename(st.Path(mv.File), to) })
	}
	synced := map[string]bool{}
	for _, mv := range moves {
		folder := filepath.Dir(st.path(mv.Name))
		if synced[folder] {
			continue
		}
		synced[folder] = true
		err = firstError(err, func() error { return st.disk.Sync(folder) })
	}
	return err
}

// Remove deletes the folder, and that of its run when nothing else is in it.
func (st *staging) Remove(context.Context) error {
	return firstError(st.locked(),
		func() error { return st.disk.Remove(st.dir) },
		func() error { return st.disk.RemoveEmpty(filepath.Dir(st.dir)) })
}
