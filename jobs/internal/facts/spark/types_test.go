package spark_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/world"
)

// columns are those of a month that DuckDB writes, by the expressions of their values; i is the number of a row.
type columns map[string]string

// typed has a tenant for each row.
func typed(change columns) columns {
	all := columns{
		"Month": "DATE '2024-06-01'", "MPNId": "'p' || i % 3", "PGAMpnID": "CAST(NULL AS VARCHAR)", "PartnerAttributionType": "['PAL', 'CSP Tier 1'][1 + i % 2]",
		"CustomerTenantId": "md5(CAST(i // 2 AS VARCHAR))", "CustomerName": "'name ' || i", "CustomerSegment": "'SMB'", "SubscriptionId": "'s' || i // 4", "ServiceLevel1": "'Azure'",
		"ServiceLevel2": "'Storage'", "ServiceLevel3": "'a'", "ServiceLevel4": "'b'", "ResourceId": "'/r/' || i // 3", "OfferType": "'Azure plan'", "OfferId": "CAST(NULL AS VARCHAR)",
		"ACR_USD": "CAST(i AS DECIMAL(18, 6)) / 7",
	}
	for name, expression := range change {
		all[name] = expression
		if expression == "" {
			delete(all, name)
		}
	}
	return all
}

// write writes a month of so many rows.
func (c columns) write(t *testing.T, path string, rows int) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	world.Must(t, err)
	defer db.Close()
	var list []string
	for name, expression := range c {
		list = append(list, expression+` AS "`+name+`"`)
	}
	world.Must(t, os.MkdirAll(filepath.Dir(path), 0o777))
	_, err = db.ExecContext(t.Context(), fmt.Sprintf("SET TimeZone = 'UTC'; COPY (SELECT %s FROM (SELECT i, DATE '2024-05-31' + CAST(i %% 33 AS INTEGER) AS d FROM range(%d) AS r(i))) TO '%s' (FORMAT parquet)", strings.Join(list, ", "), rows, path))
	world.Must(t, err)
}

// doubles are numbers of all sizes, many of them in the middle between two millionths.
const doubles = `CASE i % 12
	WHEN 0 THEN (i + 0.5) / 1e6 WHEN 1 THEN -(i * 7919 + 0.5) / 1e6 WHEN 2 THEN hash(i) / 1e9 WHEN 3 THEN hash(i) / 1e12 WHEN 4 THEN CAST(hash(i) % 100000000 AS DOUBLE) / 100
	WHEN 5 THEN CAST('1e-' || i % 30 AS DOUBLE) * i WHEN 6 THEN CAST('NaN' AS DOUBLE) WHEN 7 THEN CAST('-inf' AS DOUBLE) WHEN 8 THEN -0.0e0
	WHEN 9 THEN CAST(CAST((hash(i) % 2000000000) AS VARCHAR) || '.' || CAST(hash(i, 1) % 1000000 AS VARCHAR) || '5' AS DOUBLE) WHEN 10 THEN 999999999.9999995e0 + i WHEN 11 THEN CAST(CAST(hash(i) % 1000000 AS VARCHAR) || '.' || CAST(100000 + hash(i, 1) % 900000 AS VARCHAR) || '5' AS DOUBLE) END`

// TestTypes: columns of every type that Spark may read, byte by byte.
func TestTypes(t *testing.T) {
	s, doubled := server(t), 20_000
	if world.Long {
		doubled = 500_000
	}
	for name, c := range map[string]struct {
		change columns
		rows   int
	}{
		"usual":              {rows: 2000},
		"doubles":            {change: columns{"ACR_USD": "CAST(" + doubles + " AS DOUBLE)"}, rows: doubled},
		"wide decimals":      {change: columns{"ACR_USD": "CAST(hash(i) AS DECIMAL(38, 12)) / 1e9 * (1 - 2 * (i % 2))"}, rows: 20_000},
		"decimals, scale 9":  {change: columns{"ACR_USD": "CAST(CAST(hash(i) % 1000000000000 AS DECIMAL(20, 0)) * 0.0000005 AS DECIMAL(38, 9))"}, rows: 20_000},
		"cents":              {change: columns{"ACR_USD": "CAST(i / 100 AS DECIMAL(9, 2))"}, rows: 2000},
		"integers":           {change: columns{"ACR_USD": "CAST(i AS INTEGER)", "MPNId": "CAST(i % 3 AS BIGINT)", "Month": "202406"}, rows: 2000},
		"unsigned, overflow": {change: columns{"ACR_USD": "CAST(CASE WHEN i % 100 = 0 THEN 18446744073709551615 ELSE i END AS UBIGINT)", "MPNId": "CAST(i % 3 AS UINTEGER)"}, rows: 2000},
		"ids as doubles":     {change: columns{"MPNId": "CASE WHEN i % 5 = 0 THEN 7.5 WHEN i % 7 = 0 THEN -0.0e0 ELSE CAST(i % 3 AS DOUBLE) END", "PGAMpnID": "CAST(NULL AS DOUBLE)"}, rows: 2000},
		"binary text":        {change: columns{"MPNId": "encode('p é' || i % 3)", "ServiceLevel2": "encode('Störage')", "SubscriptionId": "encode('s' || i // 4)", "ACR_USD": "encode(CAST(i AS VARCHAR))"}, rows: 2000},
		"timestamps":         {change: columns{"Month": "TIMESTAMP '2024-05-31 23:59:59' + INTERVAL (i % 3) SECOND"}, rows: 2000},
		"timestamps, zone":   {change: columns{"Month": "TIMESTAMPTZ '2024-05-31 23:59:59+00' + INTERVAL (i % 3) SECOND"}, rows: 2000},
		"timestamps, ms":     {change: columns{"Month": "CAST(TIMESTAMP '2024-06-30 23:59:59.999' + INTERVAL (i % 3) MILLISECOND AS TIMESTAMP_MS)"}, rows: 2000},
		"days":               {change: columns{"Month": "CASE WHEN i % 50 > 0 THEN DATE '2024-05-31' + CAST(i % 33 AS INTEGER) WHEN i % 100 > 0 THEN DATE '0001-01-01' END"}, rows: 2000},
		"days as text":       {change: columns{"Month": "CASE i % 3 WHEN 0 THEN strftime(d, '%Y-%m-%d') WHEN 1 THEN strftime(d, '%Y-%m-%dT00:00:00Z') ELSE strftime(d, '%-m/%-d/%Y') END"}, rows: 2000},
		"few columns": {change: columns{"Month": "", "PGAMpnID": "", "SubscriptionId": "", "ServiceLevel1": "", "ServiceLevel3": "", "ServiceLevel4": "", "OfferId": "", "CustomerName": "",
			"CustomerSegment": ""}, rows: 2000},
		"no key":          {change: columns{"SubscriptionId": "", "ServiceLevel1": "", "ServiceLevel3": "", "ServiceLevel4": "", "ResourceId": ""}, rows: 2000},
		"account only":    {change: columns{"MPNId": "", "PGAMpnID": "'p' || i % 3"}, rows: 2000},
		"other columns":   {change: columns{"nested": "[{'a': i}]", "file_row_number": "i", "file_index": "i", "rows": "i", "sum_usd": "i", "micros": "'x'", "a real": "CAST(i AS REAL)"}, rows: 2000},
		"unusual names":   {change: columns{"MPNId": "", "MPN Id": "'p'", "ACR_USD": "", "acr.usd": "i"}, rows: 20},
		"few, many twice": {change: columns{"CustomerTenantId": "'t' || i % 20", "SubscriptionId": "['S', 's', '{s}', ' s'][1 + i % 4] || i % 40", "ResourceId": "['/R/', '/r/'][1 + i % 2] || i % 100"}, rows: 20_000},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			typed(c.change).write(t, filepath.Join(world.UsageDir(root, world.June), "a.parquet"), c.rows)
			if b := alike(t, s, open(t, root, world.June), world.June); len(b.Rows[snapshot.FactsConsumption]) == 0 {
				t.Error("no facts")
			}
		})
	}
}

// TestFilesOfDifferentTypes: a month in three files, none of which has the columns of another.
func TestFilesOfDifferentTypes(t *testing.T) {
	root := t.TempDir()
	dir := world.UsageDir(root, world.June)
	typed(columns{"MPNId": "CAST(i % 3 AS BIGINT)", "SubscriptionId": "'S' || i // 4"}).write(t, filepath.Join(dir, "a.parquet"), 2000)
	typed(columns{"MPNId": "CAST(i % 2 AS VARCHAR)", "ACR_USD": "CAST(i AS DOUBLE) / 3", "Month": "'2024-06'"}).write(t, filepath.Join(dir, "b.parquet"), 3000)
	typed(columns{"MPNId": "", "ServiceLevel1": "'Other'", "PGAMpnID": "CAST(i % 3 AS VARCHAR) || '.0'", "Month": "'6/30/2024'"}).write(t, filepath.Join(dir, "sub dir", "c=d.parquet"), 2000)
	alike(t, server(t), open(t, root, world.June), world.June)
}

// TestRefused: what is not proven equal is refused, by file and column.
func TestRefused(t *testing.T) {
	s := server(t)
	for name, c := range map[string]struct {
		change columns
		column string
	}{
		"REAL amounts":    {columns{"ACR_USD": "CAST(i AS REAL)"}, "ACR_USD"},
		"UUID":            {columns{"CustomerTenantId": "uuid()"}, "CustomerTenantId"},
		"nanoseconds":     {columns{"Month": "CAST('2024-06-01' AS TIMESTAMP_NS)"}, "Month"},
		"time of day":     {columns{"other": "TIME '12:00'"}, "other"},
		"a label as UUID": {columns{"SubscriptionId": "uuid()"}, "SubscriptionId"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			typed(c.change).write(t, filepath.Join(world.UsageDir(root, world.June), "a.parquet"), 5)
			no := refused(t, s, open(t, root, world.June), world.June)
			if no.Column != c.column || no.Month != world.June || !strings.HasSuffix(no.File, "/a.parquet") || !strings.Contains(no.Error(), "--engine auto") {
				t.Errorf("%v", no)
			}
		})
	}
	two := t.TempDir()
	cells := world.Usage{Location: "p", Amount: "1"}.Cells(world.June)
	world.WriteParquet(t, filepath.Join(world.UsageDir(two, world.June), "a.parquet"), append(slices.Clone(world.UsageHeader), "Foo", "fOO"), [][]string{append(cells, "1", "2")})
	if no := refused(t, s, open(t, two, world.June), world.June); no.Column != "fOO" {
		t.Error(no)
	}
	w := world.New()
	if no := refused(t, s, open(t, w.Write(t), world.June), world.June); !strings.Contains(no.Why, "text") {
		t.Error(no)
	}
}

// TestDelta: a month of a Delta table, whose partition values are in its log, and of which a file was replaced.
func TestDelta(t *testing.T) {
	w := &world.World{Parquet: true}
	w.Add(world.June, world.Usage{Location: "p", Amount: "10.5"}, world.Usage{Location: "p", Amount: "1", Association: "Reseller"},
		world.Usage{Location: "p", Amount: "7", Subscription: "s"}, world.Usage{Location: "p", Amount: "8", Subscription: "S", Association: "CSP Tier 1"})
	if b := alike(t, server(t), open(t, w.WriteDelta(t), world.June), world.June); len(b.Facts.Exclusions) != 2 {
		t.Errorf("%+v", b.Facts)
	}
}
