// Package fileformat says what a file is: by its name, which decides how it is read, and by its first bytes, which messages go by.
package fileformat

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

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

// SniffBytes is how much of the beginning of a file LooksLike needs.
const SniffBytes = 512

// PlainText and UTF16 are what LooksLike says of text.
const (
	PlainText = "plain text or CSV"
	UTF16     = "UTF-16 text"
)

// LooksLike names what the beginning of a file resembles, "" for nothing known. Text is never taken for a binary format: a header may begin
// with ORC.
func LooksLike(head []byte) string {
	if isText(head) {
		return textLike(head)
	}
	for _, m := range []struct{ magic, name string }{
		{"PAR1", "Parquet"}, {"PARE", "encrypted Parquet"},
		{"\x1f\x8b", "gzip"}, {"\x28\xb5\x2f\xfd", "zstd"}, {"PK\x03\x04", "a zip archive or an Excel workbook"},
		{"ARROW1", "an Arrow file"}, {"FEA1", "a Feather file"}, {"\xff\xff\xff\xff", "an Arrow stream"},
		{"Obj\x01", "Avro"}, {"ORC", "ORC"}, {"\xd0\xcf\x11\xe0", "an old Excel workbook"}, {"%PDF", "PDF"},
		{"\xfe\xff", UTF16}, {"\xff\xfe", UTF16},
	} {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.name
		}
	}
	if len(head) > 0 && len(bytes.Trim(head, "\x00")) == 0 {
		return "zero bytes"
	}
	return textLike(head)
}

func textLike(head []byte) string {
	if isUTF16(head) {
		return UTF16
	}
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))))
	switch {
	case strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html"):
		return "an HTML page"
	case strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<"):
		return "XML"
	case strings.HasPrefix(text, "{") || isJSONList(text):
		return "JSON"
	case isText(head):
		return PlainText
	}
	return ""
}

// isJSONList distinguishes a list from a header of names in brackets.
func isJSONList(text string) bool {
	inner, ok := strings.CutPrefix(text, "[")
	inner = strings.TrimSpace(inner)
	return ok && (inner == "" || strings.ContainsAny(inner[:1], `{["]-0123456789`))
}

// isUTF16 sees the zero bytes that ASCII letters have in UTF-16, in either order and without a BOM.
func isUTF16(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	even, odd := 0, 0
	for i, b := range head[:len(head)/2*2] {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	pairs := len(head) / 2
	return even > pairs*3/4 && odd == 0 || odd > pairs*3/4 && even == 0
}

// isText accepts UTF-8 without control bytes; the last character may be cut.
func isText(head []byte) bool {
	for i := 0; i < 3 && len(head) > 0 && !utf8.Valid(head); i++ {
		head = head[:len(head)-1]
	}
	if len(head) == 0 || !utf8.Valid(head) {
		return false
	}
	return !bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' })
}
