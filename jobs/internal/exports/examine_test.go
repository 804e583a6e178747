package exports

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports/schema"
)

const goodUsage = "MPNID,CustomerTenantId,ServiceLevel2,AssociationType,Offer,ACR_USD\n7,t,Storage,PAL,Azure plan,1\n"

// examine examines files below a new folder, by name.
func examine(t *testing.T, table schema.Table, contents map[string]string) map[string]FileReport {
	t.Helper()
	folder := map[schema.Table]string{schema.Usage: "azure_usage/month=2024-06/", schema.Certifications: "certifications/month=2024-06/"}[table]
	files := map[string]string{}
	for name, data := range contents {
		files[folder+name] = data
	}
	cat, err := Find(t.Context(), folderSource(t, tree(t, files)), Patterns{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := Examine(context.Background(), cat.Files(), Options{})
	if err != nil || len(all) != len(contents) {
		t.Fatalf("%d of %d files, %v", len(all), len(contents), err)
	}
	byName := map[string]FileReport{}
	for _, e := range all {
		byName[strings.TrimPrefix(e.Rel, folder)] = e
		_, err := Check(context.Background(), []Found{e.Found}, Options{})
		var broken *ContractError
		if errors.As(err, &broken) != (len(e.Problems) > 0) || broken != nil && !cmp.Equal(broken.Problems, e.Problems) {
			t.Errorf("%s: problems %v, alone Check says %v", e.Rel, e.Problems, err)
		}
	}
	return byName
}

func TestExamineEachOnItsOwn(t *testing.T) {
	all := examine(t, schema.Usage, map[string]string{
		"a.csv": goodUsage, "b.csv": goodUsage, "c.csv": strings.ReplaceAll(goodUsage, "ACR_USD", "Amount"), "d.csv": goodUsage + "1,2\n",
		"e.parquet": "PAR1", "f.parquet": parquetFile(t, 3, []arrow.Field{field("MPNID", arrow.BinaryTypes.String)}),
	})
	for name, want := range map[string]int{"a.csv": 0, "b.csv": 0, "c.csv": 1, "d.csv": 1, "e.parquet": 1, "f.parquet": 5} {
		if got := len(all[name].Problems); got != want {
			t.Errorf("%s: %d problems, want %d: %v", name, got, want, all[name].Problems)
		}
	}
	passed := Passed(slices.Collect(func(yield func(FileReport) bool) {
		for _, e := range all {
			if !yield(e) {
				return
			}
		}
	}))
	if len(passed) != 1 || len(passed[0].Duplicates) != 1 || passed[0].Rows != 1 || passed[0].SHA256 == "" {
		t.Errorf("passed: %+v", passed)
	}
}

func TestUsesOfColumns(t *testing.T) {
	for name, c := range map[string]struct {
		table  schema.Table
		header string
		want   []schema.ColumnUse
	}{
		"two that mean the same": {schema.Usage, "TenantId,CustomerTenantId,City\n1,2,3\n", []schema.ColumnUse{
			{Name: "TenantId", Type: "text", Rival: "customer_tenant_id"}, {Name: "CustomerTenantId", Type: "text", Canonical: []string{"customer_tenant_id"}},
			{Name: "City", Type: "text"}}},
		"two months": {schema.Usage, "Month,UsageDate\n1,2\n", []schema.ColumnUse{
			{Name: "Month", Type: "text", Canonical: []string{"month"}}, {Name: "UsageDate", Type: "text", Rival: "month"}}},
		"a PGA column alone is the location too": {schema.Usage, "PGA_MpnID,ACR_USD\n1,2\n", []schema.ColumnUse{
			{Name: "PGA_MpnID", Type: "text", Canonical: []string{"partner_location_id", "partner_global_id"}},
			{Name: "ACR_USD", Type: "text", Canonical: []string{"acr_usd"}}}},
		"no header, but people": {schema.Certifications, "7,Jane,Doe,jane@example.com\n7,John,Roe,john@example.com\n", nil},
		"an address for a name": {schema.Certifications, "MCPID,jane@example.com,\"a \"\"b\"\n1,2,3\n", []schema.ColumnUse{
			{Name: "MCPID", Type: "text", Canonical: []string{"person_mcp_id"}}, {Name: "(a name with @)", Type: "text"}, {Name: `"a \"b"`, Type: "text"}}},
	} {
		t.Run(name, func(t *testing.T) {
			e := examine(t, c.table, map[string]string{"x.csv": c.header})["x.csv"]
			if diff := cmp.Diff(c.want, e.Uses); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
			if slices.Contains(e.Lacks, "acr_usd") || c.table == schema.Usage && !slices.Contains(e.Lacks, "resource_id") {
				t.Errorf("lacks %q: optional columns, and no others", e.Lacks)
			}
			for _, use := range e.Uses {
				if use.Rival != "" && slices.Contains(e.Lacks, use.Rival) {
					t.Errorf("lacks %q, for which column %s stands", use.Rival, use.Name)
				}
			}
		})
	}
}
