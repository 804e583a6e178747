package tables_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/months"
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
	snapshots := filepath.Join(t.TempDir(), "s")
	world.CopyFacts(t, filepath.Join(world.SampleSnapshots(t), "_facts"), snapshots) // those of these rules are the same
	r := world.ScoreInto(t, filepath.Join(world.Samples, "exports"), snapshots, world.June, world.Rulebook(t, "azure-2026-05"))
	for area, want := range map[string]string{"data_ai": "76.00", "infrastructure": "72.00", "digital_app_innovation": "68.00"} {
		r.One(t, snapshot.Scores, "partner_id", "1060000", "solution_area", area).Expect(t, area, "total_points", want, "track", "smb", "rulebook", "azure-2026-05")
	}
	r.One(t, snapshot.Metrics, "partner_id", "1060000", "solution_area", "data_ai", "metric", "net_customer_adds").
		Expect(t, "net adds", "current_value", "9.000000", "baseline_value", "6.000000", "measure", "3.000000")
}

// TestSampleMonthsBefore: the rulebook of the launch and the oldest months of the samples work as well.
func TestSampleMonthsBefore(t *testing.T) {
	july, exports, option := scoring.NewMonth(2023, time.July), filepath.Join(world.Samples, "exports"), func(*months.Options) {}
	if !world.Long { // the months that are compared
		exports, option = t.TempDir(), world.NoHistory
		for _, m := range []scoring.Month{july.Add(-13), july.Add(-12), july.Add(-1), july} {
			world.Must(t, os.CopyFS(world.UsageDir(exports, m), os.DirFS(world.UsageDir(filepath.Join(world.Samples, "exports"), m))))
		}
		for _, table := range []string{"certifications", "partners"} {
			world.Must(t, os.CopyFS(filepath.Join(exports, table), os.DirFS(filepath.Join(world.Samples, "exports", table))))
		}
	}
	r := world.ScoreInto(t, exports, filepath.Join(t.TempDir(), "s"), july, option)
	if n := len(r.Tables[snapshot.Scores]); n < 24 {
		t.Errorf("%d scores", n)
	}
	for _, s := range r.Tables[snapshot.Scores] {
		s.Expect(t, s["partner_id"], "rulebook", "azure-2023-06", "provisional", fmt.Sprint(!world.Long), "score_month", "2023-07-01")
	}
}
