package bucket

import (
	"context"
	"io"
	"strings"
)

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
