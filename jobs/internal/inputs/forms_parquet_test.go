package inputs_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// kindOf chooses a type that can hold the values of a canonical column in this month.
func (f *form) kindOf(canonical string) arrow.DataType {
	text := []arrow.DataType{arrow.BinaryTypes.String, arrow.BinaryTypes.LargeString, arrow.BinaryTypes.Binary,
		&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}}
	kinds := text
	switch canonical {
	case "month":
		kinds = append(kinds, monthKinds()...)
	case "partner_location_id", "partner_global_id":
		kinds = append(kinds, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Uint32, arrow.PrimitiveTypes.Uint64,
			&arrow.Decimal128Type{Precision: 20}, &arrow.Decimal128Type{Precision: 7})
	case "customer_tenant_id", "subscription_id":
		kinds = append(kinds, extensions.NewUUIDType(), extensions.NewUUIDType())
	case "acr_usd":
		kinds = append(kinds, &arrow.Decimal128Type{Precision: 18, Scale: 6}, &arrow.Decimal128Type{Precision: 38, Scale: 10},
			&arrow.Decimal128Type{Precision: 38, Scale: 6}, &arrow.Decimal128Type{Precision: 38, Scale: 20}, arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float64)
		if int(f.month)%3 < 2 {
			kinds = append(kinds, arrow.PrimitiveTypes.Float32, &arrow.Decimal128Type{Precision: 9, Scale: 2})
		}
		if int(f.month)%3 == 0 {
			kinds = append(kinds, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64, &arrow.Decimal128Type{Precision: 18})
		}
	}
	return kinds[f.random.IntN(len(kinds))]
}

func monthKinds() []arrow.DataType {
	kinds := []arrow.DataType{arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Date64, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
		arrow.PrimitiveTypes.Uint32, &arrow.Decimal128Type{Precision: 10}}
	for _, unit := range []arrow.TimeUnit{arrow.Second, arrow.Millisecond, arrow.Microsecond, arrow.Nanosecond} {
		for _, zone := range []string{"", "UTC", "America/Los_Angeles"} {
			kinds = append(kinds, &arrow.TimestampType{Unit: unit, TimeZone: zone})
		}
	}
	return kinds
}

// encodeParquet writes the rows with chance codecs and encodings.
func (f *form) encodeParquet(rows []fact) []byte {
	fields := make([]arrow.Field, len(f.columns))
	for i, c := range f.columns {
		fields[i] = arrow.Field{Name: c.name, Type: c.kind, Nullable: c.canonical != "acr_usd" && c.canonical != "month" || f.chance(2)}
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	for _, row := range rows {
		for i, c := range f.columns {
			appendCell(f.t, builder.Field(i), f.cell(c, row), f.random.IntN(2) == 0)
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	codecs := []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli,
		compress.Codecs.Zstd, compress.Codecs.Lz4Raw}
	props := []parquet.WriterProperty{parquet.WithCompression(codecs[f.random.IntN(len(codecs))]), parquet.WithDictionaryDefault(f.chance(2)),
		parquet.WithMaxRowGroupLength(int64(1 + f.random.IntN(50))), parquet.WithStoreDecimalAsInteger(f.chance(2)),
		parquet.WithDataPageVersion([]parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2}[f.random.IntN(2)])}
	for _, c := range f.columns {
		if id := c.kind.ID(); id == arrow.STRING || id == arrow.BINARY {
			encodings := []parquet.Encoding{parquet.Encodings.Plain, parquet.Encodings.DeltaByteArray, parquet.Encodings.DeltaLengthByteArray}
			props = append(props, parquet.WithEncodingFor(c.name, encodings[f.random.IntN(len(encodings))]))
		} else if id == arrow.INT32 || id == arrow.INT64 {
			props = append(props, parquet.WithEncodingFor(c.name, []parquet.Encoding{parquet.Encodings.Plain, parquet.Encodings.DeltaBinaryPacked}[f.random.IntN(2)]))
		}
	}
	var out bytes.Buffer
	writer, err := pqarrow.NewFileWriter(record.Schema(), &out, parquet.NewWriterProperties(props...),
		pqarrow.NewArrowWriterProperties(pqarrow.WithDeprecatedInt96Timestamps(f.chance(4))))
	if err != nil {
		f.t.Fatal(err)
	}
	if err := writer.Write(record); err != nil {
		f.t.Fatalf("%s: %v", f, err)
	}
	if err := writer.Close(); err != nil {
		f.t.Fatal(err)
	}
	return out.Bytes()
}

// cell is the text from which Arrow makes the value of a column.
func (f *form) cell(c formColumn, row fact) string {
	switch c.kind.ID() {
	case arrow.STRING, arrow.LARGE_STRING, arrow.BINARY, arrow.DICTIONARY:
		return f.text(c, row)
	}
	switch c.canonical {
	case "month":
		moment := f.moment(row)
		switch c.kind.ID() {
		case arrow.DATE32, arrow.DATE64:
			return moment.Format(time.DateOnly)
		case arrow.TIMESTAMP:
			return moment.Format("2006-01-02T15:04:05")
		}
		return moment.Format(f.pick("200601", "20060102"))
	case "acr_usd":
		if id := c.kind.ID(); id == arrow.INT32 || id == arrow.INT64 {
			return fmt.Sprint(row.micros / 1_000_000)
		}
		return plainAmount(row.micros)
	}
	return row.value(c.canonical)
}

// appendCell appends a value given as text; nothing is null, or in text columns perhaps a blank.
func appendCell(t *testing.T, column array.Builder, cell string, blank bool) {
	t.Helper()
	text := column.Type().ID() == arrow.STRING || column.Type().ID() == arrow.LARGE_STRING
	switch b, binary := column.(*array.BinaryBuilder); {
	case cell == "" && !(text && blank):
		column.AppendNull()
	case binary:
		b.Append([]byte(cell))
	default:
		if stamp, ok := column.(*array.TimestampBuilder); ok { // the value is of UTC, whatever zone the column is shown in
			moment, err := time.Parse("2006-01-02T15:04:05", cell)
			if err != nil {
				t.Fatal(err)
			}
			stamp.AppendTime(moment)
			return
		}
		if err := column.AppendValueFromString(cell); err != nil {
			t.Fatalf("%q as %s: %v", cell, column.Type(), err)
		}
	}
}
