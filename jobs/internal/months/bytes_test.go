package months_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// TestSecondRunTouchesNothing: not even the times of files.
func TestSecondRunTouchesNothing(t *testing.T) {
	exports := world.Everything().Lately(3).Write(t)
	first := world.ScoreFresh(t, exports, world.NoHistory)
	if !first.Changed || first.FactsBuilt != 3 || first.FactsReused != 0 {
		t.Errorf("the first run: %+v", first.Outcome)
	}
	before := world.PublishedFiles(t, first.Snapshots, true)
	for _, change := range map[string]func(*months.Options){
		"same":             func(*months.Options) {},
		"other threads":    func(o *months.Options) { o.Threads = 1 },
		"all hashed again": func(o *months.Options) { o.Rehash = true },
	} {
		second := world.ScoreInto(t, exports, first.Snapshots, world.June, world.NoHistory, change)
		if second.Changed || second.FactsBuilt != 0 {
			t.Errorf("a second run: %+v", second.Outcome)
		}
	}
	if diff := cmp.Diff(before, world.PublishedFiles(t, first.Snapshots, true)); diff != "" {
		t.Errorf("a second run touched (-before +after):\n%s", diff)
	}
}

// TestSameBytesAnywhere: threads, zone, locale, working folder, umask and folders of the run decide nothing. Short tests score a world of a few rows, and
// another process builds the facts of June alone.
func TestSameBytesAnywhere(t *testing.T) {
	var exports, published string
	if world.Long {
		exports, published = filepath.Join(world.Samples, "exports"), world.SampleSnapshots(t)
	} else {
		exports = world.Everything().Write(t)
		published = world.Score(t, exports).Snapshots
	}
	want := world.TableBytes(t, published)
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
		if c.threads > 1 && !world.Long {
			continue
		}
		t.Run(fmt.Sprint(c.threads, c.env), func(t *testing.T) {
			snapshots := filepath.Join(t.TempDir(), "here")
			if !world.Long {
				world.Sow(t, exports, snapshots)
			}
			command := exec.CommandContext(t.Context(), os.Args[0])
			command.Dir = t.TempDir()
			command.Env = append(append(os.Environ(), c.env...), world.ChildEnv+"="+strings.Join([]string{exports, snapshots, fmt.Sprint(c.threads), t.TempDir()}, "|"))
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			if diff := cmp.Diff(want, world.TableBytes(t, snapshots)); diff != "" {
				t.Errorf("other bytes:\n%s", diff)
			}
		})
	}
}

// TestSameBytesOfManyRows: with more customers than a row group holds the table has two, which threads write side by side.
func TestSameBytesOfManyRows(t *testing.T) {
	world.OnlyLong(t)
	const tenants = 130_000
	w := world.New()
	w.Parquet = true
	var rows []world.Usage
	for i := range tenants {
		id := fmt.Sprintf("%08x-1111-4111-8111-%012x", i*2654435761%(1<<32), i)
		rows = append(rows, world.Usage{Location: "base", Tenant: id, Name: fmt.Sprint("Customer ", i%5000), Subscription: id, Service: []string{"Storage", "Backup", "Key Vault"}[i%3],
			Amount: fmt.Sprintf("%d.%06d", i%1500, i%999983), File: i % 2})
	}
	w.Add(world.June, rows...)
	w.Add(world.June.Add(-12), rows[:5000]...)
	exports := w.Write(t)
	var want map[string]string
	for threads := range 4 {
		r := world.ScoreFresh(t, exports, func(o *months.Options) { o.Threads = threads + 1 })
		got := world.TableBytes(t, r.Snapshots)
		if want == nil {
			want = got
			f, err := file.OpenParquetFile(world.TablePath(r.Snapshots, snapshot.Customers, world.June), false)
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
			t.Errorf("%d threads make other bytes:\n%s", threads+1, diff)
		}
	}
}

// TestExportsThroughLink: folders that are reached through a symlink are folders.
func TestExportsThroughLink(t *testing.T) {
	exports, links := world.Everything().Write(t), t.TempDir()
	want := world.Score(t, exports)
	for _, link := range []struct{ name, target string }{{"exports", exports}, {"snapshots", t.TempDir()}} {
		if err := os.Symlink(link.target, filepath.Join(links, link.name)); err != nil {
			t.Fatal(err)
		}
	}
	world.Sow(t, exports, filepath.Join(links, "snapshots"))
	r := world.ScoreInto(t, filepath.Join(links, "exports"), filepath.Join(links, "snapshots"), world.June)
	if diff := cmp.Diff(world.TableBytes(t, want.Snapshots), world.TableBytes(t, filepath.Join(links, "snapshots")+"/")); diff != "" {
		t.Errorf("other bytes through a link:\n%s", diff)
	}
	if !r.Changed {
		t.Errorf("%+v", r.Outcome)
	}
}

// TestOddFolders: names that a pattern or a statement would read as something else.
func TestOddFolders(t *testing.T) {
	root := filepath.Join(t.TempDir(), "it's; -- \"odd\" $1 😀", "exports [2024] * ?", "line\nbreak")
	world.Everything().WriteTo(t, filepath.Join(root, "in"))
	world.Sow(t, filepath.Join(root, "in"), filepath.Join(root, "out"))
	r := world.ScoreInto(t, filepath.Join(root, "in"), filepath.Join(root, "out"), world.June)
	if len(r.Tables[snapshot.Scores]) != 6 {
		t.Errorf("%d scores", len(r.Tables[snapshot.Scores]))
	}
}
