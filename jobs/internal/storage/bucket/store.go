package bucket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"partnerscore/jobs/internal/storage"
)

// stagingName is the folder of staged files.
const stagingName = ".staging"

// atOnce is how many requests are made side by side.
const atOnce = 8

// Store keeps snapshots below one prefix of an object store. Its lock and its open publish are one object, .lock.
type Store struct {
	client  Client
	copies  *copies
	scratch Scratch
	timing  Timing
	obeys   *atomic.Bool // conditions, as a lock has found out
}

// Open returns the store. It makes no request: credentials and addresses are found wrong by the first one.
func Open(c Client, scratch Scratch, timing Timing) *Store {
	return &Store{client: c, copies: newCopies(c, scratch), scratch: scratch, timing: timing, obeys: &atomic.Bool{}}
}

// Properties say that objects have versions.
func (s *Store) Properties() storage.Properties {
	return storage.Properties{Versions: true, Intent: registerName}
}

func (s *Store) Where(name string) string { return s.client.Where(name) }

// Exists reports whether the register is there.
func (s *Store) Exists(ctx context.Context) (bool, error) {
	_, err := s.client.Head(ctx, registerName)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// List lists the objects below a folder in one request for each few thousand.
func (s *Store) List(ctx context.Context, folder string, leaveOut ...string) (found []storage.Object, err error) {
	prefix := ""
	if folder != "" {
		prefix = folder + "/"
	}
	all, err := s.client.List(ctx, prefix)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		out := slices.ContainsFunc(leaveOut, func(folder string) bool { return strings.HasPrefix(o.Name, folder+"/") })
		if !out && path.Base(o.Name) != registerName && !strings.Contains("/"+o.Name, "/"+stagingName+"/") {
			found = append(found, object(o))
		}
	}
	return found, nil
}

func object(o Object) storage.Object {
	return storage.Object{Name: o.Name, Bytes: o.Bytes, Modified: o.Modified, Version: o.Version, SHA256: o.SHA256}
}

// Open looks at an object. Its bytes are read when they are asked for; once it was replaced by then, reading fails with storage.ErrReplaced.
func (s *Store) Open(ctx context.Context, name string) (storage.File, error) {
	if err := storage.CheckName(name); err != nil {
		return nil, err
	}
	o, err := s.client.Head(ctx, name)
	if err != nil {
		return nil, err
	}
	return file{s.copies.open(ctx, o)}, nil
}

// file is an open object of snapshots.
type file struct{ *reader }

func (f file) Object() storage.Object { return object(f.object) }

func (f file) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.reader.ReadAt(p, off)
	if errors.Is(err, ErrCondition) || errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("read %s: %w", f.copies.client.Where(f.object.Name), storage.ErrReplaced)
	}
	return n, err
}

// Files fetches objects to the scratch folder. The copies stay until the run ends.
func (s *Store) Files(ctx context.Context, names ...string) ([]string, error) {
	paths := make([]string, len(names))
	err := sideBySide(ctx, len(names), func(ctx context.Context, i int) (err error) {
		paths[i], err = s.fetch(ctx, names[i])
		return err
	})
	return paths, err
}

// fetchTries bounds how often an object is looked at again because it was replaced before it was fetched.
const fetchTries = 5

func (s *Store) fetch(ctx context.Context, name string) (path string, err error) {
	if err := storage.CheckName(name); err != nil {
		return "", err
	}
	for range fetchTries {
		var o Object
		if o, err = s.client.Head(ctx, name); errors.Is(err, fs.ErrNotExist) {
			return filepath.Join(s.scratch.Folder, "missing", filepath.FromSlash(name)), nil
		}
		if err != nil {
			return "", err
		}
		if path, _, err = s.copies.use(ctx, o); !errors.Is(err, ErrCondition) {
			return path, err
		}
	}
	return "", fmt.Errorf("read %s: %w", s.Where(name), storage.ErrReplaced)
}

func (s *Store) Folders() []string { return []string{s.scratch.Folder} }

// Below returns the store below a longer prefix. Its scratch is a folder of that of this one.
func (s *Store) Below(folder string) storage.Store {
	c := &below{Client: s.client, folder: folder + "/"}
	scratch := s.scratch
	scratch.Folder = filepath.Join(scratch.Folder, "below", filepath.FromSlash(folder))
	return &Store{client: c, copies: newCopies(c, scratch), scratch: scratch, timing: s.timing, obeys: s.obeys}
}

func (s *Store) Publishing(ctx context.Context) ([]byte, error) {
	r, _, _, err := load(ctx, s.client)
	if err != nil || r.Open == nil {
		return nil, err
	}
	return []byte(*r.Open), nil
}

// sideBySide calls do for 0..n-1, a few at a time, until one fails, and returns the first error that there was.
func sideBySide(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return do(ctx, i)
		})
	}
	return group.Wait()
}
