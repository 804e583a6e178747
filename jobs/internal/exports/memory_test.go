package exports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/storagetest"
)

// memorySource is a source without folders: a flat list of names, as object stores have, whose reads ask for a version.
type memorySource struct {
	scratch string
	objects map[string]object
	mutex   sync.Mutex // files are opened side by side
	opened  []string
}

type object struct {
	text    string
	version int
}

func newMemory(t testing.TB, files map[string]string) *memorySource {
	m := &memorySource{scratch: t.TempDir(), objects: map[string]object{}}
	for name, text := range files {
		m.put(name, text)
	}
	return m
}

func (m *memorySource) put(name, text string) {
	m.objects[name] = object{text, m.objects[name].version + 1}
}

func (m *memorySource) Root() string { return "mem://exports" }

func (m *memorySource) ReadDir(_ context.Context, dir string) ([]storage.SourceEntry, error) {
	if dir != "" {
		dir += "/"
	}
	modes := map[string]fs.FileMode{}
	for name := range m.objects {
		if below, ok := strings.CutPrefix(name, dir); ok {
			first, _, folder := strings.Cut(below, "/")
			modes[first] = 0
			if folder {
				modes[first] = fs.ModeDir
			}
		}
	}
	if len(modes) == 0 {
		return nil, fs.ErrNotExist
	}
	var entries []storage.SourceEntry
	for _, name := range slices.Sorted(maps.Keys(modes)) {
		entries = append(entries, storage.SourceEntry{Name: name, Mode: modes[name]})
	}
	return entries, nil
}

func (m *memorySource) Stat(_ context.Context, name string) (storage.SourceInfo, error) {
	if o, ok := m.objects[name]; ok {
		return storage.SourceInfo{Size: int64(len(o.text)), Version: fmt.Sprintf("%d-%d", len(o.text), o.version)}, nil
	}
	for other := range m.objects {
		if strings.HasPrefix(other, name+"/") {
			return storage.SourceInfo{Mode: fs.ModeDir}, nil
		}
	}
	return storage.SourceInfo{}, fs.ErrNotExist
}

type versioned struct {
	*bytes.Reader
	m    *memorySource
	name string
	info storage.SourceInfo
}

func (v versioned) ReadAt(p []byte, off int64) (int, error) {
	if now, err := v.m.Stat(context.Background(), v.name); err != nil || now != v.info {
		return 0, storage.ErrSourceChanged
	}
	return v.Reader.ReadAt(p, off)
}

func (v versioned) Close() error { return nil }

func (m *memorySource) Open(ctx context.Context, name string, info storage.SourceInfo) (storage.SourceReader, error) {
	now, err := m.Stat(ctx, name)
	if err != nil {
		return nil, err
	}
	if now != info {
		return nil, storage.ErrSourceChanged
	}
	m.mutex.Lock()
	m.opened = append(m.opened, name)
	m.mutex.Unlock()
	return versioned{bytes.NewReader([]byte(m.objects[name].text)), m, name, info}, nil
}

func (m *memorySource) Path(name string, _ storage.SourceInfo) string {
	return filepath.Join(m.scratch, filepath.FromSlash(name))
}

func (m *memorySource) Fetch(_ context.Context, name string, info storage.SourceInfo) error {
	o, ok := m.objects[name]
	if !ok || fmt.Sprintf("%d-%d", len(o.text), o.version) != info.Version {
		return storage.ErrSourceChanged
	}
	path := m.Path(name, info)
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(o.text), 0o666))
}

func (m *memorySource) Forget(names ...string) {
	for _, name := range names {
		_ = os.Remove(filepath.Join(m.scratch, filepath.FromSlash(name)))
	}
}

func (m *memorySource) Folders() []string { return []string{m.scratch} }

func TestMemoryIsASource(t *testing.T) {
	storagetest.Source(t, func(t *testing.T, files map[string]string) (storage.Source, func(name, text string)) {
		m := newMemory(t, files)
		return m, m.put
	})
}

// lake has files of all inputs, a manifest and a Delta table.
func lake(t testing.TB) map[string]string {
	data := parquetFile(t, 3, plainUsage())
	log := strings.ReplaceAll(deltaLog(`"month"`, "a.parquet", `"month":"2024-05"`), `"size":2`, fmt.Sprintf(`"size":%d`, len(data)))
	usage := plainUsageHeader + "\n" + usageRow
	return map[string]string{
		"azure_usage/month=2024-05/" + firstCommit: log,
		"azure_usage/month=2024-05/a.parquet":      data,
		"azure_usage/month=2024-05/old.parquet":    data,
		"azure_usage/month=2024-06/manifest.json":  manifestOf("x/month=2024-06/u.csv", fmt.Sprint(len(usage)), "0"),
		"azure_usage/month=2024-06/u.csv":          usage,
		"azure_usage/month=2024-06/v.csv.gz":       gzipped(t, usage+usageRow),
		"azure_usage/month=2024-06/~$u.csv":        "x",
		"azure_usage/month=2024-13/u.csv":          usage,
		"certifications/month=2024-06/c.csv":       plainCertificationsHeader + "\n",
		"partners/p.tsv":                           "MpnId\tPGA_MPNId\n1\t2\n",
	}
}

// TestASourceWithoutFolders: finding and checking do not depend on a file system: all that is found, noted and read is the same.
func TestASourceWithoutFolders(t *testing.T) {
	type result struct {
		Rel, SHA256 string
		Rows        int64
		Mapping     map[string]schema.Column
	}
	read := func(source storage.Source) (results []result, notes []string) {
		c, err := Find(t.Context(), source, Patterns{})
		if err != nil {
			t.Fatal(err)
		}
		files, err := Check(t.Context(), c.Files(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := Fetch(t.Context(), files); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if info, err := os.Stat(f.Path); err != nil || info.Size() != f.Bytes {
				t.Errorf("%s is not local: %v", f.Rel, err)
			}
			if err := Unchanged(t.Context(), f); err != nil {
				t.Error(err)
			}
			results = append(results, result{f.Rel, f.SHA256, f.Rows, f.Mapping})
		}
		return results, append(c.Ignored.Sentences(), append(c.Warnings.Sentences(), c.Manifests...)...)
	}
	files := lake(t)
	wantResults, wantNotes := read(folderSource(t, tree(t, files)))
	gotResults, gotNotes := read(newMemory(t, files))
	if diff := cmp.Diff(wantResults, gotResults); diff != "" || len(gotResults) != 5 {
		t.Errorf("%d files, %s", len(gotResults), diff)
	}
	if diff := cmp.Diff(wantNotes, gotNotes); diff != "" || len(gotNotes) != 5 {
		t.Errorf("notes %q, %s", gotNotes, diff)
	}
}

// TestChangesInASource: what changes between the list and the read is refused as in a folder, and what is known is not opened for its bytes.
func TestChangesInASource(t *testing.T) {
	const rel = "azure_usage/month=2024-06/u.csv"
	text := plainUsageHeader + "\n" + usageRow
	m := newMemory(t, map[string]string{rel: text})
	c, err := Find(t.Context(), m, Patterns{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := Check(t.Context(), c.Files(), Options{})
	if err != nil || len(m.opened) != 2 { // for the header and for the bytes
		t.Fatalf("opened %q, %v", m.opened, err)
	}
	known, ok := files[0].Known()
	if !ok {
		t.Fatal("the version is not settled")
	}
	files, err = Check(t.Context(), c.Files(), Options{Known: func(Found) (Known, bool) { return known, true }})
	if err != nil || len(m.opened) != 3 || !files[0].Reused {
		t.Fatalf("opened %q, %v", m.opened, err)
	}
	changing := Options{Known: func(Found) (Known, bool) { m.put(rel, text+usageRow); return Known{}, false }}
	if _, err := Check(t.Context(), c.Files(), changing); err == nil || !strings.Contains(err.Error(), "changed while it was read; run again when the delivery is complete") {
		t.Errorf("changed between header and bytes: %v", err)
	}
	var changed *ChangedError
	if err := Unchanged(t.Context(), files[0]); !errors.As(err, &changed) {
		t.Errorf("unchanged: %v", err)
	}
	if err := Fetch(t.Context(), files); !errors.As(err, &changed) {
		t.Errorf("fetched: %v", err)
	}
	if _, err := Lines(t.Context(), files[0], []int64{1}); !errors.As(err, &changed) {
		t.Errorf("read again: %v", err)
	}
	delete(m.objects, rel)
	if err := Unchanged(t.Context(), files[0]); err == nil || !strings.Contains(err.Error(), "vanished") {
		t.Errorf("removed: %v", err)
	}
}
