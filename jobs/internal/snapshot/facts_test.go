package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func stageFacts(t *testing.T, s *Store, files map[string]string) {
	t.Helper()
	dir, err := s.StageFacts("r1", june())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func cachedFacts(t *testing.T, s *Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for rel, e := range tree(t, s.FactsDir(june())) {
		if !e.Mode.IsDir() {
			out[rel] = e.Content
		}
	}
	return out
}

func TestFacts(t *testing.T) {
	s := lockedStore(t)
	for _, content := range []string{"one", "two"} {
		files := map[string]string{"a": content, "last": content}
		stageFacts(t, s, files)
		if err := s.PublishFacts("r1", june(), "a", "last"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(files, cachedFacts(t, s)); diff != "" {
			t.Errorf("facts (-want +got):\n%s", diff)
		}
	}
	if exists(s.stagedCache("r1", "facts", june())) {
		t.Error("the staging folder was left")
	}
	if got, err := s.Unexpected(); err != nil || len(got) > 0 {
		t.Errorf("facts are unexpected: %v, %v", got, err)
	}
	if err := s.PublishFacts("r1", june(), "a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("facts that were not staged: %v", err)
	}
}

// A staged file that is not there is noticed before any other one is moved.
func TestFactsAreComplete(t *testing.T) {
	s := lockedStore(t)
	old := map[string]string{"a": "old", "last": "old"}
	stageFacts(t, s, old)
	if err := s.PublishFacts("r1", june(), "a", "last"); err != nil {
		t.Fatal(err)
	}
	stageFacts(t, s, map[string]string{"a": "new"})
	if err := s.PublishFacts("r1", june(), "a", "last"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(old, cachedFacts(t, s)); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// The file that vouches for the others is moved last, whatever stops the run.
func TestFactsLastFileComesLast(t *testing.T) {
	for n := 0; ; n++ {
		s := lockedStore(t)
		stageFacts(t, s, map[string]string{"a": "new", "last": "new"})
		var err error
		crashed := crashes(t, s, stopAt(n), func() { err = s.PublishFacts("r1", june(), "a", "last") })
		if !crashed {
			if err != nil || n < 5 {
				t.Errorf("after %d crashes: %v", n, err)
			}
			return
		}
		if exists(filepath.Join(s.FactsDir(june()), "last")) && !exists(filepath.Join(s.FactsDir(june()), "a")) {
			t.Errorf("crash %d: the last file is there and the other is not", n)
		}
	}
}

func TestHash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256([]byte("content"))
	sum, size, err := Hash(context.Background(), path)
	if err != nil || sum != hex.EncodeToString(want[:]) || size != 7 {
		t.Errorf("got %s, %d, %v", sum, size, err)
	}
	if _, _, err := Hash(context.Background(), filepath.Dir(path)); !errors.Is(err, errNotRegular) {
		t.Errorf("a folder: %v", err)
	}
}
