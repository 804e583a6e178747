package duckdb_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// readMonth builds the facts of one month of usage, given as files by their paths below the exports, and returns the reasons to be provisional.
func readMonth(t *testing.T, root string, m scoring.Month, change ...func(*months.Options)) (unclear []string, err error) {
	t.Helper()
	engine, err := openMonths(t, root, m, change...)
	if err != nil {
		return nil, err
	}
	return unclearOf(t, engine, m)
}

// openMonths opens an engine for the months of usage up to one.
func openMonths(t *testing.T, root string, last scoring.Month, change ...func(*months.Options)) (*world.Engine, error) {
	t.Helper()
	opt := world.Options(root, filepath.Join(t.TempDir(), "s"), t.TempDir())
	opt.AllowMissingHistory, opt.AllowMissingCertifications, opt.MaxRejected = true, true, 1
	for _, c := range change {
		c(&opt)
	}
	return world.OpenEngine(t, opt, last)
}

// unclearOf builds the facts of a month and returns the reasons to be provisional.
func unclearOf(t *testing.T, engine *world.Engine, m scoring.Month) (unclear []string, err error) {
	t.Helper()
	f, err := engine.BuildFacts(t.Context(), m)
	if err != nil {
		return nil, err
	}
	return f.Provisional, nil
}

// monthOf has rows of usage of so many customers with so many services, in USD by amount; rows of a service repeat as the resource says.
func monthOf(customers, services int, amount func(i int) string) (rows []world.Usage) {
	for c := range customers {
		for s := range services {
			rows = append(rows, world.Usage{Location: "p", Tenant: world.Tenant(fmt.Sprint("t", c)), Subscription: world.Tenant(fmt.Sprint("s", c)), Service: fmt.Sprint("service ", s),
				Resource: fmt.Sprint("/r/", c, "/", s), Amount: amount(len(rows))})
		}
	}
	return rows
}

// cellsOf are rows as they stand in a file of June.
func cellsOf(rows []world.Usage) [][]string { return cellsIn(world.June, rows) }

// cellsIn are rows as they stand in a file of a month.
func cellsIn(m scoring.Month, rows []world.Usage) (cells [][]string) {
	for _, u := range rows {
		cells = append(cells, u.Cells(m))
	}
	return cells
}

// deliverRows writes rows to a file of June's folder.
func deliverRows(t *testing.T, root, name string, rows []world.Usage) {
	t.Helper()
	deliverMonth(t, root, world.June, map[string][]world.Usage{name: rows})
}

// deliverMonth writes files into the folder of a month.
func deliverMonth(t *testing.T, root string, m scoring.Month, files map[string][]world.Usage) {
	t.Helper()
	for name, rows := range files {
		path := filepath.Join(world.UsageDir(root, m), name)
		if strings.HasSuffix(name, ".parquet") {
			world.WriteParquet(t, path, world.UsageHeader, cellsIn(m, rows))
		} else {
			world.WriteCSV(t, path, world.UsageHeader, cellsIn(m, rows))
		}
	}
}

// refusedAs fails unless err refuses two deliveries of June, naming these, with a share of their keys, and no tenant.
func refusedAs(t *testing.T, err error, names ...string) {
	t.Helper()
	refusedIn(t, world.June, err, names...)
}

// refusedIn is refusedAs of another month.
func refusedIn(t *testing.T, m scoring.Month, err error, names ...string) {
	t.Helper()
	var broken *exports.ContractError
	if !errors.As(err, &broken) {
		t.Fatalf("error %v", err)
	}
	text := err.Error()
	for _, part := range append(names, "% of their keys", "month "+m.String(), "it would count twice") {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
	if strings.Contains(text, "-4000-8000-") {
		t.Errorf("a tenant is named: %s", text)
	}
}

func plain(i int) string   { return fmt.Sprintf("%d.25", 100+i) }
func rerated(i int) string { return fmt.Sprintf("%d.75", 99+i) }
func half(i int) string    { return fmt.Sprintf("%d.%d5", 100+i, 2+i%2) }

// TestTwoDeliveriesRefused: what is there twice is refused, in whatever form, order and amounts. Each case is a month, since one engine reads many.
func TestTwoDeliveriesRefused(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	first := monthOf(5, 6, plain)
	shuffled := slices.Clone(first)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	spelt := slices.Clone(first)
	for i := range spelt {
		spelt[i].Tenant, spelt[i].Subscription = "{"+strings.ToUpper(spelt[i].Tenant)+"}", " "+strings.ToUpper(spelt[i].Subscription)
		spelt[i].Service, spelt[i].Association, spelt[i].Location = " "+strings.ToUpper(spelt[i].Service), "pal ", "p "
	}
	restated := slices.Concat(monthOf(5, 6, rerated)[2:], []world.Usage{{Location: "p", Tenant: world.Tenant("new"), Amount: "7"}, {Location: "p", Service: "new", Amount: "7"}})
	large := monthOf(60, 10, plain)
	largeAgain := monthOf(60, 10, rerated)
	cases := []struct {
		what  string
		files map[string][]world.Usage
		names []string
	}{
		{"in another order", map[string][]world.Usage{"a.csv": first, "b.csv": shuffled}, []string{"a.csv", "b.csv", "(30 of 30;"}},
		{"as Parquet", map[string][]world.Usage{"a.csv": first, "b.parquet": first}, []string{"a.csv", "b.parquet"}},
		{"in other spellings", map[string][]world.Usage{"a.parquet": first, "b.csv": spelt}, []string{"a.parquet", "b.csv"}},
		{"rated again", map[string][]world.Usage{"a.csv": first, "b.csv": monthOf(5, 6, rerated)}, []string{"a.csv", "b.csv"}},
		{"half identical", map[string][]world.Usage{"a.csv": first, "b.csv": monthOf(5, 6, half)}, []string{"a.csv", "b.csv"}},
		{"with rows added and dropped", map[string][]world.Usage{"a.csv": first, "b.csv": restated}, []string{"a.csv", "b.csv", "(28 of 28;"}},
		{"three times", map[string][]world.Usage{"a.csv": first, "b.csv": monthOf(5, 6, rerated), "c.csv": monthOf(5, 6, half)}, []string{"a.csv", "b.csv", "c.csv"}},
		{"in parts that correspond", map[string][]world.Usage{"a-0.csv": large[:300], "a-1.csv": large[300:], "b-0.csv": largeAgain[:300], "b-1.csv": largeAgain[300:]},
			[]string{"a-0.csv", "b-0.csv", "a-1.csv", "b-1.csv"}},
		{"in other parts", map[string][]world.Usage{"a-0.csv": large[:250], "a-1.csv": large[250:], "b-0.csv": largeAgain[:100], "b-1.csv": largeAgain[100:400],
			"b-2.csv": largeAgain[400:]}, []string{"a-0.csv", "b-1.csv"}},
	}
	root := t.TempDir()
	for i, c := range cases {
		deliverMonth(t, root, world.June.Add(-i), c.files)
	}
	engine, err := openMonths(t, root, world.June)
	world.Must(t, err)
	for i, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			_, err := unclearOf(t, engine, world.June.Add(-i))
			refusedIn(t, world.June.Add(-i), err, c.names...)
		})
	}
}

// TestDeliveryWithoutAColumn: a file that lacks a column of the key is the same delivery as one that has it.
func TestDeliveryWithoutAColumn(t *testing.T) {
	rows, root := monthOf(5, 6, plain), t.TempDir()
	deliverRows(t, root, "a.csv", rows)
	keep := func(name string) bool { return name != "ResourceId" && name != "ServiceLevel1" && name != "PGAMpnID" }
	var header []string
	for _, name := range world.UsageHeader {
		if keep(name) {
			header = append(header, name)
		}
	}
	var cells [][]string
	for _, row := range cellsOf(rows) {
		var left []string
		for i, cell := range row {
			if keep(world.UsageHeader[i]) {
				left = append(left, cell)
			}
		}
		cells = append(cells, left)
	}
	world.WriteParquet(t, filepath.Join(world.UsageDir(root, world.June), "b.parquet"), header, cells)
	_, err := readMonth(t, root, world.June)
	refusedAs(t, err, "a.csv", "b.parquet")
}

// TestRunsOfDays: an old run beside the next is refused in one folder and in two, with the days they have in common; so is one whose rows fall
// into several parts.
func TestRunsOfDays(t *testing.T) {
	run := func(days int, amount func(int) string) (rows []world.Usage) {
		for day := range days {
			for _, u := range monthOf(2, 2, amount) {
				u.Month = fmt.Sprintf("2024-06-%02d", day+1)
				rows = append(rows, u)
			}
		}
		return rows
	}
	old, full := run(9, rerated), run(30, plain)
	root := t.TempDir()
	deliverRows(t, root, "old.csv", old)
	deliverRows(t, root, "full.csv", full)
	_, err := readMonth(t, root, world.June)
	refusedAs(t, err, "old.csv", "full.csv", "(36 of 36;", "2024-06-01 to 2024-06-09", "keep the newer file")

	in := func(o *months.Options) {
		o.Patterns = exports.DefaultPatterns()
		o.Patterns.Usage = "runs/{yyyy}/{mm}/*/*.csv"
	}
	root = t.TempDir()
	for name, rows := range map[string][]world.Usage{"one/a.csv": old, "two/a.csv": full[:50], "two/b.csv": full[50:]} {
		world.WriteCSV(t, filepath.Join(root, "runs/2024/06", name), world.UsageHeader, cellsOf(rows))
	}
	_, err = readMonth(t, root, world.June, in)
	refusedAs(t, err, "runs/2024/06/one, ", "runs/2024/06/two", "2024-06-01 to 2024-06-09", "keep the newer folder")

	root = t.TempDir() // days of their own
	for name, rows := range map[string][]world.Usage{"one/a.csv": full[:36], "two/a.csv": full[36:80], "two/b.csv": full[80:]} {
		world.WriteCSV(t, filepath.Join(root, "runs/2024/06", name), world.UsageHeader, cellsOf(rows))
	}
	if unclear, err := readMonth(t, root, world.June, in); err != nil || len(unclear) > 0 {
		t.Errorf("runs of other days: %q, %v", unclear, err)
	}
}

// TestOneDeliveryPasses: what belongs together is read, and without a doubt where rows tell that. Each case is a month, since one engine reads many.
func TestOneDeliveryPasses(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	rows := monthOf(6, 8, plain)
	credits := monthOf(6, 8, func(i int) string { return fmt.Sprintf("-%d.5", i) })
	second := monthOf(6, 8, plain)
	for i := range second {
		second[i].Association = "CSP Tier 1"
	}
	others := monthOf(6, 8, rerated)
	for i := range others {
		others[i].Subscription = world.Tenant(fmt.Sprint("u", i%6))
	}
	supplement := []world.Usage{{Location: "p", Tenant: world.Tenant("late"), Amount: "9"}, {Location: "p", Tenant: world.Tenant("t1"), Service: "late", Amount: "9"}}
	var daily []world.Usage // without a day
	for day := range 30 {
		daily = append(daily, monthOf(6, 5, func(i int) string { return fmt.Sprintf("%d.%d", 10+i, day) })...)
	}
	mixed := slices.Clone(daily)
	random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	days := map[string][]world.Usage{}
	for day := range 30 {
		days[fmt.Sprintf("day-%d.csv", day)] = daily[day*30 : (day+1)*30]
	}
	cases := []struct {
		what  string
		files map[string][]world.Usage
		doubt bool
	}{
		{"a file of credits", map[string][]world.Usage{"a.csv": rows, "b.csv": credits}, false},
		{"a second attribution", map[string][]world.Usage{"a.csv": rows, "b.csv": second}, false},
		{"other subscriptions", map[string][]world.Usage{"a.csv": rows, "b.csv": others}, false},
		{"a late supplement", map[string][]world.Usage{"a.csv": rows, "b.csv": supplement}, false},
		{"rows by day without a day", map[string][]world.Usage{"a.csv": daily}, false},
		{"rows by day without a day, by chance", map[string][]world.Usage{"a.csv": mixed[:400], "b.csv": mixed[400:]}, false},
		{"rows by day without a day, in order", map[string][]world.Usage{"a.csv": daily[:450], "b.csv": daily[450:]}, true},
		{"a file a day, without a day", days, true},
		{"three keys in both", map[string][]world.Usage{"a.csv": rows[:3], "b.csv": monthOf(6, 8, rerated)[:3]}, true},
		{"three keys of many in both", map[string][]world.Usage{"a.csv": rows[:24], "b.csv": rows[21:]}, false},
	}
	root := t.TempDir()
	for i, c := range cases {
		deliverMonth(t, root, world.June.Add(-i), c.files)
	}
	engine, err := openMonths(t, root, world.June)
	world.Must(t, err)
	for i, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			unclear, err := unclearOf(t, engine, world.June.Add(-i))
			if err != nil || c.doubt != (len(unclear) == 1) {
				t.Errorf("provisional %q, error %v", unclear, err)
			}
		})
	}
}

// TestDoubtIsProvisional: a month that cannot be told is warned of and provisional, also from cached facts; a month of the window is enough.
func TestDoubtIsProvisional(t *testing.T) {
	w := world.New().Lately(4)
	w.Usage[world.June.Add(-3)] = []world.Usage{{Location: "base", Amount: "100"}, {Location: "base", Amount: "90", File: 1}}
	root, snapshots := w.Write(t), filepath.Join(t.TempDir(), "s")
	for range 2 {
		out, log, err := world.Try(t, root, snapshots, world.June, world.NoHistory)
		world.Must(t, err)
		if reasons(out.Provisional, "part-0.csv, month 2024-03: may hold the same usage as") != 1 || len(out.Provisional) != 2 { // and history is missing
			t.Errorf("provisional: %q", out.Provisional)
		}
		if warned := strings.Contains(log, "the rows cannot tell"); warned != (out.FactsBuilt > 0) {
			t.Errorf("%d facts built, warned %t", out.FactsBuilt, warned)
		}
		world.Must(t, os.RemoveAll(filepath.Join(snapshots, "_manifests")))
	}
}

// TestDeliveriesOfManyMonths: files of many months are told apart month by month, also by their slices; a column that is named as the engine
// numbers files does no harm.
func TestDeliveriesOfManyMonths(t *testing.T) {
	for _, header := range []string{"FILE_INDEX", "Other"} {
		root := t.TempDir()
		names := append(slices.Clone(world.UsageHeader), header)
		for i, amount := range []func(int) string{plain, rerated} {
			var cells [][]string
			for _, m := range []scoring.Month{world.June.Add(-1), world.June} {
				rows := monthOf(5, 6, amount)
				if m < world.June {
					rows = rows[i*15 : (i+1)*15] // half of May in each
				}
				for _, u := range rows {
					cells = append(cells, append(u.Cells(m), "0"))
				}
			}
			world.WriteParquet(t, filepath.Join(root, "all", fmt.Sprintf("%d.parquet", i)), names, cells)
		}
		in := func(o *months.Options) {
			o.Patterns = exports.DefaultPatterns()
			o.Patterns.Usage = "all/*.parquet"
		}
		if unclear, err := readMonth(t, root, world.June.Add(-1), in); err != nil || len(unclear) > 0 {
			t.Errorf("%s, May: provisional %q, error %v", header, unclear, err)
		}
		_, err := readMonth(t, root, world.June, in)
		refusedAs(t, err, "all/0.parquet", "all/1.parquet", "(30 of 30;")
	}
}
