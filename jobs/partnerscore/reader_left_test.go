package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestAReaderWhoLeavesDoesNotHideAFailure(t *testing.T) {
	exports, snapshots := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(snapshots, "stranger"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		want int
		args []string
	}{
		"backfill": {exitMissing, []string{"backfill", "--exports", exports, "--from", "2024-06", "--to", "2024-07"}},
		"dry run":  {exitMissing, []string{"backfill", "--exports", exports, "--from", "2024-06", "--to", "2024-07", "--dry-run"}},
		"verify":   {exitDiffers, []string{"verify"}},
		"status":   {exitDone, []string{"status", "--exports", exports}},
	} {
		p, _, stderr := testProgram(nil)
		p.Stdout = leaving{}
		args := append([]string{"partnerscore"}, append(c.args, "--snapshots", snapshots, "--quiet")...)
		if code := p.run(context.Background(), args); code != c.want {
			t.Errorf("%s: exit code %d, want %d, stderr %q", name, code, c.want, stderr)
		}
	}
}
