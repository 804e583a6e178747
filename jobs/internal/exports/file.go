package exports

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/exports/textfile"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// Found is a file that Find found by its name and that may be an input. Nobody has opened it yet.
type Found struct {
	Table schema.Table
	// Rel is the path relative to the root of the source, with slashes, the bytes as the directory has them.
	Rel string
	// Month is the one in the path; 0 for partners, and where the path has none.
	Month scoring.Month
	// Many is set for a file of usage that holds many months. Month is then one of them, and only its rows are meant; 0 means all rows. The file
	// must have a month column.
	Many    bool
	Format  fileformat.Format
	Bytes   int64
	ModTime time.Time
	// Fault says why this name cannot be an input (a pipe, a dangling symlink, …); Check reports it. Nil for a regular file.
	Fault *defect.Error
	// StatedRows is how many rows a manifest says the file holds, where the file is a copy of what the manifest names; 0: it says nothing.
	StatedRows int64
	// Run is the manifest that names the file, relative to the root: all files of one manifest are of one run of an export. "" without a manifest.
	Run string
	// Export is what the manifest says of the export and the time of its run, "" where it does not say enough: runs of one that began on the same
	// day hold the same days.
	Export string
	// Stray is a manifest in the same folder that lists other files but not this one; "" if there is no such manifest.
	Stray string
	// Log is the file of a Delta log that lists this one, relative to the root; "" for files of no Delta table.
	Log string
	// Constants are columns that the file lacks and that have one value in all its rows: the partition values of a Delta table.
	Constants map[string]string
	// source is where the file is. An error that it keeps is of no file.
	source *storage.WatchedSource
}

// NewFound returns a file by its path in a source.
func NewFound(source storage.Source, t schema.Table, rel string) Found {
	format, _ := fileformat.Of(rel)
	return Found{source: storage.Watch(source), Table: t, Rel: rel, Format: format}
}

// problem returns a defect of the file as a problem.
func (f Found) problem(d *defect.Error) Problem {
	return Problem{File: f.Rel, Month: f.Month, Column: d.Column, Row: d.Line, Message: d.Message, Hint: d.Hint, Explains: d.Explains}
}

// File is an input that keeps the contract.
type File struct {
	Found
	// Path is where the engine opens the file, between Fetch and Forget.
	Path string
	// SHA256 is the hex hash of the bytes as they are in the source.
	SHA256 string
	Rows   int64
	// Columns are all top-level columns, Mapping those that have a canonical name. partner_location_id and partner_global_id may be the same column.
	Columns []schema.Column
	Mapping map[string]schema.Column
	// Text is set for text files.
	Text textfile.Layout
	// Info is what the source said of the file when it was checked.
	Info storage.SourceInfo
	// Duplicates are files of the same month with the same bytes, which therefore do not count.
	Duplicates []Found
	// Months says which months the rows of a file of many months belong to; nil for other files, and where it is not known.
	Months *MonthRows
	// Reused reports that SHA256, Rows and Months come from Options.Known.
	Reused bool
}

// AbsentKeyColumns lists the columns of the consumption key that a usage file does not have; nothing for other tables.
func (f File) AbsentKeyColumns() []string {
	if f.Table != schema.Usage {
		return nil
	}
	return slices.DeleteFunc(schema.KeyColumns(), func(name string) bool {
		_, ok := f.Mapping[name]
		return ok
	})
}

// Catalog is what lies below one exports root.
type Catalog struct {
	Source storage.Source
	// Folders are those of the source: they contain what the engine reads.
	Folders []string
	Usage   map[scoring.Month][]Found
	// Certifications are snapshots by month; those of month 0 are of no known month.
	Certifications map[scoring.Month][]Found
	Partners       []Found
	// Manifests are the lists of what was delivered that were read, relative to the root.
	Manifests []string
	// Undated are files of usage whose rows are of many months, by their month column: neither path nor log says which.
	Undated []Found
	// Warnings concern inputs that are taken and may not be what was delivered.
	Warnings Notes
	// Ignored are names that look like inputs and are not: folders of no valid month, sub-folders where the pattern has files, other extensions.
	Ignored Notes
	// Removed are files, relative to the root, that the log of their Delta table has removed: writers leave them until they clean up.
	Removed map[string]bool
	// undelivered are files of usage that a manifest of their delivery names and that are not there as it says, by month; see Delivered.
	undelivered map[scoring.Month][]undelivered
}

// Files lists every file of the catalog: by table, then month, then Rel in byte order; usage of many months stands behind other usage.
func (c *Catalog) Files() []Found {
	var all []Found
	for _, m := range slices.Sorted(maps.Keys(c.Usage)) {
		all = append(all, c.Usage[m]...)
	}
	all = append(all, c.Undated...)
	for _, m := range slices.Sorted(maps.Keys(c.Certifications)) {
		all = append(all, c.Certifications[m]...)
	}
	return append(all, c.Partners...)
}

// Note says something about a path.
type Note struct {
	// Path is relative to the exports root, with slashes.
	Path string
	Text string
}

// Notes are several of them.
type Notes []Note

// Sentences returns the notes as "path: text".
func (n Notes) Sentences() []string {
	var sentences []string
	for _, note := range n {
		sentences = append(sentences, defect.Quote(note.Path)+": "+note.Text)
	}
	return sentences
}

// sorted orders notes by path and text, and keeps the first of each path.
func (n Notes) sorted() Notes {
	slices.SortFunc(n, func(a, b Note) int { return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Text, b.Text)) })
	return slices.CompactFunc(n, func(a, b Note) bool { return a.Path == b.Path })
}
