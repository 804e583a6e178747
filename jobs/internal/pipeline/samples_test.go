package pipeline

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

const samples = "../../../samples"

// sampleMonths are those whose tables samples/expected holds.
func sampleMonths() []scoring.Month { return []scoring.Month{june, june.Add(1), june.Add(2)} }

// scoredSamples scores the sample months once for all tests that only read them.
var scoredSamples = sync.OnceValues(func() (string, error) {
	root, err := os.MkdirTemp("", "partnerscore-samples-")
	return root, err
})

// sampleSnapshots are the published sample months. Tests must not change them.
func sampleSnapshots(tb testing.TB) string {
	tb.Helper()
	root, err := scoredSamples()
	if err != nil {
		tb.Fatal(err)
	}
	for _, m := range sampleMonths() {
		if _, err := os.Stat(filepath.Join(root, "_manifests", "month="+m.String()+".json")); err == nil {
			continue
		}
		if _, _, err := try(tb, filepath.Join(samples, "exports"), root, m); err != nil {
			tb.Fatal(err)
		}
	}
	return root
}

// TestSamples compares the tables of three months, cell by cell, with what was worked out by hand.
func TestSamples(t *testing.T) {
	root := sampleSnapshots(t)
	for _, m := range sampleMonths() {
		for _, table := range []string{snapshot.Scores, snapshot.Metrics, snapshot.Customers} {
			t.Run(table+" "+m.String(), func(t *testing.T) {
				names, got := readArrow(t, tablePath(root, table, m))
				if table == snapshot.Metrics { // the last column, reason, is for people
					names = names[:len(names)-1]
					for i, line := range got {
						if line[len(line)-1] == "" || line[len(line)-1] == null {
							t.Errorf("row %d has no reason", i+1)
						}
						got[i] = line[:len(line)-1]
					}
				}
				want := readExpected(t, table, m)
				if diff := cmp.Diff(want, append([][]string{names}, got...)); diff != "" {
					t.Errorf("%s differs (-expected +published):\n%s", table, diff)
				}
			})
		}
	}
}

func readExpected(t *testing.T, table string, m scoring.Month) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(samples, "expected", table+"-"+m.String()+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestSamplesUnderOtherRules follows the story of the SMB partner: nine customers of at least 500 after six.
func TestSamplesUnderOtherRules(t *testing.T) {
	r := score(t, filepath.Join(samples, "exports"), scoredBy(t, "azure-2026-05"))
	for area, want := range map[string]string{"data_ai": "76.00", "infrastructure": "72.00", "digital_app_innovation": "68.00"} {
		r.one(t, snapshot.Scores, "partner_id", "1060000", "solution_area", area).expect(t, area, "total_points", want, "track", "smb", "rulebook", "azure-2026-05")
	}
	r.one(t, snapshot.Metrics, "partner_id", "1060000", "solution_area", "data_ai", "metric", "net_customer_adds").
		expect(t, "net adds", "current_value", "9.000000", "baseline_value", "6.000000", "measure", "3.000000")
}

// scoredBy scores by an embedded rulebook instead of the one in force.
func scoredBy(tb testing.TB, id string) func(*Options) {
	return func(o *Options) {
		book, err := o.Library.Get(id)
		if err != nil {
			tb.Fatal(err)
		}
		o.Rulebook = book
	}
}

// TestSampleMonthsBefore: the rulebook of the launch and the oldest months of the samples work as well.
func TestSampleMonthsBefore(t *testing.T) {
	r := scoreInto(t, filepath.Join(samples, "exports"), filepath.Join(t.TempDir(), "s"), scoring.NewMonth(2023, time.July))
	if n := len(r.tables[snapshot.Scores]); n < 24 {
		t.Errorf("%d scores", n)
	}
	for _, s := range r.tables[snapshot.Scores] {
		s.expect(t, s["partner_id"], "rulebook", "azure-2023-06", "provisional", "false", "score_month", "2023-07-01")
	}
}
