package exports

import (
	"strings"
	"testing"
)

// TestPatternsValidate: what no pattern can be is said in words, kept as a golden file.
func TestPatternsValidate(t *testing.T) {
	for name, p := range map[string]Patterns{
		"defaults":               {},
		"year and month folders": {Usage: "lake/{yyyy}/{mm}/*.csv.gz"},
		"month in the file name": {Usage: "usage-{month}.parquet"},
		"brackets are plain":     {Partners: "a[1]/*"},
		"twice in one name":      {Usage: "{month}-{month}.csv"},
		"unpadded month":         {Usage: "year={yyyy}/month={m}/*", Certifications: "c-{yyyy}-{m}.csv"},
		"many months":            {Usage: "azure_usage/*", Certifications: "certs/*"},
	} {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var messages []string
	for _, c := range []struct {
		name string
		p    Patterns
	}{
		{"unknown placeholder", Patterns{Usage: "u/{day}/*"}},
		{"open brace", Patterns{Usage: "u/{month/*"}},
		{"stray brace", Patterns{Partners: "partners}/*"}},
		{"year without month", Patterns{Usage: "{yyyy}/*"}},
		{"month without year", Patterns{Certifications: "{m}/*"}},
		{"partners with month", Patterns{Partners: "{month}/*"}},
		{"absolute", Patterns{Partners: "/etc/*"}},
		{"parent", Patterns{Partners: "../*"}},
		{"dot", Patterns{Partners: "./*"}},
		{"empty folder", Patterns{Partners: "partners//*"}},
		{"trailing slash", Patterns{Partners: "partners/"}},
		{"double star", Patterns{Partners: "partners/**"}},
		{"other extension", Patterns{Partners: "partners/*.xlsx"}},
		{"not UTF-8", Patterns{Partners: "\xff*"}},
		{"two alike", Patterns{Usage: "{month}/*", Certifications: "{month}/*"}},
		{"all reported", Patterns{Usage: "x/{mm}/*", Certifications: "y/{yyyy}/*"}},
	} {
		err := c.p.Validate()
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		messages = append(messages, c.name+": "+err.Error())
	}
	golden(t, "faults/patterns.txt", strings.Join(messages, "\n"))
}

func TestSegmentMatches(t *testing.T) {
	for _, c := range []struct {
		segment, name string
		want          bool
		month         string
	}{
		{"month={month}", "month=2024-06", true, "2024-06"},
		{"month={month}", "month=2024-6", false, ""},
		{"month={month}", "month=2024-06-01", true, "2024-06"},
		{"month={month}", "month=2024-06-15", false, ""},
		{"{month}.csv", "2024-06-01.CSV", true, "2024-06"},
		{"{month}to{month}", "2024-06-01to2024-06", true, "2024-06"},
		{"{month}to{month}", "2024-06-01to2024-07", false, ""},
		{"{yyyy}-{m}", "2024-6", true, "2024-06"},
		{"{yyyy}-{m}", "2024-06", true, "2024-06"},
		{"{yyyy}-{m}", "2024-12", true, "2024-12"},
		{"{yyyy}-{m}", "2024-123", false, ""},
		{"{yyyy}-{mm}", "2024-6", false, ""},
		{"{yyyy}{m}-{mm}", "20246-06", true, "2024-06"},
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
