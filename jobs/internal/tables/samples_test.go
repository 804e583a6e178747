package tables_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// TestSamples compares the tables of three months, cell by cell, with what was worked out by hand.
func TestSamples(t *testing.T) {
	root := world.SampleSnapshots(t)
	for _, m := range world.SampleMonths() {
		for _, table := range []string{snapshot.Scores, snapshot.Metrics, snapshot.Customers} {
			t.Run(table+" "+m.String(), func(t *testing.T) {
				names, got := world.ReadArrow(t, world.TablePath(root, table, m))
				if table == snapshot.Metrics { // the last column, reason, is for people
					names = names[:len(names)-1]
					for i, line := range got {
						if line[len(line)-1] == "" || line[len(line)-1] == world.Null {
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
	f, err := os.Open(filepath.Join(world.Samples, "expected", table+"-"+m.String()+".csv"))
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
	r := world.Score(t, filepath.Join(world.Samples, "exports"), world.Rulebook(t, "azure-2026-05"))
	for area, want := range map[string]string{"data_ai": "76.00", "infrastructure": "72.00", "digital_app_innovation": "68.00"} {
		r.One(t, snapshot.Scores, "partner_id", "1060000", "solution_area", area).Expect(t, area, "total_points", want, "track", "smb", "rulebook", "azure-2026-05")
	}
	r.One(t, snapshot.Metrics, "partner_id", "1060000", "solution_area", "data_ai", "metric", "net_customer_adds").
		Expect(t, "net adds", "current_value", "9.000000", "baseline_value", "6.000000", "measure", "3.000000")
}

// TestSampleMonthsBefore: the rulebook of the launch and the oldest months of the samples work as well.
func TestSampleMonthsBefore(t *testing.T) {
	r := world.ScoreInto(t, filepath.Join(world.Samples, "exports"), filepath.Join(t.TempDir(), "s"), scoring.NewMonth(2023, time.July))
	if n := len(r.Tables[snapshot.Scores]); n < 24 {
		t.Errorf("%d scores", n)
	}
	for _, s := range r.Tables[snapshot.Scores] {
		s.Expect(t, s["partner_id"], "rulebook", "azure-2023-06", "provisional", "false", "score_month", "2023-07-01")
	}
}
