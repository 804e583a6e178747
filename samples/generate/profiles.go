package main

import (
	"path/filepath"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/compress"
)

// profileRow is one location of the partners file. Blank fields are written as null.
type profileRow struct{ location, name, global, globalName, level string }

// trainingRow is one line of a certifications snapshot. A zero expiry and blank texts are written as null.
type trainingRow struct {
	global, location   string
	person, email      string
	first, last        string
	title, kind        string
	completed, expires time.Time
	activation         string
}

func text(name string) arrow.Field {
	return arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
}

func date(name string) arrow.Field {
	return arrow.Field{Name: name, Type: arrow.FixedWidthTypes.Date32, Nullable: true}
}

func writePartners(out string, rows []profileRow) error {
	schema := arrow.NewSchema([]arrow.Field{
		text("MpnId"), text("PartnerName"), text("PGA_MPNId"), text("PGA_PartnerName"), text("HierarchyLevel"),
	}, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	for _, r := range rows {
		appendTexts(builder, 0, r.location, r.name, r.global, r.globalName, r.level)
	}
	return writeRecord(filepath.Join(out, "partners", "part-00000.parquet"), builder)
}

func writeCertifications(out string, m month, rows []trainingRow) error {
	schema := arrow.NewSchema([]arrow.Field{
		text("PGAMpnId"), text("MpnId"), text("MCPID"), text("Email"), text("FirstName"), text("LastName"),
		text("TrainingTitle"), text("TrainingType"), date("TrainingCompletionDate"), date("ExpirationDate"),
		text("ActivationStatus"),
	}, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	for _, r := range rows {
		appendTexts(builder, 0, r.global, r.location, r.person, r.email, r.first, r.last, r.title, r.kind)
		appendDate(builder, 8, r.completed)
		appendDate(builder, 9, r.expires)
		appendTexts(builder, 10, r.activation)
	}
	return writeRecord(filepath.Join(out, "certifications", "month="+m.String(), "part-00000.parquet"), builder)
}

// appendTexts appends to text columns that stand side by side.
func appendTexts(builder *array.RecordBuilder, column int, values ...string) {
	for i, v := range values {
		field := builder.Field(column + i).(*array.StringBuilder)
		if v == "" {
			field.AppendNull()
			continue
		}
		field.Append(v)
	}
}

func appendDate(builder *array.RecordBuilder, column int, value time.Time) {
	field := builder.Field(column).(*array.Date32Builder)
	if value.IsZero() {
		field.AppendNull()
		return
	}
	field.Append(arrow.Date32(epochDays(value)))
}

func writeRecord(path string, builder *array.RecordBuilder) error {
	record := builder.NewRecordBatch()
	defer record.Release()
	return writeParquet(path, record, compress.Codecs.Zstd)
}
