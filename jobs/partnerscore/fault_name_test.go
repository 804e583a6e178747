package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oddNames mean something to a shell, a statement, a pattern or a format.
func oddNames() []string {
	names := []string{`it's "odd"; -- $HOME $1 [1] * ? 😀 %s {month}` + "\nline"}
	if longFaults {
		names = append(names, `'; DROP TABLE usage; --"`, "--flag", "$(id) ${HOME} `id` 100% ~", "a[1]", "*", " ?{a,b} ", "😀 Ünïcode\tline\nbreak",
			`back\slash`, "month=2020-01", strings.Repeat("long", 60))
	}
	return names
}

// testNames puts exports, snapshots and temporary files into folders with odd names, and odd names into the exports. Beside a[1] there is
// a1, which a pattern would read instead.
func testNames(t *testing.T, binary string) {
	plain := newLab(t, binary)
	plain.mustScore(t, lastMonth)
	want, _ := plain.published(t)
	for _, name := range oddNames() {
		t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
			root := t.TempDir()
			l := labIn(t, binary, filepath.Join(root, name))
			writeExports(t, l.exports, 1)
			june := filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String())
			if err := os.Rename(filepath.Join(june, "part-0.csv"), filepath.Join(june, name[:min(len(name), 200)]+".csv")); err != nil {
				t.Fatal(err)
			}
			entries := []string{name}
			if decoy := strings.NewReplacer("[", "", "]", "").Replace(name); decoy != name {
				writeExports(t, filepath.Join(root, decoy, "exports"), 3)
				entries = append(entries, decoy)
			}
			l.mustScore(t, lastMonth)
			got, _ := l.published(t)
			if diff := cmp.Diff(want[lastMonth.String()].Tables, got[lastMonth.String()].Tables); diff != "" {
				t.Errorf("other tables:\n%s", diff)
			}
			onlyEntries(t, root, entries...)
			onlyEntries(t, filepath.Join(root, name), "exports", "snapshots", "temp")
			l.noLeftovers(t)
		})
	}
	if longFaults {
		t.Run("outside", func(t *testing.T) { testOutside(t, binary) })
	}
}

func onlyEntries(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range entries {
		got[e.Name()] = true
	}
	for _, name := range want {
		if !got[name] {
			t.Errorf("%q is missing in %s", name, dir)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("%s holds %v as well", dir, got)
	}
}

// testOutside: patterns and links do not lead out of the exports.
func testOutside(t *testing.T, binary string) {
	l := newLab(t, binary)
	for _, pattern := range []string{"../exports/azure_usage/month={month}/*", "azure_usage/../azure_usage/month={month}/*", "/etc/month={month}/*"} {
		config := filepath.Join(t.TempDir(), "partnerscore.yaml")
		writeText(t, config, fmt.Sprintf("paths:\n  azure_usage: %q\n", pattern))
		if e := l.run(t, l.score(lastMonth, "--config", config)...); e.code != 2 || !strings.Contains(e.stderr, pattern) {
			t.Errorf("%s: ended with %d: %s", pattern, e.code, e.stderr)
		}
	}
	outside := filepath.Join(t.TempDir(), "outside.csv")
	writeText(t, outside, usageText(lastMonth, 24, 1))
	link := filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String(), "part-1.csv")
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	if e := l.run(t, l.score(lastMonth)...); e.code != 4 || !strings.Contains(e.stderr, "part-1.csv") {
		t.Errorf("a link that leaves the exports: ended with %d: %s", e.code, e.stderr)
	}
	// A name that is not UTF-8 cannot stand in a statement or a manifest.
	if err := errors.Join(os.Remove(link), os.Mkdir(filepath.Join(l.exports, "azure_usage", "month=2024-06", "\xff"), 0o777)); err != nil {
		t.Skip(err) // not every file system has such names
	}
	l.mustScore(t, lastMonth)
	l.snapshots = filepath.Join(t.TempDir(), "snapshots\xff")
	if e := l.run(t, l.score(lastMonth)...); e.code == 0 || !strings.Contains(strings.ToLower(e.stderr), "unicode") {
		t.Errorf("a snapshots folder that is not UTF-8: ended with %d: %s", e.code, e.stderr)
	}
}

// testProcessState: threads, zone, locale, working folder and umask leave no trace in the bytes.
func testProcessState(t *testing.T, binary string) {
	plain := newLab(t, binary)
	plain.mustScore(t, lastMonth)
	want, _ := plain.published(t)
	for _, c := range []struct {
		threads, umask string
		env            []string
	}{
		{"1", "077", []string{"TZ=Pacific/Kiritimati", "LC_ALL=tr_TR.UTF-8"}},
		{"2", "000", []string{"TZ=America/St_Johns", "LANG=C", "GOMAXPROCS=1"}},
		{"8", "027", []string{"TZ=nowhere", "LC_ALL=xx"}},
	} {
		root := filepath.Dir(plain.exports)
		l := *plain
		l.snapshots = filepath.Join(t.TempDir(), "snapshots")
		relative, err := filepath.Rel(root, l.snapshots)
		if err != nil {
			t.Fatal(err)
		}
		cmd := l.command(t.Context(), "sh", "-c", "umask "+c.umask+`; exec "$0" "$@"`, binary, "score", "--month", lastMonth.String(), "--exports", "exports",
			"--snapshots", relative, "--threads", c.threads)
		cmd.Dir, cmd.Env = root, append(cmd.Env, c.env...)
		if e := finish(t, cmd); e.code != 0 {
			t.Fatalf("%+v: ended with %d: %s", c, e.code, e.stderr)
		}
		if got, _ := l.published(t); !cmp.Equal(want, got) {
			t.Errorf("%+v: something else comes out:\n%s", c, cmp.Diff(want, got))
		}
	}
}
