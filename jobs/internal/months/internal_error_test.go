package months_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/world"
	"partnerscore/scoring"
)

// spoiling is a Parquet file of one row at which the engine fails internally: a decimal column has a value of more digits than it declares, and
// statistics that say so. Footer and pages are whole, so that nothing but reading finds out.
func spoiling(t *testing.T, decimal string, texts map[string]string) []byte {
	t.Helper()
	number, err := schema.NewPrimitiveNodeLogical(decimal, parquet.Repetitions.Required, schema.NewDecimalLogicalType(4, 0), parquet.Types.Int64, -1, -1)
	if err != nil {
		t.Fatal(err)
	}
	nodes := schema.FieldList{number}
	var values []string
	for name, value := range texts {
		node, err := schema.NewPrimitiveNodeLogical(name, parquet.Repetitions.Required, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, -1)
		if err != nil {
			t.Fatal(err)
		}
		nodes, values = append(nodes, node), append(values, value)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	writer := file.NewParquetWriter(&out, root)
	group, err := writer.AppendRowGroupChecked()
	if err != nil {
		t.Fatal(err)
	}
	for i := range nodes {
		column, err := group.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		switch c := column.(type) {
		case *file.Int64ColumnChunkWriter:
			_, err = c.WriteBatch([]int64{2_498_750_000}, nil, nil)
		case *file.ByteArrayColumnChunkWriter:
			_, err = c.WriteBatch([]parquet.ByteArray{[]byte(values[i-1])}, nil, nil)
		}
		if err := errors.Join(err, column.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(group.Close(), writer.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestInternalErrorOfTheEngine: what makes the engine fail internally, which spoils it for good, is named, and spoils neither other months of a
// backfill nor what is published.
func TestInternalErrorOfTheEngine(t *testing.T) {
	w := world.New()
	w.Add(world.June.Add(1), world.Usage{Location: "base", Amount: "100"})
	w.Add(world.June.Add(2), world.Usage{Location: "base", Amount: "100"})
	w.Hold(world.June.Add(2), world.Holding{Global: "base", MCP: "m1", Title: "AZ-104"})
	root := w.Write(t)
	snapshots := filepath.Join(t.TempDir(), "snapshots")
	world.Sow(t, root, snapshots)
	world.ScoreInto(t, root, snapshots, world.June)
	before := world.PublishedFiles(t, snapshots, true)

	people := "certifications/month=2024-07/people.parquet"
	world.WriteFile(t, filepath.Join(root, people), spoiling(t, "MpnId", map[string]string{"MCPID": "m1", "TrainingTitle": "AZ-104",
		"TrainingType": "Certification", "TrainingCompletionDate": "2024-01-15"}))
	opt := world.Options(root, snapshots, t.TempDir())
	failed := map[scoring.Month]error{}
	sum, err := months.Backfill(t.Context(), opt, months.Range{KeepGoing: true}, func(_, _ int, r results.MonthResult) { failed[r.Month] = r.Err })
	if sum.Scored != 1 || sum.Unchanged != 1 || sum.Failed != 1 || failed[world.June.Add(1)] == nil {
		t.Fatalf("counted %+v: %v", sum, err)
	}
	mustName(t, err, people)
	now := world.PublishedFiles(t, snapshots, true)
	for path := range before {
		if diff := cmp.Diff(before[path], now[path]); diff != "" {
			t.Errorf("%s changed: %s", path, diff)
		}
	}

	month := "azure_usage/month=2024-06/more.parquet"
	world.WriteFile(t, filepath.Join(root, month), spoiling(t, "ACR_USD", map[string]string{"MPNId": "base", "CustomerTenantId": world.Tenant("a"), "ServiceLevel2": "Storage",
		"PartnerAttributionType": "PAL", "OfferType": "Azure plan"}))
	_, err = months.Score(context.Background(), opt, world.June)
	mustName(t, err, month)
	if diff := cmp.Diff(now, world.PublishedFiles(t, snapshots, true)); diff != "" {
		t.Errorf("published files changed:\n%s", diff)
	}
}

// mustName checks that the error is a breach of contract by this file.
func mustName(t *testing.T, err error, path string) {
	t.Helper()
	if !errors.As(err, new(*exports.ContractError)) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names %s", err, path)
	}
	t.Log(err)
}
