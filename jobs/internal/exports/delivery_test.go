package exports

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

var runs = Patterns{Usage: "costs/{yyyy}{mm}/*/*"}

// manifestOf is a manifest of Cost Management with these blobs: name, bytes, rows.
func manifestOf(blobs ...string) string {
	var list []string
	for i := 0; i < len(blobs); i += 3 {
		list = append(list, `{"blobName":"`+blobs[i]+`","byteCount":`+blobs[i+1]+`,"dataRowCount":`+blobs[i+2]+`}`)
	}
	return `{"manifestVersion":"2024-04-01","byteCount":1,"blobCount":1,"dataRowCount":1,"exportConfig":{},"deliveryConfig":{},"runInfo":{},"blobs":[` +
		strings.Join(list, ",") + `]}`
}

func TestDeliveries(t *testing.T) {
	const m = "costs/202406/run/manifest.json"
	for name, c := range map[string]struct {
		files    map[string]string
		want     string // of Delivered
		warnings []string
		ignored  []string
	}{
		"complete": {files: map[string]string{m: manifestOf("exports/daily/20240601-20240630/run/a.csv", "3", "1", "exports/daily/20240601-20240630/run/manifest.json", "9", "0"),
			"costs/202406/run/a.csv": "123"}},
		"a size is not said": {files: map[string]string{m: `{"blobs":[{"blobName":"x/a.csv"}]}`, "costs/202406/run/a.csv": "123"}},
		"a byte order mark":  {files: map[string]string{m: "\ufeff" + manifestOf("a.csv", "3", "0"), "costs/202406/run/a.csv": "123"}},
		"missing and short": {files: map[string]string{m: manifestOf("x/b.csv", "4", "0", "x/a.csv", "3", "0"), "costs/202406/run/b.csv": "123"},
			want: "costs/202406/run/a.csv, month 2024-06: is missing, but " + m + " names it; wait until the export has finished and run again, or copy the folder again\n" +
				"costs/202406/run/b.csv, month 2024-06: has 3 bytes, but " + m + " says 4"},
		"of another folder": {files: map[string]string{m: manifestOf("x/202406/parts/a.csv", "3", "0", "x/202406/lost/b.csv", "3", "0"),
			"costs/202406/parts/a.csv": "123", "costs/202406/other/b.csv": "123"},
			want: "costs/202406/run/b.csv, month 2024-06: is missing, but " + m + " names it; wait until the export has finished and run again, or copy the folder again"},
		"above its files": {files: map[string]string{"costs/202406/manifest.json": manifestOf("x/202406/run/a.csv", "3", "0", "x/202406/run/b.csv", "3", "0"),
			"costs/202406/run/a.csv": "123"},
			want: "costs/202406/b.csv, month 2024-06: is missing, but costs/202406/manifest.json names it; wait until the export has finished and run again, or copy the folder again"},
		"copied by a hub": {files: map[string]string{m: manifestOf("x/run/part_0.csv", "99", "0", "x/run/part_1.csv.gz", "99", "0", "x/run/part_2.snappy.parquet", "99", "0"),
			"costs/202406/run/20240630__part_0.parquet": "1", "costs/202406/run/20240630__part_1.parquet": "1", "costs/202406/run/20240630__part_2.snappy.parquet": "1"}},
		"of another format": {files: map[string]string{m: manifestOf("x/run/a.csv.gz", "1", "0"), "costs/202406/run/a.csv": "123"}},
		"left by another run": {files: map[string]string{m: manifestOf("x/run/a.csv", "3", "0"), "costs/202406/run/a.csv": "123", "costs/202406/run/b.csv": "123"},
			warnings: []string{m + ": it does not name b.csv beside it; if another run left them there, remove them"}},
		"not of the pattern": {files: map[string]string{m: manifestOf("x/run/a.json", "3", "0"), "costs/202406/run/a.json": "123"},
			ignored: []string{"costs/202406/run/a.json: left out, its extension is none of .parquet, .csv, .tsv, .csv.gz, .tsv.gz"}},
		"another month": {files: map[string]string{"costs/202405/run/manifest.json": manifestOf("x/a.csv", "1", "0"), "costs/202406/run/a.csv": "1"}},
		"empty":         {files: map[string]string{m: ""}, ignored: []string{m + ": left out, its extension is none of .parquet, .csv, .tsv, .csv.gz, .tsv.gz"}},
		"of a hub":      {files: map[string]string{m: "{}"}, ignored: []string{m + ": left out, its extension is none of .parquet, .csv, .tsv, .csv.gz, .tsv.gz"}},
	} {
		t.Run(name, func(t *testing.T) {
			cat := find(t, tree(t, c.files), runs)
			got := ""
			if err := cat.Delivered([]scoring.Month{june}); err != nil {
				if !errors.As(err, new(*MissingError)) {
					t.Errorf("%T, want a *MissingError", err)
				}
				got = err.Error()
			}
			if diff := cmp.Diff([]any{c.want, c.warnings, c.ignored}, []any{got, cat.Warnings.Sentences(), cat.Ignored.Sentences()}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDamagedManifest(t *testing.T) {
	for name, text := range map[string]string{
		"torn":       `{"blobs":[{"blobName":"a.cs`,
		"no list":    `{"blobs":{"a":1}}`,
		"no name":    `{"blobs":[{"byteCount":1}]}`,
		"negative":   manifestOf("a.csv", "-1", "0"),
		"wrong type": `{"blobs":[{"blobName":1}]}`,
	} {
		c := find(t, tree(t, map[string]string{"costs/202406/run/manifest.json": text, "costs/202406/run/a.csv": "1"}), runs)
		_, err := Check(t.Context(), c.Usage[june][1:], Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "costs/202406/run/manifest.json, month 2024-06: is a damaged manifest of Cost Management") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A copy in another format has another size, so its rows are counted.
func TestRowsThatAManifestStates(t *testing.T) {
	for stated, want := range map[string]string{"2": "", "0": "", "3": "costs/202406/run/r__a.parquet, month 2024-06: holds 2 rows, but the manifest.json beside it says 3; export or copy it again"} {
		root := tree(t, map[string]string{"costs/202406/run/manifest.json": manifestOf("x/a.csv", "99", stated), "costs/202406/run/r__a.parquet": parquetFile(t, 2, plainUsage())})
		_, err := Check(t.Context(), find(t, root, runs).Usage[june], Options{})
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s rows: got %v, want %s", stated, err, want)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(manifestOf("x/a.csv", "3", "1")))
	f.Add([]byte(`{"blobs":[{"blobName":"/../../a.csv"},{"blobName":"//"},{"blobName":"."}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		root := t.TempDir()
		write(t, filepath.Join(root, "costs/202406/run/a.csv"), "123")
		if err := os.WriteFile(filepath.Join(root, "costs/202406/run/manifest.json"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := Find(t.Context(), folderSource(t, root), runs)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Usage[june]); n != 1 && n != 2 {
			t.Errorf("%d files", n)
		}
	})
}
