package pattern

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/scoring"
)

// MonthOf returns the month that a path has by a pattern, 0 for none, and false where it does not match.
func MonthOf(rel string, segments []Segment) (m scoring.Month, ok bool) {
	names := strings.Split(rel, "/")
	if len(names) != len(segments) {
		return 0, false
	}
	parts := Captures{}
	for i, s := range segments {
		if parts, ok = s.Match(names[i], parts); !ok {
			return 0, false
		}
	}
	m, err := parts.Month()
	return m, err == nil
}

// For lists patterns that a path may belong to, the most specific first: its months as placeholders, the names after them as they are or as any
// name, and the file's name as any name, or as it is.
func (forms Proposals) For(rel string) (patterns []string) {
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

// looseName allows any characters between the month and the extension of a file's name.
func looseName(name string) string {
	format, _ := fileformat.Of(name)
	extension := "." + string(format)
	last := strings.LastIndexByte(name, '}')
	return name[:last+1] + "*" + name[max(last+1, len(name)-len(extension)):]
}

// datedNames puts placeholders where the names of a path have a month, and returns the number of the first such name, -1 where no month is
// found. Names that hold a character with a meaning in patterns are left to people.
func (forms Proposals) datedNames(names []string, padded bool) (dated []string, first int) {
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

// monthForm is a way in which one name shows a month: the pattern replaces the first group.
type monthForm struct {
	match   *regexp.Regexp
	pattern string
}

// Proposals knows the ways in which paths show months: in one name, or the year in one and the month in the next.
type Proposals struct {
	oneName     []monthForm
	year, month *regexp.Regexp
}

// NewProposals returns all ways.
func NewProposals() Proposals {
	const year, month, day = `(?:19|20)[0-9]{2}`, `(?:0[1-9]|1[0-2])`, `(?:0[1-9]|[12][0-9]|3[01])`
	form := func(body, pattern string) monthForm {
		return monthForm{regexp.MustCompile(`(?:^|[^0-9])(` + body + `)(?:$|[^0-9])`), pattern}
	}
	return Proposals{year: form(year, "").match, month: form(`0?[1-9]|1[0-2]`, "").match, oneName: []monthForm{
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
