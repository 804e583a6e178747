package duckdb_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// readMonth builds the facts of one month of usage, given as files by their paths below the exports, and returns the reasons to be provisional.
func readMonth(t *testing.T, root string, m scoring.Month, change ...func(*months.Options)) (unclear []string, err error) {
	t.Helper()
	opt := world.Options(root, filepath.Join(t.TempDir(), "s"), t.TempDir())
	opt.AllowMissingHistory, opt.AllowMissingCertifications, opt.MaxRejected = true, true, 1
	for _, c := range change {
		c(&opt)
	}
	engine, err := world.OpenEngine(t, opt, m)
	if err != nil {
		return nil, err
	}
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

// cellsOf are rows as they stand in a file.
func cellsOf(rows []world.Usage) (cells [][]string) {
	for _, u := range rows {
		cells = append(cells, u.Cells(world.June))
	}
	return cells
}

// deliverRows writes rows to a file of June's folder.
func deliverRows(t *testing.T, root, name string, rows []world.Usage) {
	t.Helper()
	path := filepath.Join(world.UsageDir(root, world.June), name)
	if strings.HasSuffix(name, ".parquet") {
		world.WriteParquet(t, path, world.UsageHeader, cellsOf(rows))
		return
	}
	world.WriteCSV(t, path, world.UsageHeader, cellsOf(rows))
}

// refusedAs fails unless err refuses two deliveries, naming these, with a share of their keys, and no tenant.
func refusedAs(t *testing.T, err error, names ...string) {
	t.Helper()
	var broken *exports.ContractError
	if !errors.As(err, &broken) {
		t.Fatalf("error %v", err)
	}
	text := err.Error()
	for _, part := range append(names, "% of their keys", "month 2024-06", "it would count twice") {
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

// TestTwoDeliveriesRefused: what is there twice is refused, in whatever form, order and amounts.
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
	for _, c := range []struct {
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
	} {
		t.Run(c.what, func(t *testing.T) {
			root := t.TempDir()
			for name, rows := range c.files {
				deliverRows(t, root, name, rows)
			}
			_, err := readMonth(t, root, world.June)
			refusedAs(t, err, c.names...)
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

// TestOneDeliveryPasses: what belongs together is read, and without a doubt where rows tell that.
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
	for _, c := range []struct {
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
	} {
		t.Run(c.what, func(t *testing.T) {
			root := t.TempDir()
			for name, rows := range c.files {
				deliverRows(t, root, name, rows)
			}
			unclear, err := readMonth(t, root, world.June)
			if err != nil || c.doubt != (len(unclear) == 1) {
				t.Errorf("provisional %q, error %v", unclear, err)
			}
		})
	}
}

// TestDoubtIsProvisional: a month that cannot be told is warned of and provisional, also from cached facts; a month of the window is enough.
func TestDoubtIsProvisional(t *testing.T) {
	w := world.New()
	w.Usage[world.June.Add(-3)] = []world.Usage{{Location: "base", Amount: "100"}, {Location: "base", Amount: "90", File: 1}}
	root, snapshots := w.Write(t), filepath.Join(t.TempDir(), "s")
	for range 2 {
		out, log, err := world.Try(t, root, snapshots, world.June)
		world.Must(t, err)
		if len(out.Provisional) != 1 || !strings.Contains(out.Provisional[0], "part-0.csv, month 2024-03: may hold the same usage as") {
			t.Errorf("provisional: %q", out.Provisional)
		}
		if warned := strings.Contains(log, "the rows cannot tell"); warned != (out.FactsBuilt > 0) {
			t.Errorf("%d facts built, warned %t", out.FactsBuilt, warned)
		}
		world.Must(t, os.RemoveAll(filepath.Join(snapshots, "_manifests")))
	}
}

// TestMonthsSplitAnyhow: the months of the samples, of the generator and of a case are read when their rows are dealt to more files, without a doubt.
func TestMonthsSplitAnyhow(t *testing.T) {
	sizes := []int{2, 7}
	if world.Long {
		sizes = []int{8, 64}
	}
	connector, err := duckdb.NewConnector("", nil)
	world.Must(t, err)
	db := sql.OpenDB(connector)
	defer db.Close()
	type source struct{ dir, read string }
	sources := []source{
		{world.UsageDir(filepath.Join(world.Samples, "exports"), world.June), "read_parquet('%s', file_row_number = true)"},
		{world.UsageDir("../../../../shared/cases/baseline/exports", world.June), "(SELECT *, row_number() OVER () AS file_row_number FROM read_csv('%s', all_varchar = true))"},
	}
	if _, err := os.Stat(sources[1].dir); err != nil { // the cases are not part of this repository
		sources = sources[:1]
	}
	if world.Long { // one month that is looked at whole, and one that is glanced at first and of which tenants are looked at
		for _, rows := range []int{15_000, 900_000} {
			sources = append(sources, source{world.UsageDir(world.Generate(t, rows, 1), world.June), sources[0].read})
		}
	}
	for _, source := range sources {
		paths, err := filepath.Glob(filepath.Join(source.dir, "*"))
		world.Must(t, err)
		for way, file := range map[string]string{
			"by chance": "hash(file_row_number) % $1",
			"in turn":   "file_row_number % $1",
			"in order":  "file_row_number * $1 // rows",
		} {
			for _, n := range sizes {
				root := t.TempDir()
				world.Must(t, os.MkdirAll(world.UsageDir(root, world.June), 0o777))
				for i, path := range paths {
					apart := t.TempDir()
					_, err := db.ExecContext(t.Context(), strings.ReplaceAll(fmt.Sprintf(
						"COPY (SELECT * EXCLUDE (file_row_number, rows), CAST(%s AS INTEGER) AS part FROM (SELECT *, sum(1) OVER () AS rows FROM "+source.read+")) "+
							"TO '%s' (FORMAT parquet, PARTITION_BY (part), OVERWRITE_OR_IGNORE)", file, path, apart), "$1", fmt.Sprint(n)))
					world.Must(t, err)
					parts, err := filepath.Glob(filepath.Join(apart, "*", "*"))
					world.Must(t, err)
					for j, part := range parts {
						world.Must(t, os.Rename(part, filepath.Join(world.UsageDir(root, world.June), fmt.Sprintf("%d-%d.parquet", i, j))))
					}
				}
				if unclear, err := readMonth(t, root, world.June); err != nil || len(unclear) > 0 {
					t.Errorf("%s, %s, each file in %d: provisional %q, error %v", source.dir, way, n, unclear, err)
				}
			}
		}
	}
}

// TestTwoDeliveriesOfManyRows: a large month is compared by some of its tenants, after a glance, and by a part of its keys where it has few tenants.
func TestTwoDeliveriesOfManyRows(t *testing.T) {
	connector, err := duckdb.NewConnector("", nil)
	world.Must(t, err)
	db := sql.OpenDB(connector)
	defer db.Close()
	for what, tenants := range map[string]int{"many tenants": 20_000, "a few tenants": 3} {
		if tenants == 3 && !world.Long {
			continue
		}
		root := t.TempDir()
		world.Must(t, os.MkdirAll(world.UsageDir(root, world.June), 0o777))
		for part, file := range map[string]string{"i % 2 = 0": "old-0", "i % 2 = 1": "old-1", "hash(i) % 3 = 0": "new-0", "hash(i) % 3 = 1": "new-1", "hash(i) % 3 = 2": "new-2"} {
			amount := "i % 100 + 1"
			if strings.HasPrefix(file, "new") {
				amount = "i % 99 + 1.5"
			}
			_, err := db.ExecContext(t.Context(), fmt.Sprintf(`
				COPY (SELECT '2024-06' AS Month, 'p' AS MPNId, 'PAL' AS PartnerAttributionType, md5(CAST(i %% %d AS VARCHAR)) AS CustomerTenantId,
				             'service ' || (i // %d %% 40) AS ServiceLevel2, 'Microsoft Azure' AS OfferType, '/r/' || i AS ResourceId, %s AS ACR_USD
				      FROM range(300000) AS t(i) WHERE %s) TO '%s' (FORMAT parquet)`,
				tenants, tenants, amount, part, filepath.Join(world.UsageDir(root, world.June), file+".parquet")))
			world.Must(t, err)
		}
		_, err := readMonth(t, root, world.June)
		refusedAs(t, err, "old-", "new-")
		world.Must(t, os.Remove(filepath.Join(world.UsageDir(root, world.June), "new-0.parquet")))
		world.Must(t, os.Remove(filepath.Join(world.UsageDir(root, world.June), "new-1.parquet")))
		world.Must(t, os.Remove(filepath.Join(world.UsageDir(root, world.June), "new-2.parquet")))
		if unclear, err := readMonth(t, root, world.June); err != nil || len(unclear) > 0 {
			t.Errorf("%s, once: provisional %q, error %v", what, unclear, err)
		}
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
