package snapshot

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// scanBatch is the largest number of values decoded at a time.
const scanBatch = 4 << 10

// valueReader is the part of the typed column readers that a scan needs.
type valueReader[T any] interface {
	ReadBatch(batch int64, values []T, defLevels, repLevels []int16) (total int64, read int, err error)
	Err() error
}

// scanColumn decodes every value of column i and compares the number of rows and the
// absence of values with footer and table. Texts must be valid UTF-8.
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

// scanValues reads to the end. Levels are counted in total, values in read: the
// difference are nulls.
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
