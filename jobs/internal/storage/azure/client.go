package azure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/remote"
)

// client makes requests to one container.
type client struct {
	meanings
	prefix    string // empty, or with a slash at its end
	container *container.Client
	limits    remote.Limits
	page      int32
}

func (c *client) List(ctx context.Context, prefix string) ([]bucket.Object, error) {
	prefix = c.prefix + prefix
	o := &container.ListBlobsFlatOptions{Prefix: &prefix, Include: container.ListBlobsInclude{Metadata: true}}
	if c.page > 0 {
		o.MaxResults = &c.page
	}
	var found []bucket.Object
	for pages := c.container.NewListBlobsFlatPager(o); pages.More(); {
		page, err := pages.NextPage(ctx)
		if err = c.fault(ctx, "list", "", err); isMissing(err) {
			return nil, c.Unusable("the store answered 404 to the request for a list; check the address and the account")
		}
		if err != nil {
			return nil, err
		}
		if page.Segment == nil {
			continue
		}
		for _, item := range page.Segment.BlobItems {
			if item == nil || item.Name == nil || item.Properties == nil || folder(item) {
				continue
			}
			p := item.Properties
			found = append(found, bucket.Object{Name: strings.TrimPrefix(*item.Name, c.prefix), Bytes: value(p.ContentLength),
				Modified: value(p.LastModified), Version: remote.Quoted(string(value(p.ETag)))})
		}
	}
	// Accounts with hierarchical namespace list the contents of a folder before the files beside it.
	slices.SortFunc(found, func(a, b bucket.Object) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

// folder reports whether a blob is the marker of a folder, of accounts with hierarchical namespace and of tools that play folders.
func folder(item *container.BlobItem) bool {
	return strings.HasSuffix(*item.Name, "/") || value(item.Properties.ResourceType) == "directory" ||
		value(item.Properties.ContentLength) == 0 && strings.EqualFold(metadata(item.Metadata, "hdi_isfolder"), "true")
}

func (c *client) blob(name string) *blob.Client { return c.container.NewBlobClient(c.prefix + name) }

// stored reports whether the store can hold an object of that name: Azure turns a backslash into a slash, so that it would be another one.
func stored(name string) bool { return !strings.Contains(name, `\`) }

func (c *client) Head(ctx context.Context, name string) (bucket.Object, error) {
	if !stored(name) {
		return bucket.Object{}, fmt.Errorf("read %s: %w", c.Where(name), fs.ErrNotExist)
	}
	r, err := c.blob(name).GetProperties(ctx, nil)
	if err != nil {
		return bucket.Object{}, c.fault(ctx, "read", name, err)
	}
	return object(name, value(r.ContentLength), r.ETag, r.LastModified, r.Date, r.Metadata), nil
}

func (c *client) Get(ctx context.Context, name, version string, offset, length int64) (io.ReadCloser, bucket.Object, error) {
	if length == 0 || !stored(name) {
		return c.Nothing(ctx, c.Head, name, version)
	}
	body, o, size, err := c.get(ctx, name, version, offset, length)
	if status(err) == rangeNotSatisfiable {
		return c.Nothing(ctx, c.Head, name, version)
	}
	if err != nil {
		return nil, o, c.fault(ctx, "read", name, err)
	}
	again := func(done int64) (io.ReadCloser, error) {
		body, _, _, err := c.get(ctx, name, o.Version, offset+done, size-done)
		return body, err
	}
	return remote.Resume(ctx, body, size, c.limits.Tries-1, again, func(err error) error { return c.fault(ctx, "read", name, err) }), o, nil
}

const rangeNotSatisfiable = 416

// get makes the request; size is that of the body.
func (c *client) get(ctx context.Context, name, version string, offset, length int64) (body io.ReadCloser, o bucket.Object, size int64, err error) {
	r, err := c.blob(name).DownloadStream(ctx, &blob.DownloadStreamOptions{
		Range: blob.HTTPRange{Offset: offset, Count: max(length, 0)}, AccessConditions: conditions(bucket.Condition{Version: version}),
	})
	if err != nil {
		return nil, o, 0, err
	}
	size = value(r.ContentLength)
	return r.Body, object(name, remote.Total(value(r.ContentRange), size), r.ETag, r.LastModified, r.Date, r.Metadata), size, nil
}

func (c *client) Put(ctx context.Context, name string, content bucket.Content, condition bucket.Condition) (bucket.Object, error) {
	if !stored(name) {
		return bucket.Object{}, fmt.Errorf(`write %s: Azure Storage changes \ in a name: %w`, c.Where(name), fs.ErrInvalid)
	}
	within, stop := c.limits.WithinPut(ctx, content.Bytes)
	defer stop()
	metadata := map[string]*string{shaName: &content.SHA256}
	r, err := c.container.NewBlockBlobClient(c.prefix+name).Upload(within, streaming.NopCloser(content.Body),
		&blockblob.UploadOptions{Metadata: metadata, AccessConditions: conditions(condition)})
	if err != nil {
		if within.Err() != nil && ctx.Err() == nil {
			err = context.Cause(within)
		}
		return bucket.Object{}, c.fault(ctx, "write", name, err)
	}
	return object(name, content.Bytes, r.ETag, r.LastModified, r.Date, metadata), nil
}

func (c *client) Delete(ctx context.Context, name string) error {
	if !stored(name) {
		return nil
	}
	_, err := c.blob(name).Delete(ctx, nil)
	if err = c.fault(ctx, "delete", name, err); isMissing(err) {
		return nil
	}
	return err
}

// shaName is the key of the metadata that keeps a hash.
const shaName = "sha256"

func conditions(want bucket.Condition) *blob.AccessConditions {
	m := &blob.ModifiedAccessConditions{}
	switch {
	case want.Absent:
		exists := azcore.ETagAny
		m.IfNoneMatch = &exists
	case want.Version != "":
		version := azcore.ETag(want.Version)
		m.IfMatch = &version
	}
	return &blob.AccessConditions{ModifiedAccessConditions: m}
}

func object(name string, bytes int64, version *azcore.ETag, modified, served *time.Time, kept map[string]*string) bucket.Object {
	return bucket.Object{Name: name, Bytes: bytes, Version: string(value(version)), Modified: value(modified), Served: value(served),
		SHA256: metadata(kept, shaName)}
}

// metadata looks up a key, whose case is lost on the way.
func metadata(kept map[string]*string, name string) string {
	for key, v := range kept {
		if strings.EqualFold(key, name) {
			return value(v)
		}
	}
	return ""
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func status(err error) int {
	var answer *azcore.ResponseError
	if errors.As(err, &answer) {
		return answer.StatusCode
	}
	return 0
}
