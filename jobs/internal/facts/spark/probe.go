package spark

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// DisagreesError reports a server that reads odd values in another way than DuckDB.
type DisagreesError struct {
	Where, Version string
	Spark, DuckDB  string // the first answers that differ; "" for none
}

func (e *DisagreesError) FaultKind() string { return fault.Usage }

// Error shows the answers: they are about values of the program, not of exports.
func (e *DisagreesError) Error() string {
	return fmt.Sprintf("the Spark server %s (version %s) reads odd values in another way than DuckDB: %q instead of %q; use a server of Spark 4.1, or "+
		"give --engine duckdb", e.Where, e.Version, e.Spark, e.DuckDB)
}

// question is a file of odd values, in columns of some types.
type question struct {
	month, amount schema.Kind
	rows          arrow.RecordBatch
}

// probe has the server group odd values as it will group a month, and compares what DuckDB reads of these with what DuckDB reads of the values
// themselves.
func (e *Engine) probe(ctx context.Context) error {
	session, err := e.server.take(ctx)
	if err != nil {
		return err
	}
	defer e.server.give(session)
	folder, err := e.DB.Folder()
	if err != nil {
		return err
	}
	month := scoring.NewMonth(2024, time.June)
	var parts []part
	var whole []exports.File
	for i, q := range questions() {
		file := warehouse.NewRowFile(folder, fmt.Sprint("whole", i))
		if err := errors.Join(file.Add(q.rows), file.Close()); err != nil {
			return err
		}
		c := q.file(month, i, file.Path())
		whole, parts = append(whole, c), append(parts, part{files: []exports.File{c}})
		table := array.NewTableFromRecords(q.rows.Schema(), []arrow.RecordBatch{q.rows})
		if err := session.Table(ctx, fileView(i), table); err != nil {
			return err
		}
	}
	grouped, err := grouping{e, session, folder}.rows(ctx, parts)
	if err != nil {
		return err
	}
	if err := e.ViewUsage(ctx, whole); err != nil {
		return err
	}
	want, err := e.answers(ctx, month)
	if err != nil {
		return err
	}
	if err := e.ViewGrouped(ctx, grouped); err != nil {
		return err
	}
	got, err := e.answers(ctx, month)
	if err != nil {
		return err
	}
	if d := firstDifference(got, want); d != nil {
		d.Where, d.Version = e.server.Where(), e.server.Version()
		return d
	}
	return nil
}

// answers are what DuckDB reads, line by line.
func (e *Engine) answers(ctx context.Context, m scoring.Month) ([]string, error) {
	lines, err := e.DB.Violations(ctx, "grouped/probe_rows", m.First())
	if err != nil {
		return nil, err
	}
	keys, err := e.DB.Violations(ctx, "grouped/probe_keys")
	return append(lines, keys...), err
}

// firstDifference returns the first answers that differ, nil where all are the same.
func firstDifference(got, want []string) *DisagreesError {
	at := func(lines []string, i int) string {
		if i < len(lines) {
			return lines[i]
		}
		return ""
	}
	for i := range max(len(got), len(want)) {
		if spark, duckdb := at(got, i), at(want, i); spark != duckdb {
			return &DisagreesError{Spark: spark, DuckDB: duckdb}
		}
	}
	return nil
}

// file describes the values as a usage file.
func (q question) file(m scoring.Month, number int, path string) exports.File {
	c := exports.File{Path: path, Rows: q.rows.NumRows(), Mapping: map[string]schema.Column{}}
	c.Rel, c.Month, c.Format, c.Table = fmt.Sprintf("probe-%d.parquet", number), m, fileformat.Parquet, schema.Usage
	for i, field := range q.rows.Schema().Fields() {
		column := schema.Column{Name: field.Name, Index: i, Kind: schema.Text}
		switch field.Name {
		case "month":
			column.Kind, column.Unit, column.UTC = q.month, "us", true
		case "acr_usd":
			column.Kind, column.Precision, column.Scale = q.amount, 38, 9
		}
		c.Columns = append(c.Columns, column)
		c.Mapping[field.Name] = column
	}
	return c
}

// oddTexts are labels: white space, letters whose lower case is special, the same letter composed in two ways, byte order.
func oddTexts() []string {
	return []string{"", " ", "\u00a0", "a", "A", "a ", "a\u00a0", "\u3000a", "İ", "i", "I\u0307", "\u212a", "k", "Σ", "σ", "ς", "ß", "é", "e\u0301", "😀", "\uffff",
		"'", `\`, "a\tb", "a\nb", "a\x00b", "𐐀", "7.0", "07"}
}

// oddIDs are ids of which some are the same.
func oddIDs() []string {
	return []string{"k1", "K1", " {k1}", "\u212a1", "i2", "İ2\u00a0", "{ I2 }", "3-a", "3-A\t", "4", "5"}
}

// questions cover texts, numbers of type DOUBLE and DECIMAL, days as text and as time.
func questions() []question {
	texts := []string{"1", "-1.5", "+0.000001", "12345678901.123456", "0.0000005", "2.0000005", "-0.0000005", "1e3", "5e-7", " 7", "7,5", "NaN", "", "١", "1.", ".5",
		"123456789012", "1000000000000"}
	days := []string{"2024-06", "202406", "2024-06-01", "2024-06-30T00:00:00Z", "2024-06-31", "2024-05-31", "20240701", "2024-6", " 2024-06", "x", "٢٠٢٤-٠٦"}
	doubles := []float64{0, 0.5, -0.1, 1e-7, 5e-7, 4.9999999e-7, 2.0000005, 1.0000015, 8.41e-3, 123456.7890125, 2e-3, 1e9, 999999999.9999995, 1e12, math.NaN(), math.Inf(1),
		math.Copysign(0, -1), 0.1 + 0.2, 5e-324}
	times := []string{"2024-05-31T23:59:59.999999Z", "2024-06-01T00:00:00Z", "2024-06-30T23:59:59.999999Z", "2024-07-01T00:00:00Z", "0001-01-01T00:00:00Z"}
	text := newRows(arrow.BinaryTypes.String, arrow.BinaryTypes.String)
	double := newRows(arrow.FixedWidthTypes.Timestamp_us, arrow.PrimitiveTypes.Float64)
	exact := newRows(arrow.FixedWidthTypes.Date32, &arrow.Decimal128Type{Precision: 38, Scale: 9})
	for i := range 100 {
		text.add(i, func(month, amount array.Builder) {
			month.(*array.StringBuilder).Append(days[i%len(days)])
			amount.(*array.StringBuilder).Append(texts[i%len(texts)])
		})
		double.add(i, func(month, amount array.Builder) {
			at, _ := time.Parse(time.RFC3339Nano, times[i%len(times)])
			month.(*array.TimestampBuilder).Append(arrow.Timestamp(at.UnixMicro()))
			amount.(*array.Float64Builder).Append(doubles[i%len(doubles)])
		})
		exact.add(i, func(month, amount array.Builder) {
			month.(*array.Date32Builder).Append(arrow.Date32FromTime(time.Date(2024, time.May, 30+i%34, 0, 0, 0, 0, time.UTC)))
			amount.(*array.Decimal128Builder).Append(decimal128.FromI64(int64(i-50) * 1_000_000_500))
		})
	}
	return []question{
		{month: schema.Text, amount: schema.Text, rows: text.NewRecordBatch()},
		{month: schema.Timestamp, amount: schema.Double, rows: double.NewRecordBatch()},
		{month: schema.Date, amount: schema.Decimal, rows: exact.NewRecordBatch()},
	}
}

// rows are those of one question.
type rows struct{ *array.RecordBuilder }

func newRows(month, amount arrow.DataType) rows {
	fields := []arrow.Field{{Name: "month", Type: month, Nullable: true}, {Name: "acr_usd", Type: amount, Nullable: true}}
	for _, name := range []string{"partner_location_id", "association_type", "customer_tenant_id", "customer_name", "service_level_2", "subscription_id", "resource_id"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	return rows{array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))}
}

// add adds row i, of which set sets month and amount.
func (r rows) add(i int, set func(month, amount array.Builder)) {
	set(r.Field(0), r.Field(1))
	labels, ids := oddTexts(), oddIDs()
	for n, value := range []string{
		[]string{"p", "P", "p "}[i%3], "PAL", ids[i%3], labels[i%len(labels)], labels[(i/2)%len(labels)], ids[i%len(ids)], "/r/" + strconv.Itoa(i),
	} {
		r.Field(2 + n).(*array.StringBuilder).Append(value)
	}
}
