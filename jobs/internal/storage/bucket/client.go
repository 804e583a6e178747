// Package bucket keeps snapshots in an object store, and reads exports from one: with requests that every object store has, of which some are
// conditional. What an object store must be able to do is the interface Client; packages azure and s3 implement it.
package bucket

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
)

// Client makes requests to one container of an object store, below one prefix: names are relative to it, and may hold any character. Its methods
// may be called at the same time. Each returns within its deadline; a request that may be repeated safely is repeated by the client.
//
// An object that does not exist wraps fs.ErrNotExist. A condition that does not hold is ErrCondition. What the user must set right, like a
// container that does not exist or credentials that are refused, is a *storage.UnusableError. No error holds a credential.
type Client interface {
	// Where names an object for people, as an address without secrets; the empty name stands for the prefix.
	Where(name string) string
	// List lists all objects whose names begin with prefix, sorted by name. Markers of folders are no objects.
	List(ctx context.Context, prefix string) ([]Object, error)
	// Head looks at an object.
	Head(ctx context.Context, name string) (Object, error)
	// Get reads length bytes of an object from offset on, all that follow where length is negative. With a version it reads that version or fails
	// with ErrCondition. The caller closes body.
	Get(ctx context.Context, name, version string, offset, length int64) (body io.ReadCloser, o Object, err error)
	// Put creates or replaces an object, whole, in one request that is made under the condition. It may have been made although an error is
	// returned, and ErrCondition may be the answer to a repeated request whose first try was made: the caller reads what is there.
	Put(ctx context.Context, name string, content Content, condition Condition) (Object, error)
	// Delete removes an object. One that does not exist is not an error.
	Delete(ctx context.Context, name string) error
}

// Content is what a put writes.
type Content struct {
	Body   io.ReadSeeker
	Bytes  int64
	SHA256 string // lower-case hex; it is kept with the object as metadata named sha256
}

// Condition is what must hold for a put to be made. The zero value is no condition.
type Condition struct {
	Absent  bool   // no object has the name
	Version string // the object still has this version
}

// Object is an object as it was when a request was answered.
type Object struct {
	Name     string
	Bytes    int64
	Modified time.Time
	Version  string // the ETag
	SHA256   string // of the metadata; empty where the object has none, or in a list
	// Served is the clock of the store when it answered, of the same response as Modified. It is zero in a list.
	Served time.Time
}

// ErrCondition reports that the condition of a request did not hold.
var ErrCondition = errors.New("the object is not the version that was asked for")

// below makes requests below a folder of another client.
type below struct {
	Client
	folder string // with a slash at its end
}

func (b *below) Where(name string) string { return b.Client.Where(b.folder + name) }

func (b *below) List(ctx context.Context, prefix string) ([]Object, error) {
	found, err := b.Client.List(ctx, b.folder+prefix)
	for i := range found {
		found[i] = b.named(found[i])
	}
	return found, err
}

func (b *below) named(o Object) Object {
	o.Name = strings.TrimPrefix(o.Name, b.folder)
	return o
}

func (b *below) Head(ctx context.Context, name string) (Object, error) {
	o, err := b.Client.Head(ctx, b.folder+name)
	return b.named(o), err
}

func (b *below) Get(ctx context.Context, name, version string, offset, length int64) (io.ReadCloser, Object, error) {
	body, o, err := b.Client.Get(ctx, b.folder+name, version, offset, length)
	return body, b.named(o), err
}

func (b *below) Put(ctx context.Context, name string, content Content, condition Condition) (Object, error) {
	o, err := b.Client.Put(ctx, b.folder+name, content, condition)
	return b.named(o), err
}

func (b *below) Delete(ctx context.Context, name string) error {
	return b.Client.Delete(ctx, b.folder+name)
}
