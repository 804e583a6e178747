// Package storage says what a place for snapshots must be able to do. A folder (package local) is one; a bucket of an object store can be another.
//
// A store holds files under names: paths with slashes, like scores/month=2024-06/part-0.parquet. Anybody may read at any time. One run at a time
// may write: the one that holds the lock. It publishes files in these steps, each of which survives a crash of the machine before the next begins:
//
//  1. Writer.Stage gives a local folder, into which the run writes what it wants to publish;
//  2. Staging.Save makes the staged files survive the run;
//  3. Writer.Begin opens the publish: from here on the next holder of the lock finishes it if this run does not;
//  4. Staging.Move gives the files their published names, each one whole or not at all;
//  5. Writer.End closes the publish, and Staging.Remove drops what was staged.
//
// Package snapshot decides which files a publish has, in which order they move, and how an interrupted one is finished. A store
// knows no months and no tables. README.md in this folder says how to add one.
package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"partnerscore/jobs/internal/fault"
)

// Properties are what a store declares about itself.
type Properties struct {
	// Versions says that each file has a version, which Move compares with the one that it may replace. A store without versions relies on its
	// lock alone: a lock that ends with its process cannot be lost by a run that is alive.
	Versions bool
	// Intent is the name, for people, of the file that keeps the open publish. Deleting it gives the publish up.
	Intent string
}

// Store is a place for snapshots. Its methods may be called at the same time.
type Store interface {
	Properties() Properties
	// Where names a file for people, as a path or an address; the empty name means the store itself.
	Where(name string) string
	// Exists reports whether the store was ever written to.
	Exists(ctx context.Context) (bool, error)
	// List lists all files below a folder, sorted by name, without those in the folders that are left out, and without what the store and those
	// below it keep for themselves: locks and staged files. A folder that does not exist is empty.
	List(ctx context.Context, folder string, leaveOut ...string) ([]Object, error)
	// Open opens a file for reading. The error wraps fs.ErrNotExist when the file does not exist, and ErrNotFile when it is not a regular file.
	Open(ctx context.Context, name string) (File, error)
	// Files returns local files with the contents of the named ones, in their order, for a reader that needs paths. They need not exist.
	Files(ctx context.Context, names ...string) ([]string, error)
	// Folders are the local folders that contain what Files and Stage return.
	Folders() []string
	// Publishing returns what Begin was given by the publish that is open, nil when none is.
	Publishing(ctx context.Context) ([]byte, error)
	// Below returns the store of a folder of this one. It has a lock and staged files of its own, in that folder: whoever holds this store's lock and
	// whoever holds that one do not know of each other.
	Below(folder string) Store
	// Lock makes a run the only writer, and waits for another one at most this long; the error is then a *HeldError. It creates the store.
	Lock(ctx context.Context, wait time.Duration, runID string) (Writer, error)
}

// Writer is the lock of a store, and what its holder may do. It is for one goroutine at a time.
type Writer interface {
	// Stage returns an empty folder of that name for files to publish. What this run staged under the name before is gone.
	Stage(ctx context.Context, name string) (Staging, error)
	// Staged returns what a run saved under a name, also one that died.
	Staged(runID, name string) Staging
	// Begin opens a publish. Cancelling ctx stops it as long as nobody can see the publish; after an error, Publishing says whether it is open.
	Begin(ctx context.Context, publish []byte) error
	// End closes the open publish; none being open is not an error.
	End(ctx context.Context) error
	// Put creates or replaces one small file at once, outside of any publish.
	Put(ctx context.Context, name string, data []byte) error
	// Sweep removes all that is staged, by any run. The caller makes sure that no publish is open.
	Sweep(ctx context.Context) error
	// Release gives the lock back. It must be called once.
	Release() error
}

// Staging is a folder of files that are to be published.
type Staging interface {
	// Where names a staged file for people, like Store.Where.
	Where(file string) string
	// Path is where the contents of a file are to be written, by an engine that needs a local path.
	Path(file string) string
	// Write creates or replaces a staged file.
	Write(ctx context.Context, file string, data []byte) error
	// Open opens a staged file like Store.Open.
	Open(ctx context.Context, file string) (File, error)
	// Save makes staged files survive the run and the machine.
	Save(ctx context.Context, files ...string) error
	// Prepare creates what moves to these names need, and refuses whatever would make a move fail half-way.
	Prepare(ctx context.Context, names ...string) error
	// Move makes the moves in any order; when it returns, they survive the machine. The error is a *LostRaceError where another run replaced a
	// file meanwhile.
	Move(ctx context.Context, moves ...Move) error
	// Remove drops the folder with all it holds. It may be called again.
	Remove(ctx context.Context) error
}

// Move is the publishing of one staged file.
type Move struct {
	File string // the staged file
	Name string // its published name
	Was  string // the version that it replaces, empty for a new file and for stores without versions
	// Always replaces whatever version is there.
	Always bool
	// Made says that an earlier run made the move: it is only to survive the machine.
	Made bool
}

// Object is the present state of a file of a store.
type Object struct {
	Name     string
	Bytes    int64
	Modified time.Time
	Version  string // changes when the file is replaced; empty in stores without versions
	SHA256   string // lower-case hex, where the store keeps it
}

// File is an open file. It stays the one that was opened, whatever is published under its name meanwhile: it has the bytes of that one, or reading
// fails with ErrReplaced.
type File interface {
	io.ReaderAt
	io.Closer
	Object() Object
}

// readTries bounds how often a file is opened again because it was replaced before it was read.
const readTries = 5

// Opener is a store or a staging.
type Opener interface {
	Open(ctx context.Context, name string) (File, error)
}

// ReadFile reads a whole file.
func ReadFile(ctx context.Context, from Opener, name string) (data []byte, o Object, err error) {
	for range readTries {
		var f File
		if f, err = from.Open(ctx, name); err != nil {
			return nil, o, err
		}
		o = f.Object()
		data = make([]byte, o.Bytes)
		_, err = io.ReadFull(io.NewSectionReader(f, 0, o.Bytes), data)
		if err = errors.Join(err, f.Close()); !errors.Is(err, ErrReplaced) {
			break
		}
	}
	return data, o, err
}

// ErrReplaced says that a file was replaced after it was opened, in a store that does not keep what was replaced.
var ErrReplaced = errors.New("it was replaced while it was read")

// ErrNotFile reports that a name is not a regular file.
var ErrNotFile = errors.New("it is not a regular file")

// ErrReleased reports that a writer has released or lost its lock.
var ErrReleased = errors.New("the snapshots are not locked")

// HeldError says that another run holds the lock. PID to Started are zero when the other run had not yet written who it is.
type HeldError struct {
	Root    string
	PID     int
	Host    string
	RunID   string
	Started time.Time
	Outlast time.Duration // how long the lock of a run that was killed outlasts it; 0: not at all
}

func (e *HeldError) FaultKind() string { return fault.Held }

func (e *HeldError) Error() string {
	who := "another run holds the lock"
	if e.RunID != "" {
		who = fmt.Sprintf("run %s holds the lock (pid %d on %s, since %s)", e.RunID, e.PID, e.Host, e.Started.UTC().Format(time.RFC3339))
	}
	text := fmt.Sprintf("lock snapshots %s: %s; wait for its end, or set --lock-wait", e.Root, who)
	if e.Outlast > 0 {
		text += fmt.Sprintf("; if it was killed, its lock is free %.0f seconds after its last sign of life", e.Outlast.Seconds())
	}
	return text
}

// LostRaceError says that a file was not replaced because another run had replaced it.
type LostRaceError struct{ Where string }

// FaultKind is fault.Held: another run has taken over.
func (e *LostRaceError) FaultKind() string { return fault.Held }

func (e *LostRaceError) Error() string {
	return fmt.Sprintf("replace %s: another run replaced it meanwhile", e.Where)
}

// UnusableError reports a place that cannot hold snapshots: the setting is wrong.
type UnusableError struct {
	Root string
	What string
	Err  error // nil where nothing failed
}

func (e *UnusableError) FaultKind() string { return fault.Usage }

func (e *UnusableError) Error() string {
	text := fmt.Sprintf("%s: %s", e.Root, e.What)
	if !strings.Contains(e.Root, "://") { // an address names itself, and may be that of exports
		text = "snapshots " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *UnusableError) Unwrap() error { return e.Err }

// CheckName refuses names of files that are no plain paths: some lead out of the folder, and some tools read others as other names.
func CheckName(name string) error {
	if !fs.ValidPath(name) || name == "." || strings.ContainsRune(name, 0) {
		return fmt.Errorf("file %q of the snapshots: %w", name, fs.ErrInvalid)
	}
	return nil
}

// CheckRunID refuses ids that are not a plain name: the id becomes part of the names of staged files, which are deleted later.
func CheckRunID(id string) error {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if id == "" || len(id) > 128 || id[0] == '.' || strings.HasPrefix(id, "intent.") || strings.ContainsFunc(id, func(r rune) bool { return !plain(r) }) {
		return fmt.Errorf(`run id %q: want 1 to 128 letters, digits, '-', '_' or '.', not starting with '.' or "intent."`, id)
	}
	return nil
}

// Places opens what addresses name: paths of folders, or URLs. Package main says which kinds there are. Copies of what lies elsewhere are kept in
// the folder of temporary files, for as long as the process lives.
type Places interface {
	// Snapshots opens the place of snapshots. It creates nothing.
	Snapshots(ctx context.Context, address, tempDir string) (Store, error)
	// Exports opens the exports. A place that does not exist is a *NoSourceError.
	Exports(ctx context.Context, address, tempDir string) (Source, error)
}
