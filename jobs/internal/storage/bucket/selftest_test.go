package bucket_test

import (
	"errors"
	"strings"
	"testing"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/memory"
)

// A self-test passes on a store that obeys conditions, leaves nothing behind but the lock, and does not disturb a publish that is open.
func TestSelfTest(t *testing.T) {
	place := memory.New()
	client := place.Client("")
	store := bucket.Open(client, scratch(t), quick())
	w, err := store.Lock(t.Context(), 0, "dead")
	if err != nil {
		t.Fatal(err)
	}
	st, err := w.Stage(t.Context(), "2024-06")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(st.Write(t.Context(), "scores", []byte("x")), st.Save(t.Context(), "scores"), w.Begin(t.Context(), []byte("open")), w.Release()); err != nil {
		t.Fatal(err)
	}
	for _, c := range storage.SelfTest(t.Context(), store, "test") {
		if c.Err != nil {
			t.Errorf("%s: %v", c.Name, c.Err)
		}
	}
	left, err := client.List(t.Context(), "")
	if err != nil || len(left) != 2 || left[0].Name != ".lock" || left[1].Name != ".staging/dead/2024-06/scores" {
		t.Errorf("left: %+v, %v", left, err)
	}
	if open, err := store.Publishing(t.Context()); string(open) != "open" || err != nil {
		t.Errorf("the open publish is %q, %v", open, err)
	}
}

// It names what a store does not do.
func TestSelfTestFails(t *testing.T) {
	place := memory.New()
	place.IgnoresConditions = true
	checks := storage.SelfTest(t.Context(), bucket.Open(place.Client(""), scratch(t), quick()), "test")
	last := checks[len(checks)-1]
	if last.Name != "take the lock" || last.Err == nil || !strings.Contains(last.Err.Error(), "ignores the condition If-") {
		t.Errorf("%+v", checks)
	}
	client := memory.New().Client("")
	client.Before = func(op string) error {
		if strings.HasPrefix(op, "delete") {
			return errors.New("deletes are refused by the test")
		}
		return nil
	}
	checks = storage.SelfTest(t.Context(), bucket.Open(client, scratch(t), quick()), "test")
	failed := 0
	for _, c := range checks {
		if c.Err != nil {
			failed++
		}
	}
	if failed != 1 || !strings.Contains(checks[3].Err.Error(), "refused by the test") {
		t.Errorf("%+v", checks)
	}
}
