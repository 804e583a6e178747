// Package document holds an answer as it is laid out: a title, sections of sentences and tables, and records for a spreadsheet. Whoever builds a
// document knows no terminal and no page; whoever lays it out knows no answer.
package document

import "strings"

// Document is an answer for people, and the same facts for a spreadsheet.
type Document struct {
	// Title says what the document is about. Notes that concern all of it follow, like one that a score is provisional.
	Title    []string
	Sections []Section
	Records  Records
}

// Section is a part of a document: sentences, a table, and sentences about it.
type Section struct {
	Lead  []Sentence
	Table *Table
	Notes []Sentence
}

// Sentences makes a section of sentences alone.
func Sentences(texts ...string) Section { return Section{Lead: plain(texts)} }

// Note adds sentences below the table; empty ones are left out.
func (s *Section) Note(texts ...string) { s.Notes = append(s.Notes, plain(texts)...) }

func plain(texts []string) (all []Sentence) {
	for _, text := range texts {
		if text != "" {
			all = append(all, Sentence{Text: text})
		}
	}
	return all
}

// Sentence is a sentence, or an item of a list.
type Sentence struct {
	// Mark stands before an item, with the blanks after it: a month, or one of the marks below. Sentences have none.
	Mark string
	Text string
}

// Marks of items.
const (
	Bullet = "- "
	Indent = "  " // below a sentence that introduces the list
)

// Item adds an item below the table.
func (s *Section) Item(mark, text string) {
	s.Notes = append(s.Notes, Sentence{Mark: mark, Text: text})
}

// Table is rows of cells below named columns. Its caption stands where the name of the first column would, where there is one line for both.
type Table struct {
	Caption string
	Columns []Column
	Rows    []Row
	// Inset is by how many characters sentences below rows stand further in; 0: as is usual.
	Inset int
	// Left says how many rows are left out, empty where there are none, and Hint, which continues it, how to see them.
	Left, Hint string
}

// Column is a column of a table.
type Column struct {
	Header string
	// Short is the header where the table has little room, Long the one on a page; empty: the same.
	Short, Long string
	// Bare columns explain themselves where readers see the whole table at once: a terminal leaves their header out.
	Bare bool
	// Aside columns are for where there is room: a terminal leaves them out. They stand last.
	Aside bool
	// Number columns stand to the right.
	Number bool
	Room   Room
}

// Room says what becomes of texts that are too long for a column; the zero value leaves them as they are.
type Room struct {
	Others int // characters of a line that the other columns need
	Least  int // what the column has in any case
	Wrap   bool
}

// Row is a line of a table. One without cells keeps groups of rows apart.
type Row struct {
	// Depth is how far below another row it belongs: 0 is a group, 1 a part of it, 2 a detail.
	Depth    int
	Cells    []Cell
	Sentence string // about the row, below it; mostly empty
}

// Cell is what a table says of a row in a column.
type Cell struct {
	Text string
	// Short says the same where the table has little room; empty: as Text.
	Short string
	// ID follows a name where there is room for it.
	ID string
	// Note is for a page, which has room for it below the text, and Share, in percent, for the bar that it draws.
	Note  string
	Share int64
}

// MonthInset puts sentences below the second column of a table whose first one has months.
const MonthInset = len("2024-06  ")

// Texts makes cells of texts.
func Texts(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i].Text = text
	}
	return cells
}

// Add adds a row of texts.
func (t *Table) Add(depth int, sentence string, texts ...string) {
	t.Rows = append(t.Rows, Row{Depth: depth, Cells: Texts(texts...), Sentence: sentence})
}

// Cut keeps the first n rows, all where n is 0, and says how many it leaves out, and how to see them.
func (t *Table) Cut(n int, andMore func(n int64) string, hint string) {
	if n > 0 && len(t.Rows) > n {
		t.Left, t.Hint, t.Rows = andMore(int64(len(t.Rows)-n)), hint, t.Rows[:n]
	}
}

// Numbers names columns of numbers.
func Numbers(headers ...string) (all []Column) {
	for _, header := range headers {
		all = append(all, Column{Header: header, Number: true})
	}
	return all
}

// Named names columns of texts.
func Named(headers ...string) (all []Column) {
	for _, header := range headers {
		all = append(all, Column{Header: header})
	}
	return all
}

// Records are the facts of an answer for a spreadsheet, one a line: all of them, also those that no table shows. Numbers are plain.
type Records struct {
	Keys Keys
	Rows [][]string
}

// Keys are the columns of records, in their order, and what they mean. An entry names a column, or several in a row, with blanks between.
type Keys [][2]string

// Header returns the names of all columns.
func (k Keys) Header() (names []string) {
	for _, column := range k {
		names = append(names, strings.Fields(column[0])...)
	}
	return names
}

// Described are the columns as help lists them.
func (k Keys) Described() (rows [][2]string) {
	for _, column := range k {
		rows = append(rows, [2]string{strings.Join(strings.Fields(column[0]), ", "), column[1]})
	}
	return rows
}
