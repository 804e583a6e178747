package main

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports/schema"
)

// FuzzConfig: whatever stands in a config file, each problem is one line that names the file, and a file without problems gives settings that
// the input contract takes.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{exampleConfig, uncommented(exampleConfig), "", "a", "- a", "a: [", "paths: {azure_usage: 'x/{month}/*'}", "profile: focus", "amounts: {thousands: ' ', decimal: ','}",
		"columns: {azure_usage: {acr_usd: [a, b]}}", "aliases: {partners: {partner_name: Name}}", "x: &a {y: *a}", "x: &a [*a, *a]", "? [a]\n: b", "a: 1\na: 2", "a: !!binary x",
		"<<: {a: b}", "---\na: b\n---\n", "\ufeffquiet: true", "threads: 0x10", "profile: [focus]", "amounts: 1", "columns: {azure_usage: {acr_usd: null}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			t.Skip()
		}
		file := &configFile{path: "c.yaml", entries: map[string]configEntry{}}
		file.decode([]byte(text))
		problems := file.finish()
		for _, p := range problems {
			if !strings.HasPrefix(p, "c.yaml:") && !strings.HasPrefix(p, "c.yaml: ") || strings.ContainsAny(p, "\r\n") {
				t.Errorf("problem %q", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		options := schema.Options{Profile: file.profile, Columns: file.columns, Aliases: file.aliases}
		if err := options.Validate(); err != nil {
			t.Errorf("columns pass that are wrong: %v", err)
		}
		if err := file.amounts.Validate(); err != nil {
			t.Errorf("amounts pass that are wrong: %v", err)
		}
		if err := file.patterns.Validate(); err != nil {
			t.Errorf("paths pass that are wrong: %v", err)
		}
	})
}
