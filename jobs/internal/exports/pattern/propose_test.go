package pattern

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
)

// FuzzProposals: a plain path matches one of the patterns that it suggests.
func FuzzProposals(f *testing.F) {
	for _, rel := range []string{"a/year=2024/month=6/b.csv", "20240601-20240630/x/y.parquet", "a-2024-6.tsv.gz", "a[1]/2024/12.csv", "\xff/2024-01/é.csv", "a.csv"} {
		f.Add(rel)
	}
	f.Fuzz(func(t *testing.T, rel string) {
		if _, known := fileformat.Of(rel); !known {
			return
		}
		plain := utf8.ValidString(rel) && path.Clean(rel) == rel && !strings.ContainsAny(rel, "*?{}") && !strings.HasPrefix(rel, "/") && !strings.HasPrefix(rel, "..")
		matched := false
		patterns := NewProposals().For(rel)
		for _, text := range patterns {
			segments, err := Compile(schema.Usage, text)
			if err != nil {
				continue
			}
			_, ok := MonthOf(rel, segments)
			matched = matched || ok
		}
		if plain && !matched {
			t.Errorf("%q matches none of %q", rel, patterns)
		}
	})
}
