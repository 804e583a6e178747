// Package textfile reads CSV and TSV files record by record: UTF-8, a header row, quotes doubled inside quotes, every row with as many fields as
// the header. It refuses whatever two readers might understand differently.
package textfile

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
)

// maxRecordBytes bounds one record: an open quote, a file without line ends or a few bytes that unpack to hundreds of megabytes would otherwise
// be held in memory whole.
const maxRecordBytes = 2_000_000

const hintUTF8 = "save it as UTF-8"

// Reader reads the records of a text file.
type Reader struct {
	// Header has the names of the columns, without a byte order mark.
	Header []string
	Layout Layout
	// Line is the line on which the last record began.
	Line  int64
	limit *recordLimit
	csv   *csv.Reader
}

// Layout says how the columns of a text file are separated.
type Layout struct {
	Delimiter rune
	// Skip is how many lines stand before the header.
	Skip int
	// LongHeader is set where the name of a column has a line end in it, Multiline where any field has one, which is known once the whole file was read.
	LongHeader, Multiline bool
}

// Open reads the header. raw has the bytes of the file, gzipped or not as the format says. A fault of the file is a *defect.Error, from here and
// from Next.
func Open(raw io.Reader, format fileformat.Format) (*Reader, error) {
	body, err := decompress(raw, format)
	if err != nil {
		return nil, err
	}
	marked, err := checkBeginning(body, format)
	if err != nil {
		return nil, err
	}
	t := &Reader{limit: &recordLimit{r: body}}
	if t.Layout, err = readLayout(body, format, &t.limit.ends); err != nil {
		return nil, err
	}
	if err := checkQuotedHeader(body, t.Layout); err != nil {
		return nil, err
	}
	t.csv = csv.NewReader(bufio.NewReaderSize(t.limit, 1<<16))
	t.csv.Comma = t.Layout.Delimiter
	t.csv.ReuseRecord = true
	header, err := t.Next()
	if errors.Is(err, io.EOF) {
		return nil, defect.New("has no header row", "export it with its column names in the first line")
	}
	if err != nil {
		return nil, err
	}
	t.Header = make([]string, len(header))
	for i, name := range header {
		t.Header[i] = strings.Clone(name)
		t.Layout.LongHeader = t.Layout.LongHeader || strings.Contains(name, "\n")
	}
	return t, t.checkHeader(marked)
}

// Next returns the next record, valid until the call after, and io.EOF at the end.
func (t *Reader) Next() ([]string, error) {
	record, err := t.csv.Read()
	if errors.Is(err, io.EOF) { // by now everything else in the file is known to be valid
		return nil, cmp.Or(t.limit.ends.fault(), err)
	}
	if err != nil {
		return nil, t.explain(record, err)
	}
	line, _ := t.csv.FieldPos(0)
	t.Line = t.lineOf(line)
	t.limit.mark = t.csv.InputOffset()
	for i, field := range record {
		if bad := checkField(i, field); bad != nil {
			bad.Line = t.Line
			if i < len(t.Header) {
				bad.Column = t.Header[i]
			}
			return nil, bad
		}
	}
	return record, nil
}

// lineOf is the line in the file of one that the reader counted.
func (t *Reader) lineOf(line int) int64 { return int64(line + t.Layout.Skip) }

// checkField refuses what two readers might understand differently. A carriage return before a line feed has been removed already.
func checkField(i int, field string) *defect.Error {
	switch {
	case !utf8.ValidString(field):
		return defect.New(fmt.Sprintf("field %d is not UTF-8", i+1), hintUTF8)
	case strings.IndexByte(field, 0) >= 0:
		return defect.New(fmt.Sprintf("field %d has a NUL byte", i+1), defect.Again)
	case strings.IndexByte(field, '\r') >= 0:
		return defect.New(fmt.Sprintf("field %d has a carriage return without a line feed", i+1),
			"end lines as Windows or Unix do")

	}
	return nil
}

func (t *Reader) explain(record []string, err error) error {
	var broken *csv.ParseError
	switch {
	case errors.Is(err, errRecordTooLong):
		return &defect.Error{Line: t.Line, Message: fmt.Sprintf("a row longer than %d bytes begins after this line", maxRecordBytes),
			Hint: "is a quote not closed there?"}
	case !errors.As(err, &broken):
		return err
	case errors.Is(err, csv.ErrFieldCount):
		return &defect.Error{Line: t.lineOf(broken.Line), Message: fmt.Sprintf("the number of fields is %d, in the header it is %d", len(record), len(t.Header)),
			Hint: "quote fields that contain the delimiter or a line end"}
	case errors.Is(err, csv.ErrQuote) && broken.StartLine != broken.Line:
		return &defect.Error{Line: t.lineOf(broken.StartLine), Message: fmt.Sprintf("a quoted field is broken or not closed up to line %d", t.lineOf(broken.Line)),
			Hint: hintQuotes}
	default:
		return &defect.Error{Line: t.lineOf(broken.Line), Message: "has a broken quote", Hint: hintQuotes}
	}
}

const hintQuotes = `write a quote inside a quoted field twice ("")`

var errRecordTooLong = errors.New("record too long")

// recordLimit refuses to hand out more than maxRecordBytes after the end of the last record.
type recordLimit struct {
	r    io.Reader
	read int64
	mark int64
	// ends looks at everything that is read.
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

// Count checks every record of a file and counts them. multiline reports that fields have line ends in them.
func Count(raw io.Reader, format fileformat.Format) (rows int64, multiline bool, err error) {
	t, err := Open(raw, format)
	if err != nil {
		return 0, false, err
	}
	for {
		_, err := t.Next()
		if errors.Is(err, io.EOF) {
			return rows, t.limit.ends.inside, nil
		}
		if err != nil {
			return 0, false, err
		}
		rows++
	}
}

// Lines returns the lines, from 1, on which rows begin; rows are counted from 1. It reads the file up to the last of them.
func Lines(raw io.Reader, format fileformat.Format, rows []int64) (map[int64]int64, error) {
	lines := map[int64]int64{}
	t, err := Open(raw, format)
	if err != nil {
		return nil, err
	}
	for row := int64(1); row <= slices.Max(rows); row++ {
		if _, err := t.Next(); err != nil {
			return nil, err
		}
		if slices.Contains(rows, row) {
			lines[row] = t.Line
		}
	}
	return lines, nil
}

// Contains reports whether one of the columns has the text in the first rows of a file.
func Contains(raw io.Reader, format fileformat.Format, text string, columns []int, rows int) (bool, error) {
	t, err := Open(raw, format)
	if err != nil {
		return false, err
	}
	for range rows {
		record, err := t.Next()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		for _, i := range columns {
			if strings.Contains(record[i], text) {
				return true, nil
			}
		}
	}
	return false, nil
}
