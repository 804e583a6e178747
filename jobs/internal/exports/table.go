package exports

import (
	"strings"
	"time"

	"partnerscore/scoring"
)

// Table names one of the three inputs of a score.
type Table string

// The three inputs, named as their folders and as in manifests and configuration.
const (
	Usage          Table = "azure_usage"
	Certifications Table = "certifications"
	Partners       Table = "partners"
)

// Tables lists the inputs in the order of the contract.
func Tables() []Table { return []Table{Usage, Certifications, Partners} }

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

func formats() []Format { return []Format{Parquet, CSV, TSV, CSVGzip, TSVGzip} }

// FormatOf tells the format from a file name's extension in any case, and false for other names.
func FormatOf(name string) (Format, bool) {
	lower := strings.ToLower(name)
	for _, f := range formats() {
		if strings.HasSuffix(lower, "."+string(f)) {
			return f, true
		}
	}
	return "", false
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

// Gzipped tells whether the text is inside a gzip stream.
func (f Format) Gzipped() bool { return f == CSVGzip || f == TSVGzip }

// File is one candidate input. Find fills it from the directory alone.
type File struct {
	Table Table
	// Path is absolute below Catalog.Root; a symlink in it is not resolved.
	Path string
	// Rel is Path relative to the root, with slashes, the bytes as the directory has them.
	Rel string
	// Month is the one in the path; 0 for partners, and where the path has none.
	Month scoring.Month
	// Many is set for a file of usage that holds many months: Month is then one of them, and of its rows only those of that month are meant;
	// 0 means all of them. The file must have a month column.
	Many    bool
	Format  Format
	Bytes   int64
	ModTime time.Time
	// Fault says why this name can be no input (a pipe, a dangling symlink, …); Check reports it.
	// Empty for a regular file. FaultHint says what to do about it; empty: that follows from Fault.
	Fault, FaultHint string
	// StatedRows is how many rows a manifest says the file holds, where the file is a copy of what the manifest names; 0: it says nothing.
	StatedRows int64
	// Run is the manifest that names the file, relative to the root: all files of one are of one run of an export. "" where none does.
	Run string
	// Export is what the manifest says of the export and the time of its run, "" where it does not say enough: runs of one that began on the same
	// day hold the same days.
	Export string
	// Stray is a manifest in the same folder that lists other files but not this one; "" if there is no such manifest.
	Stray string
	// Constants are columns that the file lacks and that have one value in all its rows: the partition values of a Delta table.
	Constants map[string]string
}

// Catalog is what lies below one exports root.
type Catalog struct {
	// Root is absolute with symlinks resolved.
	Root  string
	Usage map[scoring.Month][]File
	// Certifications are snapshots by month; those of month 0 are of no known month.
	Certifications map[scoring.Month][]File
	Partners       []File
	// Manifests are the lists of what was delivered that were read, relative to the root.
	Manifests []string
	// Undated are files of usage whose rows are of many months, by their month column: neither path nor log says which.
	Undated []File
	// Lacks are files of usage that a manifest of their delivery names and that are not there as it says, by month; see Delivered.
	Lacks map[scoring.Month][]Problem
	// Warnings are sentences "path: what" about inputs that are taken and may not be what was delivered.
	Warnings []string
	// Ignored are sentences "path: reason" about names that look like inputs and are none: folders of no valid
	// month, sub-folders where the pattern has files, other extensions. Hidden names (. and _) are left out.
	Ignored []string
	// Removed are files, relative to the root, that the log of their Delta table has removed, as writers leave them until they clean up.
	Removed map[string]bool
}

// Files lists every file of the catalog: by table, then month, then Rel in byte order; usage of many months stands behind other usage.
func (c *Catalog) Files() []File {
	var all []File
	for _, m := range sortedMonths(c.Usage) {
		all = append(all, c.Usage[m]...)
	}
	all = append(all, c.Undated...)
	for _, m := range sortedMonths(c.Certifications) {
		all = append(all, c.Certifications[m]...)
	}
	return append(all, c.Partners...)
}
