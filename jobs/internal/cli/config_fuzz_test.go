package cli

import (
	"os"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports/schema"
)

// testKeyed are options that a config file can set.
func testKeyed() []*Option {
	read := func(string) error { return nil }
	return []*Option{{Name: "threads", Value: "N", Key: "threads", Read: read}, {Name: "quiet", Key: "quiet", Read: read},
		{Name: "allow-missing", Value: "WHAT", Key: "allow_missing", List: true, Read: read}}
}

// FuzzConfig: whatever stands in a config file, each problem is one line that names the file, and a file without problems gives settings that
// the input contract takes.
func FuzzConfig(f *testing.F) {
	example, err := os.ReadFile("../command/settings/partnerscore.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{strings.ReplaceAll(string(example), "\n#", "\n"), "columns: &a {azure_usage: *a}", "allow_missing: [a, [b]]", "thread: 1", "~: a", "", "a", "- a", "a: [", "paths: {azure_usage: 'x/{month}/*'}", "profile: focus", "amounts: {thousands: ' ', decimal: ','}",
		"columns: {azure_usage: {acr_usd: [a, b]}}", "aliases: {partners: {partner_name: Name}}", "x: &a {y: *a}", "x: &a [*a, *a]", "? [a]\n: b", "a: 1\na: 2", "a: !!binary x",
		"<<: {a: b}", "---\na: b\n---\n", "\ufeffquiet: true", "threads: 0x10", "profile: [focus]", "amounts: 1", "columns: {azure_usage: {acr_usd: null}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			t.Skip()
		}
		file := parseConfig("c.yaml", []byte(text), testKeyed())
		problems := file.Problems()
		for _, p := range problems {
			if !strings.HasPrefix(p, "c.yaml:") && !strings.HasPrefix(p, "c.yaml: ") || strings.ContainsAny(p, "\r\n") {
				t.Errorf("problem %q", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		form := file.Exports
		options := schema.Options{Profile: form.Profile, Columns: form.Columns, Aliases: form.Aliases}
		if err := options.Validate(); err != nil {
			t.Errorf("columns pass that are wrong: %v", err)
		}
		if err := form.Amounts.Validate(); err != nil {
			t.Errorf("amounts pass that are wrong: %v", err)
		}
		if err := form.Patterns.Validate(); err != nil {
			t.Errorf("paths pass that are wrong: %v", err)
		}
	})
}
