package connect

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// TestKeep: rows that are kept are those of one run of the query, however often they are read, until they are dropped.
func TestKeep(t *testing.T) {
	s := server(t)
	sum := func() (text string, err error) {
		err = s.Query(t.Context(), "SELECT count(*) || ' ' || sum(n) FROM kept", func(b arrow.RecordBatch) error {
			text = b.Column(0).ValueStr(0)
			return nil
		})
		return text, err
	}
	read := map[string]bool{}
	for range 2 {
		if err := s.Keep(t.Context(), "kept", "SELECT CAST(rand() * 1000000000 AS BIGINT) AS n FROM range(1000)"); err != nil {
			t.Fatal(err)
		}
		first, err := sum()
		second, again := sum()
		if err := errors.Join(err, again); err != nil || first != second || !strings.HasPrefix(first, "1000 ") || read[first] {
			t.Errorf("%q, then %q, %v", first, second, err)
		}
		read[first] = true
		if err := s.Drop(t.Context(), "kept"); err != nil {
			t.Fatal(err)
		}
		if _, err := sum(); !strings.Contains(ClassOf(err), "NOT_FOUND") {
			t.Errorf("after Drop: %v", err)
		}
	}
	if err := s.Drop(t.Context(), "kept"); err != nil {
		t.Errorf("nothing to drop: %v", err)
	}
}

// TestKeepFails: an error of a query that is kept has class and state, and neither statement nor value; a cancel ends it in time. The session goes on.
func TestKeepFails(t *testing.T) {
	s := server(t)
	err := s.Keep(t.Context(), "kept", "SELECT CAST(concat('secret', id) AS INT) FROM range(1)")
	if text := err.Error(); !strings.Contains(text, "CAST_INVALID_INPUT") || strings.Contains(text, "secret") {
		t.Errorf("error %q", text)
	}
	why := errors.New("pulled the plug")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(2*time.Second, func() { cancel(why) })
	begun := time.Now()
	err = s.Keep(ctx, "kept", endless)
	if took := time.Since(begun); !errors.Is(err, why) || took > 7*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	if err := s.Keep(t.Context(), "kept", "SELECT 1"); err != nil {
		t.Error(err)
	}
}
