package survey

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/pattern"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

const (
	// hintFiles is about how many files a hint looks at, evenly spread over all of them.
	hintFiles = 2_000
	// openedFiles is how many of these it opens to see which exports they are.
	openedFiles = 40
	// triedPatterns is how many patterns it tries on them.
	triedPatterns = 200
	// shownFiles is how many files a message names.
	shownFiles = 3
)

// layout is a pattern that some files have which no pattern takes.
type layout struct {
	pattern string
	files   []string
	months  map[scoring.Month]bool // none: the paths have no month
	rank    int                    // of candidates that take the same files the lowest says the most about them
}

// Hint names the files that look like those of a table and that no pattern takes, and the line of the config that describes them, for the missing
// months (none: any); "" where there are no such files. It opens some files to see what they hold.
func (s *Survey) Hint(ctx context.Context, t schema.Table, opt exports.Options, months ...scoring.Month) string {
	contents := s.lookInto(ctx, opt)
	var best *layout
	covered := 0
	for _, l := range s.layouts() {
		n := l.covers(months)
		if n == 0 || best != nil && l.compare(best, n, covered) >= 0 || !l.holds(t, contents) || !s.matches(ctx, l, t, months) {
			continue
		}
		best, covered = l, n
	}
	switch {
	case best == nil && has(s.catalog, t):
		return "" // other files have nothing to do with it
	case best == nil:
		return s.unmatchedFiles()
	}
	what := defect.Quote(best.files[0])
	switch more := len(best.files) - 1; {
	case more > 0 && len(s.NotTaken) > hintFiles:
		what += " and many more"
	case more > 0:
		what += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("no pattern takes %s; to read them as %s, write into the config: paths: {%s: %q}", what, t, t, best.pattern)
}

// has reports whether there is any file of a table.
func has(c *exports.Catalog, t schema.Table) bool {
	return slices.ContainsFunc(c.Files(), func(f exports.Found) bool { return f.Table == t })
}

// unmatchedFiles names the first files that no pattern takes.
func (s *Survey) unmatchedFiles() string {
	if names := s.readable(); len(names) > 0 {
		return "no pattern takes " + defect.List(names, shownFiles)
	}
	return ""
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
func (l *layout) holds(t schema.Table, contents map[string]content) bool {
	seen := false
	for _, f := range l.files {
		of, ok := contents[f]
		if ok && (of.table != t || t == schema.Usage && len(l.months) == 0 && !of.month) {
			return false
		}
		seen = seen || ok
	}
	return seen
}

// content is what a file was found to hold by its columns.
type content struct {
	table schema.Table
	month bool // there is a month column
}

// matches makes sure that the pattern finds what it is proposed for, beside the patterns of the other tables.
func (s *Survey) matches(ctx context.Context, l *layout, t schema.Table, months []scoring.Month) bool {
	p := s.patterns
	switch t {
	case schema.Usage:
		p.Usage = l.pattern
	case schema.Certifications:
		p.Certifications = l.pattern
	default:
		p.Partners = l.pattern
	}
	c, err := exports.Find(ctx, s.catalog.Source, p)
	if err != nil {
		return false
	}
	found := false
	for _, f := range c.Files() {
		if f.Fault != nil {
			return false
		}
		found = found || f.Table == t && (f.Month == 0 || len(months) == 0 || slices.Contains(months, f.Month))
	}
	return found
}

// lookInto opens some of the files and says which table their columns are of: a few of each folder's depth, the first ones.
func (s *Survey) lookInto(ctx context.Context, opt exports.Options) map[string]content {
	contents := map[string]content{}
	seen := map[string]int{}
	variable := regexp.MustCompile(`[0-9a-f]{8,}|[0-9-]+`) // numbers and ids
	for _, rel := range s.dataFiles() {
		kind := variable.ReplaceAllString(rel, "0")
		if seen[kind]++; seen[kind] > 2 || len(contents) >= openedFiles {
			continue
		}
		columns, err := exports.Columns(ctx, exports.NewFound(s.catalog.Source, schema.Usage, rel), opt)
		if table, month, ok := schema.Guess(columns, opt.Options); ok && err == nil {
			contents[rel] = content{table, month}
		}
	}
	return contents
}

// readable are the files that no pattern takes and whose format is read.
func (s *Survey) readable() (files []string) {
	for _, n := range s.NotTaken {
		if _, known := fileformat.Of(n.Path); known {
			files = append(files, n.Path)
		}
	}
	return files
}

// dataFiles are all of these, or a part that is spread evenly.
func (s *Survey) dataFiles() []string {
	files := s.readable()
	step := len(files)/hintFiles + 1
	for i := 0; i*step < len(files); i++ {
		files[i] = files[i*step]
	}
	return files[:(len(files)+step-1)/step]
}

// layouts lists the patterns that the files which are not taken suggest, each with all of these that it matches.
func (s *Survey) layouts() []*layout {
	found, suggested := map[string]*layout{}, map[string]int{}
	proposals := pattern.NewProposals()
	files := s.dataFiles()
	for _, f := range files {
		for rank, text := range proposals.For(f) {
			suggested[text]++
			if l, ok := found[text]; !ok || rank < l.rank {
				found[text] = &layout{pattern: text, rank: rank, months: map[scoring.Month]bool{}}
			}
		}
	}
	usual := slices.SortedFunc(maps.Values(found), func(a, b *layout) int {
		return cmp.Or(suggested[b.pattern]-suggested[a.pattern], a.rank-b.rank, strings.Compare(a.pattern, b.pattern))
	})
	var list []*layout
	for _, l := range usual[:min(len(usual), triedPatterns)] {
		segments, err := pattern.Compile(schema.Usage, l.pattern)
		if err != nil {
			continue
		}
		for _, f := range files {
			if m, ok := pattern.MonthOf(f, segments); ok {
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
