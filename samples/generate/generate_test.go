package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/google/go-cmp/cmp"
)

// generated runs the program as from the command line, into a fresh folder.
func generated(t *testing.T, flags ...string) string {
	t.Helper()
	out := t.TempDir()
	args := append([]string{"generate", "--out", out}, flags...)
	if err := run(context.Background(), args, io.Discard, io.Discard); err != nil {
		t.Fatalf("generate %v: %v", flags, err)
	}
	return out
}

// contents reads all files below a folder, by their path inside it.
func contents(t *testing.T, root string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(relative)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameFiles compares two folders byte by byte, without printing the bytes.
func sameFiles(t *testing.T, want, got map[string][]byte) {
	t.Helper()
	if diff := cmp.Diff(names(want), names(got)); diff != "" {
		t.Fatalf("files differ (-want +got):\n%s", diff)
	}
	for name, bytesWanted := range want {
		if !bytes.Equal(bytesWanted, got[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func names(files map[string][]byte) []string {
	var list []string
	for name := range files {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestCommittedSamplesAreReproduced(t *testing.T) {
	committed := contents(t, filepath.Join("..", "exports"))
	sameFiles(t, committed, contents(t, generated(t)))
	size := 0
	for _, content := range committed {
		size += len(content)
	}
	if size > 4_000_000 {
		t.Errorf("the samples take %d bytes of the repository, more than 4,000,000", size)
	}
}

func TestSamplesHaveFewFaultyRows(t *testing.T) {
	u := newUsage(1, stories())
	for m := monthOf(202205); m <= monthOf(202410); m++ {
		rows, faulty := slices.Collect(u.rows(m)), len(u.faultyRows(m))
		if share := float64(faulty) / float64(len(rows)); share >= 0.01 {
			t.Errorf("%s: %d of %d rows are faulty, %.4f of them", m, faulty, len(rows), share)
		}
	}
}

// TestRowsAddUpToStories sums the rows of every attribution of every tenant: the pieces and credits of a month are the
// round number of the story, whatever it is cut into.
func TestRowsAddUpToStories(t *testing.T) {
	u := newUsage(1, stories())
	for _, a := range u.accounts {
		for m := monthOf(202205); m <= monthOf(202410); m++ {
			left := a.spent(m)
			if left == 0 {
				continue
			}
			for s, subscription := range a.attributed {
				share := a.spent(m) * subscription.percent / 100
				left -= share
				var want, got []string
				for _, by := range subscription.attributions {
					want = append(want, fmt.Sprint(by.location, " ", share*by.percent/100))
				}
				sums := map[[2]string]int64{}
				for _, row := range u.subscriptionRows(a, s, m, 0) {
					sums[[2]string{row.location, row.association}] += row.micros
				}
				for by, micros := range sums {
					got = append(got, fmt.Sprint(by[0], " ", micros))
				}
				slices.Sort(want)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s in %s, subscription %d: location and sum (-want +got):\n%s", a.tenant, m, s, diff)
				}
			}
			if left != 0 {
				t.Errorf("%s in %s: subscriptions leave %d over", a.tenant, m, left)
			}
		}
	}
}

func TestStoriesAreWellFormed(t *testing.T) {
	known := map[string]bool{}
	for _, s := range catalogue() {
		known[s.name] = true
	}
	for _, s := range stories() {
		for _, name := range s.services {
			if !known[name] {
				t.Errorf("%s: service %q is not in the catalogue", s.id, name)
			}
		}
		for _, p := range s.people {
			for _, h := range p.holds {
				if titles()[h.code] == "" {
					t.Errorf("%s: certification %q has no title", s.id, h.code)
				}
				for _, date := range []string{h.completed, h.expires} {
					if date != "" && day(date).IsZero() {
						t.Errorf("%s: %q is no date", s.id, date)
					}
				}
			}
		}
		for _, g := range s.groups {
			steps := func(a, b step) int { return a.from - b.from }
			if !slices.IsSortedFunc(g.spend, steps) {
				t.Errorf("%s: steps %v are not in order", s.id, g.spend)
			}
		}
	}
	seen := map[string]string{}
	for _, a := range accounts(1, stories()) {
		if other, ok := seen[a.tenant]; ok && a.customer != sharedCustomer {
			t.Errorf("tenants of %s and %s are the same", other, a.partner.id)
		}
		seen[a.tenant] = a.partner.id
	}
}

func TestLargeModeIsDeterministicAndExact(t *testing.T) {
	flags := []string{"--rows-per-month", "9001", "--tenants", "300", "--partners", "7", "--months", "2", "--last", "2024-06", "--seed", "9"}
	first := generated(t, flags...)
	files := contents(t, first)
	sameFiles(t, files, contents(t, generated(t, flags...)))
	for _, month := range []string{"2024-05", "2024-06"} {
		if rows := monthRows(t, first, month); rows != 9001 {
			t.Errorf("%s has %d rows, want 9001", month, rows)
		}
	}
	flags[len(flags)-1] = "10"
	other := contents(t, generated(t, flags...))
	if name := "azure_usage/month=2024-06/part-00000.parquet"; bytes.Equal(files[name], other[name]) {
		t.Error("another seed gives the same rows")
	}
}

// TestLargeModeEndsRowGroups writes more rows than a row group holds, so that one ends within a tenant.
func TestLargeModeEndsRowGroups(t *testing.T) {
	const rows = groupRows + 1
	out := generated(t, "--rows-per-month", fmt.Sprint(rows), "--tenants", "100", "--months", "1")
	if got := monthRows(t, out, "2024-10"); got != rows {
		t.Errorf("month has %d rows, want %d", got, rows)
	}
}

// monthRows counts the rows of a month in the footers of its files.
func monthRows(t *testing.T, out, month string) int64 {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(out, "azure_usage", "month="+month, "*.parquet"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("find usage of %s: %v, %v", month, paths, err)
	}
	var rows int64
	for _, path := range paths {
		reader, err := file.OpenParquetFile(path, false)
		if err != nil {
			t.Fatal(err)
		}
		rows += reader.NumRows()
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
	return rows
}

func TestFlags(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"no folder":     {nil, `Required flag "out" not set`},
		"bad month":     {[]string{"--out", "x", "--last", "June"}, `read month "June": want a month such as 2024-06`},
		"no months":     {[]string{"--out", "x", "--months", "0"}, "read flags: sizes must be positive"},
		"no flag":       {[]string{"--out", "x", "exports"}, `read arguments: "exports" is no flag`},
		"negative rows": {[]string{"--out", "x", "--rows-per-month", "-1"}, "read flags: sizes must be positive"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := run(context.Background(), append([]string{"generate"}, test.args...), io.Discard, io.Discard)
			if err == nil || err.Error() != test.want {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
}

func TestHelpHasExamples(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), []string{"generate", "--help"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"go run ./samples/generate --out samples/exports", "--rows-per-month 20000000"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("help does not mention %q:\n%s", want, out.String())
		}
	}
}
