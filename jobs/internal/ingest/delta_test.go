package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/world"

	"github.com/google/go-cmp/cmp"
)

// TestDeltaTableIsItsLiveRows: a table comes to what its live rows come to as plain files, also where the columns that the log says decide which
// rows count, and where two files of a month have the same bytes.
func TestDeltaTableIsItsLiveRows(t *testing.T) {
	w := world.New().Only(1) // a month beside the one of which the table removed a file
	w.Add(world.June, world.Usage{Location: "base", Tenant: world.Tenant("b"), Amount: "1500", Association: "Reseller"},
		world.Usage{Location: "base", Tenant: world.Tenant("c"), Amount: "1200", Association: "CSP Tier 1"},
		world.Usage{Location: "base", Tenant: world.Tenant("c"), Amount: "1200", Association: "CSP Tier 2"},
		world.Usage{Location: "base", Tenant: world.Tenant("d"), Amount: "5", Association: world.None})
	loose := func(o *months.Options) { o.MaxRejected = 0.5 }
	want, got := world.ScoreAlone(t, w.Write(t), loose), world.ScoreAlone(t, w.WriteDelta(t), loose)
	if diff := cmp.Diff(want.Tables, got.Tables); diff != "" {
		t.Error(diff)
	}
	got.One(t, "exclusions", "usage_month", "2024-06-01", "reason", "association_not_eligible").Expect(t, "associations of the log", "rows", "1", "acr_usd", "1500.000000")
	got.One(t, "exclusions", "usage_month", "2024-06-01", "reason", "missing_association").Expect(t, "an association of NULL", "rows", "1")
	if strings.Contains(got.Log, "not an input") {
		t.Errorf("the log warns of what the table has removed:\n%s", got.Log)
	}
}

// TestThePartitionOfAFileIsPartOfIt: the facts of a month are built again when the log says another value of the same bytes.
func TestThePartitionOfAFileIsPartOfIt(t *testing.T) {
	w := world.New().Only(1)
	w.Add(world.June, world.Usage{Location: "base", Tenant: world.Tenant("b"), Amount: "2000", Association: "Reseller"})
	root, snapshots := w.WriteDelta(t), filepath.Join(t.TempDir(), "snapshots")
	before := world.ScoreInto(t, root, snapshots, world.June, world.NoHistory)
	before.One(t, "exclusions", "reason", "association_not_eligible")
	log := filepath.Join(root, "azure_usage/_delta_log/00000000000000000001.json")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	world.WriteFile(t, log, []byte(strings.ReplaceAll(string(text), `"Reseller"`, `"PAL"`)))
	after := world.ScoreInto(t, root, snapshots, world.June, world.NoHistory)
	if !after.Changed || after.FactsBuilt != 1 || len(after.Find("exclusions", "reason", "association_not_eligible")) != 0 {
		t.Errorf("changed %t, %d months of facts built", after.Changed, after.FactsBuilt)
	}
}

// TestCertificationsOfATableWithoutMonth: a Delta table of certifications that is not partitioned by month is read as a file of no month is.
func TestCertificationsOfATableWithoutMonth(t *testing.T) {
	w := world.New().Only()
	want := world.ScoreAlone(t, w.Write(t), func(o *months.Options) { o.Patterns.Certifications = "certifications/*/*" })
	w.Certifications = nil
	root := w.Write(t)
	folder := filepath.Join(root, "certifications")
	world.WriteParquet(t, filepath.Join(folder, "p.parquet"), strings.Split(world.CertificationHeader, ","),
		[][]string{{"base", "", "m1", "", "Azure Administrator Associate", "Certification", "2024-01-15", "", ""}})
	info, err := os.Stat(filepath.Join(folder, "p.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	world.WriteFile(t, filepath.Join(folder, "_delta_log/00000000000000000000.json"), fmt.Appendf(nil, `{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
{"metaData":{"id":"t","format":{"provider":"parquet"},"partitionColumns":[]}}
{"add":{"path":"p.parquet","size":%d,"partitionValues":{}}}
`, info.Size()))
	got := world.ScoreAlone(t, root)
	if diff := cmp.Diff(want.Tables, got.Tables); diff != "" {
		t.Error(diff)
	}
	if len(got.Provisional) != 2 || !strings.Contains(got.Provisional[1], "no known month") {
		t.Errorf("provisional: %q", got.Provisional)
	}
}
