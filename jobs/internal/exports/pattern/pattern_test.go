package pattern

import (
	"testing"

	"partnerscore/jobs/internal/exports/schema"
)

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
			parts, ok := s.Match(c.name, nil)
			if ok != c.want {
				t.Fatalf("matches = %v, want %v", ok, c.want)
			}
			if c.month == "" {
				return
			}
			if m, err := parts.Month(); err != nil || m.String() != c.month {
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
		segments, err := Compile(schema.Usage, pattern)
		if err != nil {
			return
		}
		for _, s := range segments {
			if parts, ok := s.Match(name, nil); ok {
				_, _ = parts.Month()
			}
			if s.Literal && !s.match.MatchString(s.Text) {
				t.Fatalf("literal %q does not match itself", s.Text)
			}
		}
	})
}
