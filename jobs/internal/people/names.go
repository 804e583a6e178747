package people

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Columns of the file of names that a reader needs. The file has more, which are for people.
const (
	ColumnMonth  = "score_month"
	ColumnScheme = "person_ids"
	ColumnID     = "person_id"
	ColumnName   = "name"
	ColumnEmail  = "email"
	ColumnMCPID  = "mcp_id"
)

// Names says who stands behind a pseudonym, as a file of names has it. The zero value knows nobody.
type Names struct {
	schemes []string
	shown   map[string]string
}

// FileError reports a file that is no file of names. It repeats nothing of what the file says, but for the names of columns that are missing.
type FileError struct {
	Line int // 0: the file as a whole
	What string
}

// FaultKind is "usage_error": whoever named the file must name another one.
func (e *FileError) FaultKind() string { return "usage_error" }

// Error says which line is wrong, and what is wrong with it.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.What
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.What)
}

// pseudonym is a published person id.
var pseudonym = regexp.MustCompile(`^[0-9a-f]{16}$`)

// ReadNames reads a file that `people --out` wrote. It returns a *FileError for any other file, and for one that was edited incorrectly.
func ReadNames(r io.Reader) (*Names, error) {
	lines := csv.NewReader(r)
	lines.ReuseRecord = true
	header, err := lines.Read()
	if err != nil {
		return nil, unread(err)
	}
	at, err := columnsOf(header)
	if err != nil {
		return nil, err
	}
	n := &Names{shown: map[string]string{}}
	for {
		record, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return nil, unread(err)
		}
		cell := func(column string) string { return plain(record[at[column]]) }
		if what := n.add(cell); what != "" {
			line, _ := lines.FieldPos(0)
			return nil, &FileError{Line: line, What: what}
		}
	}
}

// columnsOf finds the columns that a reader needs.
func columnsOf(header []string) (map[string]int, error) {
	at := map[string]int{}
	var missing []string
	for _, column := range []string{ColumnMonth, ColumnScheme, ColumnID, ColumnName, ColumnEmail, ColumnMCPID} {
		i := slices.IndexFunc(header, func(name string) bool { return strings.TrimPrefix(name, "\ufeff") == column })
		if at[column] = i; i < 0 {
			missing = append(missing, column)
		}
	}
	if len(missing) > 0 {
		return nil, &FileError{What: "it has no column " + strings.Join(missing, ", ") + "; write the file with partnerscore people --out FILE"}
	}
	return at, nil
}

// add takes a line, and says what is wrong with it.
func (n *Names) add(cell func(column string) string) (wrong string) {
	id := cell(ColumnID)
	if !pseudonym.MatchString(id) {
		return "person_id is no person id: 16 digits and letters from a to f"
	}
	shown := cmp.Or(cell(ColumnName), cell(ColumnEmail), cell(ColumnMCPID))
	if known, twice := n.shown[id]; twice && known != shown {
		return "this person id has another name in a line above"
	}
	n.shown[id] = shown
	if scheme := cell(ColumnScheme); !slices.Contains(n.schemes, scheme) {
		n.schemes = append(n.schemes, scheme)
	}
	return ""
}

// plain takes off the apostrophe that keeps a spreadsheet from running a text as a formula.
func plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" && strings.ContainsRune("=+-@\t\r\n", rune(rest[0])) {
		return rest
	}
	return cell
}

// unread is the error for a file that is no CSV. The reader of CSV would quote nothing of it, but the rule is older than the reader.
func unread(err error) error {
	var wrong *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &FileError{What: "it is empty; write the file with partnerscore people --out FILE"}
	case errors.As(err, &wrong):
		return &FileError{Line: wrong.Line, What: "it is not CSV as partnerscore people writes it: " + wrong.Err.Error()}
	default:
		return err
	}
}

// Of returns whom to show for a pseudonym: the name, else the e-mail address, else the certification id. It is empty for somebody whom the file
// does not have, or of whom the exports said nothing.
func (n *Names) Of(person string) string { return n.shown[person] }

// Made reports whether the pseudonyms of the file were made as a scheme says: with its key. A file made with another key names nobody of the
// month, so a page must refuse it.
func (n *Names) Made(scheme string) bool {
	return !slices.ContainsFunc(n.schemes, func(s string) bool { return s != scheme })
}
