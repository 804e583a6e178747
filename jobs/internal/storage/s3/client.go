package s3

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithy "github.com/aws/smithy-go/middleware"

	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/remote"
)

// client makes requests to one bucket.
type client struct {
	meanings
	prefix string // empty, or with a slash at its end
	sdk    *sdk.Client
	limits remote.Limits
	page   int32
	exists atomic.Bool // the bucket was seen
}

func (c *client) key(name string) *string { return aws.String(c.prefix + name) }

func (c *client) List(ctx context.Context, prefix string) ([]bucket.Object, error) {
	in := &sdk.ListObjectsV2Input{Bucket: &c.Address.Container, Prefix: c.key(prefix), EncodingType: types.EncodingTypeUrl}
	if c.page > 0 {
		in.MaxKeys = &c.page
	}
	var found []bucket.Object
	for pages := sdk.NewListObjectsV2Paginator(c.sdk, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if status(err) == http.StatusNotFound && code(err) != noSuchBucket {
			return nil, c.notListed(err)
		}
		if err != nil {
			return nil, c.fault(ctx, "list", "", err)
		}
		for _, item := range page.Contents {
			name := aws.ToString(item.Key)
			if page.EncodingType == types.EncodingTypeUrl {
				// All of XML's characters are in names, and more.
				if name, err = url.QueryUnescape(name); err != nil {
					return nil, fmt.Errorf("list %s: the store writes a name in a way that cannot be read: %q", c.Where(""), aws.ToString(item.Key))
				}
			}
			if strings.HasSuffix(name, "/") {
				continue // a folder, of tools that play folders
			}
			found = append(found, bucket.Object{Name: strings.TrimPrefix(name, c.prefix), Bytes: aws.ToInt64(item.Size),
				// Answers about one object have full seconds.
				Modified: aws.ToTime(item.LastModified).Truncate(time.Second), Version: remote.Quoted(aws.ToString(item.ETag))})
		}
	}
	c.exists.Store(true)
	slices.SortFunc(found, func(a, b bucket.Object) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

func (c *client) Head(ctx context.Context, name string) (bucket.Object, error) {
	r, err := c.sdk.HeadObject(ctx, &sdk.HeadObjectInput{Bucket: &c.Address.Container, Key: c.key(name)})
	if status(err) == http.StatusNotFound && !c.exists.Load() {
		// The answer has no body: it does not say what is missing.
		if _, missing := c.sdk.HeadBucket(ctx, &sdk.HeadBucketInput{Bucket: &c.Address.Container}); status(missing) == http.StatusNotFound {
			return bucket.Object{}, c.noBucket()
		}
	}
	if err != nil {
		return bucket.Object{}, c.fault(ctx, "read", name, err)
	}
	c.exists.Store(true)
	return object(name, aws.ToInt64(r.ContentLength), r.ETag, r.LastModified, r.ResultMetadata, r.Metadata), nil
}

func (c *client) Get(ctx context.Context, name, version string, offset, length int64) (io.ReadCloser, bucket.Object, error) {
	if length == 0 {
		return c.Nothing(ctx, c.Head, name, version)
	}
	body, o, size, err := c.get(ctx, name, version, offset, length)
	if status(err) == http.StatusRequestedRangeNotSatisfiable {
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

// get makes the request; size is that of the body.
func (c *client) get(ctx context.Context, name, version string, offset, length int64) (body io.ReadCloser, o bucket.Object, size int64, err error) {
	in := &sdk.GetObjectInput{Bucket: &c.Address.Container, Key: c.key(name)}
	switch {
	case length > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
	case offset > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	}
	if version != "" {
		in.IfMatch = &version
	}
	r, err := c.sdk.GetObject(ctx, in)
	if err != nil {
		return nil, o, 0, err
	}
	size = aws.ToInt64(r.ContentLength)
	return r.Body, object(name, remote.Total(aws.ToString(r.ContentRange), size), r.ETag, r.LastModified, r.ResultMetadata, r.Metadata), size, nil
}

func (c *client) Put(ctx context.Context, name string, content bucket.Content, condition bucket.Condition) (bucket.Object, error) {
	within, stop := c.limits.WithinPut(ctx, content.Bytes)
	defer stop()
	in := &sdk.PutObjectInput{Bucket: &c.Address.Container, Key: c.key(name), Body: onlyReadSeeker{content.Body}, ContentLength: &content.Bytes,
		Metadata: map[string]string{shaName: content.SHA256}}
	switch {
	case condition.Absent:
		in.IfNoneMatch = aws.String("*")
	case condition.Version != "":
		in.IfMatch = &condition.Version
	}
	r, err := c.sdk.PutObject(within, in)
	switch {
	case err != nil && within.Err() != nil && ctx.Err() == nil:
		return bucket.Object{}, c.fault(ctx, "write", name, context.Cause(within))
	case condition.Version != "" && status(err) == http.StatusNotFound && code(err) != noSuchBucket:
		return bucket.Object{}, c.Condition("write", name) // what was to be replaced is gone
	case err != nil:
		return bucket.Object{}, c.fault(ctx, "write", name, err)
	}
	o := object(name, content.Bytes, r.ETag, nil, r.ResultMetadata, in.Metadata)
	o.Modified = o.Served // the answer to a put has no other time
	return o, nil
}

// onlyReadSeeker hides a Close, which is the caller's to call.
type onlyReadSeeker struct{ io.ReadSeeker }

func (c *client) Delete(ctx context.Context, name string) error {
	_, err := c.sdk.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: &c.Address.Container, Key: c.key(name)})
	if status(err) == http.StatusNotFound && code(err) != noSuchBucket {
		return nil
	}
	return c.fault(ctx, "delete", name, err)
}

// shaName is the key of the metadata that keeps a hash.
const shaName = "sha256"

func object(name string, bytes int64, version *string, modified *time.Time, answer smithy.Metadata, kept map[string]string) bucket.Object {
	o := bucket.Object{Name: name, Bytes: bytes, Version: aws.ToString(version), Modified: aws.ToTime(modified)}
	o.Served, _ = middleware.GetServerTime(answer)
	for key, v := range kept {
		if strings.EqualFold(key, shaName) {
			o.SHA256 = v
		}
	}
	return o
}
