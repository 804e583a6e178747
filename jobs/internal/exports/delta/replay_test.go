package delta

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestReplayAgainstAModel replays random commits, with checkpoints at random versions in one file or in parts, of which older files were deleted or
// not: the live files are those of a plain set.
func TestReplayAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := table(t, nil)
		live, removed := map[string]string{}, map[string]bool{}
		versions := rapid.IntRange(1, 12).Draw(rt, "versions")
		for v := range versions {
			put(t, dir, commit(v), lines(randomCommit(rt, v == 0, live, removed)...))
			if rapid.IntRange(0, 3).Draw(rt, "checkpoint") == 0 {
				putCheckpoint(t, rt, dir, v, live, removed)
			}
		}
		read, err := readTable(t, dir)
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := paths(read), slices.Sorted(maps.Keys(live)); !slices.Equal(got, want) || read.Version != int64(versions-1) {
			rt.Fatalf("version %d, files %q, want version %d, %q", read.Version, got, versions-1, want)
		}
		if !maps.Equal(read.Removed, removed) {
			rt.Fatalf("removed %v, want %v", read.Removed, removed)
		}
		for _, f := range read.Files {
			if f.Partition["month"] != live[f.Path] {
				rt.Fatalf("%s is of %q, want %q", f.Path, f.Partition["month"], live[f.Path])
			}
		}
	})
}

// randomCommit makes the actions of a commit, each on another file, and applies them to the model.
func randomCommit(rt *rapid.T, first bool, live map[string]string, removed map[string]bool) (actions []string) {
	if first || rapid.IntRange(0, 5).Draw(rt, "again") == 0 {
		actions = append(actions, protocolLine, metaLine)
	}
	numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, 20), 0, 6, rapid.ID[int]).Draw(rt, "files")
	for _, n := range numbers {
		path := fmt.Sprintf("p/%d.parquet", n)
		if rapid.Bool().Draw(rt, "add") {
			month := rapid.SampledFrom([]string{"2024-05", "2024-06", ""}).Draw(rt, "month")
			actions, live[path] = append(actions, addLine(path, month)), month
			delete(removed, path)
		} else {
			actions = append(actions, removeLine(path))
			delete(live, path)
			removed[path] = true
		}
	}
	return rapid.Permutation(append(actions, `{"commitInfo":{}}`)).Draw(rt, "order")
}

// putCheckpoint writes what is live as a checkpoint, and deletes older files of the log or not.
func putCheckpoint(t *testing.T, rt *rapid.T, dir string, version int, live map[string]string, removed map[string]bool) {
	rows := start()
	for _, path := range slices.Sorted(maps.Keys(removed)) {
		rows = append(rows, row{removed: path})
	}
	for _, path := range slices.Sorted(maps.Keys(live)) {
		rows = append(rows, row{path: path, values: map[string]string{"month": live[path]}})
	}
	if parts := rapid.IntRange(1, 3).Draw(rt, "parts"); parts == 1 {
		put(t, dir, fmt.Sprintf("%020d.checkpoint.parquet", version), checkpoint(t, rows))
	} else {
		for part := range parts {
			var some []row
			for i, r := range rows {
				if i%parts == part {
					some = append(some, r)
				}
			}
			put(t, dir, fmt.Sprintf("%020d.checkpoint.%010d.%010d.parquet", version, part+1, parts), checkpoint(t, some))
		}
	}
	put(t, dir, lastCheckpoint, fmt.Sprintf(`{"version":%d}`, version))
	if !rapid.Bool().Draw(rt, "clean") {
		return
	}
	for v := range version + 1 {
		if err := os.RemoveAll(filepath.Join(dir, LogDir, commit(v))); err != nil {
			rt.Fatal(err)
		}
	}
}

func FuzzCommit(f *testing.F) {
	f.Add([]byte(lines(protocolLine, metaLine, addLine("a.parquet", "2024-06"), removeLine("a.parquet"))))
	f.Add([]byte(`{"add":{"path":"%zz","partitionValues":{"month":null},"deletionVector":{"storageType":"u"}}}`))
	f.Add([]byte("\ufeff{}\r\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newReader(folder{source: opened(t, t.TempDir())})
		if err := r.replay(bytes.NewReader(text), "log"); err != nil {
			return
		}
		for key, file := range r.files {
			if key == "" || file.Path == "" || file.Partition == nil {
				t.Errorf("a live file %q: %+v", key, file)
			}
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	june := map[string]string{"month": "2024-06"}
	f.Add([]byte(checkpoint(f, append(start(), row{path: "a.parquet", values: june}, row{path: "b.parquet", values: june, vector: "x"}))))
	f.Add([]byte(checkpoint(f, nil)))
	if found, err := filepath.Glob("testdata/deltalake/_delta_log/*.checkpoint.parquet"); err == nil && len(found) > 0 {
		text, err := os.ReadFile(found[0])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := table(t, map[string]string{"00000000000000000000.checkpoint.parquet": string(data)})
		read, err := readTable(t, dir)
		if err == nil && read == nil {
			t.Error("neither a table nor an error")
		}
	})
}

// Every byte of a checkpoint may be wrong: it is refused, or read, and never takes the process with it. Every seventh is tried, with
// PARTNERSCORE_TEST_LONG=1 each.
func TestFlippedBytesOfACheckpoint(t *testing.T) {
	whole := []byte(checkpoint(t, append(start(), row{path: "a.parquet", values: map[string]string{"month": "2024-06"}})))
	dir := table(t, nil)
	step := 7
	if os.Getenv("PARTNERSCORE_TEST_LONG") != "" {
		step = 1
	}
	for i := 0; i < len(whole); i += step {
		broken := slices.Clone(whole)
		broken[i] ^= []byte{0x01, 0x80, 0xff}[i%3]
		put(t, dir, "00000000000000000000.checkpoint.parquet", string(broken))
		if read, err := readTable(t, dir); err == nil && len(read.Files) > 1 {
			t.Errorf("byte %d: files %q", i, paths(read))
		}
	}
	for n := 0; n < len(whole); n += 5 * step {
		put(t, dir, "00000000000000000000.checkpoint.parquet", string(whole[:n]))
		if read, err := readTable(t, dir); err == nil {
			t.Errorf("%d of %d bytes are read as %q", n, len(whole), paths(read))
		}
	}
}
