package duckdb_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
)

// tiers are rows of usage by day of which each key stands twice, as with two price tiers.
func tiers(days int, amount func(int) string) (rows []world.Usage) {
	for day := range days {
		for _, u := range slices.Concat(monthOf(2, 5, amount), monthOf(2, 5, amount)) {
			u.Month = fmt.Sprintf("2024-06-%02d", day+1)
			u.Amount += fmt.Sprint(len(rows) % 7)
			rows = append(rows, u)
		}
	}
	return rows
}

// dealt deals rows out in turn to parts.
func dealt(rows []world.Usage, parts int, name string) map[string][]world.Usage {
	files := map[string][]world.Usage{}
	for i, u := range rows {
		file := fmt.Sprintf("%s_%d_0001.csv", name, i%parts)
		files[file] = append(files[file], u)
	}
	return files
}

// runFolder writes files into one folder of June, and beside them a manifest that names some.
func runFolder(t *testing.T, files map[string][]world.Usage, named string) (root string, in func(*months.Options)) {
	t.Helper()
	root = t.TempDir()
	folder := filepath.Join(root, "runs/2024/06/one")
	var blobs []string
	for name, rows := range files {
		world.WriteCSV(t, filepath.Join(folder, name), world.UsageHeader, cellsOf(rows))
		if named != "" && strings.HasPrefix(name, named) {
			blobs = append(blobs, fmt.Sprintf(`{"blobName":"one/%s"}`, name))
		}
	}
	if named != "" {
		world.Must(t, os.WriteFile(filepath.Join(folder, "manifest.json"), []byte(`{"blobs":[`+strings.Join(blobs, ",")+`]}`), 0o666))
	}
	return root, func(o *months.Options) { o.Patterns.Usage = "runs/{yyyy}/{mm}/*/*.csv" }
}

// TestManifestTells: what one manifest names is one run, however its keys fall; what it does not name is of another, which may hold the same. Without
// a manifest the names of the parts may tell.
func TestManifestTells(t *testing.T) {
	month, old := dealt(tiers(30, plain), 3, "new"), dealt(tiers(9, rerated), 2, "old")
	both := map[string][]world.Usage{}
	for _, files := range []map[string][]world.Usage{month, old} {
		for name, rows := range files {
			both[name] = rows
		}
	}
	root, in := runFolder(t, month, "new")
	if unclear, err := readMonth(t, root, world.June, in); err != nil || len(unclear) > 0 {
		t.Errorf("one run: provisional %q, error %v", unclear, err)
	}
	root, in = runFolder(t, both, "new")
	_, err := readMonth(t, root, world.June, in)
	refusedAs(t, err, "runs/2024/06/one/new_0_0001.csv", "with 2 more", "runs/2024/06/one/old_0_0001.csv", "2024-06-01 to 2024-06-09")

	r, random := rand.New(rand.NewPCG(1, 1)), map[string][]world.Usage{} // dealt out so that no two files are alike
	for i, u := range slices.Concat(tiers(30, plain), tiers(9, rerated)) {
		name := fmt.Sprintf("b_%d_0001.csv", r.IntN(5))
		if i >= 600 {
			name = fmt.Sprintf("a_%d_0001.csv", r.IntN(2))
		}
		random[name] = append(random[name], u)
	}
	root, in = runFolder(t, random, "")
	unclear, err := readMonth(t, root, world.June, in)
	if err != nil || len(unclear) != 1 || !strings.Contains(unclear[0], "may hold the same usage") {
		t.Errorf("by their names: provisional %q, error %v", unclear, err)
	}
}

// TestStrayFile: a file beside a manifest that does not name it makes the score provisional, also where another month was published before.
func TestStrayFile(t *testing.T) {
	root := world.New().Lately(1).Write(t)
	snapshots := filepath.Join(t.TempDir(), "s")
	folder := world.UsageDir(root, world.June)
	entries, err := os.ReadDir(folder)
	world.Must(t, err)
	for _, step := range []struct {
		named string
		want  int
	}{{entries[0].Name(), 0}, {entries[0].Name(), 1}} {
		world.Must(t, os.WriteFile(filepath.Join(folder, "manifest.json"), fmt.Appendf(nil, `{"blobs":[{"blobName":"run/%s"}]}`, step.named), 0o666))
		if step.want > 0 {
			deliverRows(t, root, "late.csv", []world.Usage{{Location: "base", Tenant: world.Tenant("late"), Amount: "12"}})
		}
		out, _, err := world.Try(t, root, snapshots, world.June, world.NoHistory)
		world.Must(t, err)
		if n := reasons(out.Provisional, "manifest.json does not name late.csv beside it"); n != step.want || len(out.Provisional) != 1+n {
			t.Errorf("provisional: %q", out.Provisional)
		}
	}
}

// reasons counts the reasons that have a text.
func reasons(all []string, text string) (n int) {
	for _, reason := range all {
		if strings.Contains(reason, text) {
			n++
		}
	}
	return n
}

// TestDescribedAnew: the same amounts under other names of services or other writing of subscriptions are doubted; a month that one file labels by
// its first day and another by its last is one month.
func TestDescribedAnew(t *testing.T) {
	rows := monthOf(5, 6, plain)
	renamed, undashed, others := slices.Clone(rows), slices.Clone(rows), slices.Clone(rows)
	first, last := slices.Clone(rows), slices.Clone(rows)
	for i := range rows {
		renamed[i].Service += " (new)"
		undashed[i].Subscription = strings.ReplaceAll(rows[i].Subscription, "-", "")
		others[i].Subscription = world.Tenant(fmt.Sprint("other", i))
		first[i].Month, last[i].Month = "2024-06-01", "2024-06-30"
	}
	for what, again := range map[string][]world.Usage{"services": renamed, "subscriptions": undashed, "new subscriptions": others} {
		root := t.TempDir()
		deliverRows(t, root, "a.csv", rows)
		deliverRows(t, root, "b.csv", again)
		unclear, err := readMonth(t, root, world.June)
		if err != nil || len(unclear) != 1 || !strings.Contains(unclear[0], "100.0 % of their amounts (30 of 30, of the same customers)") {
			t.Errorf("%s: provisional %q, error %v", what, unclear, err)
		}
	}
	root := t.TempDir()
	deliverRows(t, root, "a.csv", first)
	deliverRows(t, root, "b.csv", last)
	_, err := readMonth(t, root, world.June)
	refusedAs(t, err, "a.csv", "b.csv", "(30 of 30;")
}

// TestRunsOfOneExport: two runs of an export over the same days are refused by their manifests, whatever their rows are like; a copy of one run
// counts once, and runs of other days or exports are read.
func TestRunsOfOneExport(t *testing.T) {
	manifest := func(name, run, start, file string) []byte {
		return fmt.Appendf(nil, `{"exportConfig":{"exportName":%q,"resourceId":"/x"},"runInfo":{"runId":%q,"startDate":%q},"blobs":[{"blobName":"r/%s"}]}`, name, run, start, file)
	}
	renamed := monthOf(3, 4, rerated)
	for i := range renamed {
		renamed[i].Service += " (new)"
	}
	in := func(o *months.Options) { o.Patterns.Usage = "runs/{yyyy}/{mm}/*/*.csv" }
	for _, c := range []struct {
		what             string
		second           []world.Usage
		name, run, start string
		refused          bool
	}{
		{"another run", renamed, "daily", "2", "2024-06-01", true},
		{"a copy", monthOf(3, 4, plain), "daily", "1", "2024-06-01", false},
		{"a copy of the rows by another run", monthOf(3, 4, plain), "daily", "2", "2024-06-01", false},
		{"other days", renamed, "daily", "2", "2024-06-16", false},
		{"another export", renamed, "other", "2", "2024-06-01", false},
	} {
		root := t.TempDir()
		for folder, rows := range map[string][]world.Usage{"one": monthOf(3, 4, plain), "two": c.second} {
			world.WriteCSV(t, filepath.Join(root, "runs/2024/06", folder, "a.csv"), world.UsageHeader, cellsOf(rows))
		}
		world.WriteFile(t, filepath.Join(root, "runs/2024/06/one/manifest.json"), manifest("daily", "1", "2024-06-01", "a.csv"))
		world.WriteFile(t, filepath.Join(root, "runs/2024/06/two/manifest.json"), manifest(c.name, c.run, c.start, "a.csv"))
		_, err := readMonth(t, root, world.June, in)
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", c.what, err)
		}
		if want := "runs/2024/06/two/manifest.json, month 2024-06: is of the same export and the same days as runs/2024/06/one/manifest.json; the usage would count twice"; c.refused &&
			(err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}
