package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"
	"time"

	"partnerscore/jobs/internal/storage"
)

// testRunIDs: an id becomes part of names that are deleted later.
func testRunIDs(t *testing.T, open func() storage.Store) {
	for _, bad := range []string{"", "..", "a/b", "../x", ".hidden", "intent.json", "a b"} {
		if _, err := open().Lock(t.Context(), 0, bad); err == nil {
			t.Errorf("run id %q was taken", bad)
		}
	}
}

func testLock(t *testing.T, open func() storage.Store) {
	w := lock(t, open(), "first")
	var held *storage.HeldError
	if _, err := open().Lock(t.Context(), 20*time.Millisecond, "second"); !errors.As(err, &held) || held.RunID != "first" {
		t.Errorf("got %v, want held by first", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := open().Lock(ctx, time.Hour, "second"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	first := w // w is written below
	time.AfterFunc(20*time.Millisecond, func() { _ = first.Release() })
	w, err := open().Lock(t.Context(), time.Minute, "second")
	must(t, err, w.Release())
}

// testReleased: nothing is changed by a writer without the lock.
func testReleased(t *testing.T, open func() storage.Store) {
	ctx, s := t.Context(), open()
	w := lock(t, s, "run")
	st := stage(t, w, "month", map[string]string{"a": "one"})
	must(t, st.Prepare(ctx, "x"), w.Release())
	_, staged := w.Stage(ctx, "other")
	for what, err := range map[string]error{
		"stage": staged, "begin": w.Begin(ctx, nil), "end": w.End(ctx), "put": w.Put(ctx, "x", nil), "sweep": w.Sweep(ctx), "release": w.Release(),
		"write": st.Write(ctx, "b", nil), "save": st.Save(ctx, "a"), "prepare": st.Prepare(ctx, "x"), "remove": st.Remove(ctx),
		"move": st.Move(ctx, storage.Move{File: "a", Name: "x"}),
	} {
		if !errors.Is(err, storage.ErrReleased) {
			t.Errorf("%s: %v", what, err)
		}
	}
	wantNames(t, s, "")
	if publish, err := s.Publishing(ctx); publish != nil || err != nil {
		t.Errorf("open publish: %q, %v", publish, err)
	}
}

// testManyWriters: writers that wait for each other lose no change, and readers see whole files all the time.
func testManyWriters(t *testing.T, open func() storage.Store) {
	const writers, rounds = 4, 5
	must(t, add(t.Context(), open(), "zero", 0))
	var running sync.WaitGroup
	failed := make(chan error, 2*writers)
	for i := range writers {
		running.Go(func() {
			for range rounds {
				if err := add(t.Context(), open(), fmt.Sprint("run-", i), 1); err != nil {
					failed <- err
					return
				}
			}
		})
		running.Go(func() {
			for s, round := open(), 0; round < 50; round++ {
				if _, err := count(t.Context(), s); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	running.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	if n, err := count(t.Context(), open()); err != nil || n != writers*rounds {
		t.Errorf("%d changes, %v, want %d", n, err, writers*rounds)
	}
}

// count reads a number that is written twice.
func count(ctx context.Context, s storage.Store) (n int, err error) {
	data, _, err := storage.ReadFile(ctx, s, "counter")
	if err != nil {
		return 0, err
	}
	var again int
	if _, err := fmt.Sscanf(string(data), "%d %d", &n, &again); err != nil || n != again {
		return 0, fmt.Errorf("the counter holds %q: %w", data, err)
	}
	return n, nil
}

// add publishes the number that is larger by n.
func add(ctx context.Context, s storage.Store, runID string, n int) (err error) {
	w, err := s.Lock(ctx, time.Minute, runID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Release()) }()
	mv := storage.Move{File: "counter.staged", Name: "counter"}
	switch f, err := s.Open(ctx, "counter"); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		mv.Was = f.Object().Version
		before, err := count(ctx, s)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
		n += before
	}
	st, err := w.Stage(ctx, "change")
	if err != nil {
		return err
	}
	return errors.Join(st.Write(ctx, mv.File, fmt.Appendf(nil, "%d %d", n, n)), st.Save(ctx, mv.File), st.Prepare(ctx, mv.Name),
		w.Begin(ctx, []byte("change")), st.Move(ctx, mv), w.End(ctx), st.Remove(ctx))
}

// testBelow: the store of a folder has its own lock and its own staged files. It and the whole store see each other's files and nothing else.
func testBelow(t *testing.T, open func() storage.Store) {
	ctx, whole := t.Context(), open()
	part := open().Below("cache/one")
	wantNames(t, part, "")
	all, one, other := lock(t, whole, "all"), lock(t, part, "one"), lock(t, open().Below("cache/two"), "two")
	var held *storage.HeldError
	if _, err := open().Below("cache/one").Lock(ctx, 0, "late"); !errors.As(err, &held) || held.RunID != "one" {
		t.Errorf("got %v, want held by one", err)
	}
	st := stage(t, one, "month", map[string]string{"a": "one"})
	must(t, other.Begin(ctx, []byte("publish")), all.Sweep(ctx), other.Sweep(ctx))
	if publish, err := whole.Publishing(ctx); publish != nil || err != nil {
		t.Errorf("the publish of a part is that of the whole: %q, %v", publish, err)
	}
	must(t, other.End(ctx), st.Prepare(ctx, "x"), st.Move(ctx, storage.Move{File: "a", Name: "x", Always: true}), st.Remove(ctx))
	wantNames(t, part, "", "x")
	wantNames(t, whole, "", "cache/one/x")
	wantNames(t, whole, "cache", "cache/one/x")
	if got := read(t, whole, "cache/one/x") + read(t, part, "x"); got != "oneone" {
		t.Errorf("read %q", got)
	}
	must(t, all.Put(ctx, "cache/one/y", []byte("all")), one.Sweep(ctx))
	wantNames(t, part, "", "x", "y")
	must(t, all.Release(), one.Release(), other.Release())
}
