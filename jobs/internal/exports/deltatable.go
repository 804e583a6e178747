package exports

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/exports/delta"
	"partnerscore/scoring"
)

// takeDelta takes the live files of a folder that is a Delta table in place of what lies there; false for other folders.
func (s *search) takeDelta(dir place) bool {
	if !delta.IsTable(s.path(dir)) {
		return false
	}
	t, err := delta.Read(s.path(dir))
	if err != nil {
		s.faultOfLog(dir, err)
		return true
	}
	parts := monthPartsOf(t.PartitionColumns)
	live := map[string]bool{}
	undated := map[string]int{}
	for _, f := range t.Files {
		live[f.Path] = true
		if !s.takeLive(dir, f, parts) {
			undated[parts.describe(f.Partition)]++
		}
	}
	for _, which := range slices.Sorted(maps.Keys(undated)) {
		s.ignore(dir.child(delta.LogDir+"/"+which), fmt.Sprintf("left out, %s of this partition %s no month", fileCount(undated[which]), have(undated[which])))
	}
	if strays := s.unlisted(dir, live, t.Removed); len(strays) > 0 {
		s.ignore(dir.child(delta.LogDir), fmt.Sprintf("left out, %s in the folder of this Delta table %s not in the table, and its log does not say that it has removed "+
			"%s: %s", fileCount(len(strays)), are(len(strays)), them(len(strays)), firstNames(strays)))
	}
	return true
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// firstNames names the first files of a list.
func firstNames(names []string) string {
	var shown []string
	for _, name := range names[:min(len(names), shownFiles)] {
		shown = append(shown, displayName(name))
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func fileCount(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// faultOfLog reports a table that cannot be read, for the months that it has.
func (s *search) faultOfLog(dir place, err error) {
	told := &delta.Error{File: delta.LogDir, Message: "cannot be read: " + reason(err), Hint: "check the permissions"}
	errors.As(err, &told)
	at, why := dir.child(told.File), told.Message
	if told.Line > 0 {
		why += fmt.Sprintf(" (line %d)", told.Line)
	}
	if s.table == Partners || dir.month != 0 {
		s.add(at, "", why, nil)
		s.found[len(s.found)-1].FaultHint = told.Hint
		return
	}
	s.problems = append(s.problems, Problem{File: at.rel, Message: why, Hint: told.Hint})
}

// takeLive takes a live file of a table, with its month: that of the folder, else that of its partition; false where it has none and needs one.
func (s *search) takeLive(dir place, live delta.File, parts monthParts) bool {
	p := dir.child(live.Path)
	constants, month := parts.constants(live.Partition)
	if p.month == 0 && s.table != Partners && parts.known() {
		if month == 0 {
			return false
		}
		p.month = month
	}
	info, err := os.Lstat(s.path(p))
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = s.follow(p)
	}
	log := displayName(dir.child(live.Log).rel)
	fault, hint := "", "copy the whole table again, with its _delta_log"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fault = "is not there, but " + log + " lists it as a file of the Delta table"
	case err != nil:
		fault, hint = reason(err), ""
	case !info.Mode().IsRegular():
		fault, hint = "is no regular file but "+modeName(info.Mode()), ""
	case info.Size() < live.Size:
		fault = fmt.Sprintf("has %d bytes, but %s lists it with %d", info.Size(), log, live.Size)
	case live.Size >= 0 && info.Size() > live.Size:
		s.oversized(dir, live)
	}
	s.add(p, Parquet, fault, info)
	f := &s.found[len(s.found)-1]
	f.Constants = constants
	if fault != "" {
		f.FaultHint = hint
	}
	return true
}

// oversized notes once a table a file that has grown since it was listed. Its own footer says what is in it, so it can be read; but files of a Delta
// table never change.
func (s *search) oversized(dir place, live delta.File) {
	begin := displayName(dir.child(delta.LogDir).rel) + ": "
	if !slices.ContainsFunc(s.warnings, func(w string) bool { return strings.HasPrefix(w, begin) }) {
		s.warnings = append(s.warnings, fmt.Sprintf("%sfiles of the Delta table are larger than its log says, %s is one; they are read as they are", begin, displayName(live.Path)))
	}
}

// unlisted returns the data files in the folder of a table that are neither live nor removed by its log, and notes those that are removed.
func (s *search) unlisted(dir place, live, removed map[string]bool) (strays []string) {
	root := s.path(dir)
	walkErr := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be listed is not counted
		}
		rel, relErr := filepath.Rel(root, path)
		if entry.IsDir() {
			if rel != "." && isHidden(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		_, data := FormatOf(entry.Name())
		switch slashed := filepath.ToSlash(rel); {
		case !data || relErr != nil || isHidden(entry.Name()) || live[slashed]:
		case removed[slashed]:
			s.removed[dir.child(slashed).rel] = true
		default:
			strays = append(strays, slashed)
		}
		return nil
	})
	if walkErr != nil {
		return nil
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
	names := map[string]bool{fold("month"): true}
	for _, profile := range append(Profiles(), PartnerCenter) {
		for _, c := range profile.usageColumns() {
			for _, name := range c.names {
				names[fold(name)] = names[fold(name)] || c.canonical == "month"
			}
		}
	}
	for _, c := range columns {
		switch folded := fold(c); {
		case folded == "year" || folded == "yyyy":
			p.year = c
		case folded == "mm":
			p.number = c
		case folded == "month":
			p.number, p.month = c, c
		case names[folded] && p.month == "":
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
		value := values[c]
		if value == "" {
			value = "NULL"
		}
		texts = append(texts, c+"="+value)
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
func (f File) withConstants(columns []Column) []Column {
	for _, name := range slices.Sorted(maps.Keys(f.Constants)) {
		columns = append(columns, Column{Name: name, Index: len(columns), Kind: Text, Partition: true, Value: f.Constants[name]})
	}
	return columns
}

// forgetUnread drops the values of constant columns that stand for nothing: files that differ in them alone can be read together.
func (c *Checked) forgetUnread() {
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

// inFile prefers columns in the file to partition columns of the same meaning, which say less: a month where rows have their day.
func inFile(columns []Column) []Column {
	kept := slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return c.Partition })
	if len(kept) == 0 {
		return columns
	}
	return kept
}
