package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
)

// manyFiles is how many files of others lie among the exports: several pages of a list.
const manyFiles = 10_000

// TestStoreOfManyFiles reads exports among ten thousand files of others. They are listed page by page, and of none of them anything is read; of the
// exports, the columns of those months are read that a command needs.
func TestStoreOfManyFiles(t *testing.T) {
	onlyLong(t)
	onStores(t, "", func(t *testing.T, s *storeLab) {
		s.onlyFast(t)
		for m := lastMonth.Add(-15); m <= lastMonth; m++ {
			at := filepath.Join(s.folder, "azure_usage", "month="+m.String(), "part-0")
			table := csvTable(usageText(m, 24, 1))
			writeText(t, at+".parquet", parquetText(t, table[0], table[1:]...))
			if err := os.Remove(at + ".csv"); err != nil {
				t.Fatal(err)
			}
		}
		s.exports += "-many"
		s.upload(t)
		s.addForeign(t)
		pages := map[string][2]int{"azure": {3, 3}, "s3": {10, 12}}[s.emulator.Name] // of 5,000 and of 1,000
		for _, c := range []struct {
			args   []string
			months int // whose usage is looked into
		}{
			{s.score(lastMonth), 14},
			{s.score(lastMonth), 14},
			{s.storeCommand("status", inExports, inSnapshots), 14},
			{s.storeCommand("inspect", inExports), 16},
		} {
			s.proxy.Take()
			e := s.inside(t, hasty(), c.args...)
			if e.code != exitDone || strings.Contains(e.stderr, "level=WARN") && !strings.Contains(e.stderr, "usage has offers") {
				t.Errorf("%q ended with %d: %s", c.args, e.code, e.stderr)
			}
			s.checkMany(t, c.args[1], s.proxy.Take(), c.months, pages[0], pages[1])
		}
		local := s.localLab(t)
		local.mustScore(t, lastMonth)
		want, _ := local.published(t)
		got, _ := s.published(t)
		sameTables(t, want, got)
	})
}

// addForeign puts the files of others beside the exports, in folders of their own, below the months, and with names that come before and after.
func (s *storeLab) addForeign(t *testing.T) {
	t.Helper()
	c := s.client(t, s.exports)
	next := make(chan int)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range next {
				folder := []string{"archive", "zz-logs", "azure_usage/_archive", "certifications/.old"}[i%4]
				if err := putObject(t.Context(), c, fmt.Sprintf("%s/%03d/part-%05d.json", folder, i/100, i), []byte(`{"a":1}`)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range manyFiles {
		next <- i
	}
	close(next)
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// checkMany counts pages of the list, and the usage that was looked into.
func (s *storeLab) checkMany(t *testing.T, what string, requests []buckettest.Request, months, fewest, most int) {
	t.Helper()
	pages, looked := 0, map[string]int{}
	for _, r := range requests {
		export, ok := strings.CutPrefix(r.Name, "exports-many/")
		switch {
		case r.IsList() && strings.HasPrefix(r.Prefix, "exports-many/"):
			pages++
		case ok && strings.HasSuffix(export, ".json"):
			t.Errorf("%s: %s is read", what, export)
		case ok && strings.HasPrefix(export, "azure_usage/"):
			looked[export]++
		}
	}
	if pages < fewest || pages > most || len(looked) != months {
		t.Errorf("%s: %d pages, want %d to %d; usage of %d months, want %d: %v", what, pages, fewest, most, len(looked), months, looked)
	}
	t.Logf("%s: %d requests, %d pages of the list", what, len(requests), pages)
}
