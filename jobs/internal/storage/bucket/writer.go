package bucket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"partnerscore/jobs/internal/storage"
)

// writer is the holder of the lock.
type writer struct {
	*Store
	*lease
}

// Stage returns a local folder. Files of it that an earlier try of this run has saved are removed.
func (w *writer) Stage(ctx context.Context, name string) (storage.Staging, error) {
	if err := w.fresh(ctx); err != nil {
		return nil, err
	}
	st := w.staging(w.runID(), name)
	if err := st.Remove(ctx); err != nil {
		return nil, err
	}
	return st, os.MkdirAll(st.local, 0o700)
}

func (w *writer) runID() string {
	defer w.take()()
	return w.register.Holder.orNobody().RunID
}

func (w *writer) Staged(runID, name string) storage.Staging { return w.staging(runID, name) }

func (w *writer) staging(runID, name string) *staging {
	folder := path.Join(stagingName, runID, name)
	return &staging{w, folder, filepath.Join(w.scratch.Folder, filepath.FromSlash(folder))}
}

func (w *writer) Begin(ctx context.Context, publish []byte) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	text := string(publish)
	return w.change(ctx, func(r *register) { r.Open = &text })
}

func (w *writer) End(ctx context.Context) error {
	return w.change(ctx, func(r *register) { r.Open = nil })
}

func (w *writer) Put(ctx context.Context, name string, data []byte) error {
	if err := errors.Join(storage.CheckName(name), w.fresh(ctx)); err != nil {
		return err
	}
	return w.put(ctx, name, contentOf(data), Condition{})
}

// put puts an object. When the answer is an error, the object says whether the put was made.
func (w *writer) put(ctx context.Context, name string, content Content, condition Condition) error {
	_, err := w.Store.client.Put(ctx, name, content, condition)
	if err == nil {
		return nil
	}
	now, asked := w.Store.client.Head(context.WithoutCancel(ctx), name)
	switch {
	case asked == nil && now.SHA256 == content.SHA256 && now.Bytes == content.Bytes:
		return nil
	case errors.Is(err, ErrCondition):
		return &storage.LostRaceError{Where: w.Where(name)}
	default:
		return err
	}
}

// Sweep removes all staged files, also those of this process.
func (w *writer) Sweep(ctx context.Context) error { return w.drop(ctx, stagingName) }

// drop removes what is staged below a folder. The lock is made sure of before each request: another holder may have staged files meanwhile.
func (w *writer) drop(ctx context.Context, folder string) error {
	if err := w.fresh(ctx); err != nil {
		return err
	}
	found, err := w.Store.client.List(ctx, folder+"/")
	if err != nil {
		return err
	}
	err = sideBySide(ctx, len(found), func(ctx context.Context, i int) error {
		if err := w.fresh(ctx); err != nil {
			return err
		}
		return w.Store.client.Delete(ctx, found[i].Name)
	})
	return errors.Join(err, os.RemoveAll(filepath.Join(w.scratch.Folder, filepath.FromSlash(folder))))
}

// staging is a folder on scratch, whose files are saved as objects of the same names below .staging.
type staging struct {
	*writer
	folder string // of the store
	local  string
}

func (st *staging) Where(file string) string { return st.writer.Where(path.Join(st.folder, file)) }

func (st *staging) Path(file string) string { return filepath.Join(st.local, file) }

func (st *staging) Write(_ context.Context, file string, data []byte) error {
	defer st.take()()
	return errors.Join(st.held(), os.WriteFile(st.Path(file), data, 0o600))
}

// Open opens the file on scratch, or the saved one where another process has staged it.
func (st *staging) Open(ctx context.Context, name string) (storage.File, error) {
	f, err := os.Open(st.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return st.writer.Open(ctx, path.Join(st.folder, name))
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("open %s: %w", st.Path(name), storage.ErrNotFile), f.Close())
	}
	return scratchFile{f, storage.Object{Name: name, Bytes: info.Size(), Modified: info.ModTime()}}, nil
}

// scratchFile is an open file on scratch.
type scratchFile struct {
	*os.File
	object storage.Object
}

func (f scratchFile) Object() storage.Object { return f.object }

func (st *staging) Save(ctx context.Context, files ...string) error {
	return sideBySide(ctx, len(files), func(ctx context.Context, i int) error {
		return st.upload(ctx, st.Path(files[i]), path.Join(st.folder, files[i]), Condition{})
	})
}

// upload puts a file of scratch.
func (st *staging) upload(ctx context.Context, from, name string, condition Condition) (err error) {
	if err := errors.Join(storage.CheckName(name), st.fresh(ctx)); err != nil {
		return err
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return st.put(ctx, name, Content{Body: f, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, condition)
}

// Prepare checks names: an object needs no folder.
func (st *staging) Prepare(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := storage.CheckName(name); err != nil {
			return err
		}
	}
	return st.fresh(ctx)
}

// Move puts the files at their published names, side by side, each where the version is still the one that it replaces.
func (st *staging) Move(ctx context.Context, moves ...storage.Move) error {
	return sideBySide(ctx, len(moves), func(ctx context.Context, i int) error {
		mv := moves[i]
		if mv.Made {
			return st.fresh(ctx)
		}
		from := st.Path(mv.File)
		if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
			if from, err = st.fetch(ctx, path.Join(st.folder, mv.File)); err != nil {
				return err
			}
		}
		condition := Condition{Absent: mv.Was == "", Version: mv.Was}
		if mv.Always {
			condition = Condition{}
		}
		return st.upload(ctx, from, mv.Name, condition)
	})
}

func (st *staging) Remove(ctx context.Context) error { return st.drop(ctx, st.folder) }
