package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testDescriptors scores a month of 200 files with 32 descriptors.
func testDescriptors(t *testing.T, binary string) {
	for _, format := range []string{"parquet", "csv"} {
		t.Run(format, func(t *testing.T) {
			l := newLab(t, binary)
			splitMonth(t, filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String()), format, 200)
			few := []string{"sh", "-c", `ulimit -n 32; exec "$0" "$@"`}
			e := l.run(t, append(few, l.score(lastMonth, "--threads", "2")...)...)
			if e.code != 0 {
				t.Fatalf("ended with %d: %s", e.code, e.stderr)
			}
			got, _ := l.published(t)
			l.snapshots = filepath.Join(t.TempDir(), "plenty")
			l.mustScore(t, lastMonth)
			if want, _ := l.published(t); !cmp.Equal(want, got) {
				t.Errorf("with few descriptors something else comes out:\n%s", cmp.Diff(want, got))
			}
			l.blamesNoFile(t)
		})
	}
}

// blamesNoFile scores with so few descriptors that it cannot end well: no export is said to be damaged for that.
func (l *lab) blamesNoFile(t *testing.T) {
	t.Helper()
	for _, n := range []string{"8", "10", "12"} {
		l.snapshots = filepath.Join(t.TempDir(), "starved")
		e := l.run(t, append([]string{"sh", "-c", "ulimit -n " + n + `; exec "$0" "$@"`}, l.score(lastMonth)...)...)
		if e.code == 0 || strings.Contains(e.stderr, "damaged") || !strings.Contains(e.stderr, "ulimit -n") {
			t.Errorf("with %s descriptors: ended with %d: %s", n, e.code, e.stderr)
		}
	}
}

// splitMonth puts 2,400 rows into so many files of a format, in the place of the month's only one.
func splitMonth(t *testing.T, dir, format string, n int) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	all := filepath.Join(t.TempDir(), "all.csv")
	writeText(t, all, usageText(lastMonth, 2400, 1))
	statements := []string{fmt.Sprintf("CREATE TABLE usage AS SELECT *, row_number() OVER () AS n FROM read_csv('%s', all_varchar = true)", all)}
	for i := range n {
		statements = append(statements, fmt.Sprintf("COPY (SELECT * EXCLUDE n FROM usage WHERE n %% %d = %d) TO '%s'", n, i,
			filepath.Join(dir, fmt.Sprintf("part-%03d.%s", i+1, format))))
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "part-0.csv")); err != nil {
		t.Fatal(err)
	}
}

// testChangingInputs lets an export change between the moment when it was checked and the one when the engine reads it: strace holds the
// program up in between, as it makes its staging folder.
func testChangingInputs(t *testing.T, binary string) {
	needStrace(t)
	l := newLab(t, binary)
	l.mustScore(t, lastMonth.Add(-1))
	path := filepath.Join(l.exports, "azure_usage", "month="+lastMonth.String(), "part-0.csv")
	original := usageText(lastMonth, 24, 1)
	before, _ := l.published(t)
	for _, c := range []struct {
		name   string
		change func() error
	}{
		{"vanishes", func() error { return os.Remove(path) }},
		{"is replaced", func() error { writeText(t, path, usageText(lastMonth, 24, 2)); return nil }},
		{"is cut", func() error { return os.Truncate(path, 500) }},
		{"is written over", func() error { return os.WriteFile(path, []byte(usageText(lastMonth, 24, 2)), 0o666) }},
	} {
		writeText(t, path, original)
		run := l.start(t, append([]string{"strace", "-f", "-o", "/dev/null", "-P", filepath.Join(l.snapshots, ".staging"), "-e", "trace=openat",
			"-e", "inject=openat:delay_enter=1500000"}, l.score(lastMonth)...)...)
		await(t, "lock", func() bool { return l.holder(t) != 0 })
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		code := run.end(t, 30e9)
		if message := run.stderr.String(); code != 3 && code != 4 || !strings.Contains(message, "azure_usage/month=2024-06/part-0.csv") {
			t.Errorf("an export that %s: ended with %d: %s", c.name, code, message)
		}
		if now, open := l.published(t); open != "" || !cmp.Equal(before, now) {
			t.Errorf("an export that %s: something changed:\n%s", c.name, cmp.Diff(before, now))
		}
	}
	writeText(t, path, original)
	l.mustScore(t, lastMonth)
	l.noLeftovers(t)
}

// Lines of strace about bytes that came from a file. Where another thread came between, they stand in two halves.
var (
	readBegins = regexp.MustCompile(`^([0-9]+) +(?:read|pread64|readv|preadv)\([0-9]+<([^>]*)>`)
	readEnds   = regexp.MustCompile(`^([0-9]+) .*(?:read|pread64|readv|preadv).* = ([0-9]+)$`)
)

// bytesRead adds up what was read by file.
func bytesRead(t *testing.T, log string) map[string]int64 {
	t.Helper()
	read, open := map[string]int64{}, map[string]string{}
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(line)
		if begin := readBegins.FindStringSubmatch(line); begin != nil {
			open[begin[1]] = begin[2]
		}
		if end := readEnds.FindStringSubmatch(line); end != nil {
			n, err := strconv.ParseInt(end[2], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			read[open[end[1]]] += n
		}
	}
	return read
}

// testReads counts what runs read: a backfill reads every raw month for its facts, however many scores need them; a run that has nothing to
// do reads of the exports no more than footers, of the facts nothing but what describes them, of the tables nothing.
func testReads(t *testing.T, binary string) {
	needStrace(t)
	l := labIn(t, binary, t.TempDir())
	if err := os.CopyFS(l.exports, os.DirFS("../../samples/exports")); err != nil {
		t.Fatal(err)
	}
	backfill := []string{"backfill", "--from", lastMonth.Add(-1).String(), "--to", lastMonth.String()}
	// Hashed, compared with the other file of the month, grouped, and where attributions compete looked at again; its labels; each time the footer.
	l.countReads(t, backfill, 15, func(size int64) int64 { return 7*size + 64<<10 })
	for _, c := range []struct {
		args   []string
		months int
	}{
		{[]string{"score", "--month", lastMonth.String()}, 14}, {backfill, 15}, {[]string{"backfill", "--stale"}, 15},
	} {
		before := files(t, l.snapshots)
		log := l.countReads(t, c.args, c.months, func(int64) int64 { return 4 << 10 })
		for line := range strings.Lines(log) {
			if strings.Contains(line, "openat(") && strings.Contains(line, "_facts/month=") && strings.Contains(line, ".parquet") {
				t.Errorf("%s: facts are opened: %s", c.args, line)
			}
		}
		if diff := cmp.Diff(before, files(t, l.snapshots)); diff != "" {
			t.Errorf("%s: something changed:\n%s", c.args, diff)
		}
	}
}

// countReads runs a command and checks that it looks into the usage files of so many months, and reads of each no more than most says of a
// file of its size. No connection to anywhere else is opened. It returns what strace wrote.
func (l *lab) countReads(t *testing.T, args []string, months int, most func(size int64) int64) (log string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "strace")
	trace := []string{"strace", "-f", "--seccomp-bpf", "-y", "-s", "0", "-o", path, "-e", "trace=openat,read,pread64,readv,preadv,mmap,socket", l.binary}
	flags := []string{"--exports", l.exports, "--snapshots", l.snapshots, "--temp-dir", l.temp, "--threads", "1", "--memory-limit", "256MB", "--quiet"}
	if e := l.run(t, slices.Concat(trace, args, flags)...); e.code != 0 {
		t.Fatalf("%s: ended with %d: %s", args, e.code, e.stderr)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if strings.Contains(line, "mmap(") && (strings.Contains(line, l.exports) || strings.Contains(line, l.snapshots)) {
			t.Errorf("%s: a file is mapped, which nothing counts: %s", args, line)
		}
		// Where HOME is not set, a package of the S3 client asks the machine itself for it when the program starts.
		if strings.Contains(line, "socket(") && !strings.Contains(line, "socket(AF_UNIX") {
			t.Errorf("%s: a connection: %s", args, line)
		}
	}
	found := map[string]bool{}
	for path, n := range bytesRead(t, string(data)) {
		if !strings.HasPrefix(path, filepath.Join(l.exports, "azure_usage")) {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Dir(path)] = true
		if n > most(info.Size()) {
			t.Errorf("%s: %d bytes of %s, which has %d, are read, want at most %d", args, n, path, info.Size(), most(info.Size()))
		}
	}
	if len(found) != months {
		t.Errorf("%s: files of %d usage months are looked into, want %d", args, len(found), months)
	}
	return string(data)
}
