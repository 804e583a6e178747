// Package deltalog keeps the transaction log that makes a published table a Delta Lake table: its commits, its checkpoints, and what they say about
// the files of the table. It writes reader version 1 and writer version 2, which every reader of Delta tables knows.
//
// A month's file is replaced under its own name. Its new entry replaces the old one in the log, as the protocol defines for a path that is added again.
// A commit never removes and adds the same path: the actions of a commit have no order, and readers would disagree about which of the two counts.
package deltalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
)

const (
	// Dir is the folder of the log in the folder of a table.
	Dir = "_delta_log"
	// partition is the column that the table is partitioned by. Its values are the months as folders have them, like 2024-06.
	partition = "month"
	// hashTag has the SHA-256 of a file, by which a log and a manifest are known to speak of the same bytes.
	hashTag = "partnerscore.sha256"

	lastCheckpoint   = "_last_checkpoint"
	commitSuffix     = ".json"
	checkpointSuffix = ".checkpoint.parquet"

	readerVersion, writerVersion = 1, 2
)

// File is the file of one month.
type File struct {
	Month    string // like 2024-06
	Path     string // relative to the folder of the table
	Bytes    int64
	SHA256   string
	Stats    string // of its rows, as Statistics returns them
	Modified time.Time
}

// Log is the log of a table in its newest version.
type Log struct {
	// Version is the newest; -1: the table has no log.
	Version int64
	// Checkpoint is the newest version that has a checkpoint, -1 where none has.
	Checkpoint int64

	table    string
	protocol *protocol
	meta     *metaData
	files    map[string]add // by path
	removed  map[string]remove
	hinted   bool // a file names the last checkpoint
}

// Error reports a log that cannot be read, or that another program has changed so that this one must not continue it.
type Error struct {
	Path  string // the file, relative to the folder of the table
	Where string // the same for people
	What  string
}

// FaultKind is fault.Usage: somebody must decide what becomes of the log.
func (e *Error) FaultKind() string { return fault.Usage }

func (e *Error) FaultAdvice() string {
	return "delete the folder " + Dir + " of this table, and nothing else; the next score or backfill with --delta writes it again"
}

func (e *Error) Error() string {
	return fmt.Sprintf("read the Delta log %s: %s; %s", e.Where, e.What, e.FaultAdvice())
}

// CommitName returns the name of a commit relative to the snapshots.
func CommitName(table string, version int64) string {
	return path.Join(table, Dir, base(version, commitSuffix))
}

// base is the name of a file of a version.
func base(version int64, suffix string) string { return fmt.Sprintf("%020d%s", version, suffix) }

// parse reads the version out of the name of a file of a log.
func parse(base, suffix string) (version int64, ok bool) {
	digits, ok := strings.CutSuffix(base, suffix)
	if !ok || len(digits) != 20 || strings.ContainsAny(digits, "+-") {
		return 0, false
	}
	version, err := strconv.ParseInt(digits, 10, 64)
	return version, err == nil
}

// Belongs reports whether a path, relative to the folder of a table, is that of a file which this package writes.
func Belongs(rel string) bool {
	dir, base := path.Split(rel)
	_, commit := parse(base, commitSuffix)
	_, checkpoint := parse(base, checkpointSuffix)
	return dir == Dir+"/" && (commit || checkpoint || base == lastCheckpoint)
}

// Read reads the log of a table: the newest checkpoint and the commits after it. Its error is an *Error, or that of the store.
func Read(ctx context.Context, files storage.Store, table string) (*Log, error) {
	l := &Log{Version: -1, Checkpoint: -1, table: table, files: map[string]add{}, removed: map[string]remove{}}
	list, err := files.List(ctx, path.Join(table, Dir))
	if err != nil {
		return nil, fmt.Errorf("list the Delta log of %s: %w", table, err)
	}
	commits := map[int64]bool{}
	for _, o := range list {
		l.hinted = l.hinted || path.Base(o.Name) == lastCheckpoint
		if v, ok := parse(path.Base(o.Name), commitSuffix); ok {
			commits[v], l.Version = true, max(l.Version, v)
		}
		if v, ok := parse(path.Base(o.Name), checkpointSuffix); ok {
			l.Checkpoint, l.Version = max(l.Checkpoint, v), max(l.Version, v)
		}
	}
	if l.Version < 0 && len(list) > 0 {
		return nil, l.broken(files, "", "it has no commit")
	}
	if l.Version < 0 {
		return l, nil
	}
	if l.Checkpoint >= 0 {
		if err := l.read(ctx, files, base(l.Checkpoint, checkpointSuffix), l.readCheckpoint); err != nil {
			return nil, err
		}
	}
	for v := l.Checkpoint + 1; v <= l.Version; v++ {
		if !commits[v] {
			return nil, l.broken(files, base(v, commitSuffix), "this commit is missing; the log ends with version %d", l.Version)
		}
		if err := l.read(ctx, files, base(v, commitSuffix), l.apply); err != nil {
			return nil, err
		}
	}
	return l, l.check(files)
}

// read hands the bytes of a file of the log to a decoder.
func (l *Log) read(ctx context.Context, files storage.Store, base string, decode func([]byte) error) error {
	data, _, err := storage.ReadFile(ctx, files, path.Join(l.table, Dir, base))
	switch {
	case errors.Is(err, storage.ErrNotFile):
		return l.broken(files, base, "%v", storage.ErrNotFile)
	case err != nil:
		return fmt.Errorf("read the Delta log of %s: %w", l.table, err)
	}
	if err := decode(data); err != nil {
		return l.broken(files, base, "%v", err)
	}
	return nil
}

// check refuses a log that says too little, or that this package must not continue.
func (l *Log) check(files storage.Store) error {
	switch {
	case l.protocol == nil || l.meta == nil:
		return l.broken(files, "", "it has no protocol or no metaData")
	case l.protocol.MinReaderVersion != readerVersion || l.protocol.MinWriterVersion != writerVersion:
		return l.broken(files, "", "another program made the table one of reader version %d and writer version %d",
			l.protocol.MinReaderVersion, l.protocol.MinWriterVersion)
	case !slices.Equal(l.meta.PartitionColumns, []string{partition}):
		return l.broken(files, "", "another program partitioned the table by %q, not by %s", l.meta.PartitionColumns, partition)
	}
	return nil
}

// broken is the error of a file of the log, or of the whole log where base is empty.
func (l *Log) broken(files storage.Store, base, format string, args ...any) error {
	rel := path.Join(Dir, base)
	return &Error{Path: rel, Where: files.Where(path.Join(l.table, rel)), What: fmt.Sprintf(format, args...)}
}

// apply replays a commit.
func (l *Log) apply(commit []byte) error {
	n := 0
	for line := range strings.Lines(string(commit)) {
		if n++; strings.TrimSpace(line) == "" {
			continue
		}
		var a action
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			return fmt.Errorf("line %d is no action: %w", n, err)
		}
		l.replay(a)
	}
	if n == 0 {
		return errors.New("the commit is empty")
	}
	return nil
}

// replay takes over one action.
func (l *Log) replay(a action) {
	if a.Protocol != nil {
		l.protocol = a.Protocol
	}
	if a.MetaData != nil {
		l.meta = a.MetaData
	}
	if a.Remove != nil {
		delete(l.files, a.Remove.Path)
		l.removed[a.Remove.Path] = *a.Remove
	}
	if a.Add != nil {
		delete(l.removed, a.Add.Path)
		l.files[a.Add.Path] = *a.Add
	}
}

// lists reports whether the log has this file with these bytes.
func (l *Log) lists(f File) bool {
	a, ok := l.files[f.Path]
	return ok && a.Size == f.Bytes && a.Tags[hashTag] == f.SHA256 && a.PartitionValues[partition] == f.Month
}
