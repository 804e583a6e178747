package bucket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"partnerscore/jobs/internal/fault"
)

// Scratch is where copies of objects lie, for readers that need local files.
type Scratch struct {
	// Folder exists; whoever made it removes it.
	Folder string
	// Free returns the bytes that may still be written there.
	Free func() (int64, error)
	// Fetched is called while an object is fetched, with the bytes that have arrived and the bytes of the object. It may be nil.
	Fetched func(name string, done, total int64)
}

// incomplete reports an answer with other bytes than the object has, which did not say so: what lies between the store and this program is at fault.
func incomplete(where, what string) error {
	return fault.Errorf(fault.Internal, "read %s: %s; run again, and if it ends the same, check what stands between this machine and the store", where, what)
}

// copies are local copies of objects, each of one version. Those that nobody uses are removed when room is needed, the oldest first.
type copies struct {
	client  Client
	scratch Scratch

	mu    sync.Mutex
	of    map[string]*localCopy // by name and version
	order []*localCopy          // as they were made
}

type localCopy struct {
	key, path string
	fetching  chan struct{} // is taken by whoever fetches
	users     int
	whole     atomic.Bool
}

func newCopies(c Client, scratch Scratch) *copies {
	return &copies{client: c, scratch: scratch, of: map[string]*localCopy{}}
}

// path is where the copy of a version is, or would be. Its name ends as that of the object does, by which the engine knows what it is.
func (c *copies) path(o Object) string {
	key := fmt.Sprintf("%x", sha256.Sum256([]byte(copyKey(o))))
	return filepath.Join(c.scratch.Folder, "fetched", key[:24], filepath.Base(filepath.FromSlash(o.Name)))
}

func copyKey(o Object) string { return o.Version + " " + o.Name }

// use returns the path of a local copy of a version, and keeps it until done. The error wraps ErrCondition when the object has another version now.
func (c *copies) use(ctx context.Context, o Object) (path string, done func(), err error) {
	c.mu.Lock()
	l, ok := c.of[copyKey(o)]
	if !ok {
		l = &localCopy{key: copyKey(o), path: c.path(o), fetching: make(chan struct{}, 1)}
		c.of[l.key], c.order = l, append(c.order, l)
	}
	done = c.usedBy(l)
	c.mu.Unlock()
	l.fetching <- struct{}{}
	defer func() { <-l.fetching }()
	if !l.whole.Load() {
		if err := c.fetch(ctx, o, l.path); err != nil {
			done()
			return "", nil, errors.Join(err, c.forget(l))
		}
		l.whole.Store(true)
	}
	return l.path, done, nil
}

// usedBy keeps a copy until done; the caller has the mutex.
func (c *copies) usedBy(l *localCopy) (done func()) {
	l.users++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		l.users--
	})
}

// peek returns the path of a copy that is already there, and keeps it until done.
func (c *copies) peek(o Object) (path string, done func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, found := c.of[copyKey(o)]
	if !found || !l.whole.Load() {
		return "", nil, false
	}
	return l.path, c.usedBy(l), true
}

// fetch writes the bytes of a version to a new file, and checks them against the hash that the object has.
func (c *copies) fetch(ctx context.Context, o Object, path string) (err error) {
	if err := c.makeRoom(o); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	body, found, err := c.client.Get(ctx, o.Name, o.Version, 0, -1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum, &meter{c.scratch.Fetched, o, 0}), body)
	switch {
	case err != nil:
		return fmt.Errorf("fetch %s: %w", c.client.Where(o.Name), err)
	case n != o.Bytes:
		return incomplete(c.client.Where(o.Name), fmt.Sprintf("%d bytes arrived instead of %d", n, o.Bytes))
	case found.SHA256 != "" && found.SHA256 != hex.EncodeToString(sum.Sum(nil)):
		return fmt.Errorf("fetch %s: its bytes have another hash than it was written with", c.client.Where(o.Name))
	}
	return nil
}

// meter counts the bytes of a fetch.
type meter struct {
	tell func(name string, done, total int64)
	of   Object
	n    int64
}

func (m *meter) Write(p []byte) (int, error) {
	m.n += int64(len(p))
	if m.tell != nil {
		m.tell(m.of.Name, m.n, m.of.Bytes)
	}
	return len(p), nil
}

// makeRoom removes copies that nobody uses until the object fits.
func (c *copies) makeRoom(o Object) error {
	for {
		free, err := c.scratch.Free()
		if err != nil || free >= o.Bytes {
			return err
		}
		c.mu.Lock()
		var oldest *localCopy
		for _, l := range c.order {
			if l.users == 0 {
				oldest = l
				break
			}
		}
		c.mu.Unlock()
		if oldest == nil {
			return fault.Errorf(fault.Internal, "fetch %s: it has %d bytes, and %d bytes are free for temporary files; make room, or name another folder with --temp-dir",
				c.client.Where(o.Name), o.Bytes, free)
		}
		if err := c.forget(oldest); err != nil {
			return err
		}
	}
}

// forget removes a copy.
func (c *copies) forget(l *localCopy) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l.users > 0 {
		return nil
	}
	delete(c.of, l.key)
	c.order = slices.DeleteFunc(c.order, func(other *localCopy) bool { return other == l })
	return os.RemoveAll(filepath.Dir(l.path))
}
