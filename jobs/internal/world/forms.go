package world

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partnerscore/jobs/internal/months"
	"partnerscore/scoring"
)

// WriteDelta writes the usage of a world as a Delta table that is partitioned by month and association, with another file of the score month that
// its log removed. Nothing in a file says what its partition is.
func (w *World) WriteDelta(t *testing.T) string {
	t.Helper()
	plain := *w
	plain.Usage = nil
	root := plain.Write(t)
	first := []string{`{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}`,
		`{"metaData":{"id":"t","format":{"provider":"parquet"},"partitionColumns":["month","PartnerAttributionType"]}}`}
	var second []string
	inFiles := slices.DeleteFunc(slices.Clone(UsageHeader), func(name string) bool { return name == "Month" || name == "PartnerAttributionType" })
	for m, rows := range w.Usage {
		byAssociation := map[string][][]string{}
		for _, u := range rows {
			cells := u.Cells(m)
			byAssociation[cells[3]] = append(byAssociation[cells[3]], append([]string{cells[1], cells[2]}, cells[4:]...))
		}
		for association, cells := range byAssociation {
			path := fmt.Sprintf("month=%s/p=%x/part-0.parquet", m, association)
			WriteParquet(t, filepath.Join(root, "azure_usage", path), inFiles, cells)
			line := addAction(t, filepath.Join(root, "azure_usage"), path, m, association)
			if m != June {
				first = append(first, line)
				continue
			}
			old := strings.Replace(path, "part-0", "old", 1)
			for _, row := range cells {
				row[len(row)-1] = "77777"
			}
			WriteParquet(t, filepath.Join(root, "azure_usage", old), inFiles, cells)
			first = append(first, addAction(t, filepath.Join(root, "azure_usage"), old, m, association))
			second = append(second, fmt.Sprintf(`{"remove":{"path":%q}}`, old), line)
		}
	}
	WriteFile(t, filepath.Join(root, "azure_usage/_delta_log/00000000000000000000.json"), []byte(strings.Join(first, "\n")))
	WriteFile(t, filepath.Join(root, "azure_usage/_delta_log/00000000000000000001.json"), []byte(strings.Join(second, "\n")))
	return root
}

// WriteMany writes the world with all its usage in files of many months: row i of all goes to file fileOf(i).
func (w *World) WriteMany(tb testing.TB, fileOf func(i int) int) string {
	tb.Helper()
	root := tb.TempDir()
	rest := w.Clone()
	rest.Usage = nil
	rest.WriteTo(tb, root)
	files, i := map[int][][]string{}, 0
	for _, m := range slices.Sorted(maps.Keys(w.Usage)) {
		for _, u := range w.Usage[m] {
			files[fileOf(i)] = append(files[fileOf(i)], u.Cells(m))
			i++
		}
	}
	for n, cells := range files {
		path := filepath.Join(root, "azure_usage", fmt.Sprintf("all-%d", n))
		if w.Parquet {
			WriteParquet(tb, path+".parquet", UsageHeader, cells)
		} else {
			WriteCSV(tb, path+".csv", UsageHeader, cells)
		}
	}
	return root
}

// CertificationHeader are the columns of a certifications export.
const CertificationHeader = "PGAMpnId,MpnId,MCPID,Email,TrainingTitle,TrainingType,TrainingCompletionDate,ExpirationDate,ActivationStatus"

// UsageDir and certificationsDir are folders of one month's exports.
func UsageDir(root string, m scoring.Month) string {
	return filepath.Join(root, "azure_usage", "month="+m.String())
}

// CertificationsDir is the folder of one month of certifications.
func CertificationsDir(root string, m scoring.Month) string {
	return filepath.Join(root, "certifications", "month="+m.String())
}

// Generate makes months of exports up to 2024-06, of so many rows each; more are further flags of the generator.
func Generate(b testing.TB, rows, months int, more ...string) string {
	dir := b.TempDir()
	args := append([]string{"run", "partnerscore/samples/generate", "--out", dir, "--rows-per-month", strconv.Itoa(rows),
		"--months", strconv.Itoa(months), "--last", "2024-06"}, more...)
	command := exec.CommandContext(b.Context(), "go", args...)
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("generate: %v\n%s", err, out)
	}
	return dir
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

// ManyMonths makes usage files of many months those directly below azure_usage, as WriteMany writes them.
func ManyMonths(o *months.Options) { o.Patterns.Usage = "azure_usage/*" }
