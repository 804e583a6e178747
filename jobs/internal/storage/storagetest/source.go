package storagetest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/storage"
)

// Source checks what every source of exports must do. fill returns a source with the files and a function that replaces or adds one.
func Source(t *testing.T, fill func(t *testing.T, files map[string]string) (source storage.Source, put func(name, text string))) {
	t.Run("lists names in order", func(t *testing.T) {
		s, _ := fill(t, map[string]string{"b.csv": "1", "a/x.csv": "1", "a/y/z.csv": "1", "é [1].csv": "1", "a.csv": "1"})
		for dir, want := range map[string][]string{"": {"a/", "a.csv", "b.csv", "é [1].csv"}, "a": {"x.csv", "y/"}, "a/y": {"z.csv"}} {
			entries, err := s.ReadDir(t.Context(), dir)
			var got []string
			for _, e := range entries {
				name := e.Name
				if e.Mode.IsDir() {
					name += "/"
				}
				got = append(got, name)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%q has %q, %v, want %q", dir, got, err, want)
			}
		}
		if _, err := s.ReadDir(t.Context(), "no/such"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a folder that does not exist: %v", err)
		}
		if s.Root() == "" {
			t.Error("the root has no name")
		}
	})
	t.Run("looks at names", func(t *testing.T) {
		s, _ := fill(t, map[string]string{"a/x.csv": "123"})
		if info, err := s.Stat(t.Context(), "a/x.csv"); err != nil || info.Size != 3 || !info.Mode.IsRegular() || info.Linked || info.Version == "" {
			t.Errorf("a file: %+v, %v", info, err)
		}
		if info, err := s.Stat(t.Context(), "a"); err != nil || !info.Mode.IsDir() {
			t.Errorf("a folder: %+v, %v", info, err)
		}
		for _, name := range []string{"x.csv", "a/x", "b/x.csv"} {
			if _, err := s.Stat(t.Context(), name); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.Open(t.Context(), name, storage.SourceInfo{}); err == nil {
				t.Errorf("%s can be opened", name)
			}
		}
	})
	t.Run("reads bytes", func(t *testing.T) { readsBytes(t, fill) })
	t.Run("sees changes", func(t *testing.T) { seesChanges(t, fill) })
}

func readsBytes(t *testing.T, fill func(*testing.T, map[string]string) (storage.Source, func(string, string))) {
	s, _ := fill(t, map[string]string{"a/x.csv": "0123456789", "empty.csv": ""})
	for name, want := range map[string]string{"a/x.csv": "0123456789", "empty.csv": ""} {
		info, err := s.Stat(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Open(t.Context(), name, info)
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
		if err != nil || string(all) != want {
			t.Errorf("%s: %q, %v", name, all, err)
		}
		part := make([]byte, 4)
		if n, err := r.ReadAt(part, int64(len(want))-min(2, int64(len(want)))); n != min(2, len(want)) || !errors.Is(err, io.EOF) {
			t.Errorf("%s: %d bytes at its end, %v", name, n, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Fetch(t.Context(), name, info); err != nil {
			t.Fatal(err)
		}
		path := s.Path(name, info)
		if copied, err := os.ReadFile(path); err != nil || string(copied) != want {
			t.Errorf("%s, local: %q, %v", name, copied, err)
		}
		if !slices.ContainsFunc(s.Folders(), func(folder string) bool { return strings.HasPrefix(path, folder+string(filepath.Separator)) }) {
			t.Errorf("%s is in none of %q", path, s.Folders())
		}
		s.Forget(name)
	}
}

// seesChanges: old bytes under a new version, or new bytes under an old one, are never read without a sign.
func seesChanges(t *testing.T, fill func(*testing.T, map[string]string) (storage.Source, func(string, string))) {
	s, put := fill(t, map[string]string{"x.csv": "old"})
	before, err := s.Stat(t.Context(), "x.csv")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Stat(t.Context(), "x.csv"); err != nil || again.Version != before.Version {
		t.Errorf("unchanged: %q, then %q, %v", before.Version, again.Version, err)
	}
	put("x.csv", "newer")
	after, err := s.Stat(t.Context(), "x.csv")
	if err != nil || after.Version == before.Version {
		t.Errorf("changed: %q, then %q, %v", before.Version, after.Version, err)
	}
	r, err := s.Open(t.Context(), "x.csv", before)
	if err == nil {
		_, err = io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
		err = errors.Join(err, r.Close())
	}
	if err != nil && !errors.Is(err, storage.ErrSourceChanged) {
		t.Errorf("reading a version that is gone: %v", err)
	}
	if err := s.Fetch(t.Context(), "x.csv", before); err != nil && !errors.Is(err, storage.ErrSourceChanged) {
		t.Errorf("a local copy of a version that is gone: %v", err)
	}
}
