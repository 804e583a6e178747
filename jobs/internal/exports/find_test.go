package exports

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

func rels(files []Found) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Rel)
	}
	return out
}

// faults lists "rel: fault" of the files that cannot be inputs.
func faults(files []Found) []string {
	var out []string
	for _, f := range files {
		if f.Fault != nil {
			out = append(out, f.Rel+": "+f.Fault.Message)
		}
	}
	return out
}

func find(t *testing.T, root string, p Patterns) *Catalog {
	t.Helper()
	c, err := Find(t.Context(), folderSource(t, root), p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var june = scoring.NewMonth(2024, time.June)

func TestFindDefaultLayout(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/month=2024-06/b.parquet":       "12",
		"azure_usage/month=2024-06/a.CSV":           "1",
		"azure_usage/month=2024-06/c.tsv.gz":        "",
		"azure_usage/month=2024-06/_SUCCESS":        "",
		"azure_usage/month=2024-06/.b.parquet.crc":  "",
		"azure_usage/month=2024-06/.tmp.parquet":    "",
		"azure_usage/month=2024-06/_part.parquet":   "",
		"azure_usage/month=2024-06/notes.xlsx":      "",
		"azure_usage/month=2024-06/sub/x.parquet":   "",
		"azure_usage/month=2024-07/a.tsv":           "",
		"azure_usage/month=2025-13/a.parquet":       "",
		"azure_usage/month=0001-01/a.parquet":       "",
		"azure_usage/month=2024-6/a.parquet":        "",
		"azure_usage/README.md":                     "",
		"certifications/month=2024-05/c.csv.gz":     "",
		"partners/partners.parquet":                 "",
		"partners/old/partners.parquet":             "",
		"partners/_temporary/0/part-0.parquet":      "",
		"somewhere/else/month=2024-06/file.parquet": "",
	})
	c := find(t, root, Patterns{})
	got := rels(c.Files())
	want := []string{
		"azure_usage/month=2024-06/a.CSV", "azure_usage/month=2024-06/b.parquet", "azure_usage/month=2024-06/c.tsv.gz",
		"azure_usage/month=2024-07/a.tsv", "certifications/month=2024-05/c.csv.gz", "partners/partners.parquet",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	other := "left out, its extension is none of .parquet, .csv, .tsv, .csv.gz, .tsv.gz"
	wantIgnored := []string{
		`azure_usage/month=0001-01: left out, its name has no valid month: read month "0001-01": want a year from 1900 to 9998`,
		"azure_usage/month=2024-06/.tmp.parquet: left out, names that begin with . or _ are hidden",
		"azure_usage/month=2024-06/_part.parquet: left out, names that begin with . or _ are hidden",
		"azure_usage/month=2024-06/notes.xlsx: " + other,
		"azure_usage/month=2024-06/sub: left out, files are expected here, not a folder",
		"azure_usage/month=2024-6: left out, its name does not match month={month}",
		`azure_usage/month=2025-13: left out, its name has no valid month: read month "2025-13": want a year and a month like 2024-06`,
		"partners/old: left out, files are expected here, not a folder",
	}
	if diff := cmp.Diff(wantIgnored, c.Ignored.Sentences()); diff != "" {
		t.Error(diff)
	}
	b := c.Usage[june][1]
	if b.Format != fileformat.Parquet || b.Bytes != 2 || b.Month != june || b.Table != schema.Usage || b.ModTime.IsZero() {
		t.Errorf("file is %+v", b)
	}
}

func TestFindPatterns(t *testing.T) {
	for _, c := range []struct {
		name    string
		p       Patterns
		files   []string
		want    []string
		ignored int
	}{
		{"sub-folders", Patterns{Usage: "usage/{month}/*/*"}, []string{"usage/2024-06/eu/a.csv", "usage/2024-06/us/b.csv", "usage/2024-06/c.csv"},
			[]string{"usage/2024-06/eu/a.csv", "usage/2024-06/us/b.csv"}, 1},
		{"year and month", Patterns{Usage: "u/year={yyyy}/month={mm}/*"}, []string{"u/year=2024/month=06/a.csv", "u/year=2024/month=13/a.csv"},
			[]string{"u/year=2024/month=06/a.csv"}, 1},
		{"flat, all in one folder", Patterns{Usage: "usage-{month}.csv", Certifications: "certs-{month}.csv", Partners: "partners.csv"},
			[]string{"usage-2024-06.csv", "usage-2024-06.CSV.gz", "certs-2024-06.csv", "PARTNERS.csv", "partners.CSV", "other.csv"},
			[]string{"usage-2024-06.csv", "certs-2024-06.csv", "partners.CSV"}, 3},
		{"named extension", Patterns{Partners: "p/*.csv"}, []string{"p/a.csv", "p/b.parquet"}, []string{"p/a.csv"}, 1},
		{"hidden on demand", Patterns{Partners: "_lake/_*"}, []string{"_lake/_a.csv", "_lake/b.csv"}, []string{"_lake/_a.csv"}, 1},
		{"hidden names have a note", Patterns{Partners: "p/*"}, []string{"p/a.csv", "p/.a.csv", "p/_a.csv.gz", "p/_SUCCESS", "p/~$a.csv"}, []string{"p/a.csv"}, 3},
		{"the year must agree", Patterns{Usage: "{yyyy}/{month}/*"}, []string{"2024/2024-06/a.csv", "2023/2024-06/a.csv"},
			[]string{"2024/2024-06/a.csv"}, 1},
		{"unpadded months", Patterns{Usage: "u/year={yyyy}/month={m}/*"}, []string{"u/year=2024/month=6/a.csv", "u/year=2024/month=12/a.csv", "u/year=2024/month=0/a.csv"},
			[]string{"u/year=2024/month=6/a.csv", "u/year=2024/month=12/a.csv"}, 1},
		{"first days", Patterns{}, []string{"azure_usage/month=2024-06-01/a.csv", "azure_usage/month=2024-06-02/a.csv", "certifications/month=2024-06-01/c.csv"},
			[]string{"azure_usage/month=2024-06-01/a.csv", "certifications/month=2024-06-01/c.csv"}, 1},
		{"a literal name", Patterns{Partners: "p/all/x*"}, []string{"p/all/x.tsv", "p/other/x.tsv"}, []string{"p/all/x.tsv"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for _, rel := range c.files {
				files[rel] = ""
			}
			found := find(t, tree(t, files), c.p)
			if diff := cmp.Diff(c.want, rels(found.Files())); diff != "" {
				t.Error(diff)
			}
			if len(found.Ignored) != c.ignored {
				t.Errorf("ignored %q, want %d", found.Ignored, c.ignored)
			}
		})
	}
}

// TestFindFilesOfNoMonth: a pattern without a month takes usage of many months and certifications of no known month.
func TestFindFilesOfNoMonth(t *testing.T) {
	root := tree(t, map[string]string{"usage/all.csv": "x", "usage/sub/b.csv": "x", "certs/now.csv": "x", "certs/notes.txt": "x"})
	c := find(t, root, Patterns{Usage: "usage/*", Certifications: "certs/*"})
	if len(c.Usage) != 0 || len(c.Undated) != 1 || !c.Undated[0].Many || c.Undated[0].Rel != "usage/all.csv" {
		t.Errorf("usage %v, undated %+v", c.Usage, c.Undated)
	}
	if got := rels(c.Certifications[0]); len(got) != 1 || got[0] != "certs/now.csv" {
		t.Errorf("certifications %v", got)
	}
	if got := rels(c.Files()); len(got) != 2 || len(c.Ignored) != 2 {
		t.Errorf("files %q, ignored %q", got, c.Ignored)
	}
}

// TestFindTwoFoldersOfAMonth: both names of a month are that month.
func TestFindTwoFoldersOfAMonth(t *testing.T) {
	root := tree(t, map[string]string{"azure_usage/month=2024-06/a.csv": "x", "azure_usage/month=2024-06-01/a.csv": "x"})
	if got := rels(find(t, root, Patterns{}).Usage[june]); len(got) != 2 {
		t.Errorf("files of june: %q", got)
	}
}

func TestFindTakesAnyName(t *testing.T) {
	names := []string{
		"a[1].parquet", "*.parquet", "quote'.csv", `double".csv`, "semi;colon--.csv", "$1.csv", "new\nline.csv", "emoji 🚀.csv",
		"invalid \xff\xfe.csv", "..csv.parquet.csv", "back\\slash.csv", " lead.csv", "%41.csv", strings.Repeat("n", 240) + ".csv",
	}
	files := map[string]string{}
	for _, name := range names {
		files["azure_usage/month=2024-06/"+name] = "x"
	}
	c := find(t, tree(t, files), Patterns{})
	// "..csv.parquet.csv" begins with a dot and is hidden.
	if got := len(c.Usage[june]); got != len(names)-1 {
		t.Errorf("found %d: %q", got, rels(c.Usage[june]))
	}
	for _, f := range c.Usage[june] {
		if data, err := os.ReadFile(onDisk(f)); err != nil || string(data) != "x" {
			t.Errorf("read %q: %q, %v", f.Rel, data, err)
		}
	}
}

func TestFindFaults(t *testing.T) {
	outside := tree(t, map[string]string{"secret.csv": "x", "month/a.csv": "x"})
	root := tree(t, map[string]string{"azure_usage/month=2024-06/good.csv": plainUsageHeader + "\n", "azure_usage/month=2024-06/folder.parquet/part": "x"})
	dir := filepath.Join(root, "azure_usage/month=2024-06")
	link := func(target, rel string) {
		if err := os.Symlink(target, filepath.Join(root, rel)); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(filepath.Join(dir, "pipe.parquet"), 0o644); err != nil {
		t.Fatal(err)
	}
	short, err := os.MkdirTemp("", "s") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(short)
	socket, err := net.Listen("unix", filepath.Join(short, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if err := os.Rename(filepath.Join(short, "s"), filepath.Join(dir, "socket.csv")); err != nil {
		t.Fatal(err)
	}
	link("nowhere", "azure_usage/month=2024-06/dangling.csv")
	link("loop.csv", "azure_usage/month=2024-06/loop.csv")
	link(filepath.Join(outside, "secret.csv"), "azure_usage/month=2024-06/escape.csv")
	link("/dev/zero", "azure_usage/month=2024-06/device.csv")
	link("pipe.parquet", "azure_usage/month=2024-06/pipelink.parquet")
	link("good.csv", "azure_usage/month=2024-06/inside.csv")
	link(filepath.Join(dir, "good.csv"), "azure_usage/month=2024-06/inside-absolute.csv")
	link(filepath.Join(outside, "month"), "azure_usage/month=2024-07")
	link("month=2024-06", "azure_usage/month=2024-08")

	c := find(t, root, Patterns{})
	want := []string{
		"azure_usage/month=2024-06/dangling.csv: is a symlink to nothing",
		"azure_usage/month=2024-06/device.csv: is a symlink that leaves the exports folder",
		"azure_usage/month=2024-06/escape.csv: is a symlink that leaves the exports folder",
		"azure_usage/month=2024-06/folder.parquet: is a folder, not a file",
		"azure_usage/month=2024-06/loop.csv: is a symlink to nothing",
		"azure_usage/month=2024-06/pipe.parquet: is a pipe, not a file",
		"azure_usage/month=2024-06/pipelink.parquet: is a pipe, not a file",
		"azure_usage/month=2024-06/socket.csv: is a socket, not a file",
		"azure_usage/month=2024-07: is a symlink that leaves the exports folder",
	}
	if diff := cmp.Diff(want, faults(append(c.Usage[june], c.Usage[june+1]...))); diff != "" {
		t.Error(diff)
	}
	// A link to a month folder inside the root serves as that month.
	if got := len(c.Usage[june+2]); got != len(c.Usage[june]) {
		t.Errorf("linked month has %d files, the month %d", got, len(c.Usage[june]))
	}
	_, err = Check(t.Context(), append(c.Usage[june], c.Usage[june+1]...), Options{})
	var broken *ContractError
	if !errors.As(err, &broken) {
		t.Fatalf("check: %v", err)
	}
	golden(t, "faults/special-files.txt", err.Error())
}

// TestFindKubernetesMount has the layout of a projected volume: names are links through a hidden folder link.
func TestFindKubernetesMount(t *testing.T) {
	mount := tree(t, map[string]string{"..2024_07_01/azure_usage/month=2024-06/a.csv": "x", "..2024_07_01/partners.csv": "x"})
	for target, name := range map[string]string{"..2024_07_01": "..data", "..data/azure_usage": "azure_usage"} {
		if err := os.Symlink(target, filepath.Join(mount, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(mount, "partners"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../..data/partners.csv", filepath.Join(mount, "partners", "partners.csv")); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(mount, root); err != nil {
		t.Fatal(err)
	}
	c := find(t, root, Patterns{})
	if diff := cmp.Diff([]string{"azure_usage/month=2024-06/a.csv", "partners/partners.csv"}, rels(c.Files())); diff != "" {
		t.Error(diff)
	}
	if got := faults(c.Files()); got != nil {
		t.Errorf("faults %q", got)
	}
}

func TestFindRoot(t *testing.T) {
	root := tree(t, map[string]string{"file": ""})
	if c := find(t, root, Patterns{}); len(c.Files()) != 0 {
		t.Errorf("empty folder has %q", rels(c.Files()))
	}
	if err := os.Symlink("/", filepath.Join(root, "azure_usage")); err != nil {
		t.Fatal(err)
	}
	var broken *ContractError
	_, err := Find(t.Context(), folderSource(t, root), Patterns{})
	if !errors.As(err, &broken) {
		t.Fatalf("table folder outside: got %v, want a *ContractError", err)
	}
	golden(t, "faults/roots.txt", err.Error())
}

func TestFindSharedFile(t *testing.T) {
	root := tree(t, map[string]string{"2024-06/a.csv": plainUsageHeader + "\n", "2024-06/ab.csv": ""})
	_, err := Check(t.Context(), find(t, root, Patterns{Usage: "{month}/a*", Certifications: "{month}/*b.csv"}).Files(), Options{})
	if !errors.As(err, new(*ContractError)) {
		t.Fatalf("got %v, want a *ContractError", err)
	}
	golden(t, "faults/shared-file.txt", err.Error())
}
