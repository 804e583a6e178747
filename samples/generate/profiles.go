package main

import (
	"fmt"
	"path/filepath"
	"strings"
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
		appendDate(builder.Field(8), r.completed)
		appendDate(builder.Field(9), r.expires)
		appendTexts(builder, 10, r.activation)
	}
	return writeRecord(filepath.Join(out, "certifications", "month="+m.String(), "part-00000.parquet"), builder)
}

// appendTexts appends to text columns that stand side by side.
func appendTexts(builder *array.RecordBuilder, column int, values ...string) {
	for i, v := range values {
		appendText(builder.Field(column+i), v)
	}
}

// appendText appends a text, null where it is empty.
func appendText(builder array.Builder, text string) {
	if text == "" {
		builder.AppendNull()
		return
	}
	builder.(*array.StringBuilder).Append(text)
}

// appendDate appends a day, or null for no day.
func appendDate(builder array.Builder, day time.Time) {
	if day.IsZero() {
		builder.AppendNull()
		return
	}
	builder.(*array.Date32Builder).Append(arrow.Date32(epochDays(day)))
}

func writeRecord(path string, builder *array.RecordBuilder) error {
	record := builder.NewRecordBatch()
	defer record.Release()
	return writeParquet(path, record, compress.Codecs.Zstd)
}

// hasSnapshot tells whether the certifications were exported after a month: every quarter at first, every month since
// 2024-06.
func hasSnapshot(m month) bool {
	return m >= monthOf(202406) || m >= monthOf(202306) && int(m)%3 == 2
}

// profiles are the lines of the partners file.
func profiles(stories []story) []profileRow {
	var rows []profileRow
	for _, s := range stories {
		for i, location := range s.locations {
			row := profileRow{location: location, name: s.name, global: s.id, globalName: s.name, level: "Global"}
			if i > 0 {
				row.name, row.level = fmt.Sprintf("%s, office %d", s.name, i), "Location"
			}
			switch s.id {
			case inkwell().id: // named only by the line of its own
				row.globalName = ""
			case juniperHill().id:
				row.global, row.globalName = "", ""
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// exportDelay is how many days after the end of a month its certifications are exported: what people pass in those
// days is in the export, and does not count for the month.
const exportDelay = 5

// trainings are the lines of the certifications snapshot of a month.
func trainings(seed uint64, stories []story, m month) []trainingRow {
	var rows []trainingRow
	for _, s := range stories {
		for _, p := range s.people {
			for _, h := range p.holds {
				row := training(seed, s, p, h)
				if !row.completed.After(m.last().AddDate(0, 0, exportDelay)) {
					rows = append(rows, row)
				}
			}
			// Whoever is certified sat an exam and took an assessment before; neither counts.
			exam := training(seed, s, p, p.holds[0])
			exam.kind = [2]string{"Exam", "Assessment"}[len(rows)%2]
			rows = append(rows, exam)
		}
	}
	return rows
}

func training(seed uint64, s story, p person, held holding) trainingRow {
	h := hashText(seed, s.id+p.letter+held.code)
	id := s.id[:3] + p.letter + "77"
	domain := strings.ToLower(strings.Fields(s.name)[0])
	row := trainingRow{
		global: s.id, location: s.locations[int(h%uint64(len(s.locations)))],
		person: "MC" + id, email: fmt.Sprintf("%s.%s@%s.example.com", strings.ToLower(p.letter), id, domain),
		// Made up so that a leak is found by searching for them.
		first: "Givenname" + p.letter, last: "Familyname" + id,
		title: spelledTitle(held.code, h>>8), kind: held.kind, activation: held.activation,
		completed: day(held.completed), expires: day(held.expires),
	}
	if p.byMail {
		row.person = ""
	}
	if row.kind == "" {
		row.kind = "Certification"
	}
	if row.activation == "" {
		row.activation = [3]string{"Active", "active", ""}[h>>16%3]
	}
	if row.completed.IsZero() {
		row.completed = time.Date(2021, 6, 1+int(h>>24%500), 0, 0, 0, 0, time.UTC)
	}
	if row.expires.IsZero() && h>>40%2 == 0 {
		row.expires = time.Date(2025, 1, 31, 0, 0, 0, 0, time.UTC)
	}
	return row
}

// day reads a date; empty is no date. The stories are checked by a test, so anything else is one, too.
func day(text string) time.Time {
	t, _ := time.Parse(time.DateOnly, text)
	return t
}
