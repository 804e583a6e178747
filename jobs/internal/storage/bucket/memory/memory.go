// Package memory is an object store in memory, for tests: it obeys conditions, has a clock of its own, and fails at requests of the test's choice.
package memory

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"partnerscore/jobs/internal/storage/bucket"
)

// Bucket is a place for objects. Many clients may use it at the same time.
type Bucket struct {
	// ByContent gives equal bytes equal versions, as S3 does.
	ByContent bool
	// IgnoresConditions makes puts that a condition forbids.
	IgnoresConditions bool

	mu      sync.Mutex
	puts    int
	ahead   time.Duration
	objects map[string]stored
}

type stored struct {
	data   []byte
	object bucket.Object
}

// New returns an empty place.
func New() *Bucket { return &Bucket{objects: map[string]stored{}} }

// Client makes requests to a place. Its functions may be nil; tests set them before a request is made. Several may be called at the same time.
type Client struct {
	// Before is called ahead of each request with what it does, like "put scores/a". An error is its answer, and the request is not made.
	Before func(op string) error
	// After is called when a request was made. An error stands for an answer that was lost.
	After func(op string) error

	*Bucket
	prefix string
}

// Client returns a client of the place, with names below a prefix.
func (b *Bucket) Client(prefix string) *Client { return &Client{Bucket: b, prefix: prefix} }

// Pass lets time pass on the clock of the store.
func (b *Bucket) Pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead += d
}

func (b *Bucket) now() time.Time { return time.Now().Add(b.ahead) }

// do makes a request, between its two hooks. It is one step: nobody else's request comes between.
func (c *Client) do(ctx context.Context, op string, request func() error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if c.Before != nil {
		if err := c.Before(op); err != nil {
			return err
		}
	}
	c.mu.Lock()
	err := request()
	c.mu.Unlock()
	if err == nil && c.After != nil {
		err = c.After(op)
	}
	return err
}

func (c *Client) Where(name string) string {
	return strings.TrimSuffix("memory://"+c.prefix+name, "/")
}

func (c *Client) List(ctx context.Context, prefix string) (found []bucket.Object, err error) {
	err = c.do(ctx, "list "+prefix, func() error {
		for name, s := range c.objects {
			if rest, ok := strings.CutPrefix(name, c.prefix); ok && strings.HasPrefix(rest, prefix) {
				o := s.object
				o.Name, o.SHA256, o.Served = rest, "", time.Time{}
				found = append(found, o)
			}
		}
		slices.SortFunc(found, func(a, b bucket.Object) int { return strings.Compare(a.Name, b.Name) })
		return nil
	})
	return found, err
}

func (c *Client) find(name string) (stored, error) {
	s, ok := c.objects[c.prefix+name]
	if !ok {
		return s, fmt.Errorf("%s: %w", c.Where(name), fs.ErrNotExist)
	}
	s.object.Name, s.object.Served = name, c.now()
	return s, nil
}

func (c *Client) Head(ctx context.Context, name string) (o bucket.Object, err error) {
	err = c.do(ctx, "head "+name, func() error {
		s, err := c.find(name)
		o = s.object
		return err
	})
	return o, err
}

func (c *Client) Get(ctx context.Context, name, version string, offset, length int64) (body io.ReadCloser, o bucket.Object, err error) {
	err = c.do(ctx, "get "+name, func() error {
		s, err := c.find(name)
		if err != nil {
			return err
		}
		if version != "" && s.object.Version != version {
			return fmt.Errorf("get %s: %w", c.Where(name), bucket.ErrCondition)
		}
		end := int64(len(s.data))
		if length >= 0 {
			end = min(end, offset+length)
		}
		body, o = io.NopCloser(bytes.NewReader(s.data[min(offset, end):end])), s.object
		return nil
	})
	return body, o, err
}

func (c *Client) Put(ctx context.Context, name string, content bucket.Content, condition bucket.Condition) (o bucket.Object, err error) {
	data, err := io.ReadAll(content.Body)
	if err != nil {
		return o, err
	}
	err = c.do(ctx, "put "+name, func() error {
		before, there := c.objects[c.prefix+name]
		met := (!condition.Absent || !there) && (condition.Version == "" || condition.Version == before.object.Version)
		if !met && !c.IgnoresConditions {
			return fmt.Errorf("put %s: %w", c.Where(name), bucket.ErrCondition)
		}
		c.puts++
		version := fmt.Sprintf("%q", fmt.Sprint(c.puts))
		if c.ByContent {
			version = fmt.Sprintf("%q", fmt.Sprintf("%x", md5.Sum(data)))
		}
		now := c.now()
		o = bucket.Object{Name: name, Bytes: int64(len(data)), Modified: now, Served: now, Version: version, SHA256: content.SHA256}
		c.objects[c.prefix+name] = stored{data, o}
		return nil
	})
	return o, err
}

func (c *Client) Delete(ctx context.Context, name string) error {
	return c.do(ctx, "delete "+name, func() error {
		delete(c.objects, c.prefix+name)
		return nil
	})
}
