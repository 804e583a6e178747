package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stageFacts stages files of facts that all hold the same.
func stageFacts(t *testing.T, s *Store, content string, names ...string) *CacheStage {
	t.Helper()
	st, err := s.Cache().StageFacts(t.Context(), june(), Claim{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(st.Path(name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return st
}

func factsFiles() []string { return []string{FactsConsumption, FactsCustomers, FactsServices} }

func juneFacts() Facts { return Facts{Version: FactsVersion, Month: june(), Fingerprint: "f"} }

// cachedFacts are the files of facts less what describes them.
func cachedFacts(t *testing.T, s *Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for rel, e := range tree(t, s.files.Where(factsRel(june()))) {
		if !e.Mode.IsDir() && rel != FactsDescription && rel != ".lock" {
			out[rel] = e.Content
		}
	}
	return out
}

func TestFacts(t *testing.T) {
	s := lockedStore(t)
	for _, content := range []string{"one", "two"} {
		st := stageFacts(t, s, content, factsFiles()...)
		if _, err := st.PublishFacts(t.Context(), juneFacts()); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{FactsConsumption: content, FactsCustomers: content, FactsServices: content}
		if diff := cmp.Diff(want, cachedFacts(t, s)); diff != "" {
			t.Errorf("facts (-want +got):\n%s", diff)
		}
		sum := sha256.Sum256([]byte(content))
		facts := juneFacts()
		for _, name := range factsFiles() {
			facts.Files = append(facts.Files, File{Table: "facts", Path: name, Bytes: 3, SHA256: hex.EncodeToString(sum[:])})
		}
		got, err := s.Cache().Facts(t.Context(), june())
		if diff := cmp.Diff(&facts, got); diff != "" || err != nil {
			t.Errorf("description, %v (-want +got):\n%s", err, diff)
		}
		if _, err := os.Stat(st.Path("")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the staging folder was left: %v", err)
		}
	}
	if got, err := unexpectedFiles(t, s); err != nil || len(got) > 0 {
		t.Errorf("facts are unexpected: %v, %v", got, err)
	}
	if months, err := s.Cache().FactsMonths(t.Context()); err != nil || len(months) != 1 || months[0] != june() {
		t.Errorf("months of facts: %v, %v", months, err)
	}
	if _, err := stageFacts(t, s, "x").PublishFacts(t.Context(), juneFacts()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("facts that were not staged: %v", err)
	}
}

// Facts whose files are not those of the description are not used.
func TestDamagedFacts(t *testing.T) {
	s := lockedStore(t)
	if _, err := stageFacts(t, s, "one", factsFiles()...).PublishFacts(t.Context(), juneFacts()); err != nil {
		t.Fatal(err)
	}
	f, err := s.Cache().Facts(t.Context(), june())
	if err != nil || f == nil {
		t.Fatalf("got %v, %v", f, err)
	}
	path := filepath.Join(s.files.Where(factsRel(june())), FactsServices)
	for content, want := range map[string]struct{ described, intact bool }{"one": {true, true}, "two": {true, false}, "longer": {false, false}} {
		overwrite(t, path, content)
		whole, err := s.Cache().IntactFacts(t.Context(), f)
		now, errNow := s.Cache().Facts(t.Context(), june())
		if (now != nil) != want.described || whole != want.intact || errors.Join(err, errNow) != nil {
			t.Errorf("%s: described %v, intact %v, %v, %v", content, now != nil, whole, err, errNow)
		}
	}
	if by, err := s.Cache().FactsEngine(t.Context(), june()); by != DuckDB || err != nil {
		t.Error("it has facts")
	}
	if by, err := s.Cache().FactsEngine(t.Context(), june().Add(1)); by != "" || err != nil {
		t.Error("it has no facts of another month")
	}
}

// A staged file that is not there is noticed before any other one is moved.
func TestFactsAreComplete(t *testing.T) {
	s := lockedStore(t)
	if _, err := stageFacts(t, s, "old", factsFiles()...).PublishFacts(t.Context(), juneFacts()); err != nil {
		t.Fatal(err)
	}
	before := cachedFacts(t, s)
	if _, err := stageFacts(t, s, "new", FactsConsumption, FactsServices).PublishFacts(t.Context(), juneFacts()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, cachedFacts(t, s)); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// The file that describes the others is moved last, whatever stops the run.
func TestFactsLastFileComesLast(t *testing.T) {
	for n := 0; ; n++ {
		s := lockedStore(t)
		st := stageFacts(t, s, "new", factsFiles()...)
		var err error
		crashed := crashes(t, s, stopAt(n), func() { _, err = st.PublishFacts(t.Context(), juneFacts()) })
		if !crashed {
			if err != nil || n < 10 {
				t.Errorf("after %d crashes: %v", n, err)
			}
			return
		}
		dir := s.files.Where(factsRel(june()))
		for _, name := range factsFiles() {
			if exists(filepath.Join(dir, FactsDescription)) && !exists(filepath.Join(dir, name)) {
				t.Errorf("crash %d: the description is there and %s is not", n, name)
			}
		}
	}
}

func TestKeptValues(t *testing.T) {
	s := lockedStore(t)
	var got map[string]int
	if s.Cache().Kept(t.Context(), "numbers", &got) {
		t.Errorf("nothing was kept, got %v", got)
	}
	for _, want := range []map[string]int{{"a": 1}, {"b": 2}} {
		if err := s.Cache().Keep(t.Context(), "numbers", want); err != nil {
			t.Fatal(err)
		}
		got = nil
		if !s.Cache().Kept(t.Context(), "numbers", &got) || !cmp.Equal(want, got) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	overwrite(t, s.files.Where("_facts/numbers.json"), "{")
	if s.Cache().Kept(t.Context(), "numbers", &got) {
		t.Error("a damaged file was read")
	}
	if err := mustOpen(t, t.TempDir()).Cache().Keep(t.Context(), "numbers", 1); err == nil {
		t.Error("kept without the lock")
	}
}
