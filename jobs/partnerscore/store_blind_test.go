package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// TestStoreReadersInTrouble runs the commands that only read while the store is busy for one kind of request, one after the other. A command that
// cannot know says so, and how to go on: it does not take what it cannot see for missing or damaged.
func TestStoreReadersInTrouble(t *testing.T) {
	onlyLong(t)
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		if s.emulator.Name == "azure" {
			t.Skip("Azurite is slow, and what reads is the same for all stores")
		}
		s.mustScoreInside(t, lastMonth.Add(-1))
		s.mustScoreInside(t, lastMonth)
		page := filepath.Join(t.TempDir(), "page.html")
		for _, args := range [][]string{
			{"status", inExports, inSnapshots, "--allow-missing", "history"},
			{"inspect", inExports},
			{"explain", inSnapshots, "--partner", "partner-0", "--format", "json"},
			{"compare", inSnapshots, "--from", "2024-05", "--to", "2024-06", "--partner", "partner-0"},
			{"outlook", inSnapshots, "--partner", "partner-0"},
			{"report", inSnapshots, "--partner", "partner-0", "--out", page},
			{"verify", inSnapshots},
			{"verify", inExports, inSnapshots, "--deep"},
			{"score", inExports, inSnapshots, "--month", "2024-06", "--allow-missing", "history", "--dry-run"},
		} {
			s.blind(t, s.storeCommand(args[0], args[1:]...), page)
		}
	})
}

// blind runs a command with every kind of its requests refused in turn.
func (s *storeLab) blind(t *testing.T, args []string, page string) {
	t.Helper()
	s.proxy.Take()
	want := s.inside(t, hasty(), args...)
	pageWanted := readIfThere(t, page)
	if want.code != exitDone {
		t.Fatalf("%q ended with %d: %s", args, want.code, want.stderr)
	}
	var ops []string
	for _, r := range s.proxy.Take() {
		ops = append(ops, r.Op())
	}
	slices.Sort(ops)
	failed := 0
	for _, op := range slices.Compact(ops) {
		s.proxy.Set(buckettest.Hooks{Before: func(w http.ResponseWriter, r *buckettest.Request) bool {
			return r.Op() == op && busy(s.emulator, w, http.StatusServiceUnavailable)
		}})
		e := s.inside(t, hasty(), args...)
		s.proxy.Set(buckettest.Hooks{})
		same := e.code == exitDone && took.ReplaceAllString(e.stdout, "") == took.ReplaceAllString(want.stdout, "") && readIfThere(t, page) == pageWanted
		refused := e.code == exitInternal && strings.Contains(e.stderr, "503") && strings.Contains(e.stderr, "run again when the store answers")
		if failed++; !same && !refused {
			t.Errorf("%q without %s: ended with %d: %s%s", args[1:], op, e.code, e.stdout, e.stderr)
		}
	}
	t.Logf("%s: %d kinds of requests", args[1], failed)
}

// readIfThere reads a page and removes it.
func readIfThere(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	return string(data)
}
