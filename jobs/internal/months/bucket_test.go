package months_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/memory"
	"partnerscore/jobs/internal/world"
)

// requests are those that places made, counted by kind and place, like "exports/ get".
type requests struct {
	mu  sync.Mutex
	all []string
}

func (r *requests) note(op string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, op)
}

// take returns what was noted since the last call.
func (r *requests) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

func count(all []string, prefix string) (n int) {
	for _, op := range all {
		if strings.HasPrefix(op, prefix) {
			n++
		}
	}
	return n
}

// upload puts a folder into a place.
func upload(t *testing.T, c bucket.Client, folder string) (bytesInAll int64) {
	t.Helper()
	world.Walk(t, folder, func(rel string, data []byte, _ fs.FileInfo) {
		bytesInAll += int64(len(data))
		if _, err := c.Put(t.Context(), filepath.ToSlash(rel), bucket.Content{Body: bytes.NewReader(data), Bytes: int64(len(data))}, bucket.Condition{}); err != nil {
			t.Fatal(err)
		}
	})
	return bytesInAll
}

// published are the hashes of the published tables of a place, by name.
func published(t *testing.T, c bucket.Client) map[string]string {
	t.Helper()
	all, err := c.List(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]string{}
	for _, o := range all {
		if strings.HasPrefix(o.Name, "_") || strings.HasPrefix(o.Name, ".") {
			continue
		}
		body, _, err := c.Get(t.Context(), o.Name, o.Version, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		tables[o.Name] = hex.EncodeToString(sum[:8])
	}
	return tables
}

// Exports and snapshots in a bucket give the bytes of folders, and a run that changes nothing reads footers and writes the lock.
func TestBucketsGiveTheBytesOfFolders(t *testing.T) {
	w, built := world.New(), 14
	if !world.Long {
		built = 4
		w.Lately(built)
	}
	exports := w.Write(t)
	local := world.Score(t, exports, world.NoHistory)
	want := world.TableBytes(t, local.Snapshots)

	place, seen := memory.New(), &requests{}
	size := upload(t, place.Client("exports/"), exports)
	in := func(o *months.Options) {
		o.Places = world.BucketPlaces{Bucket: place, Request: seen.note, Room: size / 2} // not all months fit at once
		o.Exports, o.Snapshots = "memory://exports/", "memory://snapshots/"
		world.NoHistory(o)
	}
	if out, _, err := world.Try(t, "", "", world.June, in); err != nil || !out.Changed || out.FactsBuilt != built {
		t.Fatalf("%+v, %v", out, err)
	}
	got := published(t, place.Client("snapshots/"))
	if !slices.Equal(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))) {
		t.Fatalf("published %q", slices.Sorted(maps.Keys(got)))
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s differs from that of a folder", name)
		}
	}
	first := seen.take()
	if n := count(first, "exports/ list"); n != 1 {
		t.Errorf("exports were listed %d times", n)
	}

	if out, _, err := world.Try(t, "", "", world.June, in); err != nil || out.Changed {
		t.Fatalf("again: %+v, %v", out, err)
	}
	for _, op := range seen.take() {
		if put := strings.HasPrefix(op, "snapshots/ put "); put && op != "snapshots/ put .lock" || strings.HasPrefix(op, "snapshots/ delete") {
			t.Errorf("nothing had changed, but: %s", op)
		}
	}

	readersChangeNothing(t, in, seen)
}

// readersChangeNothing: what only looks at a place makes no put.
func readersChangeNothing(t *testing.T, in func(*months.Options), seen *requests) {
	t.Helper()
	for what, run := range map[string]func(months.Options) error{
		"status": func(o months.Options) error { _, _, err := months.Status(t.Context(), o); return err },
		"verify": func(o months.Options) error {
			found, err := months.Verify(t.Context(), o, true)
			if err == nil && found.ScoredAgain != 1 {
				t.Errorf("verify: %+v", found)
			}
			if err == nil {
				err = found.Err()
			}
			return err
		},
		"plan": func(o months.Options) error { _, err := months.MakePlan(t.Context(), o, world.June); return err },
	} {
		opt := world.Options("", "", t.TempDir())
		in(&opt)
		if err := run(opt); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		for _, op := range seen.take() {
			if strings.Contains(op, " put ") || strings.Contains(op, " delete ") {
				t.Errorf("%s changes nothing, but: %s", what, op)
			}
		}
	}
}
