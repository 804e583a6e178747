package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// scanWorkers is how many columns are read at the same time. The scan follows a run of
// the SQL engine, whose threads are idle by then.
const scanWorkers = 2

// FormatError lists everything that is wrong with one published or staged file.
type FormatError struct {
	Path     string
	Problems []string
}

// Error names the file and its problems.
func (e *FormatError) Error() string {
	return fmt.Sprintf("check %s: %s", e.Path, strings.Join(e.Problems, "; "))
}

// inspected is what a file turned out to hold.
type inspected struct {
	File
	metadata metadata.KeyValueMetadata
}

// inspect reads a whole file with a reader other than its writer: structure, metadata,
// every value of every column, and the hash of the bytes. Memory does not grow with
// the file. Path of the result is the published one.
func inspect(ctx context.Context, path string, t Table, md Metadata) (res inspected, err error) {
	f, size, err := openRegular(path)
	if err != nil {
		return inspected{}, fmt.Errorf("check %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r, err := openParquet(f, size)
	if err != nil {
		return inspected{}, &FormatError{Path: path, Problems: []string{err.Error()}}
	}
	if err := guard(func() error { return checkFooter(r, path, t, md) }); err != nil {
		return inspected{}, asFormatError(ctx, path, err)
	}
	var sum string
	tasks := []func(context.Context) error{func(ctx context.Context) (err error) {
		sum, err = hashFile(ctx, f, size)
		return err
	}}
	for i := range t.Columns {
		tasks = append(tasks, func(ctx context.Context) error { return scanColumn(ctx, r, i, t.Columns[i]) })
	}
	if err := runTasks(ctx, scanWorkers, tasks); err != nil {
		return inspected{}, asFormatError(ctx, path, err)
	}
	return inspected{
		File:     File{Table: t.Name, Path: TableRel(t.Name, md.ScoreMonth), Bytes: size, Rows: r.NumRows(), SHA256: sum},
		metadata: r.MetaData().KeyValueMetadata(),
	}, nil
}

// asFormatError keeps an interruption apart from a bad file.
func asFormatError(ctx context.Context, path string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("check %s: %w", path, context.Cause(ctx))
	}
	var format *FormatError
	if errors.As(err, &format) {
		return err
	}
	return &FormatError{Path: path, Problems: []string{err.Error()}}
}

func openParquet(f *os.File, size int64) (r *file.Reader, err error) {
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled = true // pages, not whole column chunks, in memory
	props.BufferSize = min(size+1, 128<<10)
	err = guard(func() error {
		r, err = file.NewParquetReader(io.NewSectionReader(f, 0, size), file.WithReadProps(props))
		return err
	})
	return r, err
}

func checkFooter(r *file.Reader, path string, t Table, md Metadata) error {
	problems, err := structureProblems(r, t)
	if err != nil {
		return err
	}
	kv := r.MetaData().KeyValueMetadata()
	if kv != nil {
		problems = append(problems, md.problems(kv.FindValue)...)
	}
	if len(problems) > 0 {
		return &FormatError{Path: path, Problems: problems}
	}
	return nil
}

// hashFile streams the whole file through SHA-256.
func hashFile(ctx context.Context, f *os.File, size int64) (string, error) {
	h := sha256.New()
	src := io.NewSectionReader(f, 0, size)
	buf := make([]byte, min(size+1, 256<<10))
	for {
		n, err := src.Read(buf)
		h.Write(buf[:n])
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", fmt.Errorf("hash: %w", err)
		}
		if err := context.Cause(ctx); err != nil {
			return "", err
		}
	}
}

// guard turns a panic of the Parquet reader, its answer to some damaged files, into an
// error.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is damaged: %v", p)
		}
	}()
	return do()
}

// runTasks runs tasks in order on a few workers and returns the first error.
func runTasks(ctx context.Context, workers int, tasks []func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan func(context.Context) error, len(tasks))
	for _, t := range tasks {
		queue <- t
	}
	close(queue)
	done := make(chan error, workers)
	for range workers {
		go func() {
			for t := range queue {
				if context.Cause(ctx) != nil {
					break
				}
				if err := guard(func() error { return t(ctx) }); err != nil {
					cancel(err)
					break
				}
			}
			done <- context.Cause(ctx)
		}()
	}
	var first error
	for range workers {
		if err := <-done; err != nil {
			first = err
		}
	}
	return first
}
