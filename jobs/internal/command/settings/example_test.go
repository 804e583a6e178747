package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/exports"
)

// example returns the example of a config file as it is, and with all of its keys set.
func example(t *testing.T) (asIs, uncommented string) {
	t.Helper()
	text, err := os.ReadFile("partnerscore.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text), regexp.MustCompile(`(?m)^#([^ #].*|  .*)$`).ReplaceAllString(string(text), "$1")
}

// read reads the settings from a config file alone; names are the options to read, all without any.
func read(t *testing.T, text string, names ...string) (Scoring, Costs) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, c := NewScoring(), NewCosts()
	options := append(s.Options(), c.Options()...)
	if len(names) > 0 {
		options = cli.Only(options, append(names, "config")...)
	}
	for _, config := range cli.Only(options, "config") {
		if err := config.Set(path); err != nil {
			t.Fatal(err)
		}
	}
	problems, err := s.Read(options, func(string) string { return "" })
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	s.config, s.Library = "", nil
	return s, c
}

func TestExampleIsRightAndComplete(t *testing.T) {
	_, uncommented := example(t)
	for _, o := range keyed() {
		if !strings.Contains(uncommented, "\n"+o.Key+": ") {
			t.Errorf("the example does not show the key %s", o.Key)
		}
	}
	s, _ := read(t, uncommented)
	if len(s.Form.Columns) == 0 || len(s.Form.Aliases) == 0 || s.Form.Profile == "" || s.Form.Partner == "" || s.Form.Dates == "" || s.Form.Amounts.Thousands == "" {
		t.Errorf("the example shows %+v", s.Form)
	}
	if diff := cmp.Diff(exports.DefaultPatterns(), s.Form.Patterns); diff != "" {
		t.Errorf("paths are not the defaults (-defaults +example):\n%s", diff)
	}
}

func TestExampleSetsNothing(t *testing.T) {
	asIs, _ := example(t)
	s, c := read(t, asIs)
	empty, costs := read(t, "")
	if fmt.Sprint(s) != fmt.Sprint(empty) || c != costs {
		t.Errorf("the example sets %+v %+v, the defaults are %+v %+v", s, c, empty, costs)
	}
}

// TestExampleShowsTheDefaults: what the example says of a key that has a default is the default.
func TestExampleShowsTheDefaults(t *testing.T) {
	names := []string{"snapshots", "max-rejected", "lock-wait", "log-format", "quiet", "customer-cost", "acr-cost", "service-cost", "person-cost"}
	_, uncommented := example(t)
	s, c := read(t, uncommented, names...)
	usual, usualCosts := read(t, "", names...)
	s.Form = usual.Form
	if fmt.Sprint(s) != fmt.Sprint(usual) || c != usualCosts {
		t.Errorf("the example shows %+v %+v, the defaults are %+v %+v", s, c, usual, usualCosts)
	}
}

// TestSamePlace: exports and snapshots in one place are refused however the place is written.
func TestSamePlace(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"s3://bucket/p", "S3://bucket/p/", true}, {"s3://bucket/p", "s3://bucket/q", false},
		{"az://con/p", "abfss://con@contoso.dfs.core.windows.net/p", true}, {"https://contoso.blob.core.windows.net/con/p", "abfss://con@contoso.dfs.core.windows.net/p", true},
		{"https://contoso.blob.core.windows.net/con/p", "https://fabrikam.blob.core.windows.net/con/p", false},
		{"exports", "./exports/", true}, {"exports", "s3://exports", false},
	} {
		if got := samePlace(c.a, c.b); got != c.same {
			t.Errorf("%s and %s: %t", c.a, c.b, got)
		}
	}
}
