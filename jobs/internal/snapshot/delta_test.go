package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot/deltalog"
	"partnerscore/jobs/internal/storage"
	"partnerscore/scoring"
)

// entry is what a Delta log says of a file.
type entry struct {
	Path            string            `json:"path"`
	PartitionValues map[string]string `json:"partitionValues"`
	Size            int64             `json:"size"`
	DataChange      bool              `json:"dataChange"`
	Stats           string            `json:"stats"`
	Tags            map[string]string `json:"tags"`
}

// replayed is a table as the protocol lets a reader see it that begins with the first commit. It shares no code with what writes logs.
type replayed struct {
	commits  int
	files    map[string]entry
	metaData struct {
		ID               string   `json:"id"`
		SchemaString     string   `json:"schemaString"`
		PartitionColumns []string `json:"partitionColumns"`
	}
	protocol map[string]int
}

// replay reads the log of a table. A commit that adds and removes the same path is refused: its actions have no order.
func replay(tb testing.TB, root, table string) (r replayed) {
	tb.Helper()
	r.files = map[string]entry{}
	for ; ; r.commits++ {
		text, err := os.ReadFile(filepath.Join(root, table, "_delta_log", fmt.Sprintf("%020d.json", r.commits)))
		if errors.Is(err, fs.ErrNotExist) {
			return r
		}
		if err != nil {
			tb.Fatal(err)
		}
		touched := map[string]bool{}
		for line := range bytes.Lines(text) {
			var a struct {
				Add, Remove *entry
				MetaData    json.RawMessage `json:"metaData"`
				Protocol    json.RawMessage `json:"protocol"`
			}
			if err := json.Unmarshal(line, &a); err != nil {
				tb.Fatalf("%s, commit %d: %v", table, r.commits, err)
			}
			for _, e := range []*entry{a.Add, a.Remove} {
				if e == nil {
					continue
				}
				if touched[e.Path] {
					tb.Errorf("%s, commit %d: two actions for %s", table, r.commits, e.Path)
				}
				touched[e.Path] = true
			}
			switch {
			case a.Add != nil:
				r.files[a.Add.Path] = *a.Add
			case a.Remove != nil:
				delete(r.files, a.Remove.Path)
			case a.MetaData != nil:
				err = json.Unmarshal(a.MetaData, &r.metaData)
			case a.Protocol != nil:
				err = json.Unmarshal(a.Protocol, &r.protocol)
			}
			if err != nil {
				tb.Fatal(err)
			}
		}
	}
}

// unreadable lists the files of a table that a reader of its newest version cannot open: they are missing or are not those of the log.
func (r replayed) unreadable(root, table string) (paths []string) {
	for _, e := range r.files {
		data, err := os.ReadFile(filepath.Join(root, table, e.Path))
		if err != nil || int64(len(data)) != e.Size || moveOf("", data).SHA256 != e.Tags["partnerscore.sha256"] {
			paths = append(paths, e.Path)
		}
	}
	return paths
}

// readersDuring holds what a reader may meet at any instant of a publish: all tables can be opened, but for the one whose file was just replaced.
// A new month replaces none.
func readersDuring(tb testing.TB, root string, replaces bool) {
	tb.Helper()
	var broken []string
	for _, t := range Tables() {
		for _, file := range replay(tb, root, t.Name).unreadable(root, t.Name) {
			broken = append(broken, path.Join(t.Name, file))
		}
	}
	if len(broken) > 1 || len(broken) == 1 && !replaces {
		tb.Errorf("readers cannot open %v", broken)
	}
}

func deltaFixtures(tb testing.TB, versions ...int) fixtures {
	tb.Helper()
	fx := newFixtures(tb, 5, versions...)
	fx.delta = true
	return fx
}

// deltaLoops are for the loops over every step of a publish. Where those are short, the ones without logs do.
func deltaLoops(tb testing.TB, versions ...int) fixtures {
	tb.Helper()
	if testing.Short() {
		tb.Skip("the same loops run without logs")
	}
	return deltaFixtures(tb, versions...)
}

func TestDeltaCrashAnywhere(t *testing.T)   { crashAnywhere(t, deltaLoops(t, 1, 2, 3)) }
func TestDeltaKillAnywhere(t *testing.T)    { killAnywhere(t, deltaLoops(t, 1, 2, 3)) }
func TestDeltaFailAnywhere(t *testing.T)    { failAnywhere(t, deltaLoops(t, 1, 2, 3)) }
func TestDeltaBucketDisturbed(t *testing.T) { bucketDisturbed(t, deltaLoops(t, 1, 2)) }
func TestDeltaBucketLostLock(t *testing.T)  { bucketLostLock(t, deltaLoops(t, 1, 2, 3)) }

// Each publish makes one commit of each table. A month that is published again replaces its entry; the files are those of a store without logs.
func TestDeltaPublish(t *testing.T) {
	fx := deltaFixtures(t, 1, 2)
	root := t.TempDir()
	for n, version := range []int{1, 2, 2} { // the last changes nothing
		mustPublish(t, fx, root, version)
		for _, table := range Tables() {
			log := replay(t, root, table.Name)
			want := map[string]entry{}
			data := fx.contents(t, version)[table.Name]
			rel := "month=2024-06/part-0.parquet"
			want[rel] = entry{Path: rel, PartitionValues: map[string]string{"month": "2024-06"}, Size: int64(len(data)), DataChange: true,
				Stats: log.files[rel].Stats, Tags: map[string]string{"partnerscore.sha256": moveOf("", []byte(data)).SHA256}}
			if diff := cmp.Diff(want, log.files); diff != "" {
				t.Errorf("%s, publish %d (-want +got):\n%s", table.Name, n, diff)
			}
			if log.commits != min(n+1, 2) {
				t.Errorf("%s: %d commits after %d publishes", table.Name, log.commits, n+1)
			}
			if diff := cmp.Diff(map[string]int{"minReaderVersion": 1, "minWriterVersion": 2}, log.protocol); diff != "" {
				t.Error(diff)
			}
		}
	}
	if got := wholeVersion(t, fx, mustOpen(t, root)); got != 2 {
		t.Errorf("version %d is published", got)
	}
}

func TestNoDelta(t *testing.T) {
	fx := newFixtures(t, 5, 1)
	root := t.TempDir()
	mustPublish(t, fx, root, 1)
	for rel := range tree(t, root) {
		if strings.Contains(rel, "delta") {
			t.Errorf("%s is there without being asked for", rel)
		}
	}
	if logs, err := mustOpen(t, root).Delta().Compare(t.Context(), true); logs != nil || err != nil {
		t.Errorf("got %v, %v", logs, err)
	}
}

// deltaMonth publishes another month, with the rows of version 1.
func deltaMonth(tb testing.TB, s *Store, m scoring.Month) {
	tb.Helper()
	st, err := s.Stage(tb.Context(), m)
	if err != nil {
		tb.Fatal(err)
	}
	for _, table := range Tables() {
		p := newSample(table.Name, 3, 1)
		p.pairs[2].Value = m.String()
		p.write(tb, st.Path(table.Name))
	}
	man := manifestFor(1)
	man.ScoreMonth = m
	if err := st.Check(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	if _, err := st.Publish(tb.Context(), man); err != nil {
		tb.Fatal(err)
	}
}

// Months from before the logs come into them with the next run; a run that does not ask for logs keeps those that exist; a month that somebody
// deleted leaves them.
func TestDeltaLater(t *testing.T) {
	s := lockedStore(t)
	root := s.files.Where("")
	deltaMonth(t, s, june())
	deltaMonth(t, s, june().Add(1))
	sync := func(ask bool, want ...string) {
		t.Helper()
		if got, err := s.Delta().Sync(t.Context(), ask, false, noon(), "0.1.0"); err != nil || !slices.Equal(got, want) {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
	}
	var all []string
	for _, table := range Tables() {
		all = append(all, table.Name)
	}
	months := func(want ...string) {
		t.Helper()
		for _, table := range all {
			log := replay(t, root, table)
			if got := slices.Sorted(maps.Keys(log.files)); !slices.Equal(got, want) || len(log.unreadable(root, table)) > 0 {
				t.Errorf("the log of %s lists %v, want %v", table, got, want)
			}
		}
		if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) > 0 {
			t.Errorf("verify: %v, %v", diffs, err)
		}
	}
	sync(false)
	sync(true, all...)
	sync(true)
	months("month=2024-06/part-0.parquet", "month=2024-07/part-0.parquet")

	sync(false) // a run that does not ask
	deltaMonth(t, s, june().Add(2))
	months("month=2024-06/part-0.parquet", "month=2024-07/part-0.parquet", "month=2024-08/part-0.parquet")

	for _, rel := range append([]string{ManifestRel(june())}, slices.Collect(maps.Values(relsOf(june())))...) {
		if err := os.Remove(s.files.Where(rel)); err != nil {
			t.Fatal(err)
		}
	}
	sync(false, all...)
	months("month=2024-07/part-0.parquet", "month=2024-08/part-0.parquet")
}

// relsOf are the files of a month by table.
func relsOf(m scoring.Month) map[string]string {
	out := map[string]string{}
	for _, t := range Tables() {
		out[t.Name] = TableRel(t.Name, m)
	}
	return out
}

// After ten commits the log has a checkpoint, from which it can be read alone.
func TestDeltaCheckpoint(t *testing.T) {
	s := lockedStore(t)
	if _, err := s.Delta().Sync(t.Context(), true, false, noon(), "0.1.0"); err != nil {
		t.Fatal(err)
	}
	for i := range 23 {
		deltaMonth(t, s, june().Add(i))
	}
	root := filepath.Join(s.files.Where(""), Scores, "_delta_log")
	var found []string
	for _, pattern := range []string{"*.checkpoint.parquet", "_last*"} {
		some, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, some...)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	if diff := cmp.Diff([]string{"00000000000000000010.checkpoint.parquet", "00000000000000000020.checkpoint.parquet", "_last_checkpoint"}, found); diff != "" {
		t.Error(diff)
	}
	note, err := os.ReadFile(filepath.Join(root, "_last_checkpoint"))
	if err != nil || !strings.Contains(string(note), `"version":20`) {
		t.Errorf("got %s, %v", note, err)
	}
	for v := range 20 { // as a cleaner of old commits would
		if err := os.Remove(filepath.Join(root, fmt.Sprintf("%020d.json", v))); err != nil {
			t.Fatal(err)
		}
	}
	if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) > 0 {
		t.Errorf("verify: %v, %v", diffs, err)
	}
	deltaMonth(t, s, june().Add(23))
	if diffs, err := s.Verify(t.Context()); err != nil || len(diffs) > 0 {
		t.Errorf("verify: %v, %v", diffs, err)
	}
}

// Stores that keep versions get a commit only where the version is free: two runs cannot make the same one.
func TestDeltaCommitIsConditional(t *testing.T) {
	fx := deltaFixtures(t, 1)
	s, _ := bucketOf(t, newBucket(t, fx, false, []int{1}))
	if _, err := s.Lock(t.Context(), 0, "late"); err != nil {
		t.Fatal(err)
	}
	dir, err := s.writer.Stage(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	mv := storage.Move{File: "x", Name: deltalog.CommitName(Scores, 0)}
	err = errors.Join(dir.Write(t.Context(), "x", []byte("{}")), dir.Save(t.Context(), "x"), dir.Prepare(t.Context(), mv.Name), dir.Move(t.Context(), mv))
	var lost *storage.LostRaceError
	if !errors.As(err, &lost) {
		t.Errorf("got %v, want a LostRaceError", err)
	}
}
