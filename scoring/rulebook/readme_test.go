package rulebook

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeExamples loads every YAML block of README.md. A block that extends nothing is read as a change of the newest rules.
func TestReadmeExamples(t *testing.T) {
	var variant string
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme(t), -1) {
		text := block[1]
		if strings.Contains(text, "\nextends:") {
			variant = text
		} else {
			text = "id: own\ntitle: Own\nextends: azure-2026-07\n" + text
		}
		if _, err := library(t).Load("contoso.yaml", []byte(text)); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
	own, err := library(t).Load("contoso.yaml", []byte(variant))
	if err != nil {
		t.Fatal(err)
	}
	want := []Difference{
		{"areas.infrastructure.intermediate_certifications.electives", "", "AZ-500"},
		{"certifications.AZ-500.aliases", "", "Azure Security Engineer"},
		{"certifications.AZ-500.title", "", "Azure Security Engineer Associate"},
		{"from", "2023-06-13", ""},
		{"tracks.enterprise.eligible_customer_usd", "1000", "1200"},
		{"usage.ineligible_offers.trial.labels", "", "Azure Pass"},
	}
	if diff := cmp.Diff(want, Diff(embedded(t, "azure-2023-06"), own)); diff != "" {
		t.Error(diff)
	}
	mistakes := strings.NewReplacer("1200", "1,200", "[AZ-500]", "[AZ-500, AZ-501]", "labels:", "label:")
	if _, err = library(t).Load("contoso.yaml", []byte(mistakes.Replace(variant))); err == nil {
		t.Fatal("no error in the example with mistakes")
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.Contains(readme(t), "      "+line) {
			t.Errorf("README.md does not show the error %s", line)
		}
	}
}

// TestReadmeKeys compares the first column of README.md's tables with the keys that the decoder names when it meets an unknown one.
func TestReadmeKeys(t *testing.T) {
	root := tree(embedded(t, "azure-2026-05")) // with both tracks and a ceiling: it has every mapping that a rulebook can have
	addStrayKey(root)
	found := newProblems()
	(&decoder{problems: found}).decode("", root, reflect.ValueOf(&file{}).Elem(), "", true)
	var keys []string
	for _, p := range found.found {
		list, unknown := strings.CutPrefix(p.Message, "unknown key: want one of ")
		if !unknown {
			continue
		}
		for key := range strings.SplitSeq(list, ", ") {
			path := strings.TrimSuffix(p.Path, "stray") + key
			for _, placeholder := range placeholders {
				path = placeholder.pattern.ReplaceAllString(path, placeholder.text)
			}
			keys = append(keys, path)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	keys = slices.DeleteFunc(keys, func(key string) bool { // mappings, whose keys are listed
		return slices.ContainsFunc(keys, func(other string) bool { return strings.HasPrefix(other, key+".") })
	})
	if diff := cmp.Diff(keys, readmeKeys(t)); diff != "" {
		t.Errorf("the decoder (-) and README.md (+) differ: %s", diff)
	}
}

// placeholders are how README.md writes keys that differ from file to file or have the same keys below them.
var placeholders = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`^(certifications|usage\.associations|usage\.ineligible_offers)\.[^.]+`), "$1.ID"},
	{regexp.MustCompile(`^areas\.[^.]+`), "areas.AREA"},
	{regexp.MustCompile(`^tracks\.[^.]+`), "tracks.TRACK"},
	{regexp.MustCompile(`\.(intermediate|advanced)_certifications`), ".METRIC"},
}

// addStrayKey adds a key that no rulebook has to every mapping.
func addStrayKey(n *yaml.Node) {
	for _, part := range n.Content {
		addStrayKey(part)
	}
	if n.Kind == yaml.MappingNode {
		n.Content = append(n.Content, scalarNode("!!str", "stray"), scalarNode("!!str", "stray"))
	}
}

// readmeKeys returns the keys in the first column of the tables, sorted.
func readmeKeys(t *testing.T) []string {
	t.Helper()
	var keys []string
	for line := range strings.Lines(readme(t)) {
		if strings.HasPrefix(line, "| `") {
			first, _, _ := strings.Cut(line[2:], " |")
			for key := range strings.SplitSeq(first, ", ") {
				keys = append(keys, strings.Trim(key, "`"))
			}
		}
	}
	slices.Sort(keys)
	return keys
}
