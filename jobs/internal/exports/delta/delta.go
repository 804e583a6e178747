// Package delta reads the transaction log of a Delta Lake table: which of the files in the table's folder are the table, and the values of
// their partition columns. It reads tables of reader version 1, opens no data file, and takes nothing in a log on trust.
package delta

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"partnerscore/jobs/internal/storage"
)

// LogDir is the folder with the log. A folder that has it is a table.
const LogDir = "_delta_log"

// File is a file of the table in its newest version.
type File struct {
	// Path is relative to the table's folder, with slashes, and stays inside.
	Path string
	// Size is what the log says; -1 where it says nothing.
	Size int64
	// Partition has the value of every partition column; empty is NULL. Files of one partition share the map.
	Partition map[string]string
	// Log is the file of the log that lists it, relative to the table's folder.
	Log string
}

// Table is the newest version of a table.
type Table struct {
	Version          int64
	PartitionColumns []string
	// Files are ordered by Path.
	Files []File
	// Removed are the paths of files that the log says are no longer in the table, as long as it says so: checkpoints forget them in time.
	Removed map[string]bool
}

// Error reports a log that is broken, or a table that cannot be read right.
type Error struct {
	// File is the file of the log, relative to the table's folder.
	File string
	// Line counts from 1; 0 is none.
	Line int64
	// Message says what is wrong, Hint what to do.
	Message, Hint string
}

func (e *Error) Error() string {
	where := e.File
	if e.Line > 0 {
		where += fmt.Sprintf(", line %d", e.Line)
	}
	return where + ": " + e.Message + "; " + e.Hint
}

// HintCopy is what to do about a table that is not whole.
const HintCopy = "copy the whole table again, with its _delta_log"

// broken reports a log that no table can be read from.
func broken(file string, line int64, format string, args ...any) error {
	return &Error{File: file, Line: line, Message: "is a broken Delta log: " + fmt.Sprintf(format, args...), Hint: HintCopy}
}

// unsupported reports a table that this package would read wrongly.
func unsupported(file, what, hint string) error {
	return &Error{File: file, Message: "the Delta table uses " + what + ", which is not supported", Hint: hint}
}

const hintPlain = "write the table with reader version 1, or export its rows as plain Parquet files"

// IsTable reports whether a folder is a table.
func IsTable(ctx context.Context, source storage.Source, dir string) bool {
	info, err := source.Stat(ctx, path.Join(dir, LogDir))
	return err == nil && info.Mode.IsDir()
}

// Read reads the log of the table in a folder of a source. Its error is an *Error, or that of the source.
func Read(ctx context.Context, source storage.Source, dir string) (*Table, error) {
	log := folder{ctx: ctx, source: source, dir: dir}
	l, err := list(log)
	if err != nil {
		return nil, err
	}
	r := newReader(log)
	for _, name := range l.checkpoint {
		if err := r.readCheckpoint(name); err != nil {
			return nil, err
		}
	}
	for _, name := range l.commits {
		if err := r.readCommit(name); err != nil {
			return nil, err
		}
	}
	return r.table(l)
}

// table returns the newest version after the whole log was read.
func (r *reader) table(l *listing) (*Table, error) {
	last := l.last()
	switch {
	case r.protocol == nil:
		return nil, broken(last, 0, "it has no protocol action, which says how to read the table")
	case r.meta == nil:
		return nil, broken(last, 0, "it has no metaData action, which describes the table")
	}
	if err := r.supported(); err != nil {
		return nil, err
	}
	t := &Table{Version: l.version, PartitionColumns: r.meta.PartitionColumns, Removed: map[string]bool{}}
	for file := range r.removed {
		if rel, err := inside(r.log.root(), file); err == nil {
			t.Removed[rel] = true
		}
	}
	for key, f := range r.files {
		if strings.ContainsRune(key, vectorMark) {
			return nil, unsupported(f.Log, "deletion vectors", "remove them with REORG TABLE … APPLY (PURGE), or export the rows as plain Parquet files")
		}
		rel, err := inside(r.log.root(), f.Path)
		if err != nil {
			return nil, &Error{File: f.Log, Message: err.Error(), Hint: "copy the file into the table's folder and write the table again, without a shallow clone"}
		}
		for _, column := range t.PartitionColumns {
			if _, ok := f.Partition[column]; !ok {
				return nil, broken(f.Log, 0, "the file %s has no value of the partition column %s", short(rel), short(column))
			}
		}
		f.Path = rel
		delete(t.Removed, rel)
		t.Files = append(t.Files, f)
	}
	slices.SortFunc(t.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return t, nil
}

// supported refuses tables whose files are not what their rows are.
func (r *reader) supported() error {
	if mode := r.meta.Configuration["delta.columnMapping.mode"]; mode != nil && *mode != "" && !strings.EqualFold(*mode, "none") {
		return unsupported(r.metaLog, "column mapping", "export its rows as plain Parquet files")
	}
	if p := r.meta.Format.Provider; p != "" && !strings.EqualFold(p, "parquet") {
		return unsupported(r.metaLog, fmt.Sprintf("data files of the format %q", short(p)), hintPlain)
	}
	p := r.protocol
	switch {
	case p.MinReaderVersion < 1:
		return broken(r.protocolLog, 0, "its protocol has the reader version %d", p.MinReaderVersion)
	case p.MinReaderVersion == 1 && len(p.ReaderFeatures) == 0:
		return nil
	case p.MinReaderVersion == 2:
		return unsupported(r.protocolLog, "reader version 2 (column mapping)", hintPlain)
	}
	what := fmt.Sprintf("reader version %d", p.MinReaderVersion)
	if names := featureNames(p.ReaderFeatures); names != "" {
		what += " with " + names
	}
	return unsupported(r.protocolLog, what, hintPlain)
}

// shownFeatures is how many reader features a message lists.
const shownFeatures = 12

func featureNames(features []string) string {
	var names []string
	for _, f := range features[:min(len(features), shownFeatures)] {
		switch f {
		case "deletionVectors":
			f = "deletion vectors (deletionVectors)"
		case "columnMapping":
			f = "column mapping (columnMapping)"
		}
		names = append(names, short(f))
	}
	if more := len(features) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// short cuts a text from a log for a message.
func short(text string) string {
	if len(text) > 100 {
		text = text[:100] + "…"
	}
	return strings.ToValidUTF8(text, "�")
}
