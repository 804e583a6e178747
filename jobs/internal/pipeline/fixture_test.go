package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"partnerscore/jobs/internal/monitor"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// june is the score month of most tests.
var june = scoring.NewMonth(2024, time.June)

// long tells that loops may take minutes.
var long = os.Getenv("PARTNERSCORE_TEST_LONG") == "1"

// childEnv makes the test binary score one month and exit: some of what must not matter belongs to a process.
const childEnv = "PARTNERSCORE_TEST_SCORE"

func TestMain(m *testing.M) {
	flag.Parse()
	if child := os.Getenv(childEnv); child != "" {
		os.Exit(scoreChild(strings.Split(child, "|")))
	}
	checks := "1" // one check scores a month a dozen times, which takes seconds
	if long {
		checks = "4"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	code := m.Run()
	for _, folder := range []func() (string, error){seeds[false], seeds[true], scoredSamples} {
		if path, err := folder(); err != nil || os.RemoveAll(path) != nil {
			code = 1
		}
	}
	os.Exit(code)
}

func scoreChild(args []string) int {
	threads, err := strconv.Atoi(args[2])
	if err != nil {
		panic(err)
	}
	opt := options(args[0], args[1], args[3])
	opt.Threads = threads
	if _, err := Score(context.Background(), opt, june); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

var runs atomic.Int64

type quiet struct{}

func (quiet) Step(int, int, string) {}
func (quiet) Done(monitor.Step)     {}

// logged is a run whose steps are in the log.
type logged struct{ *monitor.Recorder }

func (logged) Step(int, int, string) {}

// options are those of a plain run. Nothing of them is shared between runs.
func options(exports, snapshots, temp string) Options {
	library, err := rulebook.Embedded()
	if err != nil {
		panic(err)
	}
	return Options{
		Exports: exports, Snapshots: snapshots, Library: library, MaxRejected: 0.01,
		Limits:      Limits{Threads: 2, MemoryLimit: 1 << 30, TempDir: temp, MaxTemp: 4 << 30},
		ToolVersion: "test", RunID: fmt.Sprintf("run-%d-%d", os.Getpid(), runs.Add(1)), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Progress: quiet{},
	}
}

// usage is one row of a usage export, as text; zero values are what most rows say.
type usage struct {
	location, global string
	association      string // "" is PAL
	tenant           string // "" is tenant a
	name, segment    string
	subscription     string
	level1, service  string // service "" is Storage
	level3, level4   string
	resource         string
	offer, offerID   string // offer "" is Microsoft Azure
	amount, month    string // month "" is that of the file
	file             int    // number of the file in the month's folder
}

// none stands for an empty field where "" has another meaning.
const none = "\x00"

// holding is one row of a certifications export.
type holding struct {
	global, location    string
	mcp, email          string
	title               string
	typ                 string // "" is Certification
	completed, expires  string // completed "" is 2024-01-15
	activation          string
	firstName, lastName string
}

// location is one row of a partners export.
type location struct{ id, name, global, globalName string }

// world is what the exports of a test say.
type world struct {
	usage          map[scoring.Month][]usage
	certifications map[scoring.Month][]holding
	partners       []location
	// parquet writes usage as Parquet with every column as text, otherwise it is CSV.
	parquet bool
}

// add puts rows into a month.
func (w *world) add(m scoring.Month, rows ...usage) {
	if w.usage == nil {
		w.usage = map[scoring.Month][]usage{}
	}
	w.usage[m] = append(w.usage[m], rows...)
}

// hold puts rows into the certifications of a month.
func (w *world) hold(m scoring.Month, rows ...holding) {
	if w.certifications == nil {
		w.certifications = map[scoring.Month][]holding{}
	}
	w.certifications[m] = append(w.certifications[m], rows...)
}

// newWorld has one customer of one partner with 100 US dollars in each of the fourteen months before and with june, and one certified person.
func newWorld() *world {
	w := &world{}
	for m := june.Add(-13); m <= june; m++ {
		w.add(m, usage{location: "base", amount: "100"})
	}
	w.hold(june, holding{global: "base", mcp: "m1", title: "Azure Administrator Associate"})
	return w
}

func (w *world) clone() *world {
	c := &world{partners: slices.Clone(w.partners), parquet: w.parquet}
	for m, rows := range w.usage {
		c.add(m, slices.Clone(rows)...)
	}
	for m, rows := range w.certifications {
		c.hold(m, slices.Clone(rows)...)
	}
	return c
}

// tenant makes a tenant id of a letter or a word.
func tenant(name string) string {
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(name), []byte(name + "......")[:6])
}

func text(value, usual string) string {
	if value == none {
		return ""
	}
	return cmp.Or(value, usual)
}

var usageHeader = []string{"Month", "MPNId", "PGAMpnID", "PartnerAttributionType", "CustomerTenantId", "CustomerName", "CustomerSegment", "SubscriptionId",
	"ServiceLevel1", "ServiceLevel2", "ServiceLevel3", "ServiceLevel4", "ResourceId", "OfferType", "OfferId", "ACR_USD"}

func (u usage) cells(m scoring.Month) []string {
	return []string{text(u.month, m.String()), u.location, u.global, text(u.association, "PAL"), text(u.tenant, tenant("a")), u.name, u.segment, u.subscription,
		u.level1, text(u.service, "Storage"), u.level3, u.level4, u.resource, text(u.offer, "Microsoft Azure"), u.offerID, u.amount}
}

// write writes the world as exports into a new folder and returns it.
func (w *world) write(tb testing.TB) string {
	tb.Helper()
	root := tb.TempDir()
	w.writeTo(tb, root)
	return root
}

func (w *world) writeTo(tb testing.TB, root string) {
	tb.Helper()
	for m, rows := range w.usage {
		files := map[int][][]string{}
		if len(rows) == 0 { // a month is there, though nothing happened
			files[0] = nil
		}
		for _, u := range rows {
			files[u.file] = append(files[u.file], u.cells(m))
		}
		for n, cells := range files {
			path := filepath.Join(root, "azure_usage", "month="+m.String(), fmt.Sprintf("part-%d", n))
			if w.parquet {
				writeParquet(tb, path+".parquet", usageHeader, cells)
			} else {
				writeCSV(tb, path+".csv", usageHeader, cells)
			}
		}
	}
	for m, rows := range w.certifications {
		var cells [][]string
		for _, h := range rows {
			cells = append(cells, []string{h.global, h.location, h.mcp, h.email, h.title, text(h.typ, "Certification"), text(h.completed, "2024-01-15"),
				h.expires, h.activation, h.firstName, h.lastName})
		}
		writeCSV(tb, filepath.Join(root, "certifications", "month="+m.String(), "part-0.csv"),
			[]string{"PGAMpnId", "MpnId", "MCPID", "Email", "TrainingTitle", "TrainingType", "TrainingCompletionDate", "ExpirationDate", "ActivationStatus", "FirstName", "LastName"}, cells)
	}
	if len(w.partners) > 0 {
		var cells [][]string
		for _, l := range w.partners {
			cells = append(cells, []string{l.id, l.name, l.global, l.globalName})
		}
		writeCSV(tb, filepath.Join(root, "partners", "part-0.csv"), []string{"MpnId", "PartnerName", "PGA_MPNId", "PGA_PartnerName"}, cells)
	}
}

func writeCSV(tb testing.TB, path string, header []string, rows [][]string) {
	tb.Helper()
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(append([][]string{header}, rows...)); err != nil {
		tb.Fatal(err)
	}
	writeFile(tb, path, out.Bytes())
}

func writeFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
		tb.Fatal(err)
	}
}

// result is what one run published.
type result struct {
	*Outcome
	snapshots string
	log       string
	tables    map[string][]row
}

// row is one row of a published table by column name; NULL is the text \N.
type row map[string]string

// score scores june from the exports into a new folder and reads the tables back. Facts of months that are those of newWorld come from a
// seed: the cache goes by the bytes of exports, which facts_test.go makes sure of, and building fourteen months is what takes the time.
func score(tb testing.TB, exports string, change ...func(*Options)) result {
	tb.Helper()
	return scoreInto(tb, exports, sown(tb, exports), june, change...)
}

// scoreFresh scores june from the exports into a new folder in which nothing is.
func scoreFresh(tb testing.TB, exports string, change ...func(*Options)) result {
	tb.Helper()
	return scoreInto(tb, exports, filepath.Join(tb.TempDir(), "snapshots"), june, change...)
}

// seeds are snapshots folders with the facts of newWorld, without and with a partners file.
var seeds = map[bool]func() (string, error){
	false: sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "partnerscore-seed-") }),
	true:  sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "partnerscore-seed-") }),
}

// sow copies the facts of a seed into a snapshots folder.
func sow(tb testing.TB, exports, snapshots string) {
	tb.Helper()
	_, err := os.Stat(filepath.Join(exports, "partners"))
	seed, seedErr := seeds[err == nil]()
	if seedErr != nil {
		tb.Fatal(seedErr)
	}
	if _, made := os.Stat(filepath.Join(seed, "_facts")); made != nil {
		w := newWorld()
		if err == nil {
			w.partners = []location{{id: "base", global: "base"}}
		}
		scoreInto(tb, w.write(tb), seed, june)
	}
	copyFacts(tb, filepath.Join(seed, "_facts"), snapshots)
}

// sown returns a new snapshots folder with the facts of a seed.
func sown(tb testing.TB, exports string) string {
	tb.Helper()
	snapshots := filepath.Join(tb.TempDir(), "snapshots")
	sow(tb, exports, snapshots)
	return snapshots
}

// onlyLong skips a test that takes seconds and proves again, in another form, what shorter ones prove.
func onlyLong(tb testing.TB) {
	tb.Helper()
	if !long {
		tb.Skip("takes seconds; set PARTNERSCORE_TEST_LONG=1")
	}
}

// copyFacts puts a copy of a facts folder into a snapshots folder.
func copyFacts(tb testing.TB, facts, snapshots string) {
	tb.Helper()
	walk(tb, facts, func(rel string, data []byte, _ fs.FileInfo) {
		writeFile(tb, filepath.Join(snapshots, "_facts", rel), data)
	})
}

// scoreInto scores a month into a folder that may hold others.
func scoreInto(tb testing.TB, exports, snapshots string, m scoring.Month, change ...func(*Options)) result {
	tb.Helper()
	out, log, err := try(tb, exports, snapshots, m, change...)
	if err != nil {
		tb.Fatalf("score %s: %v", m, err)
	}
	return result{Outcome: out, snapshots: snapshots, log: log, tables: readTables(tb, snapshots, m)}
}

// try scores a month and returns what came of it, with the log.
func try(tb testing.TB, exports, snapshots string, m scoring.Month, change ...func(*Options)) (*Outcome, string, error) {
	tb.Helper()
	var log bytes.Buffer
	opt := options(exports, snapshots, tb.TempDir())
	opt.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	opt.Progress = logged{monitor.NewRecorder("score", opt.RunID, opt.ToolVersion, nil, opt.Now, opt.Log)}
	for _, c := range change {
		c(&opt)
	}
	out, err := Score(tb.Context(), opt, m)
	return out, log.String(), err
}

// find returns the rows of a table that have these values: column, value, column, value …
func (r result) find(table string, pairs ...string) []row {
	var found []row
	for _, candidate := range r.tables[table] {
		match := true
		for i := 0; i < len(pairs); i += 2 {
			match = match && candidate[pairs[i]] == pairs[i+1]
		}
		if match {
			found = append(found, candidate)
		}
	}
	return found
}

// one returns the only row that has these values.
func (r result) one(tb testing.TB, table string, pairs ...string) row {
	tb.Helper()
	found := r.find(table, pairs...)
	if len(found) != 1 {
		tb.Fatalf("%s has %d rows of %q, want 1", table, len(found), pairs)
	}
	return found[0]
}

// expect compares columns of the row with values: column, value, …
func (r row) expect(tb testing.TB, what string, pairs ...string) {
	tb.Helper()
	for i := 0; i < len(pairs); i += 2 {
		got, ok := r[pairs[i]]
		if !ok {
			tb.Fatalf("no column %s", pairs[i])
		}
		if got != pairs[i+1] {
			tb.Errorf("%s: %s is %s, want %s", what, pairs[i], got, pairs[i+1])
		}
	}
}
