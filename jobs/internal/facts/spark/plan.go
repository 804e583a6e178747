package spark

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/scoring"
)

// part is usage files of one month with the same columns, which Spark reads as one.
type part struct {
	files []exports.File
}

// Check returns a *NotEqualError for usage files of a month of which it is not proven that Spark gives the same facts. It asks no server.
func Check(l *ingest.Loader, files []exports.File) error {
	_, err := partsOf(l.Dialect, files)
	return err
}

// partsOf puts files of a month with the same columns together. It returns a *NotEqualError for what is not proven equal.
func partsOf(dialect ingest.Dialect, files []exports.File) (all []part, err error) {
	index := map[string]int{}
	for _, c := range files {
		if err := check(dialect, c); err != nil {
			return nil, err
		}
		structure := fmt.Sprintf("%+v %+v", c.Columns, c.Mapping)
		i, known := index[structure]
		if !known {
			i = len(all)
			index[structure] = i
			all = append(all, part{})
		}
		all[i].files = append(all[i].files, c)
	}
	return all, nil
}

// apart makes a part of each file.
func apart(parts []part) (all []part) {
	for _, p := range parts {
		for _, c := range p.files {
			all = append(all, part{files: []exports.File{c}})
		}
	}
	return all
}

// check refuses a file that Spark may read in another way than DuckDB does.
func check(dialect ingest.Dialect, c exports.File) error {
	switch {
	case dialect.Profile != schema.PartnerCenter:
		return notEqual(c, "", "these are cost exports")
	case c.Format != fileformat.Parquet:
		return notEqual(c, "", "it is a text file")
	case c.Many:
		return notEqual(c, "", "it holds many months")
	case !dialect.Amounts.Usual():
		return notEqual(c, c.Mapping["acr_usd"].Name, "amounts are written with separators")
	case !plainPath(c.Rel):
		return notEqual(c, "", "the path has characters that Spark may take for a pattern, or a name that it skips")
	}
	names := map[string]bool{}
	for _, column := range c.Columns {
		if names[strings.ToLower(column.Name)] {
			return notEqual(c, column.Name, "two names differ in case only")
		}
		names[strings.ToLower(column.Name)] = true
		if !readable(column) {
			return notEqual(c, column.Name, "type "+column.Type()+" is not supported on Spark")
		}
	}
	return checkMapping(c)
}

// readable reports whether Spark reads files that have a column of this type, whether or not the column is used.
func readable(c schema.Column) bool {
	switch c.Kind {
	case schema.Bool, schema.Int, schema.Uint, schema.Float, schema.Double, schema.Decimal, schema.Text, schema.Date, schema.Binary, schema.Nested:
		return true
	case schema.Timestamp:
		return c.Unit == "ms" || c.Unit == "us"
	default:
		return false
	}
}

// checkMapping refuses columns whose values Spark may read in another way.
func checkMapping(c exports.File) error {
	for canonical, column := range c.Mapping {
		if !regexp.MustCompile(`^[A-Za-z0-9_ ().-]+$`).MatchString(column.Name) || strings.HasPrefix(column.Name, "_") {
			return notEqual(c, column.Name, "the name has unusual characters")
		}
		if column.Partition && canonical == "acr_usd" {
			return notEqual(c, column.Name, "the amounts come from the log of a Delta table")
		}
		if !slices.Contains(kindsOf(canonical), column.Kind) {
			return notEqual(c, column.Name, "type "+column.Type()+" is not supported for these values on Spark")
		}
	}
	return nil
}

// kindsOf lists the types of a canonical column that are tested.
func kindsOf(canonical string) []schema.Kind {
	text := []schema.Kind{schema.Text, schema.Binary, schema.Int, schema.Uint}
	switch canonical {
	case "month":
		return append(text, schema.Date, schema.Timestamp)
	case "acr_usd":
		return append(text, schema.Decimal, schema.Double)
	case "partner_location_id", "partner_global_id":
		return append(text, schema.Double)
	default:
		return text
	}
}

// plainPath reports whether a path means the same in every file system, and none of its names is one that Spark skips.
func plainPath(path string) bool {
	if !regexp.MustCompile(`^[A-Za-z0-9_=+@~ /.-]+$`).MatchString(path) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(path, "/"), func(name string) bool {
		return name == "" || name[0] == '.' || name[0] == '_'
	})
}

// NotEqualError reports a month for which it is not proven that Spark gives the same facts as DuckDB. Nothing was written; DuckDB can build it.
type NotEqualError struct {
	Month  scoring.Month
	File   string // relative to the exports root
	Column string // "" where none is the reason
	Why    string
}

func (e *NotEqualError) FaultKind() string { return fault.Usage }

func (e *NotEqualError) FaultAdvice() string {
	return "give --engine auto, which lets DuckDB build such months, or --engine duckdb"
}

func (e *NotEqualError) Error() string {
	where := defect.Quote(e.File) + ", month " + e.Month.String()
	if e.Column != "" {
		where += ", column " + defect.Quote(e.Column)
	}
	return fmt.Sprintf("%s: %s, and Spark might give other facts; %s", where, e.Why, e.FaultAdvice())
}

// notEqual is the error about a file, or a column of it.
func notEqual(c exports.File, column, why string) error {
	return &NotEqualError{Month: c.Month, File: c.Rel, Column: column, Why: why}
}
