package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// manyMonths reads usage files that hold many months.
func manyMonths(o *Options) { o.Patterns.Usage = "azure_usage/*" }

// writeMany writes the world with all its usage in files of many months: row i of all goes to file fileOf(i).
func (w *world) writeMany(tb testing.TB, fileOf func(i int) int) string {
	tb.Helper()
	root := tb.TempDir()
	rest := w.clone()
	rest.usage = nil
	rest.writeTo(tb, root)
	files, i := map[int][][]string{}, 0
	for _, m := range sortedMonths(w.usage) {
		for _, u := range w.usage[m] {
			files[fileOf(i)] = append(files[fileOf(i)], u.cells(m))
			i++
		}
	}
	for n, cells := range files {
		path := filepath.Join(root, "azure_usage", fmt.Sprintf("all-%d", n))
		if w.parquet {
			writeParquet(tb, path+".parquet", usageHeader, cells)
		} else {
			writeCSV(tb, path+".csv", usageHeader, cells)
		}
	}
	return root
}

func oneFile(int) int { return 0 }

// manyWorld has rows of every kind in several months, ways to write a month, and a month beyond the window on either side.
func manyWorld() *world {
	w := everythingWorld()
	w.add(june.Add(-14), usage{location: "base", amount: "999"})
	w.add(june.Add(1), usage{location: "base", amount: "999"})
	w.add(june, usage{location: "base", amount: "1000", month: "6/30/2024"}, usage{location: "base", amount: "20", month: "202406", association: "Reseller"},
		usage{location: "base", amount: "oops"}, usage{location: "base", amount: "3", subscription: "s", association: "CSP Tier 1"},
		usage{location: "base", amount: "3", subscription: "s"})
	w.add(june.Add(-12), usage{location: "base", amount: "7", month: "2023-06-15T00:00:00", tenant: tenant("d"), resource: "/subscriptions/x\nsecond line"})
	return w
}

// lenient lets bad data pass.
func lenient(o *Options) { o.MaxRejected = 1 }

// TestManyMonthsScoreAsMonthlyFiles: how rows are spread over files does not matter.
func TestManyMonthsScoreAsMonthlyFiles(t *testing.T) {
	w := manyWorld()
	want := scoreFresh(t, w.write(t), lenient).tables
	for _, c := range []struct {
		name    string
		parquet bool
		files   int
	}{{"one CSV", false, 1}, {"three CSV", false, 3}, {"one Parquet", true, 1}, {"two Parquet", true, 2}} {
		if c.parquet == (c.files == 1) && !long {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			w := w.clone()
			w.parquet = c.parquet
			root := w.writeMany(t, func(i int) int { return i % c.files })
			got := scoreFresh(t, root, lenient, manyMonths)
			if diff := cmp.Diff(want, got.tables); diff != "" {
				t.Errorf("tables of monthly files (-), of files of many months (+):\n%s", diff)
			}
			man := manifestOf(t, got.snapshots)
			var files []string
			var rows int64
			for _, in := range man.Inputs {
				if in.Table == string(schema.Usage) {
					files, rows = append(files, in.Path), rows+in.Rows
				}
			}
			if len(files) != c.files || rows != int64(len(w.usage[june])+len(w.usage[june.Add(-12)])+12) {
				t.Errorf("the manifest lists %q with %d rows", files, rows)
			}
			if built := strings.Count(got.log, "split a usage file by months"); built != c.files {
				t.Errorf("%d files were split %d times:\n%s", c.files, built, got.log)
			}
			if c.files == 1 {
				checkManyDeep(t, root, got.snapshots)
			}
		})
	}
}

// checkManyDeep makes sure that what was published of files of many months verifies, and that nothing is stale.
func checkManyDeep(t *testing.T, root, snapshots string) {
	t.Helper()
	opt := options(root, snapshots, t.TempDir())
	manyMonths(&opt)
	if found, err := Verify(t.Context(), opt, true); err != nil || found.Err() != nil || found.ScoredAgain != 1 {
		t.Errorf("verify: %+v, %v", found, errors.Join(err, found.Err()))
	}
	if stale, err := StaleMonths(t.Context(), opt); err != nil || len(stale) > 0 {
		t.Errorf("stale: %v, %v", stale, err)
	}
}

func manifestOf(tb testing.TB, snapshots string) *snapshot.Manifest {
	tb.Helper()
	store, err := snapshot.Open(snapshots)
	if err != nil {
		tb.Fatal(err)
	}
	man, err := store.Manifest(tb.Context(), june)
	if err != nil {
		tb.Fatal(err)
	}
	return man
}

// TestManyMonthsAreReadOnce: the file is read for its hash, for its months and for its facts, whatever the number of months; a run with nothing to do, and
// status, read no rows at all.
func TestManyMonthsAreReadOnce(t *testing.T) {
	w := newWorld()
	for m := june.Add(-13); m <= june; m++ {
		for i := range 2500 {
			w.add(m, usage{location: "base", amount: "1", resource: fmt.Sprintf("/subscriptions/%d/%s", i, strings.Repeat("x", 200))})
		}
	}
	root := w.writeMany(t, oneFile)
	info, err := os.Stat(filepath.Join(root, "azure_usage", "all-0.csv"))
	if err != nil {
		t.Fatal(err)
	}
	snapshots := filepath.Join(t.TempDir(), "snapshots")
	read := func(what string, most float64, do func()) {
		t.Helper()
		before := bytesRead(t)
		do()
		if times := float64(bytesRead(t)-before) / float64(info.Size()); times > most {
			t.Errorf("%s read %.1f times the size of the file, want %g at most", what, times, most)
		}
	}
	read("the first score", 5, func() {
		if first := scoreInto(t, root, snapshots, june, manyMonths); first.FactsBuilt != windowMonths {
			t.Errorf("%d facts built", first.FactsBuilt)
		}
	})
	read("a score with nothing to do", 0.9, func() {
		if again := scoreInto(t, root, snapshots, june, manyMonths); again.Changed || strings.Contains(again.log, "months of a usage file") {
			t.Errorf("changed %v:\n%s", again.Changed, again.log)
		}
	})
	path := filepath.Join(snapshots, "_facts", "hashes.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, regexp.MustCompile(`"by":"`).ReplaceAll(text, []byte(`"by":"otherwise `)))
	read("months that were read otherwise", 1.9, func() {
		if again := scoreInto(t, root, snapshots, june, manyMonths); again.Changed || strings.Count(again.log, "months of a usage file") != 1 {
			t.Errorf("changed %v:\n%s", again.Changed, again.log)
		}
	})
	read("status", 0.9, func() {
		opt := options(root, snapshots, t.TempDir())
		manyMonths(&opt)
		list, err := Status(t.Context(), opt)
		if last := list[len(list)-1]; err != nil || len(list) != windowMonths || last.Snapshot != StatePublished || last.UsageFiles != 1 {
			t.Errorf("status: %+v, %v", list, err)
		}
	})
}

// bytesRead is how much this process has read from files so far, from a disk or from memory.
func bytesRead(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip("the system does not count what a process reads: ", err)
	}
	var chars int64
	if _, err := fmt.Sscanf(string(text), "rchar: %d", &chars); err != nil {
		t.Fatal(err)
	}
	return chars
}

// TestManyMonthsUnreadRows: rows of no month are bad data of the file's newest month, and are named by their line or row in the file.
func TestManyMonthsUnreadRows(t *testing.T) {
	for _, parquet := range []bool{false, true} {
		if parquet && !long {
			continue
		}
		w := newWorld()
		w.parquet = parquet
		w.add(june.Add(-13), usage{location: "base", amount: "1", month: "0001-01"}, usage{location: "base", amount: "2", month: none},
			usage{location: "base", amount: "4", month: "soon"})
		root := w.writeMany(t, oneFile)
		got := scoreFresh(t, root, lenient, manyMonths)
		got.one(t, snapshot.Exclusions, "reason", "bad_month").expect(t, "exclusions", "usage_month", "2024-06-01", "rows", "3", "acr_usd", "7.000000")
		if found := got.find(snapshot.Exclusions, "reason", "wrong_month"); len(found) > 0 {
			t.Errorf("rows of a wrong month: %v", found)
		}
		if !strings.Contains(got.log, "whose month cannot be read") {
			t.Errorf("nobody is told:\n%s", got.log)
		}
		_, _, err := try(t, root, t.TempDir(), june, manyMonths)
		where := map[bool]string{false: "azure_usage/all-0.csv, month 2024-06, column Month, line 3", true: "azure_usage/all-0.parquet, month 2024-06, column Month, row 2"}[parquet]
		if !sameKind(err, &exports.ContractError{}) || !strings.Contains(err.Error(), where) || !strings.Contains(err.Error(), "newest month of their file") {
			t.Errorf("error %v, want one that names %s", err, where)
		}
	}
}

// TestManyMonthsRefused: a file whose months cannot be known is refused by name.
func TestManyMonthsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		row    []string
		says   []string
	}{
		"no month column": {[]string{"MPNId", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "OfferType", "ACR_USD"},
			[]string{"base", "PAL", tenant("a"), "Storage", "Azure", "1"}, []string{"column month: missing column", "UsageMonth"}},
		"no month at all": {[]string{"Month", "MPNId", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "OfferType", "ACR_USD"},
			[]string{"2024/06", "base", "PAL", tenant("a"), "Storage", "Azure", "1"}, []string{"column Month", `"2024/06"`, "no month can be read in any of the 1 rows"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := newWorld().writeMany(t, oneFile)
			writeCSV(t, filepath.Join(root, "azure_usage", "bad.csv"), c.header, [][]string{c.row})
			_, _, err := try(t, root, t.TempDir(), june, manyMonths)
			for _, says := range append(c.says, "azure_usage/bad.csv") {
				if !sameKind(err, &exports.ContractError{}) || !strings.Contains(err.Error(), says) {
					t.Errorf("error %v, want a breach of the contract with %q", err, says)
				}
			}
			found := inspect(t, root, june, june, manyMonths)
			if len(found.Undated) != 1 || len(found.Undated[0].Problems) == 0 || found.Months[0].Score.State != VerdictBroken || found.Months[0].Counted != 1 {
				t.Errorf("inspect: undated %+v, score %+v", found.Undated, found.Months[0].Score)
			}
		})
	}
}

// TestManyMonthsGrow: a new month makes those that read the file stale, and a file without rows is told of.
func TestManyMonthsGrow(t *testing.T) {
	onlyLong(t)
	w := newWorld()
	root := w.writeMany(t, oneFile)
	snapshots := filepath.Join(t.TempDir(), "snapshots")
	scoreInto(t, root, snapshots, june, manyMonths)
	w.add(june.Add(1), usage{location: "base", amount: "100"})
	grown := w.writeMany(t, oneFile)
	writeCSV(t, filepath.Join(grown, "azure_usage", "empty.csv"), usageHeader, nil)
	opt := options(grown, snapshots, t.TempDir())
	manyMonths(&opt)
	if stale, err := StaleMonths(t.Context(), opt); err != nil || !slices.Equal(stale, []scoring.Month{june}) {
		t.Errorf("stale: %v, %v", stale, err)
	}
	var scored []scoring.Month
	sum, err := Backfill(t.Context(), opt, Range{}, func(_, _ int, r MonthResult) { scored = append(scored, r.Month) })
	if err != nil || !slices.Equal(scored, []scoring.Month{june, june.Add(1)}) || sum.FactsBuilt != windowMonths+1 {
		t.Errorf("backfill: %v, %+v, %v", scored, sum, err)
	}
	if _, log, err := try(t, grown, snapshots, june, manyMonths); err != nil || !strings.Contains(log, "holds no rows") {
		t.Errorf("%v:\n%s", err, log)
	}
}

// TestManyMonthsTwice: equal files count once.
func TestManyMonthsTwice(t *testing.T) {
	onlyLong(t)
	root := newWorld().writeMany(t, oneFile)
	data, err := os.ReadFile(filepath.Join(root, "azure_usage", "all-0.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := scoreFresh(t, root, manyMonths)
	writeFile(t, filepath.Join(root, "azure_usage", "copy.csv"), data)
	got := scoreFresh(t, root, manyMonths)
	if diff := cmp.Diff(want.tables, got.tables); diff != "" || strings.Count(got.log, "the same file twice") != 1 {
		t.Errorf("%s\n%s", diff, got.log)
	}
	files := inspect(t, root, june, june, manyMonths).Months[0].Files
	if len(files) != 2 || files[1].SameAs != "azure_usage/all-0.csv" || files[1].Rows != 1 {
		t.Errorf("inspect: %+v", files)
	}
}

// TestManyMonthsOfCost: a cost export of many months is read by its day of use.
func TestManyMonthsOfCost(t *testing.T) {
	onlyLong(t)
	header := []string{"ChargePeriodStart", "x_InvoiceIssuerId", "x_CustomerId", "SubAccountId", "x_SkuMeterCategory", "ChargeCategory", "PublisherName", "x_ListCostInUsd"}
	focus := func(o *Options) { o.Profile = schema.Focus }
	monthly, one := t.TempDir(), t.TempDir()
	var all [][]string
	for m := june.Add(-13); m <= june; m++ {
		var rows [][]string
		for day := 1; day <= 28; day += 9 {
			rows = append(rows, []string{fmt.Sprintf("%s-%02dT00:00:00Z", m, day), "base", tenant("a"), "s", "Storage", "Usage", "Microsoft", "300.5"})
		}
		rows = append(rows, []string{m.String() + "-03T00:00:00Z", "base", tenant("a"), "s", "Storage", "Tax", "Microsoft", "1"})
		writeCSV(t, filepath.Join(monthly, "azure_usage", "month="+m.String(), "run", "part.csv"), header, rows)
		all = append(all, rows...)
	}
	writeCSV(t, filepath.Join(one, "azure_usage", "run", "part.csv"), header, all)
	for _, root := range []string{monthly, one} {
		world := world{}
		world.hold(june, holding{global: "base", mcp: "m1", title: "AZ-104"})
		world.writeTo(t, root)
	}
	want := scoreFresh(t, monthly, focus, func(o *Options) { o.Patterns.Usage = "azure_usage/month={month}/*/*" })
	got := scoreFresh(t, one, focus, func(o *Options) { o.Patterns.Usage = "azure_usage/*/*" })
	if diff := cmp.Diff(want.tables, got.tables); diff != "" || len(want.tables[snapshot.Customers]) != 1 {
		t.Error(diff)
	}
}
