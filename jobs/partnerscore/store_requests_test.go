package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/scoring"
)

// columnsAtMost is how many bytes of a file are read at most to know its columns: its beginning and its end, or all of a small file.
const columnsAtMost = 2 << 16

// read is what a command read of one export.
type read struct {
	parts, whole  int // requests
	partly, bytes int64
}

// traffic is what a command asked a store for.
type traffic struct {
	all   []buckettest.Request
	lists int             // of the exports, pages of one list counted together
	files map[string]read // exports
	other map[string]int  // requests that change the store, by name
	bytes int64           // that arrived
}

// trafficOf runs a command, which must end well, and counts what it asks for.
func (s *storeLab) trafficOf(t *testing.T, args ...string) traffic {
	t.Helper()
	s.proxy.Take()
	if e := s.inside(t, hasty(), args...); e.code != exitDone {
		t.Fatalf("%q ended with %d: %s", args, e.code, e.stderr)
	}
	seen := traffic{all: s.proxy.Take(), files: map[string]read{}, other: map[string]int{}}
	for _, r := range seen.all {
		seen.bytes += r.Bytes
		export, ok := strings.CutPrefix(r.Name, "exports/")
		switch {
		case r.IsList() && strings.HasPrefix(r.Prefix, "exports/"):
			seen.lists++
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			seen.other[plainStep(r)]++
		case ok && r.Method == http.MethodGet:
			f := seen.files[export]
			f.bytes += r.Bytes
			if r.Range {
				f.parts++
				f.partly += r.Bytes
			} else {
				f.whole++
			}
			seen.files[export] = f
		}
	}
	return seen
}

// checkReads fails where more is read of an export than its columns and once all of it; more than the columns only of the files that are named.
func (seen traffic) checkReads(t *testing.T, what string, whole ...string) {
	t.Helper()
	for name, f := range seen.files {
		if f.parts > 2 || f.partly > columnsAtMost {
			t.Errorf("%s: %d parts of %s, %d bytes, are read for its columns", what, f.parts, name, f.partly)
		}
		if f.whole > 1 || f.bytes > columnsAtMost && !slices.Contains(whole, name) {
			t.Errorf("%s: all of %s is read %d times, %d bytes", what, name, f.whole, f.bytes)
		}
	}
	for _, name := range whole {
		if seen.files[name].whole != 1 {
			t.Errorf("%s: all of %s is read %d times, want once", what, name, seen.files[name].whole)
		}
	}
	if seen.lists != 1 {
		t.Errorf("%s: the exports are listed %d times", what, seen.lists)
	}
}

// takesAndFreesTheLock fails where a run that has nothing to do changes more than the register: it takes it, tries two puts that must be refused, and
// frees it.
func (seen traffic) takesAndFreesTheLock(t *testing.T, what string) {
	t.Helper()
	if len(seen.other) != 1 || seen.other["PUT .lock"] != 4 {
		t.Errorf("%s: %v", what, seen.other)
	}
}

// TestStoreRequests counts what runs ask a store for. The first run lists the exports once, reads the columns of each file in two requests and the
// whole file once. A second run, which has nothing to do, reads columns alone, and puts nothing but the register. A new month costs its own files and
// the certifications. Commands that only read put nothing.
func TestStoreRequests(t *testing.T) {
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		if s.emulator.Name == "azure" {
			onlyLong(t)
		}
		month, other := s.addLargeMonths(t)
		file := func(m scoring.Month, ext string) string { return "azure_usage/month=" + m.String() + "/part-0." + ext }
		certifications := "certifications/month=" + month.String() + "/part-0.csv"
		first := s.trafficOf(t, s.score(month)...)
		first.checkReads(t, "first run", file(month, "csv"), file(other, "parquet"), certifications)
		again := s.trafficOf(t, s.score(month)...)
		again.checkReads(t, "again")
		again.takesAndFreesTheLock(t, "again")
		for name, data := range s.juneFiles(t) {
			if err := putObject(t.Context(), s.client(t, s.exports), name, data); err != nil {
				t.Fatal(err)
			}
		}
		next := s.trafficOf(t, s.score(lastMonth)...)
		next.checkReads(t, "a new month", file(lastMonth, "csv"), certifications)
		idle := s.trafficOf(t, s.storeCommand("backfill", inExports, inSnapshots, "--from", month.String(), "--to", lastMonth.String(), "--allow-missing", "history")...)
		idle.checkReads(t, "an idle backfill")
		idle.takesAndFreesTheLock(t, "an idle backfill")
		t.Logf("requests and bytes: first run %d, %d; again %d, %d; a new month %d, %d", len(first.all), first.bytes, len(again.all), again.bytes, len(next.all),
			next.bytes)
		s.readersPutNothing(t)
	})
}

// addLargeMonths makes the exports of two months larger than what is read of a file for its columns, one as text and one as Parquet, and takes the last
// month out of the store.
func (s *storeLab) addLargeMonths(t *testing.T) (month, other scoring.Month) {
	t.Helper()
	month, other = lastMonth.Add(-1), lastMonth.Add(-2)
	june := lastMonth.String()
	folder := func(m scoring.Month) string { return filepath.Join(s.folder, "azure_usage", "month="+m.String()) }
	writeText(t, filepath.Join(folder(month), "part-0.csv"), strings.ReplaceAll(largeUsage(2500, 1), june, month.String()))
	table := csvTable(strings.ReplaceAll(largeUsage(9000, 1), june, other.String()))
	if err := os.Remove(filepath.Join(folder(other), "part-0.csv")); err != nil {
		t.Fatal(err)
	}
	writeText(t, filepath.Join(folder(other), "part-0.parquet"), parquetText(t, table[0], table[1:]...))
	s.upload(t)
	c := s.client(t, s.exports)
	for _, name := range []string{"azure_usage/month=" + june + "/part-0.csv", "azure_usage/month=" + other.String() + "/part-0.csv"} {
		if err := c.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{filepath.Join(folder(month), "part-0.csv"), filepath.Join(folder(other), "part-0.parquet")} {
		if info, err := os.Stat(path); err != nil || info.Size() <= columnsAtMost {
			t.Fatalf("%v, %v", info, err)
		}
	}
	return month, other
}

// juneFiles are the exports of the last month.
func (s *storeLab) juneFiles(t *testing.T) map[string][]byte {
	t.Helper()
	data, err := os.ReadFile(s.june("part-0.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"azure_usage/month=" + lastMonth.String() + "/part-0.csv": data}
}

// storeCommand is the command line of a command that names places.
func (s *storeLab) storeCommand(name string, more ...string) []string {
	args := []string{s.binary, name}
	for _, arg := range more {
		args = append(args, arg)
		if at := map[string]string{inExports: s.exports, inSnapshots: s.snapshots}[arg]; at != "" {
			args = append(args, at)
		}
	}
	return args
}

// readersPutNothing runs the commands that only read.
func (s *storeLab) readersPutNothing(t *testing.T) {
	t.Helper()
	for i, args := range [][]string{
		{"status", inExports, inSnapshots},
		{"explain", inSnapshots, "--partner", "partner-0"},
		{"report", inSnapshots, "--partner", "partner-0", "--out", filepath.Join(t.TempDir(), "page.html")},
		{"verify", inSnapshots},
		{"verify", inSnapshots, inExports, "--deep"},
		{"compare", inSnapshots, "--from", "2024-05", "--to", "2024-06", "--partner", "partner-0"},
		{"outlook", inSnapshots, "--partner", "partner-0"},
		{"whatif", inSnapshots, "--partner", "partner-0", "--customers", "+1"},
		{"path", inSnapshots, "--partner", "partner-0", "--area", "infrastructure"},
		{"inspect", inExports},
		{"score", inExports, inSnapshots, "--month", "2024-06", "--dry-run", "--allow-missing", "history"},
	} {
		if i > 1 && !longFaults {
			break
		}
		seen := s.trafficOf(t, s.storeCommand(args[0], args[1:]...)...)
		if len(seen.other) > 0 {
			t.Errorf("%q changes the store: %v", args, seen.other)
		}
		lists := map[bool]int{true: 1}[slices.Contains(args, inExports)]
		if seen.lists != lists {
			t.Errorf("%q lists the exports %d times", args, seen.lists)
		}
		t.Logf("%s: %d requests, %d bytes", args[0], len(seen.all), seen.bytes)
	}
}
