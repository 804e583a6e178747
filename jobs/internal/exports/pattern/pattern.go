// Package pattern matches the paths of exports with the patterns of the config, which say where the files of a month lie, and proposes patterns
// for paths that none matches.
package pattern

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

// Segment matches one level of a path.
type Segment struct {
	Text string
	// Literal is set when only one name can match: it is looked up, not searched for.
	Literal bool
	// Dated is set when the segment holds part of the month.
	Dated bool
	// Hidden is set when the pattern itself asks for names that begin with . or _.
	Hidden bool
	match  *regexp.Regexp
}

// Compile reads the pattern of a table.
func Compile(t schema.Table, text string) ([]Segment, error) {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("pattern of %s, %q: %s", t, text, fmt.Sprintf(format, args...))
	}
	if !utf8.ValidString(text) {
		return nil, fail("is not UTF-8")
	}
	if strings.HasPrefix(text, "/") {
		return nil, fail("must be relative to the exports folder")
	}
	names := strings.Split(text, "/")
	segments := make([]Segment, 0, len(names))
	for _, name := range names {
		switch {
		case name == "":
			return nil, fail("has an empty folder name")
		case name == "." || name == "..":
			return nil, fail("must not contain %q", name)
		case strings.Contains(name, "**"):
			return nil, fail("** is not supported, write one * per folder level")
		}
		s, err := compileSegment(name)
		if err != nil {
			return nil, fail("%v", err)
		}
		segments = append(segments, s)
	}
	if err := checkMonthParts(t, text); err != nil {
		return nil, fail("%v", err)
	}
	if err := checkExtension(names[len(names)-1]); err != nil {
		return nil, fail("%v", err)
	}
	return segments, nil
}

func compileSegment(text string) (Segment, error) {
	s := Segment{Text: text, Literal: true, Hidden: IsHidden(text)}
	body, ending := text, ""
	if f, ok := fileformat.Of(text); ok {
		cut := len(text) - len(f) - 1
		body, ending = text[:cut], "(?i:"+regexp.QuoteMeta(text[cut:])+")"
		s.Literal = false // the extension matches in any case
	}
	var re strings.Builder
	re.WriteString(`(?s)\A`)
	for body != "" {
		token, kind := nextToken(body)
		body = body[len(token):]
		switch kind {
		case '*':
			re.WriteString(".*")
		case '?':
			re.WriteString(".")
		case '{':
			group, ok := placeholders()[token]
			if !ok {
				return Segment{}, fmt.Errorf("%s is no placeholder, known are {month}, {yyyy}, {mm} and {m}", token)
			}
			re.WriteString(group)
			s.Dated = true
		default:
			re.WriteString(regexp.QuoteMeta(token))
			continue
		}
		s.Literal = false
	}
	re.WriteString(ending + `\z`)
	match, err := regexp.Compile(re.String())
	if err != nil {
		return Segment{}, fmt.Errorf("read %q: %w", text, err)
	}
	s.match = match
	return s, nil
}

// nextToken cuts a wildcard, a {placeholder} or a stretch of plain text off the front.
func nextToken(text string) (token string, kind byte) {
	switch text[0] {
	case '*', '?':
		return text[:1], text[0]
	case '{', '}':
		if end := strings.IndexByte(text, '}'); end >= 0 {
			return text[:end+1], '{'
		}
		return text, '{'
	}
	if end := strings.IndexAny(text, "*?{}"); end >= 0 {
		return text[:end], 0
	}
	return text, 0
}

// placeholders are what a name may have in their place. Lakes that are partitioned by a DATE name a month by its first day; another day
// names no month. {m} and {mm} are one part of a month, written in two ways.
func placeholders() map[string]string {
	return map[string]string{
		"{month}": `(?P<month>[0-9]{4}-[0-9]{2}(?:-01)?)`,
		"{yyyy}":  `(?P<yyyy>[0-9]{4})`,
		"{mm}":    `(?P<mm>[0-9]{2})`,
		"{m}":     `(?P<mm>[0-9]{1,2})`,
	}
}

func checkMonthParts(t schema.Table, text string) error {
	month, year := strings.Contains(text, "{month}"), strings.Contains(text, "{yyyy}")
	inYear := strings.Contains(text, "{mm}") || strings.Contains(text, "{m}")
	switch {
	case t == schema.Partners && (month || year || inYear):
		return errors.New("the partners file has no month")
	case t != schema.Partners && !month && year != inYear:
		return errors.New("must say where the whole month is: {month}, or {yyyy} with {mm} or {m}")
	}
	return nil
}

// checkExtension refuses a pattern that can only match files of a format that is not read.
func checkExtension(name string) error {
	if _, ok := fileformat.Of(name); ok || strings.HasSuffix(name, "*") || strings.HasSuffix(name, "?") {
		return nil
	}
	return fmt.Errorf("ends in no extension that is read (%s)", fileformat.Extensions())
}

// IsHidden reports a name that is left out unless a pattern asks for it.
func IsHidden(name string) bool { return WhyHidden(name) != "" }

// WhyHidden says why a name is left out; "" for other names.
func WhyHidden(name string) string {
	switch {
	case strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_"):
		return "names that begin with . or _ are hidden"
	case strings.HasPrefix(name, "~$"):
		return "Office keeps such a file beside one that somebody has open"
	default:
		return ""
	}
}

// Captures are the parts of a month that the path has shown so far.
type Captures map[string]string

// Match reports whether the name fits, and adds what its placeholders stand for. Two placeholders of one kind must agree.
func (s Segment) Match(name string, have Captures) (Captures, bool) {
	found := s.match.FindStringSubmatch(name)
	if found == nil {
		return nil, false
	}
	out := Captures{}
	maps.Copy(out, have)
	for i, key := range s.match.SubexpNames() {
		if key == "" {
			continue
		}
		value := plainPart(key, found[i])
		if old, ok := out[key]; ok && old != value {
			return nil, false
		}
		out[key] = value
	}
	return out, true
}

// plainPart is the one spelling of a part of a month: 2024-06 of 2024-06-01, 06 of 6.
func plainPart(key, text string) string {
	switch {
	case key == "month":
		return text[:len("2024-06")]
	case key == "mm" && len(text) == 1:
		return "0" + text
	default:
		return text
	}
}

// Month is 0 while the path has not shown a whole month yet.
func (c Captures) Month() (scoring.Month, error) {
	var texts []string
	if text, ok := c["month"]; ok {
		texts = append(texts, text)
	}
	year, hasYear := c["yyyy"]
	inYear, hasMonth := c["mm"]
	if hasYear && hasMonth {
		texts = append(texts, year+"-"+inYear)
	}
	var month scoring.Month
	for i, text := range texts {
		m, err := scoring.ParseMonth(text)
		if err != nil {
			return 0, err
		}
		if i > 0 && m != month {
			return 0, fmt.Errorf("%s and %s are two months", month, m)
		}
		month = m
	}
	if year, ok := c["yyyy"]; ok && month != 0 && !strings.HasPrefix(month.String(), year+"-") {
		return 0, fmt.Errorf("%s is not in the year %s", month, year)
	}
	if inYear, ok := c["mm"]; ok && month != 0 && !strings.HasSuffix(month.String(), "-"+inYear) {
		return 0, fmt.Errorf("%s is not month %s of its year", month, inYear)
	}
	return month, nil
}
