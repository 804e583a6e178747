package storagetest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"partnerscore/jobs/internal/storage"
)

// Memory is a place in memory that works like a bucket of an object store: files have versions and are replaced by conditional puts, one
// register holds the lock and the open publish, and what is staged lies in a local folder until it is saved.
type Memory struct {
	mu       sync.Mutex
	puts     int
	files    map[string]blob
	holder   *memoryWriter
	open     []byte
	everUsed bool
}

type blob struct {
	data   []byte
	object storage.Object
}

// NewMemory returns an empty place.
func NewMemory() *Memory { return &Memory{files: map[string]blob{}} }

// Open returns a store of the place, which keeps local files in the scratch folder. Each process has a scratch folder of its own.
func (p *Memory) Open(scratch string) storage.Store { return &memory{p, scratch} }

// Expire takes the lock from its holder, as happens to a run that was held up for too long.
func (p *Memory) Expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holder = nil
}

func (p *Memory) put(name string, data []byte) {
	p.puts++
	p.files[name] = blob{data, storage.Object{Name: name, Bytes: int64(len(data)), Modified: time.Unix(int64(p.puts), 0), Version: fmt.Sprint(p.puts)}}
}

type memory struct {
	*Memory
	scratch string
}

func (s *memory) Properties() storage.Properties {
	return storage.Properties{Versions: true, Intent: ".lock"}
}

func (s *memory) Where(name string) string { return strings.TrimSuffix("memory://"+name, "/") }

func (s *memory) Exists(context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.everUsed, nil
}

func (s *memory) List(_ context.Context, folder string, leaveOut ...string) (found []storage.Object, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	below := func(name, folder string) bool { return folder == "" || strings.HasPrefix(name, folder+"/") }
	for name, b := range s.files {
		out := slices.ContainsFunc(append(leaveOut, ".staging"), func(folder string) bool { return below(name, folder) })
		if !out && below(name, folder) {
			found = append(found, b.object)
		}
	}
	slices.SortFunc(found, func(a, b storage.Object) int { return cmp.Compare(a.Name, b.Name) })
	return found, nil
}

func (s *memory) Open(_ context.Context, name string) (storage.File, error) {
	if !fs.ValidPath(name) || name == "." {
		return nil, fs.ErrInvalid
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.files[name]
	if !ok {
		return nil, fmt.Errorf("open %s: %w", name, fs.ErrNotExist)
	}
	return memoryFile{bytes.NewReader(b.data), b.object}, nil
}

type memoryFile struct {
	*bytes.Reader
	object storage.Object
}

func (f memoryFile) Object() storage.Object { return f.object }
func (f memoryFile) Close() error           { return nil }

func (s *memory) Files(ctx context.Context, names ...string) (paths []string, err error) {
	for _, name := range names {
		at := filepath.Join(s.scratch, "fetched", name)
		paths = append(paths, at)
		data, _, err := storage.ReadFile(ctx, s, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(at), 0o777), os.WriteFile(at, data, 0o666)); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

func (s *memory) Folders() []string { return []string{s.scratch} }

func (s *memory) Publishing(ctx context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open, context.Cause(ctx)
}

func (s *memory) Lock(ctx context.Context, wait time.Duration, runID string) (storage.Writer, error) {
	if err := storage.CheckRunID(runID); err != nil {
		return nil, err
	}
	w := &memoryWriter{memory: s, runID: runID}
	for deadline := time.Now().Add(wait); ; time.Sleep(time.Millisecond) {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		s.mu.Lock()
		before := s.holder
		if before == nil {
			s.holder, s.everUsed = w, true
		}
		s.mu.Unlock()
		if before == nil {
			return w, nil
		}
		if time.Now().After(deadline) {
			return nil, &storage.HeldError{Root: s.Where(""), RunID: before.runID}
		}
	}
}

type memoryWriter struct {
	*memory
	runID    string
	released bool
}

// swap changes the register, if it still says that this writer holds the lock.
func (w *memoryWriter) swap(change func() error) error {
	return w.unlessReleased(func() error {
		if w.holder != w {
			return storage.ErrReleased
		}
		return change()
	})
}

// unlessReleased makes a change beside the register: a writer that lost its lock does not know it yet.
func (w *memoryWriter) unlessReleased(change func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.released {
		return storage.ErrReleased
	}
	return change()
}

func (w *memoryWriter) Stage(ctx context.Context, name string) (storage.Staging, error) {
	st := w.staging(w.runID, name)
	if err := st.Remove(ctx); err != nil {
		return nil, err
	}
	return st, os.MkdirAll(st.local(), 0o777)
}

func (w *memoryWriter) Staged(runID, name string) storage.Staging { return w.staging(runID, name) }

func (w *memoryWriter) staging(runID, name string) *memoryStaging {
	return &memoryStaging{w, path.Join(".staging", runID, name)}
}

func (w *memoryWriter) Begin(ctx context.Context, publish []byte) error {
	return w.swap(func() error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		w.open = publish
		return nil
	})
}

func (w *memoryWriter) End(context.Context) error {
	return w.swap(func() error { w.open = nil; return nil })
}

func (w *memoryWriter) Put(_ context.Context, name string, data []byte) error {
	if !fs.ValidPath(name) || name == "." {
		return fs.ErrInvalid
	}
	return w.swap(func() error { w.put(name, bytes.Clone(data)); return nil })
}

func (w *memoryWriter) Sweep(context.Context) error {
	return w.swap(func() error { return w.drop(".staging") })
}

// drop deletes a folder of staged files, saved or not.
func (w *memoryWriter) drop(folder string) error {
	maps.DeleteFunc(w.files, func(name string, _ blob) bool { return strings.HasPrefix(name, folder+"/") })
	return os.RemoveAll(filepath.Join(w.scratch, folder))
}

func (w *memoryWriter) Release() error {
	return w.swap(func() error { w.holder, w.released = nil, true; return nil })
}

type memoryStaging struct {
	*memoryWriter
	folder string
}

func (st *memoryStaging) local() string { return filepath.Join(st.scratch, st.folder) }

func (st *memoryStaging) Where(file string) string {
	return st.memoryWriter.Where(path.Join(st.folder, file))
}

func (st *memoryStaging) Path(file string) string { return filepath.Join(st.local(), file) }

func (st *memoryStaging) Write(_ context.Context, file string, data []byte) error {
	return st.unlessReleased(func() error { return os.WriteFile(st.Path(file), data, 0o666) })
}

// Open opens the local file, and the saved one where another process has staged it.
func (st *memoryStaging) Open(ctx context.Context, file string) (storage.File, error) {
	data, err := os.ReadFile(st.Path(file))
	if errors.Is(err, fs.ErrNotExist) {
		return st.memoryWriter.Open(ctx, path.Join(st.folder, file))
	}
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(st.Path(file))
	return memoryFile{bytes.NewReader(data), storage.Object{Name: file, Bytes: int64(len(data)), Modified: info.ModTime()}}, err
}

func (st *memoryStaging) Save(_ context.Context, files ...string) error {
	return st.unlessReleased(func() error {
		for _, file := range files {
			data, err := os.ReadFile(st.Path(file))
			if err != nil {
				return err
			}
			st.put(path.Join(st.folder, file), data)
		}
		return nil
	})
}

func (st *memoryStaging) Prepare(context.Context, ...string) error {
	return st.unlessReleased(func() error { return nil })
}

// Move puts the local file, and the saved one where another process has staged it. The put depends on the version alone, not on the register.
func (st *memoryStaging) Move(ctx context.Context, moves ...storage.Move) error {
	for _, mv := range moves {
		if mv.Made {
			continue
		}
		data, _, err := storage.ReadFile(ctx, st, mv.File)
		if err != nil {
			return err
		}
		err = st.unlessReleased(func() error {
			if !mv.Always && st.files[mv.Name].object.Version != mv.Was {
				return &storage.LostRaceError{Where: st.memoryWriter.Where(mv.Name)}
			}
			st.put(mv.Name, data)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (st *memoryStaging) Remove(context.Context) error {
	return st.unlessReleased(func() error { return st.drop(st.folder) })
}
