package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// window is how much of the beginning and of the end of an object is read at once: the header of a text file and the footer of a Parquet file
// cost one request. Of an object that is no larger, a copy is made, which serves whoever reads it next.
const window = 64 << 10

// lookAtEnd is how many of the last bytes a reader of Parquet asks for first: they say how long the footer is. Who asks for more reads the object from
// its beginning to its end.
const lookAtEnd = 64

// reader reads one version of an object: its beginning and its end by requests of their own, all else from a local copy. It is safe for readers
// side by side.
type reader struct {
	ctx    context.Context // an io.ReaderAt has no other way to end with the run
	copies *copies
	object Object

	mu         sync.Mutex
	head, tail []byte // of the object, as far as they were read
	file       *os.File
	done       func()
}

func (c *copies) open(ctx context.Context, o Object) *reader {
	return &reader{ctx: ctx, copies: c, object: o}
}

func (r *reader) Size() int64 { return r.object.Bytes }

// ReadAt reads bytes of the version. The error wraps ErrCondition when the object has another one now, and it was not read before.
func (r *reader) ReadAt(p []byte, off int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	size := r.object.Bytes
	if off >= size {
		return 0, io.EOF
	}
	end := min(off+int64(len(p)), size)
	if len(p) == 0 {
		return 0, nil
	}
	n, err := r.read(p[:end-off], off, end)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (r *reader) read(p []byte, off, end int64) (n int, err error) {
	size := r.object.Bytes
	if r.file == nil {
		if path, done, ok := r.copies.peek(r.object); ok {
			if err := r.use(path, done); err != nil {
				return 0, err
			}
		}
	}
	switch {
	case r.file != nil:
		return r.file.ReadAt(p, off)
	case off >= size-int64(len(r.tail)):
		return copy(p, r.tail[off-size+int64(len(r.tail)):]), nil
	case end <= int64(len(r.head)):
		return copy(p, r.head[off:]), nil
	case size > window && end <= window && r.head == nil:
		if r.head, err = r.get(0, window); err != nil {
			return 0, err
		}
		return copy(p, r.head[off:]), nil
	case size > window && end >= size-window && off >= size-16*window && (r.tail != nil || end-off <= lookAtEnd):
		// A footer, which may be longer than one window.
		begin := min(off, max(0, size-window))
		if r.tail, err = r.get(begin, size-begin); err != nil {
			return 0, err
		}
		return copy(p, r.tail[off-begin:]), nil
	}
	path, done, err := r.copies.use(r.ctx, r.object)
	if err != nil {
		return 0, err
	}
	if err := r.use(path, done); err != nil {
		return 0, err
	}
	return r.file.ReadAt(p, off)
}

func (r *reader) use(path string, done func()) (err error) {
	if r.file, err = os.Open(path); err != nil {
		done()
		return err
	}
	r.done = done
	return nil
}

// get reads a range of the version.
func (r *reader) get(off, length int64) ([]byte, error) {
	body, _, err := r.copies.client.Get(r.ctx, r.object.Name, r.object.Version, off, length)
	if err != nil {
		return nil, err
	}
	data := make([]byte, length)
	n, err := io.ReadFull(body, data)
	if err = errors.Join(err, body.Close()); errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = incomplete(r.copies.client.Where(r.object.Name), fmt.Sprintf("%d bytes arrived instead of %d", n, length))
	}
	return data, err
}

// Close ends the reader; its copy may go when room is needed.
func (r *reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.done()
	r.file = nil
	return err
}
