package months_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"partnerscore/jobs/internal/exports/delta"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/storage/local"
	"partnerscore/jobs/internal/world"
)

func withDelta(o *months.Options) { o.Delta = true }

// The reader of exports, which shares no code with what writes the logs, finds the published files, also of a month that was scored again. Schema and
// statistics are those of the files as another reader of Parquet reads them.
func TestDeltaTables(t *testing.T) {
	exports := world.Everything().Write(t)
	snapshots := world.Sown(t, exports)
	world.ScoreInto(t, exports, snapshots, world.June.Add(-1), withDelta, func(o *months.Options) { o.AllowMissingHistory = true })
	world.ScoreInto(t, exports, snapshots, world.June, withDelta)
	again := world.ScoreInto(t, exports, snapshots, world.June, func(o *months.Options) {
		day := time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC)
		o.SkillsAsOf = &day
	})
	if !again.Changed {
		t.Fatal("the month was not published again")
	}
	source, err := local.OpenSource(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range snapshot.Tables() {
		read, err := delta.Read(t.Context(), source, table.Name)
		if err != nil {
			t.Fatal(err)
		}
		if read.Version != 2 || len(read.Files) != 2 || !slices.Equal(read.PartitionColumns, []string{"month"}) || len(read.Removed) > 0 {
			t.Errorf("%s: version %d, partitioned by %v, files %v, removed %v", table.Name, read.Version, read.PartitionColumns, read.Files, read.Removed)
		}
		for _, f := range read.Files {
			path := filepath.Join(snapshots, table.Name, f.Path)
			info, err := os.Stat(path)
			if err != nil || info.Size() != f.Size || f.Path != "month="+f.Partition["month"]+"/part-0.parquet" {
				t.Errorf("%s, %s: %+v, %v", table.Name, f.Path, f, err)
			}
			log := actions(t, filepath.Join(snapshots, table.Name, f.Log))
			compareStatistics(t, table.Name+" "+f.Path, path, log.stats[f.Path])
		}
		first := actions(t, filepath.Join(snapshots, table.Name, "_delta_log/00000000000000000000.json"))
		if got, want := first.columns, append(columnsOf(t, filepath.Join(snapshots, table.Name, read.Files[0].Path)), "month string"); !slices.Equal(got, want) {
			t.Errorf("%s: the log has the columns %q, the files %q", table.Name, got, want)
		}
	}
}

// deltaActions is what a commit says.
type deltaActions struct {
	columns []string          // names and types
	stats   map[string]string // by path
}

func actions(t *testing.T, commit string) deltaActions {
	t.Helper()
	text, err := os.ReadFile(commit)
	if err != nil {
		t.Fatal(err)
	}
	out := deltaActions{stats: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		var a struct {
			Add      struct{ Path, Stats string }
			MetaData struct{ SchemaString string }
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if a.Add.Path != "" {
			out.stats[a.Add.Path] = a.Add.Stats
		}
		var schema struct{ Fields []struct{ Name, Type string } }
		if a.MetaData.SchemaString == "" {
			continue
		}
		if err := json.Unmarshal([]byte(a.MetaData.SchemaString), &schema); err != nil {
			t.Fatal(err)
		}
		for _, f := range schema.Fields {
			out.columns = append(out.columns, f.Name+" "+f.Type)
		}
	}
	return out
}

// columnsOf are the columns of a Parquet file with the types of Delta tables, by the protocol's table of types.
func columnsOf(t *testing.T, path string) (columns []string) {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	schema, err := pqarrow.FromParquet(f.MetaData().Schema, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	names := map[arrow.Type]string{arrow.DATE32: "date", arrow.STRING: "string", arrow.BOOL: "boolean", arrow.INT32: "integer", arrow.INT64: "long"}
	for _, c := range schema.Fields() {
		name := names[c.Type.ID()]
		if d, ok := c.Type.(*arrow.Decimal128Type); ok {
			name = fmt.Sprintf("decimal(%d,%d)", d.Precision, d.Scale)
		}
		columns = append(columns, c.Name+" "+name)
	}
	return columns
}

// compareStatistics computes the statistics of a file from its values.
func compareStatistics(t *testing.T, what, path, stats string) {
	t.Helper()
	var got struct {
		NumRecords           int
		MinValues, MaxValues map[string]any
		NullCount            map[string]int
	}
	dec := json.NewDecoder(strings.NewReader(stats))
	dec.UseNumber()
	if err := dec.Decode(&got); err != nil {
		t.Fatalf("%s: %v in %s", what, err, stats)
	}
	names, rows := world.ReadArrow(t, path)
	if got.NumRecords != len(rows) {
		t.Errorf("%s: %d records, the file has %d rows", what, got.NumRecords, len(rows))
	}
	for i, name := range names {
		var low, high string
		nulls, known := 0, 0
		for _, row := range rows {
			switch value := row[i]; {
			case value == world.Null:
				nulls++
			default:
				if known++; known == 1 {
					low, high = value, value
				}
				if before(value, low) {
					low = value
				}
				if before(high, value) {
					high = value
				}
			}
		}
		if got.NullCount[name] != nulls {
			t.Errorf("%s: %s has %d nulls, the log says %d", what, name, nulls, got.NullCount[name])
		}
		least, ok := got.MinValues[name]
		if personal := strings.HasSuffix(name, "_name") || name == "person_id"; ok && (personal || fmt.Sprint(least) != low || fmt.Sprint(got.MaxValues[name]) != high) {
			t.Errorf("%s: %s is from %q to %q, the log says %v to %v", what, name, low, high, least, got.MaxValues[name])
		}
		if amount := strings.HasPrefix(name, "acr_") || name == "score_month"; amount && known > 0 && !ok {
			t.Errorf("%s: the log does not say between which values %s is", what, name)
		}
	}
}

// before orders numbers by value and other texts by bytes.
func before(a, b string) bool {
	x, xOK := new(big.Rat).SetString(a)
	y, yOK := new(big.Rat).SetString(b)
	if xOK && yOK && (strings.Contains(a, ".") || len(a) < 6) {
		return x.Cmp(y) < 0
	}
	return cmp.Less(a, b)
}
