package exports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"partnerscore/scoring"
)

const (
	// hintFiles is about how many files a hint looks at, evenly spread over all, lookedInto how many of these it opens to see what they are exports of, and triedPatterns
	// how many patterns it tries on them.
	hintFiles     = 2_000
	lookedInto    = 40
	triedPatterns = 200
)

// layout is a pattern that some files have which no pattern takes.
type layout struct {
	pattern string
	files   []string
	months  map[scoring.Month]bool // none: the paths have no month
	rank    int                    // of candidates that take the same files the lowest says the most about them
}

// Hint says what the root has in place of files of a table, and which line of the config describes it, for the months (none: any) that are
// missing; "" where nothing looks like it. It opens some files to see what they hold.
func (s *Survey) Hint(ctx context.Context, t Table, opt Options, months ...scoring.Month) string {
	contents := s.lookInto(ctx, opt)
	var best *layout
	covered := 0
	for _, l := range s.layouts() {
		n := l.covers(months)
		if n == 0 || best != nil && l.compare(best, n, covered) >= 0 || !l.holds(t, contents) || !s.matches(l, t, months) {
			continue
		}
		best, covered = l, n
	}
	switch {
	case best == nil && s.catalog.has(t):
		return "" // other files have nothing to do with it
	case best == nil:
		return s.shown()
	}
	what := displayName(best.files[0])
	switch more := len(best.files) - 1; {
	case more > 0 && len(s.NotTaken) > hintFiles:
		what += " and many more"
	case more > 0:
		what += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("no pattern takes %s; to read them as %s, write into the config: paths: {%s: %q}", what, t, t, best.pattern)
}

// has reports whether there is any file of a table.
func (c *Catalog) has(t Table) bool {
	return slices.ContainsFunc(c.Files(), func(f File) bool { return f.Table == t })
}

// shownFiles is how many files a hint names that it has no pattern for.
const shownFiles = 3

// shown names the first files that no pattern takes.
func (s *Survey) shown() string {
	var names []string
	files := 0
	for _, n := range s.NotTaken {
		if _, known := FormatOf(n.Path); known {
			if files++; files <= shownFiles {
				names = append(names, displayName(n.Path))
			}
		}
	}
	if files == 0 {
		return ""
	}
	text := "no pattern takes " + strings.Join(names, ", ")
	if more := files - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// covers counts the wanted months that the layout has; files of many months may have all of them.
func (l *layout) covers(months []scoring.Month) (n int) {
	switch {
	case len(l.months) == 0:
		return 1
	case len(months) == 0:
		return len(l.months)
	}
	for _, m := range months {
		if l.months[m] {
			n++
		}
	}
	return n
}

// compare orders candidates: those with a month in the path first, then by wanted months, files, rank and text.
func (l *layout) compare(other *layout, n, covered int) int {
	dated := func(l *layout) int { return min(len(l.months), 1) }
	return cmp.Or(dated(other)-dated(l), covered-n, len(other.files)-len(l.files), l.rank-other.rank, strings.Compare(l.pattern, other.pattern))
}

// holds reports whether those of the files that were looked into are exports of the table, and at least one was. Usage needs a month, in the
// path or in a column.
func (l *layout) holds(t Table, contents map[string]content) bool {
	seen := false
	for _, f := range l.files {
		of, ok := contents[f]
		if ok && (of.table != t || t == Usage && len(l.months) == 0 && !of.month) {
			return false
		}
		seen = seen || ok
	}
	return seen
}

// content is what a file was found to hold by its columns.
type content struct {
	table Table
	month bool // there is a month column
}

// matches makes sure that the pattern finds what it is proposed for, beside the patterns of the other tables.
func (s *Survey) matches(l *layout, t Table, months []scoring.Month) bool {
	p := s.patterns
	switch t {
	case Usage:
		p.Usage = l.pattern
	case Certifications:
		p.Certifications = l.pattern
	default:
		p.Partners = l.pattern
	}
	c, err := Find(s.root, p)
	if err != nil {
		return false
	}
	found := false
	for _, f := range c.Files() {
		if f.Fault != "" {
			return false
		}
		found = found || f.Table == t && (f.Month == 0 || len(months) == 0 || slices.Contains(months, f.Month))
	}
	return found
}

// lookInto opens some of the files and says which table their columns are of: a few of each folder's depth, the first ones.
func (s *Survey) lookInto(ctx context.Context, opt Options) map[string]content {
	contents := map[string]content{}
	seen := map[string]int{}
	variable := regexp.MustCompile(`[0-9a-f]{8,}|[0-9-]+`) // numbers and ids
	for _, rel := range s.dataFiles() {
		kind := variable.ReplaceAllString(rel, "0")
		if seen[kind]++; seen[kind] > 2 || len(contents) >= lookedInto {
			continue
		}
		format, _ := FormatOf(rel)
		if c, ok := contentOf(ctx, File{Table: Usage, Path: path.Join(s.root, rel), Rel: rel, Format: format}, opt); ok {
			contents[rel] = c
		}
	}
	return contents
}

// dataFiles are the files that no pattern takes and whose format is read: all of them, or a part that is spread evenly.
func (s *Survey) dataFiles() (files []string) {
	for _, n := range s.NotTaken {
		if _, known := FormatOf(n.Path); known {
			files = append(files, n.Path)
		}
	}
	step := len(files)/hintFiles + 1
	for i := 0; i*step < len(files); i++ {
		files[i] = files[i*step]
	}
	return files[:(len(files)+step-1)/step]
}

// contentOf says which table has most of the columns of a file; false where the file cannot be read or no table knows any.
func contentOf(ctx context.Context, f File, opt Options) (c content, ok bool) {
	opt.Known = nil
	states, err := readShapes(ctx, []File{f}, opt)
	if err != nil {
		return c, false
	}
	most := 0
	for _, candidate := range Tables() {
		m := newMapper(candidate, opt)
		known := map[string]bool{}
		for _, c := range states[0].checked.Columns {
			if canonical, found := m.canonicalOf[fold(c.Name)]; found {
				known[canonical] = true
			}
		}
		if len(known) > most {
			c, most = content{candidate, known["month"]}, len(known)
		}
	}
	return c, most > 1
}

// layouts lists the patterns that the files which are not taken suggest, each with all of these that it matches.
func (s *Survey) layouts() []*layout {
	found, suggested := map[string]*layout{}, map[string]int{}
	forms := newMonthForms()
	files := s.dataFiles()
	for _, f := range files {
		for rank, pattern := range forms.patternsOf(f) {
			suggested[pattern]++
			if l, ok := found[pattern]; !ok || rank < l.rank {
				found[pattern] = &layout{pattern: pattern, rank: rank, months: map[scoring.Month]bool{}}
			}
		}
	}
	usual := slices.SortedFunc(maps.Values(found), func(a, b *layout) int {
		return cmp.Or(suggested[b.pattern]-suggested[a.pattern], a.rank-b.rank, strings.Compare(a.pattern, b.pattern))
	})
	var list []*layout
	for _, l := range usual[:min(len(usual), triedPatterns)] {
		segments, err := compilePattern(Usage, l.pattern)
		if err != nil {
			continue
		}
		for _, f := range files {
			if m, ok := monthOf(f, segments); ok {
				l.files = append(l.files, f)
				if m != 0 {
					l.months[m] = true
				}
			}
		}
		if len(l.files) > 0 {
			list = append(list, l)
		}
	}
	return list
}

// monthOf returns the month that a path has by a pattern, 0 for none, and false where it does not match.
func monthOf(rel string, segments []segment) (m scoring.Month, ok bool) {
	names := strings.Split(rel, "/")
	if len(names) != len(segments) {
		return 0, false
	}
	parts := captures{}
	for i, s := range segments {
		if parts, ok = s.matches(names[i], parts); !ok {
			return 0, false
		}
	}
	m, err := parts.month()
	return m, err == nil
}

// patternsOf lists patterns that a path may be one of, those that say most first: its months as placeholders, what is behind them as it is or as any
// name, and the file's name as any name, or as it is.
func (forms monthForms) patternsOf(rel string) (patterns []string) {
	names := strings.Split(rel, "/")
	file := names[len(names)-1]
	for _, padded := range []bool{true, false} {
		dated, first := forms.datedNames(names, padded)
		if first < 0 {
			break
		}
		if first == len(names)-1 {
			patterns = append(patterns, path.Join(dated...), path.Join(append(slices.Clone(dated[:first]), looseName(dated[first]))...))
			continue
		}
		folders := dated[:len(dated)-1]
		loose := slices.Clone(folders)
		for i := first + 1; i < len(loose); i++ {
			if !strings.Contains(loose[i], "{") {
				loose[i] = "*"
			}
		}
		for _, folder := range [][]string{folders, loose} {
			patterns = append(patterns, path.Join(append(slices.Clone(folder), "*")...), path.Join(append(slices.Clone(folder), file)...))
		}
	}
	if len(patterns) == 0 {
		patterns = []string{path.Join(path.Dir(rel), "*"), rel}
	}
	return slices.Compact(patterns)
}

// looseName lets a file's name go on in any way behind its month, up to its extension.
func looseName(name string) string {
	format, _ := FormatOf(name)
	extension := "." + string(format)
	last := strings.LastIndexByte(name, '}')
	return name[:last+1] + "*" + name[max(last+1, len(name)-len(extension)):]
}

// datedNames puts placeholders where the names of a path have a month, and returns the number of the first such name, -1 where no month is
// found. Names that hold a character with a meaning in patterns are left to people.
func (forms monthForms) datedNames(names []string, padded bool) (dated []string, first int) {
	inYear := "{mm}"
	if !padded {
		inYear = "{m}"
	}
	dated = slices.Clone(names)
	for i, name := range names {
		if strings.ContainsAny(name, "*?{}") {
			return dated, -1
		}
		for _, form := range forms.oneName {
			if at := form.match.FindStringSubmatchIndex(name); at != nil {
				dated[i] = name[:at[2]] + strings.ReplaceAll(form.pattern, "{mm}", inYear) + name[at[3]:]
				return dated, i
			}
		}
	}
	for i, name := range names[:len(names)-1] {
		y, m := forms.year.FindStringSubmatchIndex(name), forms.month.FindStringSubmatchIndex(names[i+1])
		if y != nil && m != nil {
			dated[i] = name[:y[2]] + "{yyyy}" + name[y[3]:]
			dated[i+1] = names[i+1][:m[2]] + inYear + names[i+1][m[3]:]
			return dated, i + 1
		}
	}
	return dated, -1
}

// monthForm is a way in which one name tells a month: its first group is what the pattern takes the place of.
type monthForm struct {
	match   *regexp.Regexp
	pattern string
}

// monthForms are the ways in which names tell months: in one name, or the year in one and the month in the next.
type monthForms struct {
	oneName     []monthForm
	year, month *regexp.Regexp
}

func newMonthForms() monthForms {
	const year, month, day = `(?:19|20)[0-9]{2}`, `(?:0[1-9]|1[0-2])`, `(?:0[1-9]|[12][0-9]|3[01])`
	form := func(body, pattern string) monthForm {
		return monthForm{regexp.MustCompile(`(?:^|[^0-9])(` + body + `)(?:$|[^0-9])`), pattern}
	}
	return monthForms{year: form(year, "").match, month: form(`0?[1-9]|1[0-2]`, "").match, oneName: []monthForm{
		form(year+month+`01-`+year+month+day, "{yyyy}{mm}01-*"), // a run of an export of Azure Cost Management
		form(year+`-`+month+`-01`, "{month}"),
		form(year+`-`+month+`-`+day, "{month}-??"),
		form(year+`-`+month, "{month}"),
		form(year+month+day, "{yyyy}{mm}??"),
		form(year+month, "{yyyy}{mm}"),
		form(year+`_`+month, "{yyyy}_{mm}"),
		form(year+`\.`+month, "{yyyy}.{mm}"),
		form(year+`-[1-9]`, "{yyyy}-{m}"),
		form(year+`_[1-9]`, "{yyyy}_{m}"),
		form(month+`-`+year, "{mm}-{yyyy}"),
		form(month+`_`+year, "{mm}_{yyyy}"),
	}}
}
