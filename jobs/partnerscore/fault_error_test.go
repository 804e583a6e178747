package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// testErrors makes system calls fail, the first, the second, … of each thread, until a run meets none of them: over published months that
// are to be published anew. The run ends with 1 and names what it could not do; months are whole; the next run puts everything right.
func testErrors(t *testing.T, binary string) {
	needStrace(t)
	t.Run("each rename", func(t *testing.T) { t.Parallel(); testEachRename(t, binary) })
	if !longFaults {
		return
	}
	t.Run("each folder", func(t *testing.T) { t.Parallel(); testEachFolder(t, binary) })
	for _, inject := range []string{ // the %d is which call fails
		"rename,renameat,renameat2:error=EIO:when=%d",
		"fsync,fdatasync:error=EIO:when=%d",
		"write,pwrite64,pwritev:error=EIO:when=%d",
		"write,pwrite64,pwritev:error=ENOSPC:when=%d",
		"mkdir,mkdirat:error=EACCES:when=%d",
		"unlink,unlinkat:error=EROFS:when=%d+", // one alone is tried again
	} {
		t.Run(inject, func(t *testing.T) {
			t.Parallel()
			k := undisturbed(t, binary)
			runs := 0
			for try := 0; try < 3 && runs == 0; try++ { // on a busy machine threads share calls in another way, and errors may meet pipes only
				runs = k.errorsInTurn(t, inject)
			}
			if t.Logf("%d runs with errors", runs); runs == 0 {
				t.Error("no run met an error")
			}
		})
	}
}

// errorsInTurn makes the first call of each thread fail, then the second, and so on, until a run meets no error. It returns how many runs met errors
// that matter.
func (k *kills) errorsInTurn(t *testing.T, inject string) (runs int) {
	t.Helper()
	for n := 1; ; n++ {
		k.restore(t, k.template)
		e, met := k.runInjecting(t, fmt.Sprintf(inject, n), nil, k.score(lastMonth)...)
		if len(met) == 0 {
			return runs
		}
		if k.fails(t, e, met) {
			runs++
		}
		if k.survives(t); t.Failed() {
			t.Fatalf("n = %d: %q", n, met)
		}
	}
}

// undisturbed is the start state of two published months with restated inputs, and what comes of it.
func undisturbed(t *testing.T, binary string) *kills {
	t.Helper()
	k := &kills{lab: newShortLab(t, binary), template: filepath.Join(t.TempDir(), "template")}
	publishedMonths(t, k.lab)
	k.keep(t, k.template)
	k.before, _ = k.published(t)
	k.mustScore(t, lastMonth)
	k.after, _ = k.published(t)
	k.parquet = k.parquetHashes(t)
	return k
}

// fails checks how a run ended that met errors. Those outside of the folders of the run, a pipe of the language's runtime or the standard
// streams, are no faults of files: such a run may end anyhow.
func (k *kills) fails(t *testing.T, e ended, met []injected) bool {
	t.Helper()
	ours := 0
	for _, i := range met {
		if strings.HasPrefix(i.path, k.snapshots) || strings.HasPrefix(i.path, k.temp) {
			ours++
		}
	}
	if ours < len(met) || k.harmless(met) {
		return false
	}
	// A folder that may not be written is a matter of how the program is set up.
	if forbidden := e.code == exitUsage && strings.Contains(e.stderr, "permission denied"); e.code != exitInternal && !forbidden {
		t.Errorf("ended with %d, want 1: %s", e.code, e.stderr)
	}
	if e.stdout != "" {
		t.Errorf("a failed run prints a result: %s", e.stdout)
	}
	k.explains(t, e, met[0].path)
	return true
}

// harmless tells failures that a run may get over: that of writing the name of the holder into the lock file.
func (k *kills) harmless(met []injected) bool {
	for _, i := range met {
		if i.path != filepath.Join(k.snapshots, ".lock") {
			return false
		}
	}
	return true
}

// explains checks that a message names a path below one of the folders of the run and is no crash.
func (k *kills) explains(t *testing.T, e ended, path string) {
	t.Helper()
	named := strings.Contains(e.stderr, k.snapshots) || strings.Contains(e.stderr, k.temp)
	for _, rel := range []string{"_manifests", "_facts", "month="} {
		named = named || strings.Contains(e.stderr, rel)
	}
	if !named || strings.Contains(e.stderr, "goroutine") || strings.Contains(e.stderr, "internal error") {
		t.Errorf("the message about %s does not say where: %s", path, e.stderr)
	}
}

// testEachRename lets the rename to every published name fail, one after the other.
func testEachRename(t *testing.T, binary string) {
	k := undisturbed(t, binary)
	targets := []string{"_manifests/month=2024-06.json", "_facts/month=2024-05/facts.json"}
	if longFaults {
		targets = append(targets, ".staging/intent.json", "scores/month=2024-06/part-0.parquet", "metrics/month=2024-06/part-0.parquet", "customers/month=2024-06/part-0.parquet", "services/month=2024-06/part-0.parquet",
			"certifications/month=2024-06/part-0.parquet", "_facts/month=2024-05/part-0.parquet", "_facts/month=2024-05/customers-0.parquet",
			"_facts/month=2024-05/services-0.parquet", "_facts/hashes.json")
	}
	for _, target := range targets {
		k.restore(t, k.template)
		e, met := k.runInjecting(t, "rename,renameat,renameat2:error=EIO", []string{filepath.Join(k.snapshots, target)}, k.score(lastMonth)...)
		if len(met) == 0 {
			t.Errorf("no rename to %s", target)
		}
		k.fails(t, e, met)
		if now, open := k.published(t); strings.HasPrefix(target, "_facts/month") && (open != "" || fmt.Sprint(now) != fmt.Sprint(k.before)) {
			t.Errorf("without its facts, %s changed something: %q", target, open)
		}
		if k.survives(t); t.Failed() {
			t.Fatalf("rename to %s", target)
		}
	}
}

// testEachFolder lets the sync of every folder fail that holds published names, and the creation of the files with fixed names.
func testEachFolder(t *testing.T, binary string) {
	k := undisturbed(t, binary)
	type fault struct {
		inject, path string
		code         int
	}
	faults := []fault{{"fsync:error=EIO", "_manifests", 1}, {"fsync:error=EIO", "_facts/month=2024-05", 1}, {"fsync:error=EIO", ".staging", 1},
		{"fsync:error=EIO", ".staging/intent.staged", 1}, {"openat:error=EACCES", ".lock", 2}, {"openat:error=EROFS", ".lock", 2},
		{"openat:error=EIO", ".lock", 1}, {"openat:error=ENOSPC", ".staging/intent.staged", 1}, {"openat:error=EMFILE", ".staging/intent.staged", 1},
		{"write:error=ENOSPC", ".staging/intent.staged", 1}, {"openat:error=ENOSPC", "_facts/hashes.json.new", 1},
		{"write:error=ENOSPC", "_facts/hashes.json.new", 1}}
	for _, table := range []string{"scores", "metrics", "customers", "services", "certifications"} {
		faults = append(faults, fault{"fsync:error=EIO", table + "/month=2024-06", 1})
	}
	for _, f := range faults {
		k.restore(t, k.template)
		e, met := k.runInjecting(t, f.inject, []string{filepath.Join(k.snapshots, f.path)}, k.score(lastMonth)...)
		if len(met) == 0 {
			t.Errorf("%s meets nothing on %s", f.inject, f.path)
		}
		if e.code != f.code {
			t.Errorf("ended with %d, want %d: %s", e.code, f.code, e.stderr)
		}
		k.explains(t, e, f.path)
		if k.survives(t); t.Failed() {
			t.Fatalf("%s on %s: %s", f.inject, f.path, e.stderr)
		}
	}
}

// nobody runs a command as a user to whom permissions apply.
func nobody(t *testing.T, l *lab, args ...string) ended {
	t.Helper()
	cmd := l.command(t.Context(), args...)
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		err := os.Chmod(l.temp, 0o777)
		for _, path := range []string{l.binary, l.exports} { // the folders of tests are their user's alone
			err = errors.Join(err, os.Chmod(filepath.Dir(path), 0o755), os.Chmod(filepath.Dir(filepath.Dir(path)), 0o755))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return finish(t, cmd)
}

// testTempFolders: a folder of temporary files that is missing, closed or full.
func testTempFolders(t *testing.T, binary string) {
	l := newLab(t, binary)
	l.mustScore(t, lastMonth.Add(-1))
	before := files(t, l.snapshots)
	check := func(name string, e ended, code int, words ...string) {
		t.Helper()
		if e.code != code {
			t.Errorf("%s: ended with %d, want %d: %s", name, e.code, code, e.stderr)
		}
		for _, word := range append(words, "--temp-dir") {
			if !strings.Contains(e.stderr, word) {
				t.Errorf("%s: no %q in the message: %s", name, word, e.stderr)
			}
		}
		if fmt.Sprint(before) != fmt.Sprint(files(t, l.snapshots)) {
			t.Errorf("%s: something changed", name)
		}
	}
	missing := filepath.Join(l.temp, "missing")
	check("missing", l.run(t, l.score(lastMonth, "--temp-dir", missing)...), 2, missing)
	plain := filepath.Join(t.TempDir(), "file")
	writeText(t, plain, "")
	check("a file", l.run(t, l.score(lastMonth, "--temp-dir", plain)...), 2, plain)

	closed := filepath.Join(t.TempDir(), "closed")
	if err := errors.Join(os.Mkdir(closed, 0o555), os.Chmod(l.snapshots, 0o777), filepath.WalkDir(l.snapshots, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Chmod(path, 0o777))
	})); err != nil {
		t.Fatal(err)
	}
	check("closed", nobody(t, l, l.score(lastMonth, "--temp-dir", closed)...), 2, closed, "permission denied")

	full := filepath.Join(t.TempDir(), "full")
	mountTmpfs(t, full, "size=64k,nr_inodes=1")
	check("full", l.run(t, l.score(lastMonth, "--temp-dir", full)...), 1, full, "no space left")
}
