package pipeline

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
)

// TestSecondRunTouchesNothing: not even the times of files.
func TestSecondRunTouchesNothing(t *testing.T) {
	exports := everythingWorld().write(t)
	first := scoreFresh(t, exports)
	if !first.Changed || first.FactsBuilt != 14 || first.FactsReused != 0 {
		t.Errorf("the first run: %+v", first.Outcome)
	}
	before := publishedFiles(t, first.snapshots, true)
	for _, change := range map[string]func(*Options){
		"same":             func(*Options) {},
		"other threads":    func(o *Options) { o.Threads = 1 },
		"all hashed again": func(o *Options) { o.Rehash = true },
	} {
		second := scoreInto(t, exports, first.snapshots, june, change)
		if second.Changed || second.FactsBuilt != 0 {
			t.Errorf("a second run: %+v", second.Outcome)
		}
	}
	if diff := cmp.Diff(before, publishedFiles(t, first.snapshots, true)); diff != "" {
		t.Errorf("a second run touched (-before +after):\n%s", diff)
	}
}

// TestSameBytesAnywhere: threads, zone, locale, working folder, umask and folders of the run decide nothing.
func TestSameBytesAnywhere(t *testing.T) {
	exports, err := filepath.Abs(filepath.Join(samples, "exports"))
	if err != nil {
		t.Fatal(err)
	}
	want := tableBytes(t, sampleSnapshots(t))
	for rel := range want {
		if !strings.Contains(rel, "2024-06") {
			delete(want, rel)
		}
	}
	if len(want) != len(snapshot.Tables()) {
		t.Fatalf("published: %v", want)
	}
	for _, c := range []struct {
		threads int
		env     []string
	}{
		{1, []string{"TZ=Pacific/Kiritimati", "LC_ALL=tr_TR.UTF-8"}},
		{2, []string{"TZ=America/Los_Angeles", "LANG=C"}},
		{4, []string{"TZ=Asia/Kathmandu", "LC_ALL=C"}},
	} {
		if c.threads == 2 && !long {
			continue
		}
		t.Run(fmt.Sprint(c.threads, c.env), func(t *testing.T) {
			snapshots := filepath.Join(t.TempDir(), "here")
			command := exec.CommandContext(t.Context(), os.Args[0])
			command.Dir = t.TempDir()
			command.Env = append(append(os.Environ(), c.env...), childEnv+"="+strings.Join([]string{exports, snapshots, fmt.Sprint(c.threads), t.TempDir()}, "|"))
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			if diff := cmp.Diff(want, tableBytes(t, snapshots)); diff != "" {
				t.Errorf("other bytes:\n%s", diff)
			}
		})
	}
}

// TestSameBytesOfManyRows: with more customers than a row group holds the table has two, which threads write side by side.
func TestSameBytesOfManyRows(t *testing.T) {
	const tenants = 130_000
	w := newWorld()
	w.parquet = true
	var rows []usage
	for i := range tenants {
		id := fmt.Sprintf("%08x-1111-4111-8111-%012x", i*2654435761%(1<<32), i)
		rows = append(rows, usage{location: "base", tenant: id, name: fmt.Sprint("Customer ", i%5000), subscription: id, service: []string{"Storage", "Backup", "Key Vault"}[i%3],
			amount: fmt.Sprintf("%d.%06d", i%1500, i%999983), file: i % 2})
	}
	w.add(june, rows...)
	w.add(june.Add(-12), rows[:5000]...)
	exports := w.write(t)
	var want map[string]string
	counts := []int{1, 4}
	if long {
		counts = []int{1, 2, 3, 4}
	}
	for _, threads := range counts {
		r := scoreFresh(t, exports, func(o *Options) { o.Threads = threads })
		got := tableBytes(t, r.snapshots)
		if want == nil {
			want = got
			f, err := file.OpenParquetFile(tablePath(r.snapshots, snapshot.Customers, june), false)
			if err != nil {
				t.Fatal(err)
			}
			if f.NumRows() != tenants+1 || f.NumRowGroups() < 2 {
				t.Errorf("customers has %d rows in %d row groups", f.NumRows(), f.NumRowGroups())
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d threads make other bytes:\n%s", threads, diff)
		}
	}
}

// TestExportsThroughLink: folders that are reached through a symlink are folders.
func TestExportsThroughLink(t *testing.T) {
	exports, links := everythingWorld().write(t), t.TempDir()
	want := score(t, exports)
	for _, link := range []struct{ name, target string }{{"exports", exports}, {"snapshots", t.TempDir()}} {
		if err := os.Symlink(link.target, filepath.Join(links, link.name)); err != nil {
			t.Fatal(err)
		}
	}
	sow(t, exports, filepath.Join(links, "snapshots"))
	r := scoreInto(t, filepath.Join(links, "exports"), filepath.Join(links, "snapshots"), june)
	if diff := cmp.Diff(tableBytes(t, want.snapshots), tableBytes(t, filepath.Join(links, "snapshots")+"/")); diff != "" {
		t.Errorf("other bytes through a link:\n%s", diff)
	}
	if !r.Changed {
		t.Errorf("%+v", r.Outcome)
	}
}

// TestOddFolders: names that a pattern or a statement would read as something else.
func TestOddFolders(t *testing.T) {
	for _, name := range []string{"it's; -- \"odd\" $1 😀", "exports [2024] * ?", "line\nbreak"} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), name)
			everythingWorld().writeTo(t, filepath.Join(root, "in"))
			sow(t, filepath.Join(root, "in"), filepath.Join(root, "out"))
			r := scoreInto(t, filepath.Join(root, "in"), filepath.Join(root, "out"), june)
			if len(r.tables[snapshot.Scores]) != 6 {
				t.Errorf("%d scores", len(r.tables[snapshot.Scores]))
			}
		})
	}
}
