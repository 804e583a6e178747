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

// TestStoresGiveWhatFoldersGive runs every command on an object store and on folders: exit codes, what is printed and the bytes of all tables are
// the same. The long loop does so with the samples, too.
func TestStoresGiveWhatFoldersGive(t *testing.T) {
	onStores(t, func(t *testing.T, s *storeLab) {
		s.flags = nil
		sameCommands(t, s, "partner-0", "--allow-missing", "history")
	})
	if !longFaults {
		return
	}
	samples, err := filepath.Abs("../../samples/exports")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("samples", func(t *testing.T) {
		onStores(t, func(t *testing.T, s *storeLab) {
			s.flags, s.exports, s.folder = nil, strings.Replace(s.exports, "/exports", "/samples", 1), samples
			s.upload(t)
			sameCommands(t, s, "1020000")
		})
	})
}

// took is how long a month took.
var took = regexp.MustCompile(`\b\d+\.\d s\b`)

func sameCommands(t *testing.T, s *storeLab, partner string, flags ...string) {
	const exports, snapshots, both = "exports", "snapshots", "both"
	local := s.localLab(t)
	pages := t.TempDir()
	for _, c := range []struct {
		args  []string
		reads string // exports, snapshots or both
		quick bool   // also where not every point is visited, on a second store
	}{
		{append([]string{"score", "--month", "2024-06"}, flags...), both, true},
		{append([]string{"score", "--month", "2024-06"}, flags...), both, true},
		{append([]string{"score", "--month", "2024-06", "--format", "json"}, flags...), both, false},
		{append([]string{"backfill", "--from", "2024-04", "--to", "2024-06"}, flags...), both, true},
		{append([]string{"backfill", "--from", "2024-04", "--to", "2024-06", "--dry-run"}, flags...), both, false},
		{[]string{"status"}, both, false},
		{[]string{"verify"}, snapshots, false},
		{[]string{"verify", "--deep"}, both, true},
		{[]string{"inspect"}, exports, false},
		{[]string{"explain", "--month", "2024-06", "--partner", partner}, snapshots, false},
		{[]string{"explain", "--partner", partner, "--format", "json"}, snapshots, false},
		{[]string{"compare", "--from", "2024-05", "--to", "2024-06", "--partner", partner}, snapshots, false},
		{[]string{"outlook", "--partner", partner}, snapshots, false},
		{[]string{"whatif", "--partner", partner, "--customers", "+1"}, snapshots, false},
		{[]string{"path", "--partner", partner, "--area", "infrastructure"}, snapshots, false},
		{[]string{"report", "--partner", partner, "--out", filepath.Join(pages, "page.html")}, snapshots, false},
	} {
		if s.emulator.Name == "s3" && !c.quick && !longFaults {
			continue
		}
		ask := func(l *lab, env string) (ended, string) {
			args := slices.Concat([]string{l.binary}, c.args)
			if c.reads != exports {
				args = append(args, "--snapshots", l.snapshots)
			}
			if c.reads != snapshots {
				args = append(args, "--exports", l.exports)
			}
			e := l.run(t, args...)
			e.stdout = strings.NewReplacer(l.exports, "EXPORTS", l.snapshots, "SNAPSHOTS").Replace(e.stdout)
			// Lines break elsewhere after addresses of another length, and months take other times.
			e.stdout = took.ReplaceAllString(strings.Join(strings.Fields(e.stdout), " "), "TIME s")
			page, err := os.ReadFile(filepath.Join(pages, "page.html"))
			if err != nil && c.args[0] == "report" {
				t.Errorf("%s: %v", env, err)
			}
			return e, string(page)
		}
		want, page := ask(local, "folder")
		got, remote := ask(s.lab, "store")
		if want.code != exitDone || got.code != exitDone || want.stdout == "" || page != remote {
			t.Errorf("%q: ended with %d in folders and %d in a store:\n%s%s", c.args, want.code, got.code, want.stderr, got.stderr)
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
