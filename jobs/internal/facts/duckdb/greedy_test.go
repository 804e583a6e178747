package duckdb_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// TestGreedyFile: a small file that takes far more memory than there is, as a damaged size does, is named, and the others of its month are not.
func TestGreedyFile(t *testing.T) {
	w := world.New().Lately(1)
	w.Parquet = true
	root := w.Write(t)
	cells := []string{"base", "PAL", "t", "Storage", "Microsoft Azure", "1", strings.Repeat("x", 96<<20)}
	var fields []arrow.Field
	for _, name := range []string{"MPNId", "PartnerAttributionType", "TenantId", "ServiceLevel2", "OfferType", "ACR_USD", "CustomerName"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	for row := range 60 { // the mean value is within what is read
		for i, cell := range cells {
			if column := builder.Field(i).(*array.StringBuilder); i == 6 && row > 0 {
				column.AppendNull()
			} else {
				column.Append(cell)
			}
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	file, err := pqarrow.NewFileWriter(record.Schema(), &out, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)), pqarrow.DefaultWriterProps())
	world.Must(t, err)
	world.Must(t, errors.Join(file.Write(record), file.Close()))
	world.WriteFile(t, filepath.Join(world.UsageDir(root, world.June), "greedy.parquet"), out.Bytes())
	_, _, err = world.Try(t, root, filepath.Join(t.TempDir(), "s"), world.June, world.NoHistory, func(o *months.Options) { o.MemoryLimit = 64 << 20 })
	if !world.SameKind(err, &exports.ContractError{}) || !strings.Contains(err.Error(), "greedy.parquet") || strings.Contains(err.Error(), "part-0") ||
		!strings.Contains(err.Error(), "of memory or more; export it again; if it is whole, allow as much with --memory-limit") {
		t.Errorf("got %v", err)
	}
}
