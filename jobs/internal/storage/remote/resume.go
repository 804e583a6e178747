package remote

import (
	"context"
	"errors"
	"io"
)

// Resume returns a body of size bytes that goes on where it broke off, at most tries times. open reads the same version of the same object from an
// offset on, which counts from the first byte of the body; fail says what is wrong with it or with a read, for people.
func Resume(ctx context.Context, first io.ReadCloser, size int64, tries int, open func(offset int64) (io.ReadCloser, error), fail func(error) error) io.ReadCloser {
	return &resumed{ctx: ctx, body: first, left: size, size: size, tries: tries, open: open, fail: fail}
}

type resumed struct {
	ctx        context.Context //nolint:containedctx // that of the request that began the body
	body       io.ReadCloser   // nil when it broke off and could not be opened again
	left, size int64
	tries      int
	open       func(offset int64) (io.ReadCloser, error)
	fail       func(error) error
}

func (r *resumed) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	for {
		if r.body == nil {
			body, err := r.open(r.size - r.left)
			if err != nil {
				return 0, r.fail(err)
			}
			r.body = body
		}
		n, err := r.body.Read(p[:min(int64(len(p)), r.left)])
		r.left -= int64(n)
		if n > 0 || err == nil || r.left == 0 {
			return n, nil
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if r.tries == 0 || r.ctx.Err() != nil {
			return 0, r.fail(err)
		}
		r.tries--
		_ = r.body.Close() // it is broken
		r.body = nil
	}
}

func (r *resumed) Close() error {
	if r.body == nil {
		return nil
	}
	return r.body.Close()
}
