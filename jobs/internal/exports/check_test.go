package exports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
)

func check(t *testing.T, root string, opt Options) []File {
	t.Helper()
	checked, err := Check(t.Context(), find(t, root, Patterns{}).Files(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return checked
}

func TestCheckFingerprints(t *testing.T) {
	files := map[string]string{
		"azure_usage/month=2024-06/a.csv":          plainUsageHeader + "\n" + usageRow,
		"azure_usage/month=2024-06/b.csv.gz":       gzipped(t, plainUsageHeader+"\n"),
		"azure_usage/month=2024-06/c.parquet":      parquetFile(t, 7, plainUsage()),
		"certifications/month=2024-06/c.csv":       plainCertificationsHeader + "\n",
		"partners/p.tsv":                           "MpnId\tPGA_MPNId\n1\t2\n",
		"azure_usage/month=2024-07/[x] 'y'.tsv.gz": gzipped(t, strings.ReplaceAll(plainUsageHeader, ",", "\t")),
	}
	checked := check(t, tree(t, files), Options{})
	if len(checked) != len(files) {
		t.Fatalf("%d files", len(checked))
	}
	rows := map[string]int64{"azure_usage/month=2024-06/a.csv": 1, "azure_usage/month=2024-06/c.parquet": 7, "partners/p.tsv": 1}
	for _, c := range checked {
		sum := sha256.Sum256([]byte(files[c.Rel]))
		if c.SHA256 != hex.EncodeToString(sum[:]) || c.Rows != rows[c.Rel] || c.Bytes != int64(len(files[c.Rel])) || c.Info.SettlesIn > 0 || c.Reused {
			t.Errorf("%s: %+v", c.Rel, c)
		}
		if err := Unchanged(t.Context(), c); err != nil {
			t.Error(err)
		}
	}
}

func TestCheckReportsEverything(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/month=2024-05/a.parquet": "PAR1",
		"azure_usage/month=2024-05/b.csv":     plainUsageHeader + "\n1,2\n",
		"azure_usage/month=2024-06/c.csv":     strings.Replace(plainUsageHeader, "ACR_USD", "ACR", 1),
		"azure_usage/month=2024-06/fine.csv":  plainUsageHeader + "\n",
		"partners/p.csv":                      "MpnId,PGA_MPNId,PGA_MPNId\n",
	})
	for range 5 { // however the readers take turns
		_, err := Check(t.Context(), find(t, root, Patterns{}).Files(), Options{})
		if !errors.As(err, new(*ContractError)) {
			t.Fatalf("got %v", err)
		}
		golden(t, "faults/everything.txt", err.Error())
	}
}

func TestCheckDuplicates(t *testing.T) {
	data := plainUsageHeader + "\n" + usageRow
	root := tree(t, map[string]string{
		"azure_usage/month=2024-06/b.csv":       data,
		"azure_usage/month=2024-06/a (1).csv":   data,
		"azure_usage/month=2024-06/c.csv":       data + usageRow,
		"azure_usage/month=2024-06/z.csv":       data,
		"azure_usage/month=2024-07/a.csv":       data,
		"certifications/month=2024-06/note.csv": plainCertificationsHeader + "\n",
	})
	files := find(t, root, Patterns{}).Files()
	want := map[string][]string{
		"azure_usage/month=2024-06/a (1).csv":   {"azure_usage/month=2024-06/b.csv", "azure_usage/month=2024-06/z.csv"},
		"azure_usage/month=2024-06/c.csv":       nil,
		"azure_usage/month=2024-07/a.csv":       nil,
		"certifications/month=2024-06/note.csv": nil,
	}
	for range 2 {
		checked, err := Check(t.Context(), files, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for _, c := range checked {
			got[c.Rel] = rels(c.Duplicates)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		slices.Reverse(files) // the order of files is irrelevant
	}
}

func TestCheckReusesWhatIsKnown(t *testing.T) {
	rel := "azure_usage/month=2024-06/a.csv"
	root := tree(t, map[string]string{rel: plainUsageHeader + "\n" + usageRow, "azure_usage/month=2024-06/b.parquet": parquetFile(t, 3, plainUsage())})
	known := map[string]Known{}
	for _, c := range check(t, root, Options{}) {
		k, ok := c.Known()
		if !ok {
			t.Fatalf("%s: %+v", c.Rel, c.Info)
		}
		k.SHA256, k.Rows, k.Multiline = "from "+c.Rel, 99, c.Format != fileformat.Parquet
		known[c.Rel] = k
	}
	opt := Options{Known: func(f Found) (Known, bool) { k, ok := known[f.Rel]; return k, ok }}
	for i, c := range check(t, root, opt) {
		// Rows of Parquet come from the footer, which is read in any case.
		if wantRows := []int64{99, 3}[i]; !c.Reused || c.Text.Multiline != (i == 0) || c.SHA256 != "from "+c.Rel || c.Rows != wantRows {
			t.Errorf("%s: reused %v, %s, %d rows", c.Rel, c.Reused, c.SHA256, c.Rows)
		}
	}
	// What another version of the program let pass is judged again, though its bytes are the same.
	for name, k := range known {
		k.TextChecks--
		known[name] = k
	}
	for _, c := range check(t, root, opt) {
		if c.Reused != (c.Format == fileformat.Parquet) {
			t.Errorf("%s, judged by another version: reused %v", c.Rel, c.Reused)
		}
	}
	for name, k := range known {
		k.TextChecks++
		known[name] = k
	}
	// Other bytes of the same size, with the old mtime put back.
	path := filepath.Join(root, rel)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, plainUsageHeader+"\n"+strings.Replace(usageRow, "PAL", "CPO", 1))
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	c := check(t, root, opt)[0]
	if c.Reused || c.Rows != 1 || len(c.SHA256) != 64 {
		t.Errorf("after a change: reused %v, %s, %d rows", c.Reused, c.SHA256, c.Rows)
	}
}

func TestUnchanged(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"vanished": os.Remove,
		"changed":  func(path string) error { return os.WriteFile(path, []byte(plainUsageHeader+"\n"+usageRow), 0o644) },
		"replaced by one of the same size and time": func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.WriteFile(path+"x", []byte(plainUsageHeader+"\n"), 0o644),
				os.Chtimes(path+"x", info.ModTime(), info.ModTime()), os.Rename(path+"x", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, map[string]string{"azure_usage/month=2024-06/a.csv": plainUsageHeader + "\n"})
			c := check(t, root, Options{})[0]
			if err := change(onDisk(c.Found)); err != nil {
				t.Fatal(err)
			}
			err := Unchanged(t.Context(), c)
			var changed *ChangedError
			if !errors.As(err, &changed) || changed.File != c.Rel || !strings.Contains(err.Error(), "run again") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestCheckSeesChangesAfterFind: between the list and the look a file may vanish or turn into a pipe.
func TestCheckSeesChangesAfterFind(t *testing.T) {
	root := tree(t, map[string]string{"azure_usage/month=2024-06/a.csv": "", "azure_usage/month=2024-06/b.parquet": ""})
	files := find(t, root, Patterns{}).Files()
	for _, f := range files {
		if err := os.Remove(onDisk(f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(onDisk(files[1]), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Check(t.Context(), files, Options{})
	if !errors.As(err, new(*ContractError)) {
		t.Fatalf("got %v", err)
	}
	golden(t, "faults/changed-after-find.txt", err.Error())
}

func TestCheckIsCancelled(t *testing.T) {
	root := tree(t, map[string]string{"azure_usage/month=2024-06/a.csv": plainUsageHeader + "\n" + strings.Repeat(usageRow, 100_000)})
	files := find(t, root, Patterns{}).Files()
	time.Sleep(40 * time.Millisecond) // or Known would not be asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Check(ctx, files, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("before: got %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	opt := Options{Known: func(Found) (Known, bool) { cancel(); return Known{}, false }} // just before the bytes are read
	if _, err := Check(ctx, files, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("within: got %v", err)
	}
}

// TestFewDescriptors checks 200 files under `ulimit -n 32`, in a process of its own.
func TestFewDescriptors(t *testing.T) {
	const variable = "PARTNERSCORE_TEST_EXPORTS"
	if root := os.Getenv(variable); root != "" {
		if got := len(check(t, root, Options{})); got != 200 {
			t.Errorf("%d files", got)
		}
		return
	}
	files := map[string]string{}
	for i := range 100 {
		files[fmt.Sprintf("azure_usage/month=2024-06/%03d.csv", i)] = plainUsageHeader + "\n" + strings.Repeat(usageRow, i)
		files[fmt.Sprintf("azure_usage/month=2024-06/%03d.parquet", i)] = parquetFile(t, i, plainUsage())
	}
	root := tree(t, files)
	cmd := exec.Command("sh", "-c", `ulimit -n 32 && exec "$0" -test.run='^TestFewDescriptors$'`, os.Args[0])
	cmd.Env = append(os.Environ(), variable+"="+root)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func BenchmarkCheck(b *testing.B) {
	row := strings.Replace(usageRow, "Enterprise", "Enterprise,Virtual Machines,D Series,2024-06-01,Contoso Ltd", 1)
	header := strings.Replace(plainUsageHeader, "OfferType", "OfferType,ServiceLevel1,ServiceLevel3,Month,CustomerName", 1)
	for name, data := range map[string]string{
		"csv":     header + "\n" + strings.Repeat(row, 300_000),
		"parquet": parquetFile(b, 1_000_000, plainUsage()),
	} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "u."+name)
			write(b, path, data)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Check(b.Context(), []Found{NewFound(folderSource(b, filepath.Dir(path)), schema.Usage, "u."+name)}, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
