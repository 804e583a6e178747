package exports

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxRecordBytes bounds one record of text, and the mean value of a column of Parquet: an open quote, a file without line
// ends or a few bytes that unpack to hundreds of megabytes would otherwise be held in memory whole.
const maxRecordBytes = 2_000_000

const hintUTF8 = "save it as UTF-8"

// textFile reads the records of CSV and TSV: UTF-8, header row, quotes doubled inside quotes, every row as many
// fields as the header.
type textFile struct {
	limit  *recordLimit
	csv    *csv.Reader
	layout TextLayout
	header []string
	// line is where the last record began.
	line int64
}

// TextLayout says how the columns of a text file are separated.
type TextLayout struct {
	Delimiter rune
	// Skip is how many lines stand before the header.
	Skip int
	// LongHeader tells that the name of a column has a line end in it, Multiline that any field has, which takes reading all of the file.
	LongHeader, Multiline bool
}

// openText reads the header. raw is the file's bytes, gzipped or not as the format says.
func openText(raw io.Reader, format Format) (*textFile, error) {
	body, err := decompress(raw, format)
	if err != nil {
		return nil, err
	}
	marked, err := judgeText(body, format)
	if err != nil {
		return nil, err
	}
	t := &textFile{limit: &recordLimit{r: body}}
	if t.layout, err = readLayout(body, format, &t.limit.ends); err != nil {
		return nil, err
	}
	if err := judgeQuotedHeader(body, t.layout); err != nil {
		return nil, err
	}
	t.csv = csv.NewReader(bufio.NewReaderSize(t.limit, 1<<16))
	t.csv.Comma = t.layout.Delimiter
	t.csv.ReuseRecord = true
	header, err := t.next()
	if errors.Is(err, io.EOF) {
		return nil, &defect{"has no header row", "export it with its column names in the first line"}
	}
	if err != nil {
		return nil, err
	}
	t.header = make([]string, len(header))
	for i, name := range header {
		t.header[i] = strings.Clone(name)
		t.layout.LongHeader = t.layout.LongHeader || strings.Contains(name, "\n")
	}
	return t, t.judgeHeader(marked)
}

// judgeHeader sees a header in one piece, which the reader took for the name of one column. Behind a byte order mark the engine takes a first
// name of two lines for two rows.
func (t *textFile) judgeHeader(marked bool) error {
	if marked && t.layout.Skip == 0 && strings.Contains(t.header[0], "\n") {
		return &defect{"has a line end in the name of its first column", "write the name on one line"}
	}
	if len(t.header) > 1 {
		return nil
	}
	for separator, name := range otherSeparators() {
		if strings.Count(t.header[0], separator) > 2 {
			return separatedBy(name)
		}
	}
	return nil
}

// judgeQuotedHeader sees the same in a header of quoted names, of which the reader would only say that a quote is broken.
func judgeQuotedHeader(body *bufio.Reader, layout TextLayout) error {
	head, err := body.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	line, _, _ := strings.Cut(string(head), "\n")
	for separator, name := range otherSeparators() {
		if separator != string(layout.Delimiter) && strings.HasPrefix(line, `"`) && strings.Count(line, `"`+separator+`"`) > 2 {
			return separatedBy(name)
		}
	}
	return nil
}

// otherSeparators are what columns are separated by elsewhere.
func otherSeparators() map[string]string {
	return map[string]string{";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
}

func separatedBy(name string) error {
	return &defect{"separates its columns by " + name, "separate them by commas in .csv and by tabs in .tsv"}
}

func decompress(raw io.Reader, format Format) (*bufio.Reader, error) {
	buffered := bufio.NewReaderSize(raw, 1<<16)
	if !format.Gzipped() {
		return buffered, nil
	}
	head, err := buffered.Peek(sniffBytes)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, gzipFault(err)
	case len(head) == 0:
		return nil, &defect{"is empty (0 bytes)", hintAgain}
	case !bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		message := "is not gzip"
		if kind := looksLike(head); kind != "" {
			message += ": it looks like " + kind
		}
		return nil, &defect{message, "give the file the extension of what it is"}
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, gzipFault(err)
	}
	return bufio.NewReaderSize(gzipReader{z}, 1<<16), nil
}

// gzipReader words the faults of the stream.
type gzipReader struct{ z *gzip.Reader }

func (g gzipReader) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = gzipFault(err)
	}
	return n, err
}

func gzipFault(err error) error {
	var known *defect
	switch {
	case errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &defect{"is no complete gzip file", "was the copy interrupted? export it again"}
	default:
		return &defect{"is a damaged gzip file: " + err.Error(), hintAgain}
	}
}

// judgeText looks at the beginning, skips a byte order mark and tells of it, and refuses what is no text of this kind.
func judgeText(body *bufio.Reader, format Format) (marked bool, err error) {
	head, err := body.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if len(head) == 0 {
		return false, &defect{"is empty (0 bytes)", hintAgain}
	}
	switch kind := looksLike(head); kind {
	case "plain text or CSV", "":
	case "UTF-16 text":
		return false, &defect{"is UTF-16 text", hintUTF8}
	case "gzip":
		return false, &defect{"looks like gzip", "name it ." + string(format) + ".gz"}
	default:
		return false, &defect{fmt.Sprintf("is no %s file: it looks like %s", strings.ToUpper(string(format[:3])), kind),
			"export it again, or give the file the extension of what it is"}
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		if _, err := body.Discard(3); err != nil {
			return false, err
		}
		head, marked = head[3:], true
	}
	return marked, judgeBlankLine(head)
}

func judgeBlankLine(head []byte) error {
	if len(head) > 0 && (head[0] == '\n' || head[0] == '\r') {
		return &defect{"begins with a blank line", "put the column names into the first line"}
	}
	return nil
}

// readLayout skips a first line like sep=; which names the separator: so some programs tell Excel. A file without it is separated as its
// extension says.
func readLayout(body *bufio.Reader, format Format, ends *lineEnds) (TextLayout, error) {
	layout := TextLayout{Delimiter: format.Delimiter()}
	head, err := body.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return layout, err
	}
	line, rest, _ := bytes.Cut(head, []byte("\n"))
	text := strings.TrimSuffix(string(line), "\r")
	if unquoted, ok := strings.CutPrefix(text, `"`); ok {
		text = strings.TrimSuffix(unquoted, `"`)
	}
	if len(text) < len("sep=") || !strings.EqualFold(text[:len("sep=")], "sep=") {
		return layout, nil
	}
	separator := text[len("sep="):]
	if _, known := otherSeparators()[separator]; !known {
		return layout, &defect{"begins with a line of sep= that names none of the separators that are read",
			"separate columns by commas, semicolons, tabs or bars, and name that one or delete the line"}
	}
	layout.Delimiter, layout.Skip = rune(separator[0]), 1
	ends.see(head[:min(len(line)+1, len(head))])
	if _, err := body.Discard(min(len(line)+1, len(head))); err != nil {
		return layout, err
	}
	return layout, judgeBlankLine(rest)
}

// next returns the next record, valid until the call after, and io.EOF at the end.
func (t *textFile) next() ([]string, error) {
	record, err := t.csv.Read()
	if errors.Is(err, io.EOF) { // by now all of it is known to be valid otherwise
		return nil, cmp.Or(t.limit.ends.fault(), err)
	}
	if err != nil {
		return nil, t.explain(record, err)
	}
	line, _ := t.csv.FieldPos(0)
	t.line = t.lineOf(line)
	t.limit.mark = t.csv.InputOffset()
	for i, field := range record {
		if bad := judgeField(i, field); bad != nil {
			f := lineDefect{line: t.line, defect: *bad}
			if i < len(t.header) {
				f.column = t.header[i]
			}
			return nil, &f
		}
	}
	return record, nil
}

// lineOf is the line in the file of one that the reader counted.
func (t *textFile) lineOf(line int) int64 { return int64(line + t.layout.Skip) }

// judgeField refuses what two readers might take for different things. A carriage return before a line feed has
// been removed already.
func judgeField(i int, field string) *defect {
	switch {
	case !utf8.ValidString(field):
		return &defect{fmt.Sprintf("field %d is not UTF-8", i+1), hintUTF8}
	case strings.IndexByte(field, 0) >= 0:
		return &defect{fmt.Sprintf("field %d has a NUL byte", i+1), hintAgain}
	case strings.IndexByte(field, '\r') >= 0:
		return &defect{fmt.Sprintf("field %d has a carriage return without a line feed", i+1),
			"end lines as Windows or Unix do"}
	}
	return nil
}

// lineDefect is a fault with a line and perhaps a column.
type lineDefect struct {
	defect
	line   int64
	column string
}

func (t *textFile) explain(record []string, err error) error {
	var broken *csv.ParseError
	switch {
	case errors.Is(err, errRecordTooLong):
		return &lineDefect{line: t.line, defect: defect{
			fmt.Sprintf("a row longer than %d bytes begins after this line", maxRecordBytes), "is a quote not closed there?"}}
	case !errors.As(err, &broken):
		return err
	case errors.Is(err, csv.ErrFieldCount):
		return &lineDefect{line: t.lineOf(broken.Line), defect: defect{
			fmt.Sprintf("the number of fields is %d, in the header it is %d", len(record), len(t.header)),
			"quote fields that contain the delimiter or a line end"}}
	case errors.Is(err, csv.ErrQuote) && broken.StartLine != broken.Line:
		return &lineDefect{line: t.lineOf(broken.StartLine), defect: defect{
			fmt.Sprintf("a quoted field is broken or not closed up to line %d", t.lineOf(broken.Line)), hintQuotes}}
	default:
		return &lineDefect{line: t.lineOf(broken.Line), defect: defect{"has a broken quote", hintQuotes}}
	}
}

const hintQuotes = `write a quote inside a quoted field twice ("")`

var errRecordTooLong = errors.New("record too long")

// recordLimit refuses to hand out more than maxRecordBytes after the end of the last record.
type recordLimit struct {
	r    io.Reader
	read int64
	mark int64
	// ends sees all that is read.
	ends lineEnds
}

func (l *recordLimit) Read(p []byte) (int, error) {
	room := maxRecordBytes + 1<<16 - (l.read - l.mark)
	if room <= 0 {
		return 0, errRecordTooLong
	}
	n, err := l.r.Read(p[:min(int64(len(p)), room)])
	l.read += int64(n)
	l.ends.see(p[:n])
	return n, err
}

// textColumns are the header's names; all of them are text.
func textColumns(header []string) []Column {
	columns := make([]Column, len(header))
	for i, name := range header {
		columns[i] = Column{Name: name, Index: i, Kind: Text}
	}
	return columns
}
