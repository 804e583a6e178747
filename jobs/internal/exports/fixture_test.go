package exports

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
)

// long asks for long loops, as in CI.
func long() bool { return os.Getenv("PARTNERSCORE_TEST_LONG") != "" }

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // the heap of these tests is so small that the collector took a third of the time
	os.Exit(m.Run())
}

var update = flag.Bool("update", false, "rewrite the golden messages")

// tree writes files below a new folder and returns it.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for rel, data := range files {
		write(t, filepath.Join(root, rel), data)
	}
	return root
}

func write(t testing.TB, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// folderSource opens a folder as a source.
func folderSource(t testing.TB, root string) storage.Source {
	t.Helper()
	source, err := local.OpenSource(root)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// onDisk is where a file of a folder is.
func onDisk(f Found) string { return filepath.Join(f.source.Root(), f.Rel) }

// field is one nullable column of a generated file.
func field(name string, kind arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: kind, Nullable: true}
}

// parquetFile has the given rows, all of them null.
func parquetFile(t testing.TB, rows int, fields []arrow.Field, props ...parquet.WriterProperty) string {
	t.Helper()
	s := arrow.NewSchema(fields, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, s)
	defer builder.Release()
	for _, column := range builder.Fields() {
		for range rows {
			column.AppendNull()
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(s, &out, parquet.NewWriterProperties(props...),
		pqarrow.NewArrowWriterProperties(pqarrow.WithDeprecatedInt96Timestamps(false)))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(record), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// text and friends are short names for common types.
func text(name string) arrow.Field { return field(name, arrow.BinaryTypes.String) }

func amount(name string) arrow.Field {
	return field(name, &arrow.Decimal128Type{Precision: 18, Scale: 6})
}

// plainUsage has every required column under one of its usual names.
func plainUsage() []arrow.Field {
	return []arrow.Field{
		text("MPNId"), text("PartnerAttributionType"), text("CustomerTenantId"), text("ServiceLevel2"),
		text("OfferType"), amount("ACR_USD"),
	}
}

const plainUsageHeader = "MPNId,PartnerAttributionType,CustomerTenantId,ServiceLevel2,OfferType,ACR_USD"

const plainCertificationsHeader = "MpnId,MCPID,TrainingTitle,TrainingType,TrainingCompletionDate"

// refused makes sure that a file is refused, with the golden message of that name.
func refused(t *testing.T, file, data, message string) {
	t.Helper()
	err := judge(t, file, data)
	if !errors.As(err, new(*ContractError)) {
		t.Fatalf("got %v, want a *ContractError", err)
	}
	golden(t, message, err.Error())
}

// golden compares a message with the file testdata/<name>.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		write(t, path, got+"\n")
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got+"\n" != string(want) {
		t.Errorf("message differs from %s\n got: %s\nwant: %s", path, got, strings.TrimSuffix(string(want), "\n"))
	}
}
