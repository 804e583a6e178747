package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What differs from run to run: how long a month took, and the minute in which it was published.
var (
	took      = regexp.MustCompile(`\b\d+\.\d s\b`)
	published = regexp.MustCompile(`Published [\d-]+ \d\d:\d\d UTC`)
)

// The places that a command is given.
const (
	inExports   = "--exports"
	inSnapshots = "--snapshots"
)

// storeCommand is a command that is run on a store and on folders.
type storeCommand struct {
	quick bool // also where not every point is visited
	in    []string
	args  []string
}

// storeCommands are commands of each kind about a partner, and flags of those that score.
func storeCommands(partner string, flags ...string) []storeCommand {
	exports, snapshots, both := []string{inExports}, []string{inSnapshots}, []string{inExports, inSnapshots}
	with := func(args ...string) []string { return append(args, flags...) }
	return []storeCommand{
		{false, both, with("score", "--month", "2024-06")},
		{false, both, with("score", "--month", "2024-06")},
		{true, both, with("backfill", "--from", "2024-04", "--to", "2024-06")},
		{true, both, with("score", "--month", "2024-06", "--format", "json")},
		{false, both, with("backfill", "--from", "2024-04", "--to", "2024-06", "--dry-run")},
		{true, both, []string{"status"}},
		{true, snapshots, []string{"verify"}},
		{false, both, []string{"verify", "--deep"}},
		{false, exports, []string{"inspect"}},
		{true, snapshots, []string{"explain", "--month", "2024-06", "--partner", partner}},
		{false, snapshots, []string{"explain", "--partner", partner, "--format", "json"}},
		{false, snapshots, []string{"compare", "--from", "2024-05", "--to", "2024-06", "--partner", partner}},
		{false, snapshots, []string{"outlook", "--partner", partner}},
		{false, snapshots, []string{"whatif", "--partner", partner, "--customers", "+1"}},
		{false, snapshots, []string{"path", "--partner", partner, "--area", "infrastructure"}},
		{true, snapshots, []string{"report", "--partner", partner, "--out", "page.html"}},
	}
}

// TestStoresGiveWhatFoldersGive runs every command on an object store and on folders: exit codes, what is printed and the bytes of all tables are
// the same. The long loop does so with the samples, too.
func TestStoresGiveWhatFoldersGive(t *testing.T) {
	onStores(t, "", func(t *testing.T, s *storeLab) {
		s.flags = nil
		sameCommands(t, s, storeCommands("partner-0", "--allow-missing", "history"))
		if !longFaults || !everyPoint && s.emulator.Name == "azure" { // which is slow
			return
		}
		samples, err := filepath.Abs("../../samples/exports")
		if err != nil {
			t.Fatal(err)
		}
		s.folder, s.exports, s.snapshots = samples, s.exports+"-samples", s.snapshots+"-samples"
		s.upload(t)
		sameCommands(t, s, storeCommands("1020000"))
	})
}

// ask runs a command of a storeCommand in a lab; the result is free of what differs from place to place.
func (c storeCommand) ask(t *testing.T, l *lab) (e ended, page string) {
	t.Helper()
	args := slices.Concat([]string{l.binary}, c.args)
	for _, flag := range c.in {
		args = append(args, flag, map[string]string{inExports: l.exports, inSnapshots: l.snapshots}[flag])
	}
	e = l.run(t, args...)
	e.stdout = strings.NewReplacer(l.exports, "EXPORTS", l.snapshots, "SNAPSHOTS").Replace(e.stdout)
	// Lines break elsewhere after addresses of another length, and months take other times.
	e.stdout = took.ReplaceAllString(strings.Join(strings.Fields(e.stdout), " "), "TIME s")
	if path := filepath.Join(l.temp, "page.html"); isThere(path) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		page = published.ReplaceAllString(string(data), "Published TIME UTC")
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
	return e, page
}

func sameCommands(t *testing.T, s *storeLab, commands []storeCommand) {
	local := s.localLab(t)
	for _, c := range commands {
		if !c.quick && !longFaults {
			continue
		}
		want, page := c.ask(t, local)
		got, remote := c.ask(t, s.lab)
		if want.code != exitDone || got.code != exitDone || want.stdout == "" || (page == "") == (c.args[0] == "report") {
			t.Errorf("%q: ended with %d in folders and %d in a store:\n%s%s", c.args, want.code, got.code, want.stderr, got.stderr)
		}
		if diff := cmp.Diff(page, remote); diff != "" {
			t.Errorf("%q (-page of folders +of a store):\n%s", c.args, diff)
		}
		if diff := cmp.Diff(want.stdout, got.stdout); diff != "" {
			t.Errorf("%q (-folders +store):\n%s", c.args, diff)
		}
		if strings.Contains(got.stderr, "level=WARN") && !strings.Contains(want.stderr, "level=WARN") {
			t.Errorf("%q warns of a store only: %s", c.args, got.stderr)
		}
	}
	want, _ := local.published(t)
	got, open := s.published(t)
	if len(got) != 3 || open != "" {
		t.Errorf("%d months are published, open %q", len(got), open)
	}
	sameTables(t, want, got)
	s.noLeftovers(t)
	if left, err := os.ReadDir(s.temp); err != nil || len(left) > 0 {
		t.Errorf("copies are left over: %v, %v", left, err)
	}
}
