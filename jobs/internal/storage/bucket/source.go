package bucket

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"partnerscore/jobs/internal/storage"
)

// Source reads exports below one prefix of an object store. It is listed once; what is read is pinned to the versions of the list.
type Source struct {
	client Client
	copies *copies

	mu      sync.Mutex
	folders map[string][]storage.SourceEntry
	objects map[string]Object // by path; names with empty parts have paths without them
	asked   map[string]bool   // paths that the list has answered for once: the next answer is of the store
	done    map[string]func()
}

// OpenSource lists the objects. An empty prefix is an empty folder.
func OpenSource(ctx context.Context, c Client, scratch Scratch) (*Source, error) {
	all, err := c.List(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("exports: %w", err) // which names the address
	}
	s := &Source{client: c, copies: newCopies(c, scratch), folders: map[string][]storage.SourceEntry{"": nil}, objects: map[string]Object{},
		asked: map[string]bool{}, done: map[string]func(){}}
	for _, o := range all {
		if err := s.add(o); err != nil {
			return nil, err
		}
	}
	for _, entries := range s.folders {
		slices.SortFunc(entries, func(a, b storage.SourceEntry) int { return strings.Compare(a.Name, b.Name) })
	}
	return s, nil
}

// add adds an object, and the folders above it. A name like a//b.csv, from two addresses that were joined, is the path a/b.csv.
func (s *Source) add(o Object) error {
	at := path.Clean(strings.TrimLeft(o.Name, "/"))
	if !fs.ValidPath(at) || at == "." {
		return fmt.Errorf("list exports: %s: a name with .. or other bytes than UTF-8 cannot be read; rename or remove it", s.client.Where(o.Name))
	}
	if other, double := s.objects[at]; double {
		return fmt.Errorf("list exports: %s and %s differ in slashes only; remove one of them", s.client.Where(other.Name), s.client.Where(o.Name))
	}
	s.objects[at] = o
	mode := fs.FileMode(0)
	for at != "." {
		dir := path.Dir(at)
		key := dir
		if dir == "." {
			key = ""
		}
		_, known := s.folders[key]
		s.folders[key] = append(s.folders[key], storage.SourceEntry{Name: path.Base(at), Mode: mode})
		if known {
			return nil
		}
		at, mode = dir, fs.ModeDir
	}
	return nil
}

func (s *Source) Root() string { return s.client.Where("") }

func (s *Source) ReadDir(_ context.Context, dir string) ([]storage.SourceEntry, error) {
	entries, ok := s.folders[dir]
	if !ok {
		return nil, fmt.Errorf("list %s: %w", s.client.Where(dir), fs.ErrNotExist)
	}
	return slices.Clone(entries), nil
}

// Stat answers from the list the first time that a path is asked for, and from the store from then on.
func (s *Source) Stat(ctx context.Context, name string) (storage.SourceInfo, error) {
	if _, ok := s.folders[name]; ok {
		return storage.SourceInfo{Mode: fs.ModeDir}, nil
	}
	s.mu.Lock()
	o, listed := s.objects[name]
	again := s.asked[name]
	s.asked[name] = true
	s.mu.Unlock()
	if !listed {
		return storage.SourceInfo{}, fmt.Errorf("look at %s: %w", s.client.Where(name), fs.ErrNotExist)
	}
	if again {
		var err error
		if o, err = s.client.Head(ctx, o.Name); err != nil {
			return storage.SourceInfo{}, err
		}
	}
	return storage.SourceInfo{Size: o.Bytes, Modified: o.Modified, Version: version(o)}, nil
}

// version is the size and the ETag of an object.
func version(o Object) string { return strconv.FormatInt(o.Bytes, 10) + "-" + o.Version }

// of returns the object of a path in the version that was looked at.
func (s *Source) of(name string, info storage.SourceInfo) (Object, error) {
	o, ok := s.objects[name]
	if !ok {
		return o, fmt.Errorf("open %s: %w", s.client.Where(name), fs.ErrNotExist)
	}
	size, etag, _ := strings.Cut(info.Version, "-")
	bytes, err := strconv.ParseInt(size, 10, 64)
	o.Bytes, o.Version = bytes, etag
	return o, err
}

// Open reads a version by ranges, and from a local copy once all of it is wanted.
func (s *Source) Open(ctx context.Context, name string, info storage.SourceInfo) (storage.SourceReader, error) {
	o, err := s.of(name, info)
	if err != nil {
		return nil, err
	}
	return sourceReader{s.copies.open(ctx, o)}, nil
}

type sourceReader struct{ *reader }

func (r sourceReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.reader.ReadAt(p, off)
	return n, changed(err)
}

// changed is the error of a version that is gone.
func changed(err error) error {
	if errors.Is(err, ErrCondition) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", storage.ErrSourceChanged, err)
	}
	return err
}

// Path is where the copy of a version is, once it is fetched.
func (s *Source) Path(name string, info storage.SourceInfo) string {
	o, err := s.of(name, info)
	if err != nil {
		return ""
	}
	return s.copies.path(o)
}

func (s *Source) Folders() []string { return []string{s.copies.scratch.Folder} }

// Fetch fetches a version to the scratch folder. The copy stays until Forget.
func (s *Source) Fetch(ctx context.Context, name string, info storage.SourceInfo) error {
	o, err := s.of(name, info)
	if err != nil {
		return err
	}
	_, done, err := s.copies.use(ctx, o)
	if err != nil {
		return changed(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, kept := s.done[name]; kept {
		done()
	} else {
		s.done[name] = done
	}
	return nil
}

// Forget says that local copies are no longer read: they go when room is needed.
func (s *Source) Forget(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		if done, kept := s.done[name]; kept {
			done()
			delete(s.done, name)
		}
	}
}
