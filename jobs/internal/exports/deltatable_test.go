package exports

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"partnerscore/scoring"
)

// deltaLog is the first commit of a table with these partition columns and files: path, then the partition values as JSON.
func deltaLog(columns string, files ...string) string {
	lines := []string{`{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}`,
		`{"metaData":{"id":"t","format":{"provider":"parquet"},"partitionColumns":[` + columns + `]}}`}
	for i := 0; i < len(files); i += 2 {
		lines = append(lines, fmt.Sprintf(`{"add":{"path":%q,"partitionValues":{%s},"size":2}}`, files[i], files[i+1]))
	}
	return strings.Join(lines, "\n")
}

const firstCommit = "_delta_log/00000000000000000000.json"

func TestDeltaTableAboveTheMonths(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/" + firstCommit: deltaLog(`"month","region"`, "month=2024-05/a.parquet", `"month":"2024-05","region":"EU"`,
			"month=2024-06/old.parquet", `"month":"2024-06","region":"EU"`, "x/none.parquet", `"month":null,"region":"EU"`),
		"azure_usage/_delta_log/00000000000000000001.json": `{"remove":{"path":"month=2024-06/old.parquet"}}
{"add":{"path":"month=2024-06/new%20one.parquet","partitionValues":{"month":"2024-06-01","region":null},"size":2}}`,
		"azure_usage/month=2024-05/a.parquet":       "12",
		"azure_usage/month=2024-06/old.parquet":     "12",
		"azure_usage/month=2024-06/new one.parquet": "12",
		"azure_usage/month=2024-06/stray.csv":       "12",
		"azure_usage/x/none.parquet":                "12",
		"azure_usage/_change_data/c.parquet":        "12",
		"certifications/month=2024-06/a.csv":        "1",
	})
	c := find(t, root, Patterns{})
	if diff := cmp.Diff([]string{"azure_usage/month=2024-06/new one.parquet"}, rels(c.Usage[june])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"azure_usage/month=2024-05/a.parquet"}, rels(c.Usage[june-1])); diff != "" || len(c.Usage) != 2 || len(c.Undated) != 0 {
		t.Errorf("%s; months %v, undated %v", diff, slices.Sorted(maps.Keys(c.Usage)), rels(c.Undated))
	}
	if diff := cmp.Diff(map[string]string{"month": "2024-06-01", "region": ""}, c.Usage[june][0].Constants); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"azure_usage/_delta_log: left out, 1 file in the folder of this Delta table is not in the table, and its log does not say that it has removed it: month=2024-06/stray.csv",
		"azure_usage/_delta_log/month=NULL: left out, 1 file of this partition has no month",
	}, c.Ignored.Sentences()); diff != "" {
		t.Error(diff)
	}
	if len(c.Certifications[june]) != 1 {
		t.Errorf("certifications %v", c.Certifications)
	}
}

func TestDeltaTableOfAMonth(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/month=2024-06/" + firstCommit:  deltaLog(`"day"`, "day=1/a.parquet", `"day":"1"`, "day=2/b.parquet", `"day":"2"`),
		"azure_usage/month=2024-06/day=1/a.parquet": "12",
		"azure_usage/month=2024-06/day=2/b.parquet": "12",
		"azure_usage/month=2024-06/c.parquet":       "12",
		"azure_usage/month=2024-05/" + firstCommit:  "{",
		"azure_usage/month=2024-05/a.parquet":       "12",
		"azure_usage/month=2024-04/plain.parquet":   "12",
		"partners/" + firstCommit:                   deltaLog("", "p.parquet", ""),
		"partners/p.parquet":                        "12",
		"partners/q.parquet":                        "12",
	})
	c := find(t, root, Patterns{})
	if diff := cmp.Diff([]string{"azure_usage/month=2024-06/day=1/a.parquet", "azure_usage/month=2024-06/day=2/b.parquet"}, rels(c.Usage[june])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"partners/p.parquet"}, rels(c.Partners)); diff != "" {
		t.Error(diff)
	}
	if len(c.Usage[june-2]) != 1 {
		t.Errorf("files of the plain month: %v", rels(c.Usage[june-2]))
	}
	// A log that is broken matters to who reads its month.
	_, err := Check(t.Context(), c.Usage[june-1], Options{})
	want := "azure_usage/month=2024-05/_delta_log/00000000000000000000.json, month 2024-05: is a broken Delta log: this line is no action in JSON (line 1); " +
		"copy the whole table again, with its _delta_log"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDeltaTableThatCannotBeRead(t *testing.T) {
	old := strings.Replace(deltaLog(`"month"`), `"minReaderVersion":1`, `"minReaderVersion":2`, 1)
	_, err := Find(t.Context(), folderSource(t, tree(t, map[string]string{"azure_usage/" + firstCommit: old})), Patterns{})
	want := "azure_usage/" + firstCommit + ": the Delta table uses reader version 2 (column mapping), which is not supported; " +
		"write the table with reader version 1, or export its rows as plain Parquet files"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLiveFilesThatAreNotWhatTheLogSays(t *testing.T) {
	june24 := `"month":"2024-06"`
	c := find(t, tree(t, map[string]string{
		"azure_usage/" + firstCommit:      deltaLog(`"month"`, "gone.parquet", june24, "short.parquet", june24, "long.parquet", june24, "folder.parquet", june24),
		"azure_usage/short.parquet":       "1",
		"azure_usage/long.parquet":        "12345",
		"azure_usage/folder.parquet/x.md": "",
	}), Patterns{})
	if diff := cmp.Diff([]string{
		"azure_usage/folder.parquet: is a folder, not a file",
		"azure_usage/gone.parquet: is not there, but azure_usage/_delta_log/00000000000000000000.json lists it as a file of the Delta table",
		"azure_usage/short.parquet: has 1 bytes, but azure_usage/_delta_log/00000000000000000000.json lists it with 2",
	}, faults(c.Usage[june])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"azure_usage/_delta_log: files of the Delta table are larger than its log says, long.parquet is one; they are read as they are"},
		c.Warnings.Sentences()); diff != "" {
		t.Error(diff)
	}
}

// A table that says nothing of months is left to who reads the month column; a folder that only leads to other folders is no table of theirs.
func TestDeltaTableWithoutMonths(t *testing.T) {
	root := tree(t, map[string]string{
		"azure_usage/" + firstCommit:         deltaLog(`"tenant"`, "tenant=a/a.parquet", `"tenant":"a"`),
		"azure_usage/tenant=a/a.parquet":     "12",
		firstCommit:                          "{",
		"certifications/month=2024-06/a.csv": "1",
	})
	c := find(t, root, Patterns{})
	if diff := cmp.Diff([]string{"azure_usage/tenant=a/a.parquet"}, rels(c.Undated)); diff != "" || len(c.Usage) != 0 {
		t.Errorf("%s; months %v", diff, slices.Sorted(maps.Keys(c.Usage)))
	}
	if diff := cmp.Diff(map[string]string{"tenant": "a"}, c.Undated[0].Constants); diff != "" {
		t.Error(diff)
	}
}

func TestMonthsOfPartitions(t *testing.T) {
	june24 := map[string]string{"month": "2024-06"}
	for _, c := range []struct {
		values, constants map[string]string
		month             scoring.Month
	}{
		{map[string]string{"month": "2024-06"}, june24, june},
		{map[string]string{"Usage_Month": "2024-6"}, map[string]string{"Usage_Month": "2024-6"}, june},
		{map[string]string{"UsageDate": "2024-06-30 23:59:59.999999"}, map[string]string{"UsageDate": "2024-06-30 23:59:59.999999"}, june},
		{map[string]string{"BillingPeriodStart": "2024-06-01T00:00:00Z"}, map[string]string{"BillingPeriodStart": "2024-06-01T00:00:00Z"}, june},
		{map[string]string{"month": "202406"}, map[string]string{"month": "202406"}, june},
		{map[string]string{"month": "20240601"}, map[string]string{"month": "20240601"}, june},
		{map[string]string{"Year": "2024", "Month": "6", "x": ""}, map[string]string{"month": "2024-06", "x": ""}, june},
		{map[string]string{"yyyy": "2024", "mm": "06"}, june24, june},
		{map[string]string{"year": "2024", "month": "2024-06"}, map[string]string{"year": "2024", "month": "2024-06"}, june},
		{map[string]string{"year": "2024", "month": "13"}, map[string]string{"year": "2024", "month": "13"}, 0},
		{map[string]string{"month": ""}, map[string]string{"month": ""}, 0},
		{map[string]string{"month": "June"}, map[string]string{"month": "June"}, 0},
		{map[string]string{"region": "2024-06"}, map[string]string{"region": "2024-06"}, 0},
		{nil, nil, 0},
	} {
		parts := monthPartsOf(slices.Sorted(maps.Keys(c.values)))
		constants, month := parts.constants(c.values)
		if diff := cmp.Diff(c.constants, constants); diff != "" || month != c.month {
			t.Errorf("%v: month %v, %s", c.values, month, diff)
		}
	}
}

// The values of partitions are columns like others: they stand for what their name says, a column in the file goes before them, and files that
// differ in them alone are two.
func TestPartitionsAreColumns(t *testing.T) {
	fields := []arrow.Field{text("MPNId"), text("PartnerAttributionType"), text("CustomerTenantId"), text("OfferType"), amount("ACR_USD"), text("UsageDate")}
	data := parquetFile(t, 3, fields)
	log := deltaLog(`"month","ServiceLevel2","region"`, "a.parquet", `"month":"2024-06","ServiceLevel2":"Storage","region":"EU"`,
		"b.parquet", `"month":"2024-06","ServiceLevel2":null,"region":"US"`)
	root := tree(t, map[string]string{"azure_usage/" + firstCommit: log, "azure_usage/a.parquet": data, "azure_usage/b.parquet": data})
	checked, err := Check(t.Context(), find(t, root, Patterns{}).Usage[june], Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(checked) != 2 {
		t.Fatalf("%d files, want 2", len(checked))
	}
	for i, want := range []string{"Storage", ""} {
		service, month := checked[i].Mapping["service_level_2"], checked[i].Mapping["month"]
		if !service.Partition || service.Value != want || service.Name != "ServiceLevel2" || month.Partition || month.Name != "UsageDate" {
			t.Errorf("%s: service %+v, month %+v", checked[i].Rel, service, month)
		}
		for _, c := range checked[i].Columns {
			if c.Name == "region" && (c.Value != "" || !c.Partition) {
				t.Errorf("a partition that stands for nothing: %+v", c)
			}
		}
	}
	files, err := Examine(t.Context(), find(t, root, Patterns{}).Usage[june], Options{})
	if err != nil || len(files) != 2 {
		t.Fatal(err)
	}
	if use := files[0].Uses[len(fields)]; use.Name != "ServiceLevel2" || !slices.Equal(use.Canonical, []string{"service_level_2"}) ||
		use.Type != "text (a partition of the Delta table)" {
		t.Errorf("use of the partition column: %+v", use)
	}
	write(t, filepath.Join(root, "azure_usage", firstCommit), strings.ReplaceAll(strings.ReplaceAll(log, "null", `"Storage"`), "US\"", "EU\""))
	if checked, err = Check(t.Context(), find(t, root, Patterns{}).Usage[june], Options{}); err != nil || len(checked) != 1 {
		t.Errorf("equal files of one partition: %d, %v", len(checked), err)
	}
}
