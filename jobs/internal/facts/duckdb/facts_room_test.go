package duckdb_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"partnerscore/jobs/internal/world"
)

// What was read of a month counts against the memory limit while the next one is read, and when the scores are computed.
func TestFactsLeaveNoRowsBehind(t *testing.T) {
	w := world.New()
	w.Add(world.June, world.Usage{Location: "p", Amount: "5"})
	opt := world.Options(w.Write(t), t.TempDir(), t.TempDir())
	opt.AllowMissingHistory, opt.AllowMissingCertifications = true, true
	ctx := t.Context()
	engine, err := world.OpenEngine(t, opt, world.June)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.BuildFacts(ctx, world.June); err != nil {
		t.Fatal(err)
	}
	for _, asks := range []string{"facts/rows", "facts/exclusions"} { // usage_total, usage_duplicate
		err := engine.DB.Query(ctx, asks, func(*sql.Rows) error { return errors.New("there are rows") })
		if err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("%s: %v, want a table that does not exist", asks, err)
		}
	}
}
