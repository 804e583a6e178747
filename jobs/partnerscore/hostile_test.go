package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// usageNames are the columns of the usage files of these tests.
func usageNames() []string {
	return []string{"MPNID", "CustomerTenantId", "CustomerName", "ServiceLevel2", "PartnerAttributionType", "OfferType", "Month", "ACR_USD"}
}

// parquetText makes a Parquet file of texts, compressed as hard as can be.
func parquetText(tb testing.TB, names []string, rows ...[]string) string {
	tb.Helper()
	fields := make([]arrow.Field, len(names))
	for i, name := range names {
		fields[i] = arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	for _, row := range rows {
		for i := range names {
			builder.Field(i).(*array.StringBuilder).Append(row[i])
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	writer, err := pqarrow.NewFileWriter(record.Schema(), &out, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithStats(false)),
		pqarrow.DefaultWriterProps())
	if err != nil {
		tb.Fatal(err)
	}
	if err := errors.Join(writer.Write(record), writer.Close()); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// hostileValues are rows whose values are odd, and how many of them are bad data.
func hostileValues() (rows [][]string, bad int) {
	row := func(tenant, name, service, offer, month, amount string) []string {
		return []string{"7", tenant, name, service, "PAL", offer, month, amount}
	}
	for _, odd := range []string{"'; DROP TABLE usage_raw; --", `"`, `a,b;c|d`, "line\nbreak", "tab\there", "{[1]}*?$1 $(id)", "\u200bzero\u200dwidth", "😀", "\\N", "NULL", "nan",
		"-0", "1e400", strings.Repeat("long ", 13_000), "\ufeffmark", "a\u0301"} {
		rows = append(rows, row("t "+odd, odd, odd, odd, "2024-06", "1"))
	}
	for _, amount := range []string{"NaN", "inf", "-Infinity", "1e400", "1,5", "$1", "(1)", "0x10", "１", "9999999999999", "", "'1'", "1;DROP"} {
		rows = append(rows, row("t", "n", "s", "o", "2024-06", amount))
		bad++
	}
	for _, month := range []string{"2025-13", "0001-01", "2024-06-31", "2024-05", "99999-01", "", "today", "infinity"} {
		rows = append(rows, row("t", "n", "s", "o", month, "1"))
		bad++
	}
	for _, tenant := range []string{"", " ", "\u00a0", "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}"} {
		rows = append(rows, row(tenant, "n", "s", "o", "2024-06", "1"))
		bad++
	}
	return rows, bad
}

// TestHostileUsage feeds the program usage files that are right by their footers and odd or enormous inside.
func TestHostileUsage(t *testing.T) {
	t.Parallel()
	binary, err := exec.LookPath("partnerscore") // this test's own binary under the program's name
	if err != nil {
		t.Fatal(err)
	}
	rows, bad := hostileValues()
	plain := []string{"7", "tenant", "name", "Storage", "PAL", "Azure plan", "2024-06", "10"}
	with := func(i int, value string) []string {
		row := append([]string{}, plain...)
		row[i] = value
		return row
	}
	many, manyRow := usageNames(), append([]string{}, plain...)
	for i := range 5000 {
		many, manyRow = append(many, fmt.Sprintf("extra_%04d", i)), append(manyRow, "x")
	}
	for _, c := range []struct {
		name, file string
		data       func() string
		code       int
		says       string
	}{
		{"odd values in Parquet", "u.parquet", func() string { return parquetText(t, usageNames(), rows...) }, exitDone, fmt.Sprintf("%d rows of bad data", bad)},
		{"odd values in CSV", "u.csv", func() string { return csvText(usageNames(), rows...) }, exitDone, fmt.Sprintf("%d rows of bad data", bad)},
		{"NUL in Parquet", "u.parquet", func() string { return parquetText(t, usageNames(), with(2, "a\x00b"), with(1, "t\x00u")) }, exitDone, "0 rows of bad data"},
		{"NUL in CSV", "u.csv", func() string { return csvText(usageNames(), with(2, "a\x00b"), with(1, "t\x00u")) }, exitContract,
			"u.csv, month 2024-06, column CustomerName, line 2: field 3 has a NUL byte"},
		{"invalid UTF-8 in Parquet", "u.parquet", func() string { return parquetText(t, usageNames(), with(2, "a\xffb")) }, exitContract, "u.parquet"},
		{"5,000 columns", "u.parquet", func() string { return parquetText(t, many, manyRow) }, exitDone, "0 rows of bad data"},
		{"5,000 columns in CSV", "u.csv", func() string { return csvText(many, manyRow) }, exitDone, "0 rows of bad data"},
		{"a bomb of one name", "u.parquet", func() string { return parquetText(t, usageNames(), with(2, strings.Repeat("x", 5_000_000))) }, exitContract,
			"u.parquet, month 2024-06, column CustomerName: has values of 5000"},
		{"a bomb that is not read", "u.parquet", func() string {
			return parquetText(t, append(usageNames(), "extra"), append(with(0, "7"), strings.Repeat("x", 100<<20)))
		}, exitDone, "0 rows of bad data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := labIn(t, binary, t.TempDir())
			writeText(t, filepath.Join(l.exports, "azure_usage/month=2024-06", c.file), c.data())
			begun := time.Now()
			e := l.run(t, l.score(lastMonth, "--quiet", "--allow-missing", "history,certifications", "--max-rejected", "1")...)
			if e.code != c.code || !strings.Contains(e.stdout+e.stderr, c.says) {
				t.Errorf("exit %d, want %d and %q\n%s%s", e.code, c.code, c.says, e.stdout, e.stderr)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func csvText(names []string, rows ...[]string) string {
	var out strings.Builder
	for _, row := range append([][]string{names}, rows...) {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		out.WriteByte('\n')
	}
	return out.String()
}
