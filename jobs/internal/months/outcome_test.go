package months_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// TestDamagedTablesAreNoInternalError: a month that is up to date by names and sizes, and whose tables cannot be read, is to be repaired.
func TestDamagedTablesAreNoInternalError(t *testing.T) {
	exports := world.New().Only().Write(t)
	got := world.ScoreAlone(t, exports)
	path := filepath.Join(got.Snapshots, snapshot.Scores, "month=2024-06", "part-0.parquet")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(data[4:], strings.Repeat("\xff", len(data)-12)) // all between the marks and the length of the footer
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	again, _, err := world.Try(t, exports, got.Snapshots, world.June, world.NoHistory)
	if err != nil || again.Changed {
		t.Fatalf("changed %v, %v", again, err)
	}
	if err := again.CardError; fault.Of(err) != fault.Broken || fault.Advice(err) != fault.RepairAdvice || !strings.Contains(err.Error(), "run partnerscore verify --repair") {
		t.Errorf("%v", err)
	}
}

// TestVerifyOfAnotherFolder: a folder without a published month is no snapshot, and nobody is told to delete what is in it.
func TestVerifyOfAnotherFolder(t *testing.T) {
	exports := world.New().Only().Write(t)
	found, err := months.Verify(t.Context(), world.Options(exports, exports, t.TempDir()), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := found.Err(); fault.Of(err) != fault.Differs || !strings.Contains(err.Error(), "no month is published there") ||
		strings.Contains(fault.Advice(err), "delete") {
		t.Errorf("%v", err)
	}
}
