package exports

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	pq "github.com/apache/arrow-go/v18/parquet/schema"

	"partnerscore/jobs/internal/exports/parquetfile"
	"partnerscore/jobs/internal/exports/schema"
)

// node is one optional primitive column, for types that Arrow does not write.
func node(t *testing.T, name string, logical pq.LogicalType, physical parquet.Type, length int) pq.Node {
	t.Helper()
	n, err := pq.NewPrimitiveNodeLogical(name, parquet.Repetitions.Optional, logical, physical, length, -1)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// schemaFile has the given columns and no rows.
func schemaFile(t *testing.T, nodes ...pq.Node) string {
	t.Helper()
	root, err := pq.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := file.NewParquetWriter(&out, root).Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// typeCase is one column type with what the contract accepts it for: t(ext), m(onth), a(mount), d(ate).
type typeCase struct {
	data    string
	name    string // of Column.Type
	accepts string
}

func typeCases(t *testing.T) map[string]typeCase {
	arrowFile := func(kind arrow.DataType) string { return parquetFile(t, 2, []arrow.Field{field("x", kind)}) }
	physical := func(p parquet.Type, length int) string { return schemaFile(t, node(t, "x", nil, p, length)) }
	logical := func(l pq.LogicalType, p parquet.Type, length int) string {
		return schemaFile(t, node(t, "x", l, p, length))
	}
	repeated := func() string {
		n, err := pq.NewPrimitiveNode("x", parquet.Repetitions.Repeated, parquet.Types.Int32, -1, -1)
		if err != nil {
			t.Fatal(err)
		}
		return schemaFile(t, n)
	}
	types := parquet.Types
	return map[string]typeCase{
		"string":         {arrowFile(arrow.BinaryTypes.String), "text", "tmad"},
		"large string":   {arrowFile(arrow.BinaryTypes.LargeString), "text", "tmad"},
		"dictionary":     {arrowFile(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}), "text", "tmad"},
		"enum":           {logical(pq.EnumLogicalType{}, types.ByteArray, -1), "text", "tmad"},
		"json":           {logical(pq.JSONLogicalType{}, types.ByteArray, -1), "text", "tmad"},
		"binary":         {arrowFile(arrow.BinaryTypes.Binary), "binary", "tmad"},
		"fixed binary":   {arrowFile(&arrow.FixedSizeBinaryType{ByteWidth: 16}), "binary of fixed length", ""},
		"uuid":           {arrowFile(extensions.NewUUIDType()), "uuid", "t"},
		"null":           {arrowFile(arrow.Null), "null (no values)", "tmad"},
		"bool":           {arrowFile(arrow.FixedWidthTypes.Boolean), "bool", ""},
		"int8":           {arrowFile(arrow.PrimitiveTypes.Int8), "int8", "tma"},
		"int16":          {arrowFile(arrow.PrimitiveTypes.Int16), "int16", "tma"},
		"int32":          {arrowFile(arrow.PrimitiveTypes.Int32), "int32", "tma"},
		"int64":          {arrowFile(arrow.PrimitiveTypes.Int64), "int64", "tma"},
		"uint8":          {arrowFile(arrow.PrimitiveTypes.Uint8), "uint8", "tma"},
		"uint32":         {arrowFile(arrow.PrimitiveTypes.Uint32), "uint32", "tma"},
		"uint64":         {arrowFile(arrow.PrimitiveTypes.Uint64), "uint64", "tma"},
		"float16":        {logical(pq.Float16LogicalType{}, types.FixedLenByteArray, 2), "float", "a"},
		"float":          {arrowFile(arrow.PrimitiveTypes.Float32), "float", "a"},
		"double":         {arrowFile(arrow.PrimitiveTypes.Float64), "double", "a"},
		"decimal 18":     {arrowFile(&arrow.Decimal128Type{Precision: 18, Scale: 6}), "decimal(18,6)", "a"},
		"decimal 38":     {arrowFile(&arrow.Decimal128Type{Precision: 38, Scale: 10}), "decimal(38,10)", "a"},
		"decimal id":     {arrowFile(&arrow.Decimal128Type{Precision: 38, Scale: 0}), "decimal(38,0)", "tma"},
		"decimal 50":     {arrowFile(&arrow.Decimal256Type{Precision: 50, Scale: 6}), "decimal(50,6)", ""},
		"decimal 9":      {logical(pq.NewDecimalLogicalType(9, 2), types.Int32, -1), "decimal(9,2)", "a"},
		"decimal bytes":  {logical(pq.NewDecimalLogicalType(20, 2), types.ByteArray, -1), "decimal(20,2)", "a"},
		"date":           {arrowFile(arrow.FixedWidthTypes.Date32), "date", "md"},
		"timestamp ms":   {arrowFile(&arrow.TimestampType{Unit: arrow.Millisecond}), "timestamp(ms)", "md"},
		"timestamp us":   {arrowFile(&arrow.TimestampType{Unit: arrow.Microsecond}), "timestamp(us)", "md"},
		"timestamp ns":   {arrowFile(&arrow.TimestampType{Unit: arrow.Nanosecond}), "timestamp(ns)", "md"},
		"timestamp zone": {arrowFile(&arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "Europe/Paris"}), "timestamp(us, UTC)", "md"},
		"int96":          {physical(types.Int96, -1), "int96", "md"},
		"time":           {arrowFile(arrow.FixedWidthTypes.Time64us), "time", ""},
		"interval":       {logical(pq.IntervalLogicalType{}, types.FixedLenByteArray, 12), "other", ""},
		"bson":           {logical(pq.BSONLogicalType{}, types.ByteArray, -1), "other", ""},
		"list":           {arrowFile(arrow.ListOf(arrow.BinaryTypes.String)), "nested (a list, map or struct)", ""},
		"map":            {arrowFile(arrow.MapOf(arrow.BinaryTypes.String, arrow.BinaryTypes.String)), "nested (a list, map or struct)", ""},
		"struct":         {arrowFile(arrow.StructOf(field("x", arrow.BinaryTypes.String))), "nested (a list, map or struct)", ""},
		"repeated":       {repeated(), "nested (a list, map or struct)", ""},
	}
}

func TestTypes(t *testing.T) {
	var messages strings.Builder
	meanings := []struct {
		letter string
		means  schema.Meaning
	}{{"t", schema.MeansText}, {"m", schema.MeansMonth}, {"a", schema.MeansAmount}, {"d", schema.MeansDate}}
	for name, c := range typeCases(t) {
		t.Run(name, func(t *testing.T) {
			foot, err := parquetfile.Read(strings.NewReader(c.data), int64(len(c.data)))
			if err != nil {
				t.Fatal(err)
			}
			got := foot.Columns[0]
			if got.Type() != c.name {
				t.Errorf("type is %q, want %q", got.Type(), c.name)
			}
			for _, m := range meanings {
				why := m.means.Mismatch(got)
				if (why == "") != strings.Contains(c.accepts, m.letter) {
					t.Errorf("as %s: %q, want it accepted for %q only", m.letter, why, c.accepts)
				}
			}
		})
	}
	for _, m := range meanings {
		fmt.Fprintln(&messages, m.letter+":", m.means.Mismatch(schema.Column{Kind: schema.Nested}))
	}
	fmt.Fprint(&messages, "wide: ", schema.MeansAmount.Mismatch(schema.Column{Kind: schema.Decimal, Precision: 50}))
	golden(t, "types.txt", messages.String())
}

// TestWrongTypes has one message per meaning, and one for a column that stands for two.
func TestWrongTypes(t *testing.T) {
	list := arrow.ListOf(arrow.BinaryTypes.String)
	root := tree(t, map[string]string{
		"azure_usage/month=2024-06/u.parquet": parquetFile(t, 2, []arrow.Field{
			field("Month", arrow.PrimitiveTypes.Float64), field("PGAMpnID", arrow.PrimitiveTypes.Float64), field("AssociationType", list),
			field("TenantId", arrow.FixedWidthTypes.Date32), field("ServiceLevel2", arrow.StructOf(text("name"))),
			field("Offer", arrow.FixedWidthTypes.Boolean), field("TotalACR", arrow.FixedWidthTypes.Boolean),
		}),
		"certifications/month=2024-06/c.parquet": parquetFile(t, 2, []arrow.Field{
			text("MpnId"), text("MCPID"), text("TrainingTitle"), text("TrainingType"),
			field("TrainingCompletionDate", arrow.PrimitiveTypes.Int64), field("ExpirationDate", arrow.FixedWidthTypes.Boolean),
		}),
	})
	_, err := Check(t.Context(), find(t, root, Patterns{}).Files(), Options{})
	if !errors.As(err, new(*ContractError)) {
		t.Fatalf("got %v, want a *ContractError", err)
	}
	golden(t, "faults/wrong-types.txt", err.Error())
}
