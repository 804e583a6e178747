package inputs_test

import (
	"bytes"
	"compress/gzip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// peopleForm is a way to write certifications and partners: the types of ids and days in Parquet (nil: text), or text with days in a layout.
type peopleForm struct {
	name       string
	id, day    arrow.DataType
	int96      bool
	ending     string
	days       func(day string) string
	certHeader string
}

func peopleForms() []peopleForm {
	american := func(day string) string {
		return strings.TrimPrefix(day[5:7], "0") + "/" + day[8:] + "/" + day[:4] + " 12:00:00 AM"
	}
	return []peopleForm{
		{name: "plain", ending: ".csv"},
		{name: "text in Parquet", ending: ".parquet", id: arrow.BinaryTypes.String, day: arrow.BinaryTypes.String},
		{name: "dates and integers", ending: ".parquet", id: arrow.PrimitiveTypes.Int64, day: arrow.FixedWidthTypes.Date32},
		{name: "timestamps with zone and decimals", ending: ".parquet", id: &arrow.Decimal128Type{Precision: 20}, day: &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}},
		{name: "INT96 and unsigned", ending: ".parquet", id: arrow.PrimitiveTypes.Uint32, day: &arrow.TimestampType{Unit: arrow.Nanosecond}, int96: true},
		{name: "binary and nanoseconds", ending: ".parquet", id: arrow.BinaryTypes.Binary, day: &arrow.TimestampType{Unit: arrow.Nanosecond}},
		{name: "American TSV", ending: ".tsv.gz", days: american, certHeader: "\ufeffpga_mpn_id,MPN ID,mcpid,Corp-Email,TRAINING.TITLE,training type,trainingCompletionDate,Expiration_Date,activation status"},
		{name: "times in text", ending: ".CSV", days: func(day string) string { return day + "T00:00:00Z" }},
	}
}

// TestFormsOfPeopleAndPartners: certifications and partners in other types, spellings and formats give the same tables.
func TestFormsOfPeopleAndPartners(t *testing.T) {
	people := [][]string{
		{"2000001", "1000001", "900001", "", "Microsoft Certified: Azure Administrator Associate", "Certification", "2024-01-15", "", "Active"},
		{"2000001", "1000002", "900002", "", "AZ-104", "Certification", "2023-12-31", "2024-12-31", ""},
		{"2000001", "", "900003", "", "Azure Solutions Architect Expert", "Certification", "2024-06-30", "2024-07-01", "Active"},
		{"", "1000001", "", "Ada@Example.com", "AZ-305", "Certification", "2024-07-01", "", "Active"},
		{"2000001", "1000001", "900001", "", "AZ-700", "Certification", "2022-02-28", "2024-06-29", "Active"},
		{"2000001", "1000001", "900002", "", "AZ-120", "Exam", "2022-02-28", "", "Active"},
	}
	partners := [][]string{{"1000001", "Branch", "2000001", "Contoso"}, {"1000002", "", "2000001", "Contoso"}, {"1000003", "Alone", "", ""}}
	var want map[string][]world.Row
	for i, f := range peopleForms() {
		if i%2 == 1 && !world.Long { // types and texts that others are like
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			w := &world.World{}
			w.Add(world.June, world.Usage{Location: "1000001", Amount: "1500"}, world.Usage{Location: "1000003", Amount: "20"})
			root := w.Write(t)
			header := world.CertificationHeader
			if f.certHeader != "" {
				header = f.certHeader
			}
			f.write(t, filepath.Join(root, "certifications", "month=2024-06", "people"), strings.Split(header, ","), people, []int{0, 1, 2}, []int{6, 7})
			f.write(t, filepath.Join(root, "partners", "partners"), []string{"MpnId", "PartnerName", "PGA_MPNId", "PGA_PartnerName"}, partners, []int{0, 2}, nil)
			got := world.ScoreFresh(t, root, func(o *months.Options) { o.AllowMissingHistory = true }).Tables
			if want == nil {
				want = got
				if len(want["certifications"]) < 8 || len(want["scores"]) != 6 {
					t.Fatalf("the plain form has %d rows of certifications, %d of scores", len(want["certifications"]), len(want["scores"]))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("tables differ (-plain +%s):\n%s", f.name, diff)
			}
		})
	}
}

// write writes rows; ids and days are the numbers of the columns that have them.
func (f peopleForm) write(t *testing.T, path string, header []string, rows [][]string, ids, days []int) {
	t.Helper()
	kinds := make([]arrow.DataType, len(header))
	for i := range kinds {
		kinds[i] = arrow.BinaryTypes.String
	}
	for _, i := range ids {
		kinds[i] = f.id
	}
	for _, i := range days {
		kinds[i] = f.day
	}
	if f.ending == ".parquet" {
		world.WriteFile(t, path+f.ending, typedParquet(t, header, kinds, rows, f.int96))
		return
	}
	var text strings.Builder
	separator := string(fileformat.CSV.Delimiter())
	if strings.HasPrefix(f.ending, ".tsv") {
		separator = string(fileformat.TSV.Delimiter())
	}
	text.WriteString(strings.Join(header, separator) + "\r\n")
	for _, row := range rows {
		cells := append([]string{}, row...)
		for _, i := range days {
			if f.days != nil && cells[i] != "" {
				cells[i] = f.days(cells[i])
			}
		}
		text.WriteString(strings.Join(cells, separator) + "\r\n")
	}
	data := []byte(text.String())
	if strings.HasSuffix(f.ending, ".gz") {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		data = zipped.Bytes()
	}
	world.WriteFile(t, path+f.ending, data)
}

// typedParquet makes a Parquet file of values given as text; empty ones are null.
func typedParquet(t *testing.T, header []string, kinds []arrow.DataType, rows [][]string, int96 bool) []byte {
	t.Helper()
	fields := make([]arrow.Field, len(header))
	for i, name := range header {
		fields[i] = arrow.Field{Name: name, Type: kinds[i], Nullable: true}
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer builder.Release()
	for _, row := range rows {
		for i, cell := range row {
			if kinds[i].ID() == arrow.TIMESTAMP && cell != "" {
				cell += "T00:00:00"
			}
			appendCell(t, builder.Field(i), cell, false)
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	writer, err := pqarrow.NewFileWriter(record.Schema(), &out, parquet.NewWriterProperties(), pqarrow.NewArrowWriterProperties(pqarrow.WithDeprecatedInt96Timestamps(int96)))
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
