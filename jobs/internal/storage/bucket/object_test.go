package bucket_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/memory"
)

// counting counts what is read through a client, and may cut the bodies.
type counting struct {
	*memory.Client
	parts, whole int
	bytes        int64
	cut          bool
}

func (c *counting) Get(ctx context.Context, name, version string, offset, length int64) (io.ReadCloser, bucket.Object, error) {
	body, o, err := c.Client.Get(ctx, name, version, offset, length)
	if err != nil {
		return nil, o, err
	}
	data, err := io.ReadAll(body)
	if offset == 0 && (length < 0 || length == o.Bytes) {
		c.whole++
	} else {
		c.parts++
	}
	c.bytes += int64(len(data))
	if c.cut {
		data = data[:len(data)/2]
	}
	return io.NopCloser(bytes.NewReader(data)), o, err
}

func put(t *testing.T, c bucket.Client, name string, data []byte) {
	t.Helper()
	sum := sha256.Sum256(data)
	content := bucket.Content{Body: bytes.NewReader(data), Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	if _, err := c.Put(t.Context(), name, content, bucket.Condition{}); err != nil {
		t.Fatal(err)
	}
}

const name = "a.csv"

func openSource(t *testing.T, c bucket.Client) (*bucket.Source, storage.SourceInfo) {
	t.Helper()
	s, err := bucket.OpenSource(t.Context(), c, scratch(t))
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Stat(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s, info
}

// TestSourceReadsOnce: a file whose columns are read, which is hashed and fetched for the engine, is fetched once. Of a file that is larger than two
// windows, its columns cost its beginning and its end, and are read twice at most.
func TestSourceReadsOnce(t *testing.T) {
	const window = 64 << 10
	for _, size := range []int64{1, 2_000, window, 100_000, 2*window + 1, 500_000, 3_000_000} {
		for kind, columns := range map[string]func(r io.ReaderAt) error{"text": textHeader, "parquet": func(r io.ReaderAt) error { return footer(r, size) }} {
			c := &counting{Client: memory.New().Client("")}
			put(t, c, name, bytes.Repeat([]byte("x"), int(size)))
			s, info := openSource(t, c)
			for _, read := range []func(r io.ReaderAt) error{columns, func(r io.ReaderAt) error { return all(r, size) }} {
				r, err := s.Open(t.Context(), name, info)
				if err != nil {
					t.Fatal(err)
				}
				if err := read(r); err != nil {
					t.Fatalf("%s of %d bytes: %v", kind, size, err)
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Fetch(t.Context(), name, info); err != nil {
				t.Fatal(err)
			}
			if c.whole != 1 || c.parts > 2 || c.parts > 0 && size <= window || c.bytes > size+2*window {
				t.Errorf("%s of %d bytes: %d parts, %d times all of it, %d bytes", kind, size, c.parts, c.whole, c.bytes)
			}
		}
	}
}

func textHeader(r io.ReaderAt) error {
	_, err := io.ReadFull(io.NewSectionReader(r, 0, 1), make([]byte, 1))
	return err
}

// footer reads as readers of Parquet do: the beginning, the last bytes, and what they say is the footer.
func footer(r io.ReaderAt, size int64) error {
	for _, at := range [][2]int64{{0, min(size, 512)}, {max(size-8, 0), min(size, 8)}, {max(size-1008, 0), min(size, 1000)}} {
		if n, err := r.ReadAt(make([]byte, at[1]), at[0]); int64(n) != at[1] {
			return fmt.Errorf("%d bytes at %d: %d, %w", at[1], at[0], n, err)
		}
	}
	return nil
}

func all(r io.ReaderAt, size int64) error {
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{io.NewSectionReader(r, 0, size)}, make([]byte, 1<<20))
	if err == nil && n != size {
		err = fmt.Errorf("%d bytes", n)
	}
	return err
}

// TestCutAnswers: an answer that ends early and does not say so is found out. The error says where, is not the file's fault, and never advises to
// delete the lock.
func TestCutAnswers(t *testing.T) {
	c := &counting{Client: memory.New().Client("some/")}
	put(t, c, name, bytes.Repeat([]byte("x"), 300_000))
	store := bucket.Open(c, scratch(t), quick())
	w, err := store.Lock(t.Context(), 0, "run")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Put(t.Context(), "small", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := w.Release(); err != nil {
		t.Fatal(err)
	}
	s, info := openSource(t, c)
	r, err := s.Open(t.Context(), name, info)
	if err != nil {
		t.Fatal(err)
	}
	c.cut = true
	errs := map[string]error{}
	_, errs["end"] = r.ReadAt(make([]byte, 8), 300_000-8)
	_, errs["middle"] = r.ReadAt(make([]byte, 8), 150_000)
	errs["fetch"] = s.Fetch(t.Context(), name, info)
	_, _, errs["small"] = storage.ReadFile(t.Context(), bucket.Open(c, scratch(t), quick()), "small")
	_, errs["register"] = store.Publishing(t.Context())
	_, errs["lock"] = store.Lock(t.Context(), 0, "next")
	for what, err := range errs {
		if err == nil || !fault.Named(err) || fault.Of(err) != fault.Internal || !strings.Contains(err.Error(), "memory://some") ||
			!strings.Contains(err.Error(), "run again") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
