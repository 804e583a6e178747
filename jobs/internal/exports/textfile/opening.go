package textfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
)

// checkHeader refuses a header that the reader took for the name of one column, because the columns have another separator. After a byte order
// mark the engine reads a first name of two lines as two rows.
func (t *Reader) checkHeader(marked bool) error {
	if marked && t.Layout.Skip == 0 && strings.Contains(t.Header[0], "\n") {
		return defect.New("has a line end in the name of its first column", "write the name on one line")
	}
	if len(t.Header) > 1 {
		return nil
	}
	for separator, name := range otherSeparators() {
		if strings.Count(t.Header[0], separator) > 2 {
			return separatedBy(name)
		}
	}
	return nil
}

// checkQuotedHeader refuses the same in a header of quoted names, for which the reader would only report a broken quote.
func checkQuotedHeader(body *bufio.Reader, layout Layout) error {
	head, err := body.Peek(fileformat.SniffBytes)
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

// otherSeparators are the separators of columns that programs write, with their names.
func otherSeparators() map[string]string {
	return map[string]string{";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
}

func separatedBy(name string) error {
	return defect.New("separates its columns by "+name, "separate them by commas in .csv and by tabs in .tsv")
}

func decompress(raw io.Reader, format fileformat.Format) (*bufio.Reader, error) {
	buffered := bufio.NewReaderSize(raw, 1<<16)
	if !format.Gzipped() {
		return buffered, nil
	}
	head, err := buffered.Peek(fileformat.SniffBytes)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, gzipFault(err)
	case len(head) == 0:
		return nil, defect.New("is empty (0 bytes)", defect.Again)
	case !bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		message := "is not gzip"
		if kind := fileformat.LooksLike(head); kind != "" {
			message += ": it looks like " + kind
		}
		return nil, defect.New(message, "give the file the extension of what it is")
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, gzipFault(err)
	}
	return bufio.NewReaderSize(gzipReader{z}, 1<<16), nil
}

// gzipReader describes the faults of the stream in our words.
type gzipReader struct{ z *gzip.Reader }

func (g gzipReader) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = gzipFault(err)
	}
	return n, err
}

func gzipFault(err error) error {
	var known *defect.Error
	switch {
	case errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return defect.New("is no complete gzip file", defect.Cut)
	default:
		return defect.New("is a damaged gzip file: "+err.Error(), defect.Again)
	}
}

// checkBeginning refuses what is not text of this kind, and skips a byte order mark: marked reports that there was one.
func checkBeginning(body *bufio.Reader, format fileformat.Format) (marked bool, err error) {
	head, err := body.Peek(fileformat.SniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if len(head) == 0 {
		return false, defect.New("is empty (0 bytes)", defect.Again)
	}
	switch kind := fileformat.LooksLike(head); kind {
	case fileformat.PlainText, "":
	case fileformat.UTF16:
		return false, defect.New("is UTF-16 text", hintUTF8)
	case "gzip":
		return false, defect.New("looks like gzip", "name it ."+string(format)+".gz")
	default:
		return false, defect.New(fmt.Sprintf("is no %s file: it looks like %s", strings.ToUpper(string(format[:3])), kind),
			"export it again, or give the file the extension of what it is")

	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		if _, err := body.Discard(3); err != nil {
			return false, err
		}
		head, marked = head[3:], true
	}
	return marked, checkBlankLine(head)
}

func checkBlankLine(head []byte) error {
	if len(head) > 0 && (head[0] == '\n' || head[0] == '\r') {
		return defect.New("begins with a blank line", "put the column names into the first line")
	}
	return nil
}

// readLayout skips a first line like "sep=;", which names the separator for Excel. Without it the extension of the file says the separator.
func readLayout(body *bufio.Reader, format fileformat.Format, ends *lineEnds) (Layout, error) {
	layout := Layout{Delimiter: format.Delimiter()}
	head, err := body.Peek(fileformat.SniffBytes)
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
		return layout, defect.New("begins with a line of sep= that names none of the separators that are read",
			"separate columns by commas, semicolons, tabs or bars, and name that one or delete the line")

	}
	layout.Delimiter, layout.Skip = rune(separator[0]), 1
	ends.see(head[:min(len(line)+1, len(head))])
	if _, err := body.Discard(min(len(line)+1, len(head))); err != nil {
		return layout, err
	}
	return layout, checkBlankLine(rest)
}
