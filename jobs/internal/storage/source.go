package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"time"

	"partnerscore/jobs/internal/fault"
)

// Source is where exports are read from: a folder, or a part of an object store. Paths are relative to its root, with slashes; "" is the root. A
// source never leads out of its root.
//
// Bytes belong to a version: whoever calls Stat, reads through Open or Fetch with what Stat returned, and finds the same Version in a second Stat,
// has read the bytes of that version. A source may fail earlier, with ErrSourceChanged.
type Source interface {
	// Root names the source in messages: an absolute path without symlinks, or a URL without secrets.
	Root() string
	// ReadDir lists a folder in the order of the names. A folder that does not exist is fs.ErrNotExist.
	ReadDir(ctx context.Context, dir string) ([]SourceEntry, error)
	// Stat looks at a name without opening it, through links: those that lead nowhere or out of the root are a *SourceLinkError. A name that does
	// not exist is fs.ErrNotExist.
	Stat(ctx context.Context, name string) (SourceInfo, error)
	// Open opens a file, which must be regular by now, too: else it fails with a *NotRegularError, and never waits for the writer of a pipe.
	Open(ctx context.Context, name string, info SourceInfo) (SourceReader, error)
	// Path is the absolute path of a local file with the bytes of a version, for the engine, which knows no source: of the file itself, or of the
	// copy that Fetch makes.
	Path(name string, info SourceInfo) string
	// Fetch makes sure that the local file is there, and stays until Forget.
	Fetch(ctx context.Context, name string, info SourceInfo) error
	// Forget says that local files are no longer read: copies go when there is no room for others.
	Forget(names ...string)
	// Folders are the local folders that contain what Path names.
	Folders() []string
}

// SourceEntry is a name in a folder.
type SourceEntry struct {
	Name string
	// Mode has the bits of the type: zero for a file, fs.ModeDir for a folder, fs.ModeSymlink for a link, which is not followed.
	Mode fs.FileMode
}

// SourceInfo is what a source says about a name without reading its bytes.
type SourceInfo struct {
	// Mode has the bits of the type of what a link leads to.
	Mode fs.FileMode
	// Linked is set where the name itself is a symlink.
	Linked   bool
	Size     int64
	Modified time.Time
	// Version changes when the bytes change. It is a text that can be kept.
	Version string
	// SettlesIn is how long another write could still leave the same Version, 0 when it no longer can: only then may Version be kept.
	SettlesIn time.Duration
}

// Signature returns the version where it may be kept beside a hash of the bytes, else "".
func (i SourceInfo) Signature() string {
	if i.SettlesIn > 0 {
		return ""
	}
	return i.Version
}

// SourceReader reads an open file.
type SourceReader interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// ErrSourceChanged reports that a file is no longer the version that is being read.
var ErrSourceChanged = errors.New("changed while it was read")

// The errors of links that lead to no file.
var (
	ErrLinkDangling = errors.New("is a symlink to nothing")
	ErrLinkEscapes  = errors.New("is a symlink that leaves the exports folder")
)

// SourceLinkError reports a link that cannot be followed.
type SourceLinkError struct{ Err error }

func (e *SourceLinkError) Error() string { return e.Err.Error() }

func (e *SourceLinkError) Unwrap() error { return e.Err }

// NotRegularError reports a folder, pipe, socket or device where a file is expected.
type NotRegularError struct{ Mode fs.FileMode }

func (e *NotRegularError) Error() string { return "is " + ModeName(e.Mode) + ", not a file" }

// ModeName names a type of file for people.
func ModeName(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	default:
		return "something else"
	}
}

// NoSourceError reports a root that does not exist: the setting is wrong, and waiting does not help.
type NoSourceError struct{ Root, Reason string }

func (e *NoSourceError) FaultKind() string { return fault.Usage }

func (e *NoSourceError) FaultAdvice() string {
	return e.Reason + "; give the folder that holds the exports with --exports"
}

func (e *NoSourceError) Error() string {
	root := e.Root
	if quoted := strconv.Quote(root); quoted[1:len(quoted)-1] != root {
		root = quoted
	}
	return fmt.Sprintf("no exports folder %s: %s", root, e.FaultAdvice())
}
