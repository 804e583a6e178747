package exports

import (
	"strings"
	"testing"
)

func TestPatternsValidate(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Patterns
		want string // part of the message, "" for valid
	}{
		{"defaults", Patterns{}, ""},
		{"year and month folders", Patterns{Usage: "lake/{yyyy}/{mm}/*.csv.gz"}, ""},
		{"month in the file name", Patterns{Usage: "usage-{month}.parquet"}, ""},
		{"brackets are plain", Patterns{Partners: "a[1]/*"}, ""},
		{"unknown placeholder", Patterns{Usage: "u/{day}/*"}, "{day} is no placeholder"},
		{"open brace", Patterns{Usage: "u/{month/*"}, "{month is no placeholder"},
		{"stray brace", Patterns{Partners: "partners}/*"}, "} is no placeholder"},
		{"usage without month", Patterns{Usage: "usage/*"}, "must say where the month stands"},
		{"certifications without month", Patterns{Certifications: "certs/*"}, "must say where the month stands"},
		{"year without month", Patterns{Usage: "{yyyy}/*"}, "must say where the month stands"},
		{"partners with month", Patterns{Partners: "{month}/*"}, "the partners file has no month"},
		{"absolute", Patterns{Partners: "/etc/*"}, "must be relative"},
		{"parent", Patterns{Partners: "../*"}, `must not contain ".."`},
		{"dot", Patterns{Partners: "./*"}, `must not contain "."`},
		{"empty folder", Patterns{Partners: "partners//*"}, "empty folder name"},
		{"trailing slash", Patterns{Partners: "partners/"}, "empty folder name"},
		{"double star", Patterns{Partners: "partners/**"}, "** is not supported"},
		{"other extension", Patterns{Partners: "partners/*.xlsx"}, "ends in no extension that is read (.parquet, .csv, .tsv, .csv.gz, .tsv.gz)"},
		{"twice in one name", Patterns{Usage: "{month}-{month}.csv"}, ""},
		{"not UTF-8", Patterns{Partners: "\xff*"}, "is not UTF-8"},
		{"two alike", Patterns{Usage: "{month}/*", Certifications: "{month}/*"}, "the same as that of azure_usage"},
		{"all reported", Patterns{Usage: "x/*", Certifications: "y/*"}, "pattern of certifications"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.p.Validate()
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want a message with %q", err, c.want)
			}
		})
	}
}

func TestSegmentMatches(t *testing.T) {
	for _, c := range []struct {
		segment, name string
		want          bool
		month         string
	}{
		{"month={month}", "month=2024-06", true, "2024-06"},
		{"month={month}", "month=2024-6", false, ""},
		{"month={month}", "month=2024-06 ", false, ""},
		{"month={month}", "Month=2024-06", false, ""},
		{"*{yyyy}{mm}*", "usage_202406.csv", true, "2024-06"},
		{"*.csv", "a.CSV", true, ""},
		{"*.csv", "a.csv.gz", false, ""},
		{"*.parquet", "a[1].parquet", true, ""},
		{"a[1].parquet", "a1.parquet", false, ""},
		{"a?c.csv", "a\u00e9c.csv", true, ""},
		{"a?c.csv", "a\xffc.csv", true, ""},
		{"a?c.csv", "a\nc.csv", true, ""},
		{"a?c.csv", "ac.csv", false, ""},
		{"*", "quote'\";--$.csv", true, ""},
	} {
		t.Run(c.segment+" "+c.name, func(t *testing.T) {
			s, err := compileSegment(c.segment)
			if err != nil {
				t.Fatal(err)
			}
			parts, ok := s.matches(c.name, nil)
			if ok != c.want {
				t.Fatalf("matches = %v, want %v", ok, c.want)
			}
			if c.month == "" {
				return
			}
			if m, err := parts.month(); err != nil || m.String() != c.month {
				t.Fatalf("month = %v, %v, want %s", m, err, c.month)
			}
		})
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("azure_usage/month={month}/*", "month=2024-06")
	f.Add("{yyyy}/{mm}/a?b*.csv", "2024")
	f.Add("a**", "\xff")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		segments, err := compilePattern(Usage, pattern)
		if err != nil {
			return
		}
		for _, s := range segments {
			if parts, ok := s.matches(name, nil); ok {
				_, _ = parts.month()
			}
			if s.literal && !s.match.MatchString(s.text) {
				t.Fatalf("literal %q does not match itself", s.text)
			}
		}
	})
}
