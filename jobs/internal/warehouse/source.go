package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Column is one column of a view over input files.
type Column struct {
	Name string // canonical name
	// Macro is the function of sql/macros that reads the physical column; empty: its value as text.
	Macro string
	// AsText hands the value to Macro as text.
	AsText bool
	// AsIs takes the physical column with its type, without Macro.
	AsIs bool
	// Arguments are further texts that Macro takes.
	Arguments []string
	// Physical is the column in the files; empty: Constant in every row.
	Physical string
	Constant string // empty: NULL
}

// Part is a set of files with the same columns, of the same types, in the same order.
type Part struct {
	Paths   []string
	Columns []Column
	// Text is nil for Parquet files.
	Text *TextFormat
	// Unnumbered is set for Parquet files with a column of the name by which the engine numbers rows, which therefore have NULL for a number.
	Unnumbered bool
	// Days leaves the rows of some days; nil: all rows.
	Days *Days
	// Sliced is set for Parquet files that hold rows of such a view: columns have its names and types already, file_row too.
	Sliced bool
	// Grouped is set for Parquet files of grouped rows: their column rows says how many rows each of them is, and none has a number.
	Grouped bool
}

// Days are the days of a column of a view that a Part is limited to, both included.
type Days struct {
	Column      string
	First, Last time.Time
	// Unread includes rows whose day cannot be read.
	Unread bool
}

// NumberColumn is that name, in any case.
const NumberColumn = "file_row_number"

// FileColumn is the name by which the engine numbers the files of a list, in any case. A Parquet file with such a column must be the only one
// of its Part.
const FileColumn = "file_index"

// TextFormat says how delimited text is laid out; every column is text.
type TextFormat struct {
	Delimiter rune
	Skip      int // lines before the header
	Columns   int // of every row
	Gzipped   bool
	// LongHeader tells that the header has line ends in it, which the engine reads when it is not strict; Multiline that any quoted field has:
	// then the engine must read from the beginning to the end, since text that looks like rows leads it astray where it begins in the middle.
	LongHeader, Multiline bool
}

// TextColumn is the name under which a text file's column is known, by its number from 0.
func TextColumn(index int) string {
	return fmt.Sprintf("column%d", index)
}

// View creates the view of that name over the rows of all parts. Every part must list the same columns. The view and Drop are the only
// statements that are built at run time: from identifiers and literals, each quoted, and names of macros.
// Rows carry as file the number of their file, from 0 over the paths of all parts, and as rows how many rows they are: 1, but for those of a part
// that is Grouped.
// Parquet rows carry their number in the file, from 0, as file_row; rows of text have NULL there, but for one file in an engine that is InOrder.
func (db *DB) View(ctx context.Context, name string, parts []Part) error {
	var selects []string
	files := 0
	for _, p := range parts {
		text, err := p.selectSQL(files, db.inOrder)
		if err != nil {
			return err
		}
		selects = append(selects, text)
		files += len(p.Paths)
	}
	text := "CREATE OR REPLACE TEMP VIEW " + identifier(name) + " AS\n" + strings.Join(selects, "\nUNION ALL\n")
	if _, err := db.conn.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("view %s: %w", name, cause(ctx, err))
	}
	return nil
}

// selectSQL reads the files of a part, the first of which has the number first.
func (p Part) selectSQL(first int, inOrder bool) (string, error) {
	var list []string
	for _, c := range p.Columns {
		list = append(list, "    "+c.expression()+" AS "+identifier(c.Name))
	}
	from, err := p.fromSQL()
	if err != nil {
		return "", err
	}
	row, rows := "CAST(NULL AS BIGINT)", "CAST(1 AS BIGINT)"
	switch {
	case p.Grouped:
		rows = "rows"
	case p.Sliced:
		row = "file_row"
	case p.Text == nil && !p.Unnumbered:
		row = NumberColumn
	case p.Text != nil && inOrder && len(p.Paths) == 1:
		row = "row_number() OVER () - 1"
	}
	file := strconv.Itoa(first)
	if len(p.Paths) > 1 {
		file += " + " + FileColumn
	}
	list = append(list, "    CAST("+file+" AS BIGINT) AS file", "    "+row+" AS file_row", "    "+rows+" AS rows")
	return p.Days.limit("SELECT\n" + strings.Join(list, ",\n") + "\nFROM " + from), nil
}

// limit leaves the rows of these days. Rows are numbered before that, in the order of their file. A day whose month cannot be named is ignored.
func (d *Days) limit(query string) string {
	if d == nil {
		return query
	}
	day := "known_day(" + identifier(d.Column) + ")"
	where := day + " BETWEEN DATE " + literal(d.First.Format(time.DateOnly)) + " AND DATE " + literal(d.Last.Format(time.DateOnly))
	if d.Unread {
		where += " OR " + day + " IS NULL"
	}
	return "SELECT * REPLACE (" + day + " AS " + identifier(d.Column) + ") FROM (\n" + query + "\n) WHERE " + where
}

func (c Column) expression() string {
	if c.AsIs {
		return identifier(c.Physical)
	}
	value := "CAST(NULL AS VARCHAR)"
	switch {
	case c.Physical != "":
		value = identifier(c.Physical)
	case c.Constant != "":
		value = literal(c.Constant)
	}
	if c.Macro == "" || c.AsText {
		value = "CAST(" + value + " AS VARCHAR)"
	}
	if c.Macro == "" {
		return value
	}
	for _, argument := range c.Arguments {
		value += ", " + literal(argument)
	}
	return c.Macro + "(" + value + ")"
}

func (p Part) fromSQL() (string, error) {
	var files []string
	for _, path := range p.Paths {
		if !utf8.ValidString(path) {
			return "", fmt.Errorf("the SQL engine cannot open %q: the name is not valid UTF-8; rename the file", path)
		}
		if strings.Contains(path, `\`) && escapeGlob(path) != path { // it takes the backslash for a separator there
			return "", fmt.Errorf("the SQL engine cannot open %q: the name has a backslash beside one of [ * ?; rename the file", path)
		}
		files = append(files, literal(escapeGlob(path)))
	}
	list := "[" + strings.Join(files, ", ") + "]"
	if p.Text == nil {
		number := strconv.FormatBool(!p.Unnumbered && !p.Sliced && !p.Grouped)
		return "read_parquet(" + list + ", binary_as_string = true, file_row_number = " + number + ", hive_partitioning = false, union_by_name = false)", nil
	}
	return "read_csv(" + list + ", " + p.Text.options() + ")", nil
}

// options state everything that the engine would guess.
func (f TextFormat) options() string {
	var columns []string
	for i := range f.Columns {
		columns = append(columns, literal(TextColumn(i))+": 'VARCHAR'")
	}
	compression, strict, parallel := "none", strconv.FormatBool(!f.LongHeader), strconv.FormatBool(!f.Multiline)
	if f.Gzipped {
		compression = "gzip" // by itself the engine looks at the name, and knows only lower-case .gz
	}
	// What writers of text put for a missing value, when it is not quoted.
	const nulls = `nullstr = ['', 'NULL', 'null', '\N', '(null)'], allow_quoted_nulls = false`
	return strings.Join([]string{
		nulls, "auto_detect = false, header = true, skip = " + strconv.Itoa(f.Skip), "compression = " + literal(compression),
		"delim = " + literal(string(f.Delimiter)), "quote = '\"', escape = '\"', comment = ''",
		"strict_mode = " + strict, "parallel = " + parallel, "null_padding = false, ignore_errors = false, hive_partitioning = false",
		"max_line_size = 16777216, buffer_size = 33554432, columns = {" + strings.Join(columns, ", ") + "}",
	}, ", ")
}

// FileView creates the view of that name over one Parquet file with all its columns.
func (db *DB) FileView(ctx context.Context, name, path string) error {
	text := "CREATE OR REPLACE TEMP VIEW " + identifier(name) + " AS SELECT * FROM read_parquet(" + literal(escapeGlob(path)) + ", hive_partitioning = false)"
	if _, err := db.conn.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("view %s: %w", name, cause(ctx, err))
	}
	return nil
}

// Paths makes file paths an argument of statements that read files: a name is not a pattern.
func Paths(paths []string) []string {
	escaped := make([]string, len(paths))
	for i, p := range paths {
		escaped[i] = escapeGlob(p)
	}
	return escaped
}

// identifier quotes a name for use as an SQL identifier.
func identifier(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// literal quotes a text for use as an SQL string.
func literal(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// escapeGlob makes a path mean itself where the engine would expand patterns: "a[1].parquet" would read "a1.parquet".
func escapeGlob(path string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}
