package exports

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/delta"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/pattern"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// takeDelta takes the live files of a folder that is a Delta table in place of what lies there; false for other folders.
func (f finder) takeDelta(dir place) bool {
	if !delta.IsTable(f.ctx, f.source, dir.rel) {
		return false
	}
	t, err := delta.Read(f.ctx, f.source, dir.rel)
	if err != nil {
		f.faultOfLog(dir, err)
		return true
	}
	d := deltaTable{finder: f, dir: dir, parts: monthPartsOf(t.PartitionColumns)}
	live := map[string]bool{}
	undated := map[string]int{}
	for _, file := range t.Files {
		live[file.Path] = true
		if !d.take(file) {
			undated[d.parts.describe(file.Partition)]++
		}
	}
	for _, which := range slices.Sorted(maps.Keys(undated)) {
		have := "have"
		if undated[which] == 1 {
			have = "has"
		}
		f.ignore(dir.child(delta.LogDir+"/"+which), fmt.Sprintf("left out, %s of this partition %s no month", fileCount(undated[which]), have))
	}
	if strays := d.unlisted("", live, t.Removed); len(strays) > 0 {
		are, them := "are", "them"
		if len(strays) == 1 {
			are, them = "is", "it"
		}
		f.ignore(dir.child(delta.LogDir), fmt.Sprintf("left out, %s in the folder of this Delta table %s not in the table, and its log does not say that it has removed "+
			"%s: %s", fileCount(len(strays)), are, them, defect.List(strays, shownFiles)))
	}
	return true
}

// shownFiles is how many files of a list a note names.
const shownFiles = 3

func fileCount(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}

// faultOfLog reports a table that cannot be read, for the months that it has.
func (f finder) faultOfLog(dir place, err error) {
	bad := &delta.Error{File: delta.LogDir, Message: "cannot be read: " + defect.Cause(err), Hint: defect.FixAccess}
	errors.As(err, &bad)
	why := bad.Message
	if bad.Line > 0 {
		why += fmt.Sprintf(" (line %d)", bad.Line)
	}
	f.fault(dir.child(bad.File), "", defect.New(why, bad.Hint), storage.SourceInfo{})
}

// deltaTable is a table whose log was read.
type deltaTable struct {
	finder
	dir   place
	parts monthParts
}

// take takes a live file with its month: that of the folder, else that of its partition; false where it has none and needs one.
func (d deltaTable) take(live delta.File) bool {
	p := d.dir.child(live.Path)
	constants, month := d.parts.constants(live.Partition)
	if p.month == 0 && d.table != schema.Partners && d.parts.known() {
		if month == 0 {
			return false
		}
		p.month = month
	}
	info, err := d.source.Stat(d.ctx, p.rel)
	found := d.add(p, fileformat.Parquet, d.check(live, info, err), info)
	found.Constants, found.Log = constants, d.dir.child(live.Log).rel
	return true
}

// check holds a live file against what the log says of it.
func (d deltaTable) check(live delta.File, info storage.SourceInfo, err error) *defect.Error {
	log := defect.Quote(d.dir.child(live.Log).rel)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return defect.New("is not there, but "+log+" lists it as a file of the Delta table", delta.HintCopy)
	case err != nil:
		return unusable(err, fileformat.Parquet)
	case !info.Mode.IsRegular():
		return notRegular(info.Mode)
	case info.Size < live.Size:
		return defect.New(fmt.Sprintf("has %d bytes, but %s lists it with %d", info.Size, log, live.Size), delta.HintCopy)
	case live.Size >= 0 && info.Size > live.Size:
		d.oversized(live)
	}
	return nil
}

// oversized warns once for each table of a file that has grown since it was listed. Its own footer says what is in it, so it can be read; but
// files of a Delta table never change.
func (d deltaTable) oversized(live delta.File) {
	log := d.dir.child(delta.LogDir)
	if !slices.ContainsFunc(d.Warnings, func(n Note) bool { return n.Path == log.rel }) {
		d.warn(log, fmt.Sprintf("files of the Delta table are larger than its log says, %s is one; they are read as they are", defect.Quote(live.Path)))
	}
}

// unlisted returns the data files in the folder of the table that are neither live nor removed by its log, and notes those that are removed. What
// cannot be listed is not counted.
func (d deltaTable) unlisted(folder string, live, removed map[string]bool) (strays []string) {
	entries, err := d.source.ReadDir(d.ctx, path.Join(d.dir.rel, folder))
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		rel := path.Join(folder, entry.Name)
		_, data := fileformat.Of(entry.Name)
		switch {
		case pattern.IsHidden(entry.Name):
		case entry.Mode.IsDir():
			strays = append(strays, d.unlisted(rel, live, removed)...)
		case !data || live[rel]:
		case removed[rel]:
			d.Removed[d.dir.child(rel).rel] = true
		default:
			strays = append(strays, rel)
		}
	}
	return strays
}

// monthParts are the partition columns that say the month: one that is a month or a day, or a year and the number of a month.
type monthParts struct {
	month, year, number string
	// value is the form of a month or day: 2024-06, 202406, or any day of it with or without a time.
	value *regexp.Regexp
}

func (p monthParts) known() bool { return p.month != "" || p.year != "" && p.number != "" }

// monthPartsOf finds the columns by the names that a column of the month may have.
func monthPartsOf(columns []string) (p monthParts) {
	p.value = regexp.MustCompile(`\A([0-9]{4})(?:-([0-9]{1,2})(?:-[0-9]{1,2}(?:[T ].*)?)?|([0-9]{2})(?:[0-9]{2})?)\z`)
	for _, c := range columns {
		switch folded := schema.Fold(c); {
		case folded == "year" || folded == "yyyy":
			p.year = c
		case folded == "mm":
			p.number = c
		case folded == "month":
			p.number, p.month = c, c
		case schema.IsMonthName(c) && p.month == "":
			p.month = c
		}
	}
	return p
}

// constants are the partition values as columns of a file, and the month that they say, 0 for none. A year and a number become a month.
func (p monthParts) constants(values map[string]string) (map[string]string, scoring.Month) {
	if len(values) == 0 {
		return nil, 0
	}
	columns := maps.Clone(values)
	if p.year != "" && p.number != "" {
		year, yearErr := strconv.Atoi(values[p.year])
		number, numberErr := strconv.Atoi(values[p.number])
		if yearErr == nil && numberErr == nil {
			text := fmt.Sprintf("%04d-%02d", year, number)
			if m, err := scoring.ParseMonth(text); err == nil {
				delete(columns, p.year)
				delete(columns, p.number)
				columns["month"] = text
				return columns, m
			}
		}
	}
	if p.month == "" {
		return columns, 0
	}
	return columns, p.monthOf(values[p.month])
}

// describe names the partition of a file for a message.
func (p monthParts) describe(values map[string]string) string {
	var texts []string
	for _, c := range slices.Compact([]string{p.year, p.number, p.month}) {
		if c == "" {
			continue
		}
		texts = append(texts, c+"="+cmp.Or(values[c], "NULL"))
	}
	return strings.Join(texts, ",")
}

// monthOf is the month that a partition value names, 0 for other texts.
func (p monthParts) monthOf(value string) scoring.Month {
	found := p.value.FindStringSubmatch(strings.TrimSpace(value))
	if found == nil {
		return 0
	}
	number, err := strconv.Atoi(found[2] + found[3])
	if err != nil {
		return 0
	}
	m, err := scoring.ParseMonth(fmt.Sprintf("%s-%02d", found[1], number))
	if err != nil {
		return 0
	}
	return m
}

// withConstants adds the constant columns of a file to those in it, in the order of their names.
func (f Found) withConstants(columns []schema.Column) []schema.Column {
	for _, name := range slices.Sorted(maps.Keys(f.Constants)) {
		columns = append(columns, schema.Column{Name: name, Index: len(columns), Kind: schema.Text, Partition: true, Value: f.Constants[name]})
	}
	return columns
}

// dropUnused drops the values of constant columns that are not mapped: files that differ in them alone can be read together.
func (c *File) dropUnused() {
	for i, column := range c.Columns {
		mapped := false
		for _, m := range c.Mapping {
			mapped = mapped || m.Index == column.Index
		}
		if !mapped {
			c.Columns[i].Value = ""
		}
	}
}
