package pipeline

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/scoring"
)

func hashOf(data []byte) [sha256.Size]byte { return sha256.Sum256(data) }

// form is how one file is written.
type form struct {
	*formWriter
	month   scoring.Month
	ending  string
	columns []formColumn
}

// formColumn is a column of a file: a canonical one ("" for one that means nothing) under a name.
type formColumn struct {
	canonical, name string
	layout          string         // of days as text; "" for other columns
	kind            arrow.DataType // in Parquet
}

// String describes the form for messages.
func (f *form) String() string {
	text := f.ending
	for _, c := range f.columns {
		text += fmt.Sprintf(" %s=%q", c.canonical, c.name)
		if c.kind != nil {
			text += fmt.Sprintf(":%s", c.kind)
		}
		if c.layout != "" {
			text += fmt.Sprintf("(%s)", c.layout)
		}
	}
	return text
}

func (w *formWriter) newForm(m scoring.Month) *form {
	f := &form{formWriter: w, month: m, ending: w.pick(".csv", ".tsv", ".csv.gz", ".tsv.gz", ".CSV", ".parquet", ".parquet", ".parquet", ".parquet", ".Parquet")}
	for _, canonical := range factColumns() {
		if canonical == "month" && w.chance(4) {
			continue // the path says it
		}
		c := formColumn{canonical: canonical, name: canonical}
		if aliases := formAliases()[canonical]; !w.chance(5) {
			c.name = aliases[w.random.IntN(len(aliases))]
		}
		switch {
		case canonical == "acr_usd" && w.chance(8):
			c.name = "Umsatz €"
		case canonical == "service_level_2" && w.chance(8):
			c.name = "Dienst"
		}
		c.name = w.respelt(c.name)
		if canonical == "month" {
			c.layout = w.pick(dayLayouts()...)
		}
		f.columns = append(f.columns, c)
	}
	for i := range w.random.IntN(4) {
		f.columns = append(f.columns, formColumn{name: fmt.Sprintf("Extra %d", i)})
	}
	w.random.Shuffle(len(f.columns), func(i, j int) { f.columns[i], f.columns[j] = f.columns[j], f.columns[i] })
	if f.parquet() {
		for i := range f.columns {
			f.columns[i].kind = f.kindOf(f.columns[i].canonical)
		}
	}
	return f
}

func (f *form) parquet() bool { return strings.EqualFold(f.ending, ".parquet") }

func dayLayouts() []string {
	return []string{"2006-01", "2006-1", "200601", "2006-01-02", "2006-1-2", "20060102", "1/2/2006", "01/02/2006", "1/2/2006 3:04:05 PM", time.RFC3339,
		"2006-01-02T15:04:05", "2006-01-02 15:04:05.000000", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z"}
}

// respelt writes a name as another pipeline might: case and separators do not matter.
func (w *formWriter) respelt(name string) string {
	if w.chance(2) {
		return name
	}
	style := w.random.IntN(4)
	var b strings.Builder
	for i, r := range name {
		if strings.ContainsRune("_-. ", r) && style != 3 {
			continue
		}
		if i > 0 && unicode.IsUpper(r) && style == 1 {
			b.WriteString(w.pick("_", "-", ".", " ", ""))
		}
		switch style {
		case 0:
			r = unicode.ToUpper(r)
		case 1, 2:
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String() + w.pick("", "", "", " ", "_")
}

// text is a value as text, in one of the spellings that mean the same.
func (f *form) text(c formColumn, row fact) string {
	value := row.value(c.canonical)
	switch c.canonical {
	case "":
		return f.pick("", "x", "1,5;\t\"y\"")
	case "month":
		return f.padded(f.moment(row).Format(c.layout))
	case "acr_usd":
		return f.padded(f.amountText(row.micros))
	case "customer_tenant_id", "subscription_id":
		return f.idText(value)
	case "association_type":
		return f.padded(f.spelling(value))
	case "offer_type", "customer_segment", "offer_id", "service_level_1", "service_level_3", "service_level_4", "resource_id":
		return f.padded(f.cased(value))
	case "service_level_2":
		return f.padded(strings.ReplaceAll(value, " ", f.pick(" ", "  ", "\u00a0", "\t ")))
	default:
		return f.padded(value)
	}
}

// moment is a time on the row's day, in UTC.
func (f *form) moment(row fact) time.Time {
	return time.Date(f.month.First().Year(), f.month.First().Month(), row.day, f.random.IntN(24), f.random.IntN(60), f.random.IntN(60), 0, time.UTC)
}

// padded puts white space around a value, or makes it of nothing.
func (f *form) padded(value string) string {
	if !f.chance(6) {
		return value
	}
	space := f.pick(" ", "  ", "\t", "\u00a0", "\u3000")
	return f.pick("", space) + value + space
}

func (f *form) cased(value string) string {
	switch f.random.IntN(5) {
	case 0:
		return strings.ToUpper(value)
	case 1:
		return strings.ToLower(value)
	default:
		return value
	}
}

func (f *form) idText(value string) string {
	if value != "" && f.chance(4) {
		value = "{" + value + "}"
	}
	return f.padded(f.cased(value))
}

func (f *form) spelling(association string) string {
	spellings := map[string][]string{
		"PAL":        {"PAL", "Partner Admin Link (PAL)", "partner admin link", "Partner  Admin Link"},
		"DPOR":       {"DPOR", "Partner of record", "Digital Partner of Record"},
		"CSP Tier 1": {"CSP Tier 1", "CSP Tier1", "Cloud Solution Provider (CSP) Tier 1", "csp tier 1"},
		"CSP Tier 2": {"CSP Tier 2", "CSP Tier2", "Cloud Solution Provider (CSP) Tier 2"},
	}[association]
	if spellings == nil {
		return association
	}
	return spellings[f.random.IntN(len(spellings))]
}

// amountText writes an amount in one of the ways that the settings of the run allow.
func (f *form) amountText(micros int64) string {
	text := plainAmount(micros)
	sign, body := "", text
	if strings.HasPrefix(text, "-") {
		sign, body = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(body, ".")
	point := f.amounts.Point()
	switch f.random.IntN(6) {
	case 0:
		return sign + whole + point + fraction + "000"
	case 1:
		return sign + whole + fraction + f.pick("e-6", "E-06")
	case 2:
		if sign == "" {
			sign = "+"
		}
	case 3:
		whole = "00" + whole
		return sign + whole + point + fraction
	}
	if f.amounts.Thousands != "" && f.chance(2) {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + f.amounts.Thousands + whole[i:]
		}
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		whole += point + fraction
	}
	return sign + whole
}

// encode writes the rows.
func (f *form) encode(rows []fact) []byte {
	if f.parquet() {
		return f.encodeParquet(rows)
	}
	var out bytes.Buffer
	separator, end := ",", f.pick("\n", "\r\n")
	if strings.Contains(strings.ToLower(f.ending), ".tsv") {
		separator = "\t"
	}
	if f.chance(2) {
		out.WriteString("\ufeff")
	}
	always := f.chance(3)
	line := func(cell func(c formColumn) string) {
		for i, c := range f.columns {
			if i > 0 {
				out.WriteString(separator)
			}
			value := cell(c)
			if always || strings.ContainsAny(value, separator+"\"\r\n") || strings.HasPrefix(value, " ") || f.chance(9) {
				value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
			}
			out.WriteString(value)
		}
		out.WriteString(end)
	}
	line(func(c formColumn) string { return c.name })
	for _, row := range rows {
		line(func(c formColumn) string { return f.text(c, row) })
		if f.chance(20) {
			out.WriteString(end) // a blank line
		}
	}
	if f.chance(3) {
		out.Truncate(len(bytes.TrimRight(out.Bytes(), "\r\n"))) // the last line has no end
	}
	if !strings.HasSuffix(f.ending, ".gz") {
		return out.Bytes()
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(out.Bytes()); err != nil {
		f.t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		f.t.Fatal(err)
	}
	return zipped.Bytes()
}

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
