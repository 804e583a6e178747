package deltalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/apache/arrow-go/v18/parquet/file"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
)

// State is what there is of the log of a table.
type State struct {
	Table       string
	Version     int64 // -1 if the log is missing or cannot be read
	Differences []Difference
}

// Wrong reports whether a log says anything wrong.
func (s State) Wrong() bool { return len(s.Differences) > 0 }

// Difference is one thing that a log says wrong. Path is relative to the folder of the table.
type Difference struct{ Path, What string }

// Check compares the logs of tables, of which some have one, with what is published of them, with deep also the statistics with the footers of the
// files.
func Check(ctx context.Context, files storage.Store, published []Published, deep bool) (states []State, err error) {
	for _, p := range published {
		state := State{Table: p.Table.Name, Version: -1}
		log, err := Read(ctx, files, p.Table.Name)
		var broken *Error
		switch {
		case errors.As(err, &broken):
			state.Differences = []Difference{{broken.Path, "the Delta log cannot be read: " + broken.What + "; " + broken.FaultAdvice()}}
		case fault.Named(err) || ctx.Err() != nil:
			return nil, errors.Join(err, context.Cause(ctx))
		case err != nil:
			state.Differences = []Difference{{Dir, err.Error()}}
		case log.Version < 0:
			state.Differences = []Difference{{Dir, "the table has no Delta log, but others have; the next score or backfill writes it"}}
		default:
			state.Version = log.Version
			if state.Differences, err = p.compare(ctx, files, log, deep); err != nil {
				return nil, err
			}
		}
		states = append(states, state)
	}
	return states, nil
}

// compare says what a log says wrong of what is published.
func (p Published) compare(ctx context.Context, files storage.Store, l *Log, deep bool) (found []Difference, err error) {
	for _, f := range p.Files {
		if deep {
			if f.Stats, err = p.Table.statisticsOf(ctx, files, f); err != nil {
				return nil, err
			}
		}
		if what := l.differs(f); what != "" {
			found = append(found, Difference{f.Path, what})
		}
	}
	for _, path := range p.strangers(l) {
		found = append(found, Difference{path, "the Delta log lists the file, which is not published"})
	}
	what, err := hintOf(ctx, files, l)
	if err != nil {
		return nil, err
	}
	if what != "" {
		found = append(found, Difference{path.Join(Dir, lastCheckpoint), what})
	}
	schema, err := p.Table.schema()
	if err == nil && l.meta.SchemaString != schema {
		found = append(found, Difference{Dir, "the Delta log describes other columns than the table has"})
	}
	return found, err
}

// differs says how the entry of a file differs from the file; "" where it does not.
func (l *Log) differs(f File) string {
	a, ok := l.files[f.Path]
	switch {
	case !ok:
		return "the Delta log does not list the file"
	case a.Size != f.Bytes:
		return fmt.Sprintf("the Delta log says that the file has %d bytes, the manifest says %d", a.Size, f.Bytes)
	case a.Tags[hashTag] != f.SHA256:
		return fmt.Sprintf("the Delta log says that the file has sha256 %s, the manifest says %s", a.Tags[hashTag], f.SHA256)
	case a.PartitionValues[partition] != f.Month:
		return fmt.Sprintf("the Delta log says that the file is of the month %q", a.PartitionValues[partition])
	case f.Stats != "" && a.Stats != f.Stats:
		return "the Delta log has other statistics than the file"
	}
	return ""
}

// hintOf says what is wrong with the file that names the last checkpoint; "" where nothing is.
func hintOf(ctx context.Context, files storage.Store, l *Log) (what string, err error) {
	if !l.hinted {
		return "", nil
	}
	data, _, err := storage.ReadFile(ctx, files, path.Join(l.table, Dir, lastCheckpoint))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrNotFile) {
		return "", nil // a run may be writing it
	}
	if err != nil {
		return "", fmt.Errorf("read the Delta log of %s: %w", l.table, err)
	}
	var named struct {
		Version int64 `json:"version"`
	}
	switch err := json.Unmarshal(data, &named); {
	case err != nil:
		return "the file that names the last checkpoint is damaged; the next score or backfill writes it", nil
	case named.Version > l.Checkpoint:
		return fmt.Sprintf("it names the checkpoint of version %d, which is missing; the next score or backfill writes one", named.Version), nil
	}
	return "", nil
}

// strangers are the paths of a log that are not published.
func (p Published) strangers(l *Log) (paths []string) {
	known := map[string]bool{}
	for _, f := range p.Files {
		known[f.Path] = true
	}
	for _, path := range p.Unknown {
		known[path] = true
	}
	for _, path := range slices.Sorted(maps.Keys(l.files)) {
		if !known[path] {
			paths = append(paths, path)
		}
	}
	return paths
}

// statisticsOf reads the statistics of a published file; "" where the file is missing or not the one that was published.
func (t Table) statisticsOf(ctx context.Context, files storage.Store, want File) (stats string, err error) {
	name := path.Join(t.Name, want.Path)
	opened, err := files.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrNotFile) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the statistics of %s: %w", name, err)
	}
	f := storage.WatchFile(opened)
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.Object().Bytes != want.Bytes {
		return "", nil
	}
	stats, err = t.footerOf(f)
	if err != nil && f.Err() == nil {
		return "", nil // the footer is damaged, as verify says
	}
	if err != nil {
		return "", fmt.Errorf("read the statistics of %s: %w", name, err)
	}
	return stats, nil
}

// footerOf reads the statistics of an open file. The reader of Parquet panics on some damaged files.
func (t Table) footerOf(f storage.File) (stats string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is damaged: %v", p)
		}
	}()
	r, err := file.NewParquetReader(io.NewSectionReader(f, 0, f.Object().Bytes))
	if err != nil {
		return "", err
	}
	return t.Statistics(r)
}
