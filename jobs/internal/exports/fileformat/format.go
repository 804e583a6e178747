// Package fileformat says what a file is: by its name, which decides how it is read, and by its first bytes, which messages go by.
package fileformat

import "strings"

// Format says how the bytes of a file are to be read.
type Format string

// The formats that the contract takes; the .gz ones are one gzip stream of the plain ones.
const (
	Parquet Format = "parquet"
	CSV     Format = "csv"
	TSV     Format = "tsv"
	CSVGzip Format = "csv.gz"
	TSVGzip Format = "tsv.gz"
)

// All lists the formats.
func All() []Format { return []Format{Parquet, CSV, TSV, CSVGzip, TSVGzip} }

// Of returns the format by the extension of a file name, in any case, and false for other names.
func Of(name string) (Format, bool) {
	lower := strings.ToLower(name)
	for _, f := range All() {
		if strings.HasSuffix(lower, "."+string(f)) {
			return f, true
		}
	}
	return "", false
}

// Extensions lists the extensions that are read, for messages.
func Extensions() string {
	var names []string
	for _, f := range All() {
		names = append(names, "."+string(f))
	}
	return strings.Join(names, ", ")
}

// Delimiter is the byte between two fields, 0 for Parquet.
func (f Format) Delimiter() rune {
	switch f {
	case CSV, CSVGzip:
		return ','
	case TSV, TSVGzip:
		return '\t'
	default:
		return 0
	}
}

// Gzipped reports whether the text is inside a gzip stream.
func (f Format) Gzipped() bool { return f == CSVGzip || f == TSVGzip }
