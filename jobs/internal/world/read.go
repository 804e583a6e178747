package world

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Null is how cells spell NULL, as in samples/expected.
const Null = `\N`

// TablePath is the path of a published table.
func TablePath(snapshots, table string, m scoring.Month) string {
	return filepath.Join(snapshots, table, "month="+m.String(), "part-0.parquet")
}

// ReadTables reads all published tables of a month.
func ReadTables(tb testing.TB, snapshots string, m scoring.Month) map[string][]Row {
	tb.Helper()
	tables := map[string][]Row{}
	for _, t := range snapshot.Tables() {
		names, cells := ReadArrow(tb, TablePath(snapshots, t.Name, m))
		rows := make([]Row, len(cells))
		for i, line := range cells {
			rows[i] = Row{}
			for c, cell := range line {
				rows[i][names[c]] = cell
			}
		}
		tables[t.Name] = rows
	}
	return tables
}

// ReadArrow reads a Parquet file with arrow-go.
func ReadArrow(tb testing.TB, path string) (names []string, cells [][]string) {
	tb.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 8192}, memory.DefaultAllocator)
	if err != nil {
		tb.Fatal(err)
	}
	table, err := reader.ReadTable(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	defer table.Release()
	cells = make([][]string, table.NumRows())
	for c := range int(table.NumCols()) {
		column := table.Column(c)
		names = append(names, column.Name())
		line := 0
		for _, chunk := range column.Data().Chunks() {
			for i := range chunk.Len() {
				cells[line] = append(cells[line], arrowCell(tb, chunk, i))
				line++
			}
		}
	}
	return names, cells
}

func arrowCell(tb testing.TB, chunk arrow.Array, i int) string {
	tb.Helper()
	if chunk.IsNull(i) {
		return Null
	}
	switch values := chunk.(type) {
	case *array.String:
		return values.Value(i)
	case *array.Boolean:
		return fmt.Sprint(values.Value(i))
	case *array.Int32:
		return fmt.Sprint(values.Value(i))
	case *array.Int64:
		return fmt.Sprint(values.Value(i))
	case *array.Date32:
		return values.Value(i).FormattedString()
	case *array.Decimal128:
		return values.Value(i).ToString(values.DataType().(*arrow.Decimal128Type).Scale)
	}
	tb.Fatalf("a column of type %s", chunk.DataType())
	return ""
}

// WriteParquet writes rows as a Parquet file whose columns are all text; empty cells are null.
func WriteParquet(tb testing.TB, path string, header []string, rows [][]string) {
	tb.Helper()
	var fields []arrow.Field
	for _, name := range header {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	for _, line := range rows {
		for c, cell := range line {
			if column := builder.Field(c).(*array.StringBuilder); cell == "" {
				column.AppendNull()
			} else {
				column.Append(cell)
			}
		}
	}
	writeRecord(tb, path, builder.NewRecordBatch())
}

func writeRecord(tb testing.TB, path string, record arrow.RecordBatch) {
	tb.Helper()
	defer record.Release()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w, err := pqarrow.NewFileWriter(record.Schema(), f, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		tb.Fatal(err)
	}
	if err := errors.Join(w.Write(record), w.Close()); err != nil { // closes f too
		tb.Fatal(err)
	}
}

// PublishedFiles returns hash, size and time of every published file of a snapshots folder, by path; cache and lock are not published.
func PublishedFiles(tb testing.TB, snapshots string, times bool) map[string]string {
	tb.Helper()
	found := map[string]string{}
	Walk(tb, snapshots, func(rel string, data []byte, info fs.FileInfo) {
		if strings.HasPrefix(rel, "_facts/") || rel == ".lock" {
			return
		}
		sum := sha256.Sum256(data)
		found[rel] = hex.EncodeToString(sum[:8])
		if times {
			found[rel] += " " + info.ModTime().String()
		}
	})
	return found
}

// TableBytes returns the hash of every published table file.
func TableBytes(tb testing.TB, snapshots string) map[string]string {
	tb.Helper()
	found := PublishedFiles(tb, snapshots, false)
	for rel := range found {
		if !strings.HasSuffix(rel, ".parquet") {
			delete(found, rel)
		}
	}
	return found
}

// Walk calls visit for every regular file below root.
func Walk(tb testing.TB, root string, visit func(rel string, data []byte, info fs.FileInfo)) {
	tb.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		visit(filepath.ToSlash(rel), data, info)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
}
