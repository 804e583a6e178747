package spark

import (
	"fmt"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
)

// identifier quotes a name for use as an identifier of Spark.
func identifier(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// literal quotes a text for use as a string of Spark.
func literal(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

// fileView is the name of the view over the files of a part.
func fileView(number int) string { return fmt.Sprintf("usage_file_%d", number) }

// openSQL makes the files of a part visible, all columns as they are.
func (p part) openSQL(number int, path string) string {
	return "CREATE OR REPLACE TEMPORARY VIEW " + fileView(number) + " USING parquet OPTIONS (path " + literal(path) + ")"
}

// keySQL reads what decides which rows need their whole consumption key.
func (p part) keySQL(number int) string {
	return "SELECT " + p.text("customer_tenant_id") + " AS customer_tenant_id, " + p.text("subscription_id") + " AS subscription_id, " +
		"xxhash64(" + p.native("partner_location_id") + ", " + p.native("association_type") + ") AS attribution FROM " + fileView(number)
}

// keysSQL makes the keys of all parts visible as usage_key.
func keysSQL(parts []part) string {
	var selects []string
	for i, p := range parts {
		selects = append(selects, p.keySQL(i))
	}
	return "CREATE OR REPLACE TEMPORARY VIEW usage_key AS " + strings.Join(selects, " UNION ALL ")
}

// rowsSQL makes the rows of a part visible as usage_part, by their canonical columns. Labels have their own type, which DuckDB reads as it reads the
// files; ids and labels of the consumption key are text.
func (p part) rowsSQL(number int) string {
	list := []string{p.day() + " AS usage_day"}
	for _, name := range []string{"partner_location_id", "partner_global_id", "association_type", "customer_name", "customer_segment",
		"service_level_2", "offer_type", "offer_id"} {
		list = append(list, p.native(name)+" AS "+name)
	}
	for _, name := range []string{"customer_tenant_id", "subscription_id", "service_level_1", "service_level_3", "service_level_4", "resource_id"} {
		list = append(list, p.text(name)+" AS "+name)
	}
	micros, amount := p.amount()
	return "CREATE OR REPLACE TEMPORARY VIEW usage_part AS SELECT " + strings.Join(list, ", ") + ", " + micros + " AS micros, " +
		"CASE WHEN " + micros + " IS NULL THEN " + amount + " END AS amount FROM " + fileView(number)
}

// slice is some of the grouped rows that the server keeps.
type slice struct{ number, of int }

// slicesOf are enough slices for so many rows that none has many more than it should.
func slicesOf(rows, each int64) (all []slice) {
	n := max(1, int((rows+each-1)/each))
	for i := range n {
		all = append(all, slice{i, n})
	}
	return all
}

// halves are two slices with the rows of this one.
func (s slice) halves() []slice { return []slice{{s.number, 2 * s.of}, {s.number + s.of, 2 * s.of}} }

// sql is the query for the rows of the slice.
func (s slice) sql() string {
	const by = "customer_tenant_id, subscription_id, resource_id, service_level_2, partner_location_id, association_type, offer_type, offer_id, amount"
	return fmt.Sprintf("SELECT * FROM %s WHERE pmod(xxhash64(%s), %d) = %d", keptView, by, s.of, s.number)
}

// mapped returns the column of a file of the part that has a canonical name.
func (p part) mapped(canonical string) (schema.Column, bool) {
	column, ok := p.files[0].Mapping[canonical]
	return column, ok
}

// native reads a column with its type; NULL where the files have none. What the log of a Delta table says is the same in all rows.
func (p part) native(canonical string) string {
	column, ok := p.mapped(canonical)
	switch {
	case ok && column.Partition && column.Value != "":
		return literal(column.Value)
	case ok && !column.Partition:
		return identifier(column.Name)
	default:
		return "CAST(NULL AS STRING)"
	}
}

// text reads a column as text.
func (p part) text(canonical string) string { return "CAST(" + p.native(canonical) + " AS STRING)" }

// day reads the month. All that matters of a day is whether it is one of the month: days of the month become its first, other days the one before.
// Texts that name a day of the month in a usual way become one text; DuckDB reads the others.
func (p part) day() string {
	column, ok := p.mapped("month")
	if !ok || column.Partition {
		return "CAST(NULL AS STRING)"
	}
	m := p.files[0].Month
	first, last := m.First(), m.Last()
	date := func(t time.Time) string { return "DATE " + literal(t.Format(time.DateOnly)) }
	if column.Kind == schema.Date || column.Kind == schema.Timestamp {
		day := "CAST(" + identifier(column.Name) + " AS DATE)"
		return "CASE WHEN " + day + " BETWEEN " + date(first) + " AND " + date(last) + " THEN " + date(first) +
			" WHEN " + day + " IS NOT NULL THEN " + date(first.AddDate(0, 0, -1)) + " END"
	}
	usual := []string{literal(m.String()), literal(first.Format("200601"))}
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		for _, layout := range []string{time.DateOnly, "20060102", time.DateTime, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z"} {
			usual = append(usual, literal(day.Format(layout)))
		}
	}
	return "CASE WHEN " + p.text("month") + " IN (" + strings.Join(usual, ", ") + ") THEN " + literal(m.String()) + " ELSE " + p.text("month") + " END"
}

// amount reads an amount as millionths of a US dollar, where that gives what the macros give, and as it stands for where it does not.
//
// A text with at most six decimals needs no rounding. A number of type DOUBLE is one by its shortest decimal text, v, which is rounded half away from
// zero: x·10⁶ in floating point differs from v·10⁶ by less than 2.3·10⁻¹⁶ of it, so that both round to the same number unless x·10⁶ is as near
// as that to the middle between two.
func (p part) amount() (micros, amount string) {
	column, ok := p.mapped("acr_usd")
	if !ok {
		return "CAST(NULL AS BIGINT)", "CAST(NULL AS STRING)"
	}
	x := identifier(column.Name)
	switch column.Kind {
	case schema.Double:
		t := "(" + x + " * 1e6D)"
		return "CASE WHEN abs(" + x + ") < 1e9D AND abs(" + t + " - rint(" + t + ")) < 0.5D - abs(" + t + ") * 4e-16D THEN CAST(rint(" + t + ") AS BIGINT) END", x
	case schema.Decimal, schema.Int, schema.Uint:
		return "CAST(try_cast(" + x + " AS DECIMAL(18, 6)) * 1000000 AS BIGINT)", "CAST(NULL AS STRING)"
	default:
		return "CASE WHEN " + x + ` RLIKE '^[+-]?[0-9]{1,11}([.][0-9]{1,6})?\\z' THEN CAST(try_cast(` + x + " AS DECIMAL(18, 6)) * 1000000 AS BIGINT) END", x
	}
}

// grouped describes the file with the grouped rows of a part as if it were a file of the month: its columns have the canonical names. It keeps the
// list of columns, which tells parts apart.
func (p part) grouped(path string) exports.File {
	c := p.files[0]
	c.Path = path
	c.Mapping = map[string]schema.Column{}
	for name, column := range p.files[0].Mapping {
		as := schema.Column{Name: name, Kind: column.Kind}
		switch {
		case column.Partition:
			as = column
		case name == "month":
			as.Name = "usage_day"
			if column.Kind == schema.Timestamp {
				as.Kind = schema.Date
			}
		case name == "acr_usd":
			as.Name = "amount"
			if column.Kind != schema.Double {
				as.Kind = schema.Text
			}
		}
		c.Mapping[name] = as
	}
	return c
}
