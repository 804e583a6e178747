package settings

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/cli/build"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/local"
)

func TestRunConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	stdout := &bytes.Buffer{}
	process := cli.Process{
		Places: func(func(string, int64, int64)) storage.Places { return local.Places{} },
		Env:    func(string) string { return "" },
		Stdout: stdout, Stderr: &bytes.Buffer{},
		Clock: func() time.Time { return time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC) },
	}
	s := cli.NewSession(process, cli.Command{Log: &cli.LogOptions{Format: cli.LogText, Quiet: true}}, &build.Build{})
	if err := runConfigInit(s, path); err != nil {
		t.Fatal(err)
	}
	if err := runConfigInit(s, path); fault.Of(err) != fault.Usage {
		t.Errorf("a file that exists is replaced: %v", err)
	}
	stdout.Reset()
	if err := runConfigCheck(s, path); err != nil || stdout.String() != path+": ok\n" {
		t.Errorf("%q, %v", stdout, err)
	}
	if err := os.WriteFile(path, []byte("person_cost: -1\nthread: 2\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	err := runConfigCheck(s, path)
	for _, want := range []string{":1: person_cost: want a number from 0 on", ":2: thread: unknown key, did you mean threads?"} {
		if err == nil || !strings.Contains(err.Error(), path+want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
