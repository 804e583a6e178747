package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

// writeDelta writes the usage of a world as a Delta table that is partitioned by month and association, with another file of the score month that
// its log removed. Nothing in a file says what its partition is.
func (w *world) writeDelta(t *testing.T) string {
	t.Helper()
	plain := *w
	plain.usage = nil
	root := plain.write(t)
	first := []string{`{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}`,
		`{"metaData":{"id":"t","format":{"provider":"parquet"},"partitionColumns":["month","PartnerAttributionType"]}}`}
	var second []string
	inFiles := slices.DeleteFunc(slices.Clone(usageHeader), func(name string) bool { return name == "Month" || name == "PartnerAttributionType" })
	for m, rows := range w.usage {
		byAssociation := map[string][][]string{}
		for _, u := range rows {
			cells := u.cells(m)
			byAssociation[cells[3]] = append(byAssociation[cells[3]], append([]string{cells[1], cells[2]}, cells[4:]...))
		}
		for association, cells := range byAssociation {
			path := fmt.Sprintf("month=%s/p=%x/part-0.parquet", m, association)
			writeParquet(t, filepath.Join(root, "azure_usage", path), inFiles, cells)
			line := addAction(t, filepath.Join(root, "azure_usage"), path, m, association)
			if m != june {
				first = append(first, line)
				continue
			}
			old := strings.Replace(path, "part-0", "old", 1)
			for _, row := range cells {
				row[len(row)-1] = "77777"
			}
			writeParquet(t, filepath.Join(root, "azure_usage", old), inFiles, cells)
			first = append(first, addAction(t, filepath.Join(root, "azure_usage"), old, m, association))
			second = append(second, fmt.Sprintf(`{"remove":{"path":%q}}`, old), line)
		}
	}
	writeFile(t, filepath.Join(root, "azure_usage/_delta_log/00000000000000000000.json"), []byte(strings.Join(first, "\n")))
	writeFile(t, filepath.Join(root, "azure_usage/_delta_log/00000000000000000001.json"), []byte(strings.Join(second, "\n")))
	return root
}

func addAction(t *testing.T, table, path string, m scoring.Month, association string) string {
	t.Helper()
	info, err := os.Stat(filepath.Join(table, path))
	if err != nil {
		t.Fatal(err)
	}
	var value any = association
	if association == "" {
		value = nil
	}
	text, err := json.Marshal(map[string]any{"add": map[string]any{"path": path, "size": info.Size(),
		"partitionValues": map[string]any{"month": m.String() + "-01 00:00:00", "PartnerAttributionType": value}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDeltaTableIsItsLiveRows: a table comes to what its live rows come to as plain files, also where the columns that the log says decide which
// rows count, and where two files of a month have the same bytes.
func TestDeltaTableIsItsLiveRows(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", tenant: tenant("b"), amount: "1500", association: "Reseller"},
		usage{location: "base", tenant: tenant("c"), amount: "1200", association: "CSP Tier 1"},
		usage{location: "base", tenant: tenant("c"), amount: "1200", association: "CSP Tier 2"},
		usage{location: "base", tenant: tenant("d"), amount: "5", association: none})
	loose := func(o *Options) { o.MaxRejected = 0.5 }
	want, got := scoreFresh(t, w.write(t), loose), scoreFresh(t, w.writeDelta(t), loose)
	if diff := cmp.Diff(want.tables, got.tables); diff != "" {
		t.Error(diff)
	}
	got.one(t, "exclusions", "usage_month", "2024-06-01", "reason", "association_not_eligible").expect(t, "associations of the log", "rows", "1", "acr_usd", "1500.000000")
	got.one(t, "exclusions", "usage_month", "2024-06-01", "reason", "missing_association").expect(t, "an association of NULL", "rows", "1")
	if strings.Contains(got.log, "not an input") {
		t.Errorf("the log warns of what the table has removed:\n%s", got.log)
	}
}

// TestThePartitionOfAFileIsPartOfIt: the facts of a month are built again when the log says another value of the same bytes.
func TestThePartitionOfAFileIsPartOfIt(t *testing.T) {
	w := newWorld()
	w.add(june, usage{location: "base", tenant: tenant("b"), amount: "2000", association: "Reseller"})
	root, snapshots := w.writeDelta(t), filepath.Join(t.TempDir(), "snapshots")
	before := scoreInto(t, root, snapshots, june)
	before.one(t, "exclusions", "reason", "association_not_eligible")
	log := filepath.Join(root, "azure_usage/_delta_log/00000000000000000001.json")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, log, []byte(strings.ReplaceAll(string(text), `"Reseller"`, `"PAL"`)))
	after := scoreInto(t, root, snapshots, june)
	if !after.Changed || after.FactsBuilt != 1 || len(after.find("exclusions", "reason", "association_not_eligible")) != 0 {
		t.Errorf("changed %t, %d months of facts built", after.Changed, after.FactsBuilt)
	}
}

// TestCertificationsOfATableWithoutMonth: a Delta table of certifications that is not partitioned by month is read as a file of no month is.
func TestCertificationsOfATableWithoutMonth(t *testing.T) {
	w := newWorld()
	want := score(t, w.write(t), func(o *Options) { o.Patterns.Certifications = "certifications/*/*" })
	w.certifications = nil
	root := w.write(t)
	folder := filepath.Join(root, "certifications")
	writeParquet(t, filepath.Join(folder, "p.parquet"), strings.Split(certificationHeader, ","),
		[][]string{{"base", "", "m1", "", "Azure Administrator Associate", "Certification", "2024-01-15", "", ""}})
	info, err := os.Stat(filepath.Join(folder, "p.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(folder, "_delta_log/00000000000000000000.json"), fmt.Appendf(nil, `{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
{"metaData":{"id":"t","format":{"provider":"parquet"},"partitionColumns":[]}}
{"add":{"path":"p.parquet","size":%d,"partitionValues":{}}}
`, info.Size()))
	got := score(t, root)
	if diff := cmp.Diff(want.tables, got.tables); diff != "" {
		t.Error(diff)
	}
	if len(got.Provisional) != 1 || !strings.Contains(got.Provisional[0], "no known month") {
		t.Errorf("provisional: %q", got.Provisional)
	}
}
