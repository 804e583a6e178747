package deltalog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// readCheckpoint takes over the rows of a checkpoint, column by column and in this goroutine: the reader of Parquet panics on some damaged files, and
// a reader of whole rows would do so where nothing can catch it.
func (l *Log) readCheckpoint(data []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
		if err != nil {
			err = fmt.Errorf("the checkpoint is damaged: %w", err)
		}
	}()
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled = true // a page in memory, not what a column claims to be
	props.MaxCompressedPageSize, props.MaxUncompressedPageSize = mostPageBytes, mostPageBytes
	r, err := file.NewParquetReader(bytes.NewReader(data), file.WithReadProps(props))
	if err != nil {
		return err
	}
	for g := range r.NumRowGroups() {
		if err := l.replayGroup(r.RowGroup(g)); err != nil {
			return err
		}
	}
	return r.Close()
}

// mostPageBytes is more than a page of a checkpoint has.
const mostPageBytes = 64 << 20

// replayGroup replays the rows of a row group.
func (l *Log) replayGroup(r *file.RowGroupReader) error {
	group := columns{of: map[string][][]cell{}}
	rows := -1
	for i := range r.NumColumns() {
		name := r.MetaData().Schema.Column(i).Path()
		found, err := readColumn(r, i)
		if err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
		if rows >= 0 && len(found) != rows {
			return fmt.Errorf("column %s has %d rows, others have %d", name, len(found), rows)
		}
		rows, group.of[name] = len(found), found
		group.names = append(group.names, name)
	}
	for i := range rows {
		l.replay(group.action(i))
	}
	return nil
}

// columns are the values of a row group, by the path of the column and the row.
type columns struct {
	names []string
	of    map[string][][]cell
}

// cell is a value of a row; a list or a map has several.
type cell struct {
	given  bool
	text   string
	number int64
}

// action is that of a row.
func (c columns) action(row int) (a action) {
	if v := c.first("protocol.minReaderVersion", row); v.given {
		a.Protocol = &protocol{int32(v.number), int32(c.first("protocol.minWriterVersion", row).number)}
	}
	if id := c.first("metaData.id", row); id.given {
		a.MetaData = &metaData{ID: id.text, Name: c.first("metaData.name", row).text,
			Format:       format{c.first("metaData.format.provider", row).text, c.pairs("metaData.format.options.", row)},
			SchemaString: c.first("metaData.schemaString", row).text, PartitionColumns: c.list("metaData.partitionColumns.", row),
			Configuration: c.pairs("metaData.configuration.", row), CreatedTime: c.first("metaData.createdTime", row).number}
	}
	if path := c.first("add.path", row); path.given {
		a.Add = &add{Path: path.text, PartitionValues: c.pairs("add.partitionValues.", row), Size: c.first("add.size", row).number,
			ModificationTime: c.first("add.modificationTime", row).number, Stats: c.first("add.stats", row).text, Tags: c.pairs("add.tags.", row)}
	}
	if path := c.first("remove.path", row); path.given {
		a.Remove = &remove{Path: path.text, DeletionTimestamp: c.first("remove.deletionTimestamp", row).number}
	}
	return a
}

func (c columns) first(name string, row int) cell {
	if rows := c.of[name]; rows != nil && len(rows[row]) > 0 {
		return rows[row][0]
	}
	return cell{}
}

// below are the columns of a list or map: writers name what is between it and its values in different ways.
func (c columns) below(prefix string, row int) (all [][]cell) {
	for _, name := range c.names {
		if strings.HasPrefix(name, prefix) {
			all = append(all, c.of[name][row])
		}
	}
	return all
}

func (c columns) list(prefix string, row int) (texts []string) {
	for _, column := range c.below(prefix, row) {
		for _, v := range column {
			if v.given {
				texts = append(texts, v.text)
			}
		}
	}
	return texts
}

func (c columns) pairs(prefix string, row int) map[string]string {
	out := map[string]string{}
	if all := c.below(prefix, row); len(all) == 2 && len(all[0]) == len(all[1]) {
		for i, key := range all[0] {
			if key.given {
				out[key.text] = all[1][i].text
			}
		}
	}
	return out
}

// batch is how many values are decoded at a time.
const batch = 1024

// readColumn reads the values of all rows of a column.
func readColumn(r *file.RowGroupReader, i int) (rows [][]cell, err error) {
	chunk, err := r.Column(i)
	if err != nil {
		return nil, err
	}
	switch c := chunk.(type) {
	case *file.ByteArrayColumnChunkReader:
		rows, err = readRows(c, func(v parquet.ByteArray) cell { return cell{given: true, text: string(v)} })
	case *file.Int64ColumnChunkReader:
		rows, err = readRows(c, func(v int64) cell { return cell{given: true, number: v} })
	case *file.Int32ColumnChunkReader:
		rows, err = readRows(c, func(v int32) cell { return cell{given: true, number: int64(v)} })
	case *file.BooleanColumnChunkReader:
		rows, err = readRows(c, func(bool) cell { return cell{given: true} })
	default:
		err = fmt.Errorf("values of type %s are not expected", chunk.Type())
	}
	return rows, errors.Join(err, chunk.Close())
}

// typedReader is what the readers of columns have in common.
type typedReader[T any] interface {
	Descriptor() *schema.Column
	ReadBatch(batch int64, values []T, defLevels, repLevels []int16) (total int64, read int, err error)
	Err() error
}

// readRows cuts the values of a column into rows, each of which begins with repetition level 0.
func readRows[T any](r typedReader[T], valueOf func(T) cell) (rows [][]cell, err error) {
	values, defs, reps := make([]T, batch), make([]int16, batch), make([]int16, batch)
	whole := r.Descriptor().MaxDefinitionLevel()
	for {
		total, _, err := r.ReadBatch(batch, values, defs, reps)
		if err != nil {
			return nil, err
		}
		if total == 0 {
			return rows, r.Err()
		}
		used := 0
		for i := range total {
			if reps[i] == 0 {
				rows = append(rows, nil)
			}
			if len(rows) == 0 {
				return nil, errors.New("its first value begins no row")
			}
			var c cell
			if defs[i] == whole {
				c, used = valueOf(values[used]), used+1
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], c)
		}
	}
}
