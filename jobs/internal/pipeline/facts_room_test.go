package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
)

// What was read of a month counts against the memory limit while the next one is read, and when the scores are computed.
func TestFactsLeaveNoRowsBehind(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "p", amount: "5"})
	opt := options(w.write(t), t.TempDir(), t.TempDir())
	opt.AllowMissingHistory, opt.AllowMissingCertifications = true, true
	s, err := openSession(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	release, err := s.lock(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = release() }()
	r, err := s.prepare(ctx, june)
	if err == nil {
		err = r.open(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.db.Close() }()
	if _, err := r.buildFacts(ctx, june, "test"); err != nil {
		t.Fatal(err)
	}
	for _, asks := range []string{"facts/rows", "facts/exclusions"} { // usage_total, usage_losing
		err := r.db.Query(ctx, asks, func(*sql.Rows) error { return errors.New("there are rows") })
		if err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("%s: %v, want a table that does not exist", asks, err)
		}
	}
}
