package ingest_test

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
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

func oneFile(int) int { return 0 }

// manyWorld has rows of every kind in several months, ways to write a month, and a month beyond the window on either side; months of the window that
// only repeat others are there in long tests.
func manyWorld() *world.World {
	w := world.Everything()
	if !world.Long {
		w.Only(1, 12, 13)
	}
	w.Add(world.June.Add(-14), world.Usage{Location: "base", Amount: "999"})
	w.Add(world.June.Add(1), world.Usage{Location: "base", Amount: "999"})
	w.Add(world.June, world.Usage{Location: "base", Amount: "1000", Month: "6/30/2024"}, world.Usage{Location: "base", Amount: "20", Month: "202406", Association: "Reseller"},
		world.Usage{Location: "base", Amount: "oops"}, world.Usage{Location: "base", Amount: "3", Subscription: "s", Association: "CSP Tier 1"},
		world.Usage{Location: "base", Amount: "3", Subscription: "s"})
	w.Add(world.June.Add(-12), world.Usage{Location: "base", Amount: "7", Month: "2023-06-15T00:00:00", Tenant: world.Tenant("d"), Resource: "/subscriptions/x\nsecond line"})
	return w
}

// lenient lets bad data pass, and months be missing.
func lenient(o *months.Options) { world.NoHistory(o); o.MaxRejected = 1 }

// TestManyMonthsScoreAsMonthlyFiles: how rows are spread over files does not matter.
func TestManyMonthsScoreAsMonthlyFiles(t *testing.T) {
	w := manyWorld()
	want := world.ScoreFresh(t, w.Write(t), lenient).Tables
	for _, c := range []struct {
		name    string
		parquet bool
		files   int
	}{{"one CSV", false, 1}, {"three CSV", false, 3}, {"one Parquet", true, 1}, {"two Parquet", true, 2}} {
		if c.parquet == (c.files == 1) && !world.Long {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			w := w.Clone()
			w.Parquet = c.parquet
			root := w.WriteMany(t, func(i int) int { return i % c.files })
			got := world.ScoreFresh(t, root, lenient, world.ManyMonths)
			if diff := cmp.Diff(want, got.Tables); diff != "" {
				t.Errorf("tables of monthly files (-), of files of many months (+):\n%s", diff)
			}
			inWindow := 0
			for m := world.June.Add(-13); m <= world.June; m++ {
				inWindow += len(w.Usage[m])
			}
			man := manifestOf(t, got.Snapshots)
			var files []string
			var rows int64
			for _, in := range man.Inputs {
				if in.Table == string(schema.Usage) {
					files, rows = append(files, in.Path), rows+in.Rows
				}
			}
			if len(files) != c.files || rows != int64(inWindow) {
				t.Errorf("the manifest lists %q with %d rows", files, rows)
			}
			if built := strings.Count(got.Log, "split a usage file by months"); built != c.files {
				t.Errorf("%d files were split %d times:\n%s", c.files, built, got.Log)
			}
			if c.files == 1 {
				checkManyDeep(t, root, got.Snapshots)
			}
		})
	}
}

// checkManyDeep makes sure that what was published of files of many months verifies, and that nothing is stale.
func checkManyDeep(t *testing.T, root, snapshots string) {
	t.Helper()
	opt := world.Options(root, snapshots, t.TempDir())
	world.ManyMonths(&opt)
	world.NoHistory(&opt)
	if found, err := months.Verify(t.Context(), opt, true); err != nil || found.Err() != nil || found.ScoredAgain != 1 {
		t.Errorf("verify: %+v, %v", found, errors.Join(err, found.Err()))
	}
	if stale, err := months.StaleMonths(t.Context(), opt); err != nil || len(stale) > 0 {
		t.Errorf("stale: %v, %v", stale, err)
	}
}

func manifestOf(tb testing.TB, snapshots string) *snapshot.Manifest {
	tb.Helper()
	store, err := snapshot.Open(tb.Context(), local.Places{}, snapshots, "")
	if err != nil {
		tb.Fatal(err)
	}
	man, err := store.Manifest(tb.Context(), world.June)
	if err != nil {
		tb.Fatal(err)
	}
	return man
}

// TestManyMonthsAreReadOnce: the file is read for its hash, for its months and for its facts, whatever the number of months; a run with nothing to do, and
// status, read no rows at all.
func TestManyMonthsAreReadOnce(t *testing.T) {
	w := world.New().Only(1, 2, 3, 12, 13) // read for each of six months, it would be read too often
	window := len(w.Usage)
	for m := range w.Usage {
		for i := range 2500 {
			w.Add(m, world.Usage{Location: "base", Amount: "1", Resource: fmt.Sprintf("/subscriptions/%d/%s", i, strings.Repeat("x", 200))})
		}
	}
	root := w.WriteMany(t, oneFile)
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
		if first := world.ScoreInto(t, root, snapshots, world.June, world.ManyMonths, world.NoHistory); first.FactsBuilt != window {
			t.Errorf("%d facts built", first.FactsBuilt)
		}
	})
	read("a score with nothing to do", 0.9, func() {
		if again := world.ScoreInto(t, root, snapshots, world.June, world.ManyMonths, world.NoHistory); again.Changed || strings.Contains(again.Log, "months of a usage file") {
			t.Errorf("changed %v:\n%s", again.Changed, again.Log)
		}
	})
	path := filepath.Join(snapshots, "_facts", "hashes.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	world.WriteFile(t, path, regexp.MustCompile(`"by":"`).ReplaceAll(text, []byte(`"by":"otherwise `)))
	read("months that were read otherwise", 1.9, func() {
		if again := world.ScoreInto(t, root, snapshots, world.June, world.ManyMonths, world.NoHistory); again.Changed || strings.Count(again.Log, "months of a usage file") != 1 {
			t.Errorf("changed %v:\n%s", again.Changed, again.Log)
		}
	})
	read("status", 0.9, func() {
		opt := world.Options(root, snapshots, t.TempDir())
		world.ManyMonths(&opt)
		list, _, err := months.Status(t.Context(), opt)
		if last := list[len(list)-1]; err != nil || len(list) != window || last.Snapshot != results.StatePublished || last.UsageFiles != 1 {
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
		if parquet && !world.Long {
			continue
		}
		w := world.New().Only(13)
		w.Parquet = parquet
		w.Add(world.June.Add(-13), world.Usage{Location: "base", Amount: "1", Month: "0001-01"}, world.Usage{Location: "base", Amount: "2", Month: world.None},
			world.Usage{Location: "base", Amount: "4", Month: "soon"})
		root := w.WriteMany(t, oneFile)
		got := world.ScoreAlone(t, root, lenient, world.ManyMonths)
		got.One(t, snapshot.Exclusions, "reason", "bad_month").Expect(t, "exclusions", "usage_month", "2024-06-01", "rows", "3", "acr_usd", "7.000000")
		if found := got.Find(snapshot.Exclusions, "reason", "wrong_month"); len(found) > 0 {
			t.Errorf("rows of a wrong month: %v", found)
		}
		if !strings.Contains(got.Log, "whose month cannot be read") {
			t.Errorf("nobody is told:\n%s", got.Log)
		}
		err := world.TryAlone(t, root, world.ManyMonths)
		where := map[bool]string{false: "azure_usage/all-0.csv, month 2024-06, column Month, line 3", true: "azure_usage/all-0.parquet, month 2024-06, column Month, row 2"}[parquet]
		if !world.SameKind(err, &exports.ContractError{}) || !strings.Contains(err.Error(), where) || !strings.Contains(err.Error(), "newest month of their file") {
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
			[]string{"base", "PAL", world.Tenant("a"), "Storage", "Azure", "1"}, []string{"column month: missing column", "UsageMonth"}},
		"no month at all": {[]string{"Month", "MPNId", "PartnerAttributionType", "CustomerTenantId", "ServiceLevel2", "OfferType", "ACR_USD"},
			[]string{"2024/06", "base", "PAL", world.Tenant("a"), "Storage", "Azure", "1"}, []string{"column Month", `"2024/06"`, "no month can be read in any of the 1 rows"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := world.New().Only().WriteMany(t, oneFile)
			world.WriteCSV(t, filepath.Join(root, "azure_usage", "bad.csv"), c.header, [][]string{c.row})
			err := world.TryAlone(t, root, world.ManyMonths)
			for _, says := range append(c.says, "azure_usage/bad.csv") {
				if !world.SameKind(err, &exports.ContractError{}) || !strings.Contains(err.Error(), says) {
					t.Errorf("error %v, want a breach of the contract with %q", err, says)
				}
			}
			found := world.Inspect(t, root, world.June, world.June, world.ManyMonths, world.NoHistory)
			if len(found.Undated) != 1 || len(found.Undated[0].Problems) == 0 || found.Months[0].Score.State != inspect.VerdictBroken || found.Months[0].Counted != 1 {
				t.Errorf("inspect: undated %+v, score %+v", found.Undated, found.Months[0].Score)
			}
		})
	}
}

// TestManyMonthsGrow: a new month makes those that read the file stale, and a file without rows is told of.
func TestManyMonthsGrow(t *testing.T) {
	world.OnlyLong(t)
	w := world.New()
	root := w.WriteMany(t, oneFile)
	snapshots := filepath.Join(t.TempDir(), "snapshots")
	world.ScoreInto(t, root, snapshots, world.June, world.ManyMonths)
	w.Add(world.June.Add(1), world.Usage{Location: "base", Amount: "100"})
	grown := w.WriteMany(t, oneFile)
	world.WriteCSV(t, filepath.Join(grown, "azure_usage", "empty.csv"), world.UsageHeader, nil)
	opt := world.Options(grown, snapshots, t.TempDir())
	world.ManyMonths(&opt)
	if stale, err := months.StaleMonths(t.Context(), opt); err != nil || !slices.Equal(stale, []scoring.Month{world.June}) {
		t.Errorf("stale: %v, %v", stale, err)
	}
	var scored []scoring.Month
	sum, err := months.Backfill(t.Context(), opt, months.Range{}, func(_, _ int, r results.MonthResult) { scored = append(scored, r.Month) })
	if err != nil || !slices.Equal(scored, []scoring.Month{world.June, world.June.Add(1)}) || sum.FactsBuilt != inputs.WindowMonths+1 {
		t.Errorf("backfill: %v, %+v, %v", scored, sum, err)
	}
	if _, log, err := world.Try(t, grown, snapshots, world.June, world.ManyMonths); err != nil || !strings.Contains(log, "holds no rows") {
		t.Errorf("%v:\n%s", err, log)
	}
}

// TestManyMonthsTwice: equal files count once.
func TestManyMonthsTwice(t *testing.T) {
	world.OnlyLong(t)
	root := world.New().WriteMany(t, oneFile)
	data, err := os.ReadFile(filepath.Join(root, "azure_usage", "all-0.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := world.ScoreFresh(t, root, world.ManyMonths)
	world.WriteFile(t, filepath.Join(root, "azure_usage", "copy.csv"), data)
	got := world.ScoreFresh(t, root, world.ManyMonths)
	if diff := cmp.Diff(want.Tables, got.Tables); diff != "" || strings.Count(got.Log, "the same file twice") != 1 {
		t.Errorf("%s\n%s", diff, got.Log)
	}
	files := world.Inspect(t, root, world.June, world.June, world.ManyMonths).Months[0].Files
	if len(files) != 2 || files[1].SameAs != "azure_usage/all-0.csv" || files[1].Rows != 1 {
		t.Errorf("inspect: %+v", files)
	}
}

// TestManyMonthsOfCost: a cost export of many months is read by its day of use.
func TestManyMonthsOfCost(t *testing.T) {
	world.OnlyLong(t)
	header := []string{"ChargePeriodStart", "x_InvoiceIssuerId", "x_CustomerId", "SubAccountId", "x_SkuMeterCategory", "ChargeCategory", "PublisherName", "x_ListCostInUsd"}
	focus := func(o *months.Options) { o.Profile = schema.Focus }
	monthly, one := t.TempDir(), t.TempDir()
	var all [][]string
	for m := world.June.Add(-13); m <= world.June; m++ {
		var rows [][]string
		for day := 1; day <= 28; day += 9 {
			rows = append(rows, []string{fmt.Sprintf("%s-%02dT00:00:00Z", m, day), "base", world.Tenant("a"), "s", "Storage", "Usage", "Microsoft", "300.5"})
		}
		rows = append(rows, []string{m.String() + "-03T00:00:00Z", "base", world.Tenant("a"), "s", "Storage", "Tax", "Microsoft", "1"})
		world.WriteCSV(t, filepath.Join(monthly, "azure_usage", "month="+m.String(), "run", "part.csv"), header, rows)
		all = append(all, rows...)
	}
	world.WriteCSV(t, filepath.Join(one, "azure_usage", "run", "part.csv"), header, all)
	for _, root := range []string{monthly, one} {
		w := world.World{}
		w.Hold(world.June, world.Holding{Global: "base", MCP: "m1", Title: "AZ-104"})
		w.WriteTo(t, root)
	}
	want := world.ScoreFresh(t, monthly, focus, func(o *months.Options) { o.Patterns.Usage = "azure_usage/month={month}/*/*" })
	got := world.ScoreFresh(t, one, focus, func(o *months.Options) { o.Patterns.Usage = "azure_usage/*/*" })
	if diff := cmp.Diff(want.Tables, got.Tables); diff != "" || len(want.Tables[snapshot.Customers]) != 1 {
		t.Error(diff)
	}
}
