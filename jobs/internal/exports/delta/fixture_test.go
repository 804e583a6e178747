package delta

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
)

const (
	protocolLine = `{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}`
	metaLine     = `{"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":"{}","partitionColumns":["month"],"configuration":{}}}`
)

func addLine(path, month string) string {
	return fmt.Sprintf(`{"add":{"path":%q,"partitionValues":{"month":%q},"size":10,"modificationTime":1,"dataChange":true}}`, path, month)
}

func removeLine(path string) string {
	return fmt.Sprintf(`{"remove":{"path":%q,"deletionTimestamp":1,"dataChange":true}}`, path)
}

// table writes the files of a log into a new folder and returns it.
func table(t testing.TB, log map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, LogDir), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range log {
		put(t, dir, name, text)
	}
	return dir
}

// opened opens a folder as a source.
func opened(t testing.TB, dir string) storage.Source {
	t.Helper()
	source, err := local.OpenSource(dir)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func readTable(t testing.TB, dir string) (*Table, error) {
	t.Helper()
	return Read(t.Context(), opened(t, dir), "")
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, LogDir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func commit(version int) string { return fmt.Sprintf("%020d.json", version) }

func lines(actions ...string) string { return strings.Join(actions, "\n") + "\n" }

// paths lists the live files of a table.
func paths(t *Table) (list []string) {
	for _, f := range t.Files {
		list = append(list, f.Path)
	}
	return list
}

// refused makes sure that a table is refused with an *Error that has the texts.
func refused(t *testing.T, dir string, texts ...string) {
	t.Helper()
	read, err := readTable(t, dir)
	var told *Error
	if !errors.As(err, &told) {
		t.Fatalf("read %v, error %v, want an *Error", read, err)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error is %q, want %q in it", err, text)
		}
	}
}

// row is one action of a checkpoint.
type row struct {
	protocol int32
	features []string
	meta     []string // partition columns
	path     string
	noPath   bool
	values   map[string]string // "\x00" is NULL
	vector   string
	sidecar  string
	removed  string
}

// checkpoint encodes actions as Spark does, lists and maps in three levels.
func checkpoint(t testing.TB, rows []row) string {
	t.Helper()
	text := arrow.BinaryTypes.String
	nullable := func(name string, kind arrow.DataType) arrow.Field {
		return arrow.Field{Name: name, Type: kind, Nullable: true}
	}
	s := arrow.NewSchema([]arrow.Field{
		nullable("protocol", arrow.StructOf(nullable("minReaderVersion", arrow.PrimitiveTypes.Int32), nullable("readerFeatures", arrow.ListOf(text)))),
		nullable("metaData", arrow.StructOf(nullable("id", text), nullable("format", arrow.StructOf(nullable("provider", text))),
			nullable("partitionColumns", arrow.ListOf(text)), nullable("configuration", arrow.MapOf(text, text)))),
		nullable("add", arrow.StructOf(nullable("path", text), nullable("partitionValues", arrow.MapOf(text, text)), nullable("size", arrow.PrimitiveTypes.Int64),
			nullable("deletionVector", arrow.StructOf(nullable("storageType", text), nullable("pathOrInlineDv", text))))),
		nullable("sidecar", arrow.StructOf(nullable("path", text))),
		nullable("remove", arrow.StructOf(nullable("path", text))),
		nullable("txn", arrow.StructOf(nullable("appId", text))),
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, s)
	defer b.Release()
	for _, r := range rows {
		fill(b, r)
	}
	record := b.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(s, &out, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(7)),
		pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(record), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func fill(b *array.RecordBuilder, r row) {
	protocol, meta, add := b.Field(0).(*array.StructBuilder), b.Field(1).(*array.StructBuilder), b.Field(2).(*array.StructBuilder)
	sidecar, remove, txn := b.Field(3).(*array.StructBuilder), b.Field(4).(*array.StructBuilder), b.Field(5).(*array.StructBuilder)
	if r.protocol == 0 {
		protocol.AppendNull()
	} else {
		protocol.Append(true)
		protocol.FieldBuilder(0).(*array.Int32Builder).Append(r.protocol)
		texts(protocol.FieldBuilder(1).(*array.ListBuilder), r.features)
	}
	if r.meta == nil {
		meta.AppendNull()
	} else {
		meta.Append(true)
		meta.FieldBuilder(0).(*array.StringBuilder).Append("t")
		format := meta.FieldBuilder(1).(*array.StructBuilder)
		format.Append(true)
		format.FieldBuilder(0).(*array.StringBuilder).Append("parquet")
		texts(meta.FieldBuilder(2).(*array.ListBuilder), r.meta)
		meta.FieldBuilder(3).(*array.MapBuilder).Append(true)
	}
	switch {
	case r.path == "" && !r.noPath:
		add.AppendNull()
	default:
		add.Append(true)
		if r.noPath {
			add.FieldBuilder(0).AppendNull()
		} else {
			add.FieldBuilder(0).(*array.StringBuilder).Append(r.path)
		}
		entries(add.FieldBuilder(1).(*array.MapBuilder), r.values)
		add.FieldBuilder(2).(*array.Int64Builder).Append(10)
		vector := add.FieldBuilder(3).(*array.StructBuilder)
		if r.vector == "" {
			vector.AppendNull()
		} else {
			vector.Append(true)
			vector.FieldBuilder(0).(*array.StringBuilder).Append("u")
			vector.FieldBuilder(1).(*array.StringBuilder).Append(r.vector)
		}
	}
	if r.sidecar == "" {
		sidecar.AppendNull()
	} else {
		sidecar.Append(true)
		sidecar.FieldBuilder(0).(*array.StringBuilder).Append(r.sidecar)
	}
	if r.removed == "" {
		remove.AppendNull()
	} else {
		remove.Append(true)
		remove.FieldBuilder(0).(*array.StringBuilder).Append(r.removed)
	}
	txn.AppendNull()
}

func texts(b *array.ListBuilder, values []string) {
	if values == nil {
		b.AppendNull()
		return
	}
	b.Append(true)
	for _, v := range values {
		b.ValueBuilder().(*array.StringBuilder).Append(v)
	}
}

func entries(b *array.MapBuilder, values map[string]string) {
	b.Append(true)
	for k, v := range values {
		b.KeyBuilder().(*array.StringBuilder).Append(k)
		if v == "\x00" {
			b.ItemBuilder().AppendNull()
		} else {
			b.ItemBuilder().(*array.StringBuilder).Append(v)
		}
	}
}
