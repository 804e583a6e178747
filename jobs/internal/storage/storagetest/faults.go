package storagetest

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"partnerscore/jobs/internal/storage"
)

// Faults stops or fails a store at a chosen step, by wrapping the store or the disk below it. Both functions may be nil, and may be changed
// between two steps.
type Faults struct {
	// Before is called ahead of every change with its description, like "move scores/month=2024-06/part-0.parquet". An error makes
	// that change fail; a panic, or the end of the process, simulates a crash.
	Before func(op string) error
	// After is called when the change was made. An error simulates a lost answer.
	After func(op string) error
}

func (f *Faults) do(op string, change func() error) error {
	if f.Before != nil {
		if err := f.Before(op); err != nil {
			return err
		}
	}
	if err := change(); err != nil {
		return err
	}
	if f.After != nil {
		return f.After(op)
	}
	return nil
}

// Disk is what package local changes a folder by.
type Disk interface {
	Mkdir(path string) error
	Write(path string, data []byte) error
	Sync(path string) error
	Rename(from, to string) error
	Remove(path string) error
	RemoveEmpty(path string) error
}

// Disk wraps a disk. Its changes are named by operation and path relative to root, a rename by the path that it replaces.
func (f *Faults) Disk(disk Disk, root string) Disk { return faultyDisk{f, disk, root} }

type faultyDisk struct {
	*Faults
	disk Disk
	root string
}

func (d faultyDisk) about(op, path string, change func() error) error {
	if rel, err := filepath.Rel(d.root, path); err == nil {
		path = filepath.ToSlash(rel)
	}
	return d.do(op+" "+path, change)
}

func (d faultyDisk) Mkdir(path string) error {
	return d.about("mkdir", path, func() error { return d.disk.Mkdir(path) })
}

func (d faultyDisk) Write(path string, data []byte) error {
	return d.about("write", path, func() error { return d.disk.Write(path, data) })
}

func (d faultyDisk) Sync(path string) error {
	return d.about("fsync", path, func() error { return d.disk.Sync(path) })
}

func (d faultyDisk) Rename(from, to string) error {
	return d.about("rename", to, func() error { return d.disk.Rename(from, to) })
}

func (d faultyDisk) Remove(path string) error {
	return d.about("remove", path, func() error { return d.disk.Remove(path) })
}

func (d faultyDisk) RemoveEmpty(path string) error {
	return d.about("remove", path, func() error { return d.disk.RemoveEmpty(path) })
}

// Store wraps a store of any kind. Its changes are named by method and name.
func (f *Faults) Store(s storage.Store) storage.Store { return faultyStore{s, f} }

type faultyStore struct {
	storage.Store
	faults *Faults
}

// Below wraps the store of a folder, too.
func (s faultyStore) Below(folder string) storage.Store {
	return faultyStore{s.Store.Below(folder), s.faults}
}

func (s faultyStore) Lock(ctx context.Context, wait time.Duration, runID string) (w storage.Writer, err error) {
	err = s.faults.do("lock", func() error {
		w, err = s.Store.Lock(ctx, wait, runID)
		return err
	})
	if err != nil && w != nil {
		return nil, errors.Join(err, w.Release())
	}
	if err != nil {
		return nil, err
	}
	return faultyWriter{w, s.faults}, nil
}

type faultyWriter struct {
	storage.Writer
	faults *Faults
}

func (w faultyWriter) Stage(ctx context.Context, name string) (st storage.Staging, err error) {
	err = w.faults.do("stage "+name, func() error {
		st, err = w.Writer.Stage(ctx, name)
		return err
	})
	return faultyStaging{st, w.faults}, err
}

func (w faultyWriter) Staged(runID, name string) storage.Staging {
	return faultyStaging{w.Writer.Staged(runID, name), w.faults}
}

func (w faultyWriter) Begin(ctx context.Context, publish []byte) error {
	return w.faults.do("begin", func() error { return w.Writer.Begin(ctx, publish) })
}

func (w faultyWriter) End(ctx context.Context) error {
	return w.faults.do("end", func() error { return w.Writer.End(ctx) })
}

func (w faultyWriter) Put(ctx context.Context, name string, data []byte) error {
	return w.faults.do("put "+name, func() error { return w.Writer.Put(ctx, name, data) })
}

func (w faultyWriter) Sweep(ctx context.Context) error {
	return w.faults.do("sweep", func() error { return w.Writer.Sweep(ctx) })
}

type faultyStaging struct {
	storage.Staging
	faults *Faults
}

func (st faultyStaging) Write(ctx context.Context, file string, data []byte) error {
	return st.faults.do("write "+file, func() error { return st.Staging.Write(ctx, file, data) })
}

// Save saves the files one by one, so that a fault can come between two of them.
func (st faultyStaging) Save(ctx context.Context, files ...string) error {
	for _, file := range files {
		if err := st.faults.do("save "+file, func() error { return st.Staging.Save(ctx, file) }); err != nil {
			return err
		}
	}
	return nil
}

func (st faultyStaging) Prepare(ctx context.Context, names ...string) error {
	return st.faults.do("prepare", func() error { return st.Staging.Prepare(ctx, names...) })
}

// Move makes the moves one by one, so that a fault can come between two of them.
func (st faultyStaging) Move(ctx context.Context, moves ...storage.Move) error {
	for _, mv := range moves {
		if err := st.faults.do("move "+mv.Name, func() error { return st.Staging.Move(ctx, mv) }); err != nil {
			return err
		}
	}
	return nil
}

func (st faultyStaging) Remove(ctx context.Context) error {
	return st.faults.do("remove", func() error { return st.Staging.Remove(ctx) })
}
