package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// moment is when an export changes: before or after the first request of that kind.
type moment struct {
	name  string
	after bool
	taken bool // what comes in its place is read, all of it
	is    func(r *buckettest.Request, file string) bool
}

func moments() []moment {
	download := func(r *buckettest.Request, file string) bool {
		return r.Op() == "GET exports/"+file && !r.Range
	}
	return []moment{
		{"after the list", true, true, func(r *buckettest.Request, _ string) bool {
			return r.IsList() && strings.HasPrefix(r.Prefix, "exports/")
		}},
		{"after its columns were read", true, false, func(r *buckettest.Request, file string) bool { return r.Op() == "GET exports/"+file }},
		{"before it is downloaded", false, false, download},
		{"while it is downloaded", true, false, download},
	}
}

// export is a file of the exports, and what may come in its place.
type export struct {
	name     string
	versions map[string][]byte // by the way in which it changes; nil: it is deleted
}

// exportsToChange are usage that is larger than what is read of a file for its columns, and certifications. Each store has the usage in another format.
func (s *storeLab) exportsToChange(t *testing.T) []export {
	t.Helper()
	text, name, rows := largeUsage, "part-0.csv", 2000
	if s.emulator.Name == "azure" {
		if err := os.Remove(s.june("part-0.csv")); err != nil {
			t.Fatal(err)
		}
		text, name, rows = func(rows, version int) string {
			table := csvTable(largeUsage(rows, version))
			return parquetText(t, table[0], table[1:]...)
		}, "part-0.parquet", 5000
	}
	usage := export{"azure_usage/month=" + lastMonth.String() + "/" + name,
		map[string][]byte{"other bytes": []byte(text(rows, 2)), "more bytes": []byte(text(rows+100, 3)), "no bytes": nil}}
	writeText(t, s.june(name), text(rows, 1))
	certifications := "certifications/month=" + lastMonth.Add(-1).String() + "/part-0.csv"
	old, err := os.ReadFile(filepath.Join(s.folder, certifications))
	if err != nil {
		t.Fatal(err)
	}
	people := strings.ReplaceAll(string(old), "person-1", "person-2")
	return []export{usage, {certifications, map[string][]byte{"other bytes": []byte(people), "more bytes": []byte(people + people[strings.Index(people, "\n")+1:]),
		"no bytes": nil}}}
}

// june is the path of a usage export of the last month.
func (s *storeLab) june(name string) string {
	return filepath.Join(s.folder, "azure_usage", "month="+lastMonth.String(), name)
}

// largeUsage is usageText with names that nobody can compress.
func largeUsage(rows, version int) string {
	var text strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(usageText(lastMonth, rows, version), "\n"), "\n") {
		fmt.Fprintln(&text, strings.Replace(line, "subscription-", fmt.Sprintf("%016x-", uint64(i+version)*0x9e3779b97f4a7c15), 1))
	}
	return text.String()
}

// csvTable are the cells of a text without quotes.
func csvTable(text string) (table [][]string) {
	for line := range strings.Lines(text) {
		table = append(table, strings.Split(strings.TrimSuffix(line, "\n"), ","))
	}
	return table
}

// TestStoreExportsChange replaces and deletes an export while a run lists, checks and reads it. The run ends with 4 and names the file; nothing is
// published. The next run publishes what is there then. A file that is replaced before anybody has looked into it is taken as it is then.
func TestStoreExportsChange(t *testing.T) {
	onStoresOfThreeMonths(t, func(t *testing.T, s *storeLab) {
		if s.emulator.Name == "s3" {
			onlyLong(t)
		}
		files := s.exportsToChange(t)
		c := s.client(t, s.exports)
		if err := c.Delete(t.Context(), "azure_usage/month="+lastMonth.String()+"/part-0.csv"); err != nil {
			t.Fatal(err)
		}
		s.upload(t)
		s.mustScoreInside(t, lastMonth.Add(-1))
		before, _ := s.published(t)
		template, at := s.content(t, s.snapshots), strings.TrimSuffix(s.snapshots, "/snapshots")
		changed := 0
		for _, file := range files {
			for _, m := range moments() {
				for how, bytes := range file.versions {
					if !chosenChange(s.emulator.Name, file.name, m.name, how) {
						continue
					}
					changed++
					where := file.name + ", " + m.name + ": " + how
					s.fill(t, fmt.Sprintf("%s/change-%d", at, time.Now().UnixNano()), template)
					s.changes(t, where, file.name, m, bytes)
					if now, open := s.published(t); open != "" || !cmp.Equal(before, now) && !(m.taken && bytes != nil) {
						t.Errorf("%s: something changed:\n%s", where, cmp.Diff(before, now))
					}
					s.publishesWhatIsThere(t, where, file.name, bytes)
					s.upload(t)
				}
			}
		}
		if t.Logf("%d changes", changed); changed < 2 {
			t.Error("the names of the changes are others: nothing is changed")
		}
	})
}

// chosenChange chooses a few changes. The long loop makes all of them; on Azurite, which is slow, those of usage.
func chosenChange(emulator, file, moment, how string) bool {
	usage := strings.HasPrefix(file, "azure_usage/")
	if longFaults {
		return usage || emulator != "azure"
	}
	return usage && slices.Contains([]string{"after its columns were read: no bytes", "while it is downloaded: other bytes"}, moment+": "+how)
}

// changes runs the program, and changes a file at a moment of the run.
func (s *storeLab) changes(t *testing.T, where, file string, m moment, bytes []byte) {
	t.Helper()
	c, did := s.client(t, s.exports), sync.Once{}
	was, err := c.Head(t.Context(), file)
	if err != nil || where != "" && strings.HasSuffix(where, "other bytes") && strings.HasSuffix(file, ".csv") && was.Bytes != int64(len(bytes)) {
		t.Fatalf("%s: %+v, %d bytes, %v", where, was, len(bytes), err)
	}
	changed := false
	look := func(r *buckettest.Request, after bool) {
		if after == m.after && m.is(r, file) {
			did.Do(func() {
				changed = true
				if err := replace(context.Background(), c, file, bytes); err != nil {
					t.Error(err)
				}
			})
		}
	}
	s.proxy.Set(buckettest.Hooks{
		Before: func(_ http.ResponseWriter, r *buckettest.Request) bool { look(r, false); return false },
		After:  func(r *buckettest.Request) bool { look(r, true); return false },
	})
	e := s.inside(t, hasty(), s.score(lastMonth)...)
	s.proxy.Set(buckettest.Hooks{})
	if m.taken && bytes != nil {
		if !changed || e.code != exitDone {
			t.Errorf("%s: changed: %t, ended with %d: %s", where, changed, e.code, e.stderr)
		}
		return
	}
	if !changed || e.code != exitContract || !strings.Contains(e.stderr, file) {
		t.Errorf("%s: changed: %t, ended with %d: %s", where, changed, e.code, e.stderr)
	}
}

func replace(ctx context.Context, c bucket.Client, name string, data []byte) error {
	if data == nil {
		return c.Delete(ctx, name)
	}
	return putObject(ctx, c, name, data)
}

// publishesWhatIsThere scores the month again, with the file that is in the store now: the tables are those of the same files in folders.
func (s *storeLab) publishesWhatIsThere(t *testing.T, where, file string, bytes []byte) {
	t.Helper()
	e := s.inside(t, hasty(), s.score(lastMonth)...)
	if bytes == nil {
		if e.code != exitMissing {
			t.Errorf("%s: without the file: ended with %d: %s", where, e.code, e.stderr)
		}
		return
	}
	if e.code != exitDone {
		t.Errorf("%s: the next run ended with %d: %s", where, e.code, e.stderr)
	}
	local := s.localLab(t)
	local.exports = filepath.Join(t.TempDir(), "exports")
	if err := os.CopyFS(local.exports, os.DirFS(s.folder)); err != nil {
		t.Fatal(err)
	}
	writeText(t, filepath.Join(local.exports, filepath.FromSlash(file)), string(bytes))
	local.mustScore(t, lastMonth)
	want, _ := local.published(t)
	got, open := s.published(t)
	delete(got, lastMonth.Add(-1).String())
	if sameTables(t, want, got); open != "" {
		t.Errorf("%s: the publish of %s is open", where, open)
	}
	s.noLeftovers(t)
}
