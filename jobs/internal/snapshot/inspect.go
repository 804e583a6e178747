package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"golang.org/x/sync/errgroup"

	"partnerscore/jobs/internal/storage"
)

// scanWorkers is how many columns are read at the same time. The scan follows a run of the SQL engine, whose threads are idle by then.
const scanWorkers = 2

// FormatError lists everything that is wrong with one published or staged file.
type FormatError struct {
	Path     string
	Problems []string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("check %s: %s", e.Path, strings.Join(e.Problems, "; "))
}

// inspected is what a file turned out to hold.
type inspected struct {
	File
	metadata metadata.KeyValueMetadata
	stats    string // for a Delta log
}

// inspect reads a whole file with a reader other than its writer: structure, metadata, every value of every column, and the hash of the bytes. Memory
// does not grow with the file. path is for messages; Path of the result is the published one.
func inspect(ctx context.Context, opened storage.File, path string, t Table, md Metadata) (inspected, error) {
	f := storage.WatchFile(opened)
	r, err := openParquet(f)
	if err != nil {
		return inspected{}, asFormatError(ctx, path, f, err)
	}
	var sum, stats string
	err = guard(func() (err error) {
		if err = checkFooter(r, path, t, md); err == nil {
			stats, err = deltaTable(t).Statistics(r)
		}
		return err
	})
	if err != nil {
		return inspected{}, asFormatError(ctx, path, f, err)
	}
	tasks := []func(context.Context) error{func(ctx context.Context) (err error) {
		sum, err = hashFile(ctx, f)
		return err
	}}
	for i := range t.Columns {
		tasks = append(tasks, func(ctx context.Context) error { return scanColumn(ctx, r, i, t.Columns[i]) })
	}
	if err := runTasks(ctx, scanWorkers, tasks); err != nil {
		return inspected{}, asFormatError(ctx, path, f, err)
	}
	return inspected{
		File:     File{Table: t.Name, Path: TableRel(t.Name, md.ScoreMonth), Bytes: f.Object().Bytes, Rows: r.NumRows(), SHA256: sum},
		metadata: r.MetaData().KeyValueMetadata(),
		stats:    stats,
	}, nil
}

// asFormatError keeps an interruption and a place that does not answer apart from a bad file.
func asFormatError(ctx context.Context, path string, f *storage.WatchedFile, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("check %s: %w", path, context.Cause(ctx))
	}
	var format *FormatError
	switch {
	case f.Err() != nil:
		return f.Err()
	case errors.As(err, &format):
		return err
	}
	return &FormatError{Path: path, Problems: []string{err.Error()}}
}

func openParquet(f storage.File) (r *file.Reader, err error) {
	size := f.Object().Bytes
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
func hashFile(ctx context.Context, f storage.File) (string, error) {
	size := f.Object().Bytes
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

// guard turns a panic of the Parquet reader, its answer to some damaged files, into an error.
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
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, task := range tasks {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return guard(func() error { return task(ctx) })
		})
	}
	return group.Wait()
}

// scanBatch is the largest number of values decoded at a time.
const scanBatch = 4 << 10

// valueReader is the part of the typed column readers that a scan needs.
type valueReader[T any] interface {
	ReadBatch(batch int64, values []T, defLevels, repLevels []int16) (total int64, read int, err error)
	Err() error
}

// scanColumn decodes every value of column i and compares the number of rows and the absence of values with footer and table. Texts must be valid
// UTF-8.
func scanColumn(ctx context.Context, r *file.Reader, i int, col Column) error {
	for g := range r.NumRowGroups() {
		group := r.RowGroup(g)
		reader, err := group.Column(i)
		if err != nil {
			return fmt.Errorf("column %s: %w", col.Name, err)
		}
		rows, nulls, err := scanChunk(ctx, reader, min(group.NumRows()+1, scanBatch))
		if err = errors.Join(err, reader.Close()); err != nil {
			return fmt.Errorf("column %s, row group %d: %w", col.Name, g, err)
		}
		if rows != group.NumRows() {
			return fmt.Errorf("column %s, row group %d: %d values found, %d expected", col.Name, g, rows, group.NumRows())
		}
		if nulls > 0 && !col.Nullable {
			return fmt.Errorf("column %s, row group %d: %d values are null and none may be", col.Name, g, nulls)
		}
	}
	return nil
}

func scanChunk(ctx context.Context, reader file.ColumnChunkReader, batch int64) (rows, nulls int64, err error) {
	switch r := reader.(type) {
	case *file.BooleanColumnChunkReader:
		return scanValues[bool](ctx, r, batch, nil)
	case *file.Int32ColumnChunkReader:
		return scanValues[int32](ctx, r, batch, nil)
	case *file.Int64ColumnChunkReader:
		return scanValues[int64](ctx, r, batch, nil)
	case *file.ByteArrayColumnChunkReader:
		return scanValues(ctx, r, batch, checkTexts)
	}
	return 0, 0, fmt.Errorf("values of type %s are not expected", reader.Type())
}

// scanValues reads to the end. Levels are counted in total, values in read: the difference are nulls.
func scanValues[T any](ctx context.Context, r valueReader[T], batch int64, check func([]T) error) (rows, nulls int64, err error) {
	values, levels := make([]T, batch), make([]int16, batch)
	for {
		if err := context.Cause(ctx); err != nil {
			return 0, 0, err
		}
		total, read, err := r.ReadBatch(batch, values, levels, nil)
		if err != nil {
			return 0, 0, err
		}
		if total == 0 {
			return rows, nulls, r.Err()
		}
		if check != nil {
			if err := check(values[:read]); err != nil {
				return 0, 0, err
			}
		}
		rows += total
		nulls += total - int64(read)
	}
}

func checkTexts(values []parquet.ByteArray) error {
	for _, v := range values {
		if !utf8.Valid(v) {
			return errors.New("a text is not valid UTF-8")
		}
	}
	return nil
}
