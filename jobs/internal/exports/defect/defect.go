// Package defect describes what is wrong inside one export file. The readers below exports do not know which file they read: whoever calls them
// adds its name and its month.
package defect

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is one defect of a file, in words for the person who delivers the exports.
type Error struct {
	// Column is the name in the file, or the canonical name where the file has none; empty where the defect concerns the whole file.
	Column string
	// Line counts the lines of a text file from 1; 0 is none.
	Line          int64
	Message, Hint string
	// Explains is set where the other defects of the file follow from this one: it is said first.
	Explains bool
}

// New returns a defect of the whole file.
func New(message, hint string) *Error { return &Error{Message: message, Hint: hint} }

func (e *Error) Error() string { return e.Message + "; " + e.Hint }

// ByRank compares two defects, by whether they explain others: these are said first.
func ByRank(explains, other bool) int {
	switch {
	case explains == other:
		return 0
	case explains:
		return -1
	default:
		return 1
	}
}

// What to do about files that are not whole.
const (
	Again     = "export or copy it again"
	Cut       = "was the copy interrupted? export it again"
	NotYet    = "run again when the delivery is complete"
	FixAccess = "check the permissions"
)

// Cause returns the text of an error without the path, which the message names already, relative to the exports folder.
func Cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// Quote returns a path or the name of a column for people: as it is when that is plain text, else quoted; always on one line and never longer
// than a line can be read.
func Quote(name string) string {
	short := Shorten(name, 200)
	plain := name != "" && utf8.ValidString(name) && strings.TrimSpace(name) == name
	for _, r := range short {
		plain = plain && unicode.IsPrint(r) && r != '"'
	}
	if plain {
		return short
	}
	return strconv.Quote(short)
}

// Shorten cuts a text to n bytes at the border of a character.
func Shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// List joins the first names of a list and counts the others.
func List(names []string, shown int) string {
	var quoted []string
	for _, name := range names[:min(len(names), shown)] {
		quoted = append(quoted, Quote(name))
	}
	text := strings.Join(quoted, ", ")
	if more := len(names) - len(quoted); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
