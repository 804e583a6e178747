package deltalog

import (
	"context"
	"errors"
	"fmt"
	"path"
	"sync"

	"partnerscore/jobs/internal/storage"
)

// Published is what is published of a table, and so what its log must list.
type Published struct {
	Table Table
	// Files have no statistics yet.
	Files []File
	// Unknown are paths of which it is not known whether and how they are published: what the log says of them is left as it is.
	Unknown []string
}

// ReadAll reads the logs of tables, side by side.
func ReadAll(ctx context.Context, files storage.Store, tables []Table) ([]*Log, error) {
	logs, errs := make([]*Log, len(tables)), make([]error, len(tables))
	var readers sync.WaitGroup
	for i, t := range tables {
		readers.Go(func() { logs[i], errs[i] = Read(ctx, files, t.Name) })
	}
	readers.Wait()
	return logs, errors.Join(errs...)
}

// Any reports whether a table has a log, or what is left of one.
func Any(ctx context.Context, files storage.Store, tables []Table) (bool, error) {
	for _, t := range tables {
		list, err := files.List(ctx, path.Join(t.Name, Dir))
		if err != nil || len(list) > 0 {
			return len(list) > 0, err
		}
	}
	return false, nil
}

// Next returns the commit that lists a file, and gives a log that has none the description of its table; nil where the log says so already.
// Before it, it writes a checkpoint of what was read where one is due.
func (l *Log) Next(ctx context.Context, w storage.Writer, t Table, info Info, f File) ([]byte, error) {
	if err := l.checkpointIfDue(ctx, w); err != nil {
		return nil, err
	}
	var files []File
	if !l.lists(f) {
		files = append(files, f)
	}
	return l.commit(t, info, files, nil)
}

// Sync commits what logs do not say yet of what is published, and returns the tables whose log that changed. A table without a log gets one.
func Sync(ctx context.Context, files storage.Store, w storage.Writer, logs []*Log, published []Published, info Info) (changed []string, err error) {
	for i, l := range logs {
		wrote, err := l.sync(ctx, files, w, published[i], info)
		if err != nil {
			return changed, fmt.Errorf("write the Delta log of %s: %w", l.table, err)
		}
		if wrote {
			changed = append(changed, l.table)
		}
	}
	return changed, nil
}

func (l *Log) sync(ctx context.Context, files storage.Store, w storage.Writer, p Published, info Info) (changed bool, err error) {
	if err := l.checkpointIfDue(ctx, w); err != nil {
		return false, err
	}
	var next []File
	for _, f := range p.Files {
		if l.lists(f) && !info.Deep {
			continue
		}
		// A file that is not the published one is left out: a log must not list what a reader cannot open.
		if f.Stats, err = p.Table.statisticsOf(ctx, files, f); err != nil {
			return false, err
		}
		if f.Stats != "" && l.differs(f) != "" {
			next = append(next, f)
		}
	}
	if l.Version < 0 && len(next) == 0 {
		return false, nil // the first publish makes the log
	}
	data, err := l.commit(p.Table, info, next, p.strangers(l))
	if err != nil || data == nil {
		return false, err
	}
	return true, put(ctx, w, storage.Move{File: stagedName, Name: CommitName(p.Table.Name, l.Version+1)}, data)
}

// stagedName is the name of what is staged for a log outside of a publish, and of the folder that it is staged in.
const stagedName = "delta"

// put writes one file of a log, whole or not at all.
func put(ctx context.Context, w storage.Writer, mv storage.Move, data []byte) error {
	dir, err := w.Stage(ctx, stagedName)
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return dir.Write(ctx, mv.File, data) },
		func() error { return dir.Save(ctx, mv.File) },
		func() error { return dir.Prepare(ctx, mv.Name) },
		func() error { return dir.Move(ctx, mv) },
		func() error { return dir.Remove(ctx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
