package survey

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/defect"
)

// TestSurveyListsWhatIsNotTaken: every file but inputs and hidden ones, each with its reason.
func TestSurveyListsWhatIsNotTaken(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/month=2024-06/a.csv":                       "x",
		"azure_usage/month=2024-06/notes.xlsx":                  "x",
		"azure_usage/month=2024-06/sub/b.csv":                   "x",
		"lake/2024/_delta_log/0000.json":                        "x",
		"lake/2024/_delta_log/more/0000.json":                   "x",
		"azure_usage/month=2024-06/.tmp.csv":                    "x",
		"azure_usage/month=2024-6/c.csv":                        "x",
		"azure_usage/month=2024-6/d.csv":                        "x",
		"azure_usage/README.md":                                 "x",
		"certifications/month=2024-06/c.csv":                    "x",
		"lake/2024/06/e.parquet":                                "x",
		"lake/2024/07/f.txt":                                    "x",
		"partners.csv":                                          "x",
		"partners/p.csv":                                        "x",
		"partners/" + string([]byte{'b', 0xff}) + ".csv.backup": "x",
	})
	if err := os.Mkdir(filepath.Join(root, "azure_usage", "month=2024-13"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("partners", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	s := New(t.Context(), find(t, root, exports.Patterns{}), exports.Patterns{})
	var got []string
	for _, n := range s.NotTaken {
		got = append(got, fmt.Sprintf("%s [%s] %s", defect.Quote(n.Path), n.Folder, n.Reason))
	}
	other := "its extension is none of .parquet, .csv, .tsv, .csv.gz, .tsv.gz"
	want := []string{
		"azure_usage/README.md [] " + other,
		"azure_usage/month=2024-06/notes.xlsx [] " + other,
		"azure_usage/month=2024-06/sub/b.csv [azure_usage/month=2024-06/sub] files are expected here, not a folder",
		"azure_usage/month=2024-6/c.csv [azure_usage/month=2024-6] its name does not match month={month}",
		"azure_usage/month=2024-6/d.csv [azure_usage/month=2024-6] its name does not match month={month}",
		"lake/2024/06/e.parquet [lake] no pattern matches it",
		"lake/2024/07/f.txt [lake] no pattern matches it",
		"link [] is a symlink that no pattern takes",
		`"partners/b\xff.csv.backup" [] ` + other,
		"partners.csv [] no pattern matches it",
		`azure_usage/month=2024-13 [] its name has no valid month: read month "2024-13": want a year and a month like 2024-06`,
	}
	if diff := cmp.Diff(want, got); diff != "" || s.Hidden != 3 || s.Cut {
		t.Errorf("%s\n%d hidden, cut %v", diff, s.Hidden, s.Cut)
	}
}

// TestSurveyOfLinks: a folder that is reached through a link and holds inputs is not listed again.
func TestSurveyOfLinks(t *testing.T) {
	root := tree(t, map[string]string{"..2024_07_01/azure_usage/month=2024-06/a.csv": "x", "..2024_07_01/azure_usage/other.csv": "x"})
	for target, name := range map[string]string{"..2024_07_01": "..data", "..data/azure_usage": "azure_usage"} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	c := find(t, root, exports.Patterns{})
	s := New(t.Context(), c, exports.Patterns{})
	if len(c.Usage[june]) != 1 || len(s.NotTaken) != 1 || s.NotTaken[0].Path != "azure_usage/other.csv" {
		t.Errorf("usage %+v, not taken %+v", c.Usage[june], s.NotTaken)
	}
}

// TestSurveyIsBounded: a root that is a whole lake does not take for ever.
func TestSurveyIsBounded(t *testing.T) {
	root := t.TempDir()
	deep := root
	for range surveyedDepth + 3 {
		deep = filepath.Join(deep, "d")
	}
	write(t, filepath.Join(deep, "a.csv"), "x")
	if s := New(t.Context(), find(t, root, exports.Patterns{}), exports.Patterns{}); !s.Cut || len(s.NotTaken) != 0 {
		t.Errorf("cut %v, %+v", s.Cut, s.NotTaken)
	}
}

// TestSurveyOfATable: what the log of a Delta table does not have is said to be so.
func TestSurveyOfATable(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/month=2024-06/old.parquet": "x",
		"azure_usage/month=2024-05/was.parquet": "x",
		"azure_usage/_delta_log/00000000000000000000.json": `{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
{"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["month"],"configuration":{}}}
{"remove":{"path":"month=2024-05/was.parquet"}}
`,
	})
	s := New(t.Context(), find(t, root, exports.Patterns{}), exports.Patterns{})
	want := []NotTaken{
		{Path: "azure_usage/month=2024-05/was.parquet", Reason: removedFromTable},
		{Path: "azure_usage/month=2024-06/old.parquet", Reason: notInTable},
	}
	for i := range s.NotTaken {
		s.NotTaken[i].Folder = ""
	}
	if diff := cmp.Diff(want, s.NotTaken); diff != "" {
		t.Error(diff)
	}
}
