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
