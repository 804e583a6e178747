// Package storagetest holds what tests of stores share: the suite that every store must pass, a wrapper that lets any store fail at a chosen
// step, and a store in memory that works like a bucket.
package storagetest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/storage"
)

// Suite is what every store must pass. newPlace makes an empty place and returns a function that opens it, as one process after the other or
// several at the same time would.
func Suite(t *testing.T, newPlace func(tb testing.TB) (open func() storage.Store)) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, open func() storage.Store)
	}{
		{"nothing there", testEmpty},
		{"publish", testPublish},
		{"replace", testReplace},
		{"lost race", testLostRace},
		{"finish what another run began", testFinish},
		{"staging", testStaging},
		{"put", testPut},
		{"names", testNames},
		{"run ids", testRunIDs},
		{"lock", testLock},
		{"released", testReleased},
		{"many writers", testManyWriters},
		{"below", testBelow},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newPlace(t)) })
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func lock(t *testing.T, s storage.Store, runID string) storage.Writer {
	t.Helper()
	w, err := s.Lock(t.Context(), 0, runID)
	must(t, err)
	return w
}

func stage(t *testing.T, w storage.Writer, name string, files map[string]string) storage.Staging {
	t.Helper()
	st, err := w.Stage(t.Context(), name)
	must(t, err)
	for file, content := range files {
		must(t, os.WriteFile(st.Path(file), []byte(content), 0o666), st.Save(t.Context(), file))
	}
	return st
}

func read(t *testing.T, s storage.Store, name string) string {
	t.Helper()
	data, o, err := storage.ReadFile(t.Context(), s, name)
	must(t, err)
	if o.Name != name || o.Bytes != int64(len(data)) || (o.Version != "") != s.Properties().Versions {
		t.Errorf("%s is described as %+v", name, o)
	}
	return string(data)
}

func wantNames(t *testing.T, s storage.Store, folder string, want ...string) {
	t.Helper()
	list, err := s.List(t.Context(), folder)
	must(t, err)
	var got []string
	for _, o := range list {
		got = append(got, o.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files in %q (-want +got):\n%s", folder, diff)
	}
}

// testEmpty: reading a place that was never written to finds nothing, and creates nothing.
func testEmpty(t *testing.T, open func() storage.Store) {
	s := open()
	wantNames(t, s, "")
	wantNames(t, s, "folder")
	_, err := s.Open(t.Context(), "folder/file")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open: %v", err)
	}
	if publish, err := s.Publishing(t.Context()); publish != nil || err != nil {
		t.Errorf("open publish: %q, %v", publish, err)
	}
	if exists, err := open().Exists(t.Context()); exists || err != nil {
		t.Errorf("exists: %v, %v", exists, err)
	}
	must(t, lock(t, s, "run").Release())
	if exists, err := open().Exists(t.Context()); !exists || err != nil {
		t.Errorf("exists once it was locked: %v, %v", exists, err)
	}
}

func testPublish(t *testing.T, open func() storage.Store) {
	ctx, s := t.Context(), open()
	w := lock(t, s, "run")
	st := stage(t, w, "month", map[string]string{"a": "one", "b": ""})
	must(t, st.Write(ctx, "c", []byte("three")), st.Save(ctx, "c"), st.Prepare(ctx, "t/x", "t/y", "z"), w.Begin(ctx, []byte("open")))
	wantNames(t, open(), "")
	must(t, st.Move(ctx, storage.Move{File: "a", Name: "t/x"}, storage.Move{File: "b", Name: "t/y"}), st.Move(ctx, storage.Move{File: "c", Name: "z"}))
	must(t, w.End(ctx), st.Remove(ctx), st.Remove(ctx), w.Release())

	s = open()
	wantNames(t, s, "", "t/x", "t/y", "z")
	wantNames(t, s, "t", "t/x", "t/y")
	if list, err := s.List(ctx, "", "t"); err != nil || len(list) != 1 || list[0].Name != "z" || list[0].Bytes != 5 {
		t.Errorf("list without t: %+v, %v", list, err)
	}
	for name, want := range map[string]string{"t/x": "one", "t/y": "", "z": "three"} {
		if got := read(t, s, name); got != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
	paths, err := s.Files(ctx, "z", "t/x", "missing")
	must(t, err)
	for i, want := range []string{"three", "one"} {
		if got, err := os.ReadFile(paths[i]); err != nil || string(got) != want {
			t.Errorf("local file %d holds %q, %v", i, got, err)
		}
	}
	if len(paths) != 3 {
		t.Errorf("local files: %q", paths)
	}
}

// testReplace: a reader that has opened a file goes on reading what it opened, or learns that the file was replaced.
func testReplace(t *testing.T, open func() storage.Store) {
	ctx, s := t.Context(), open()
	w := lock(t, s, "run")
	st := stage(t, w, "month", map[string]string{"a": "old", "b": "newer"})
	must(t, st.Prepare(ctx, "t/x"), st.Move(ctx, storage.Move{File: "a", Name: "t/x"}))
	before, err := s.Open(ctx, "t/x")
	must(t, err)
	defer func() { _ = before.Close() }()
	must(t, st.Move(ctx, storage.Move{File: "b", Name: "t/x", Was: before.Object().Version}))
	if got := read(t, open(), "t/x"); got != "newer" {
		t.Errorf("replaced: %q", got)
	}
	got, err := io.ReadAll(io.NewSectionReader(before, 0, before.Object().Bytes))
	if (err != nil || string(got) != "old") && (!s.Properties().Versions || !errors.Is(err, storage.ErrReplaced)) {
		t.Errorf("opened before: %q, %v", got, err)
	}
	if _, now, err := storage.ReadFile(ctx, s, "t/x"); err != nil || s.Properties().Versions && now.Version == before.Object().Version {
		t.Errorf("the version is still %q, %v", now.Version, err)
	}
	must(t, w.Release())
}

// testLostRace: a store with versions replaces no other version than the one that was seen; one without versions has a lock that cannot be lost.
func testLostRace(t *testing.T, open func() storage.Store) {
	ctx, s := t.Context(), open()
	w := lock(t, s, "run")
	st := stage(t, w, "month", map[string]string{"a": "one", "b": "two", "c": "three"})
	must(t, st.Prepare(ctx, "x"), st.Move(ctx, storage.Move{File: "a", Name: "x"}))
	if !s.Properties().Versions {
		var held *storage.HeldError
		if _, err := open().Lock(ctx, 0, "other"); !errors.As(err, &held) {
			t.Errorf("another writer: %v", err)
		}
		return
	}
	_, seen, err := storage.ReadFile(ctx, s, "x")
	must(t, err, st.Move(ctx, storage.Move{File: "b", Name: "x", Was: seen.Version}))
	for _, was := range []string{"", seen.Version} {
		var lost *storage.LostRaceError
		if err := st.Move(ctx, storage.Move{File: "c", Name: "x", Was: was}); !errors.As(err, &lost) {
			t.Errorf("move over another version than %q: %v", was, err)
		}
	}
	if got := read(t, s, "x"); got != "two" {
		t.Errorf("the loser replaced the file: %q", got)
	}
	must(t, st.Move(ctx, storage.Move{File: "c", Name: "x", Always: true}))
	if got := read(t, s, "x"); got != "three" {
		t.Errorf("moved over any version: %q", got)
	}
	must(t, w.Release())
}

// testFinish: the publish of a run that died can be read, finished and closed by the next one, from what was saved.
func testFinish(t *testing.T, open func() storage.Store) {
	ctx := t.Context()
	w := lock(t, open(), "dead")
	st := stage(t, w, "month", map[string]string{"a": "one", "b": "two"})
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := w.Begin(cancelled, []byte("never")); !errors.Is(err, context.Canceled) {
		t.Errorf("begin when it is too late: %v", err)
	}
	if publish, err := open().Publishing(ctx); publish != nil || err != nil {
		t.Errorf("a publish that was cancelled: %q, %v", publish, err)
	}
	must(t, st.Prepare(ctx, "t/x", "t/y"), w.Begin(ctx, []byte("the publish")), st.Move(ctx, storage.Move{File: "a", Name: "t/x"}), w.Release())

	s := open()
	publish, err := s.Publishing(ctx)
	if err != nil || string(publish) != "the publish" {
		t.Fatalf("open publish: %q, %v", publish, err)
	}
	w = lock(t, s, "next")
	st = w.Staged("dead", "month")
	data, _, err := storage.ReadFile(ctx, st, "b")
	if err != nil || string(data) != "two" {
		t.Errorf("staged by a dead run: %q, %v", data, err)
	}
	if _, err := st.Open(ctx, "c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("never staged: %v", err)
	}
	must(t, st.Move(ctx, storage.Move{File: "a", Name: "t/x", Made: true}, storage.Move{File: "b", Name: "t/y"}), w.End(ctx), w.End(ctx), st.Remove(ctx))
	if publish, err := open().Publishing(ctx); publish != nil || err != nil {
		t.Errorf("a publish that was closed: %q, %v", publish, err)
	}
	if x, y := read(t, s, "t/x"), read(t, s, "t/y"); x != "one" || y != "two" {
		t.Errorf("finished: %q, %q", x, y)
	}
	must(t, w.Release())
}

// testStaging: a stage begins empty, can be removed, and is swept with those of other runs; nothing of it is ever listed.
func testStaging(t *testing.T, open func() storage.Store) {
	ctx, s := t.Context(), open()
	w := lock(t, s, "dead")
	stage(t, w, "month", map[string]string{"a": "one"})
	must(t, w.Release())
	w = lock(t, s, "run")
	gone := func(runID, name, file string) {
		t.Helper()
		if _, err := w.Staged(runID, name).Open(ctx, file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s of %s by %s: %v", file, name, runID, err)
		}
	}
	stage(t, w, "month", map[string]string{"a": "one"})
	stage(t, w, "month", map[string]string{"b": "two"})
	gone("run", "month", "a")
	must(t, stage(t, w, "other", map[string]string{"c": "three"}).Remove(ctx))
	gone("run", "other", "c")
	wantNames(t, s, "")
	must(t, w.Sweep(ctx), w.Sweep(ctx))
	gone("run", "month", "b")
	gone("dead", "month", "a")
	must(t, w.Release())
}

func testPut(t *testing.T, open func() storage.Store) {
	s := open()
	w := lock(t, s, "run")
	for _, content := range []string{"one", "", "three"} {
		must(t, w.Put(t.Context(), "folder/small", []byte(content)))
		if got := read(t, open(), "folder/small"); got != content {
			t.Errorf("got %q, want %q", got, content)
		}
	}
	wantNames(t, s, "", "folder/small")
	must(t, w.Release())
}

// testNames: a name is a name, whatever it looks like to a shell, a URL, an engine or a path.
func testNames(t *testing.T, open func() storage.Store) {
	ctx, s := t.Context(), open()
	w := lock(t, s, "run")
	names := []string{`a b`, `a'b"c`, `semi;--$x`, `a[1]*?`, `50%25#frag`, `q?x=1&y`, "line\nbreak", `back\slash`, `é€😀`, `month=2024-06`, `-dash`, `~tilde`, `CON`, `.dot`, `a..b`}
	slices.Sort(names)
	for i := range names {
		names[i] = "odd/" + names[i] + "/file " + strconv.Itoa(i)
		must(t, w.Put(ctx, names[i], []byte(names[i])))
	}
	slices.Sort(names)
	wantNames(t, s, "odd", names...)
	paths, err := s.Files(ctx, names...)
	must(t, err)
	for i, name := range names {
		local, err := os.ReadFile(paths[i])
		if got := read(t, open(), name); got != name || err != nil || string(local) != name {
			t.Errorf("%q holds %q, its local file %q, %v", name, got, local, err)
		}
	}
	for _, bad := range []string{"", ".", "..", "../x", "a/../../x", "/x", "a//b", "a/", "a\xff"} {
		if _, err := s.Open(ctx, bad); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open %q: %v", bad, err)
		}
		if err := w.Put(ctx, bad, nil); err == nil {
			t.Errorf("put %q: no error", bad)
		}
	}
	wantNames(t, s, "odd", names...)
	must(t, w.Release())
}
