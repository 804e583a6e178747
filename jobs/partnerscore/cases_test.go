package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// casesDir has exports made after what people who do this job reported, one folder a case; a clone without it skips the test.
const casesDir = "../../../shared/cases"

// fieldCase is what a case must come to.
type fieldCase struct {
	name   string
	month  string   // empty: 2024-06
	config string   // a config file's text; "case": the case's own file; empty: none
	flags  []string // besides exports, month and snapshots
	exit   int
	// totals are the points of Data & AI, Infrastructure, Digital & App Innovation, by partner.
	totals map[string]string
	// provisional are parts of the reasons, all of which must be there; none: the score is final.
	provisional []string
	// said and unsaid are parts that stderr must and must not have.
	said, unsaid []string
}

const (
	baseline     = "68 84 60"
	baselineFlat = "18 34 10"
)

// of7 is the result of the one partner of most cases.
func of7(totals string) map[string]string { return map[string]string{"7000001": totals} }

// fieldCases lists every case with the result that its description asks for.
func fieldCases() []fieldCase {
	estimate := "not ACR: an estimate"
	return []fieldCase{
		{name: "baseline", totals: of7(baseline), unsaid: []string{"level=WARN msg=\"usage"}},
		{name: "baseline-flat", totals: of7(baselineFlat)},
		{name: "titles-2026-official", month: "2026-08", totals: of7("88 ? ?"), provisional: []string{"5 without a customer segment"}},
		{name: "cert-titles-old-and-github", totals: of7("64 64 80"), said: []string{"nearly", "Microsoft Certified: Azure Developer Associate – Renewal"}},
		{name: "segment-smb", month: "2026-08", totals: of7("68 76 68")},
		{name: "segment-smec-smb-commercial", month: "2026-08", totals: of7("68 76 68")},
		{name: "training-system-query", totals: of7("? 84 ?"), provisional: []string{"no expiry column", "no status column"}},
		{name: "email-and-corpemail", totals: of7(baseline)},
		{name: "cert-dates-dayfirst-all-le12", totals: of7("? ? ?"), provisional: []string{"dates: {order: dmy}"}},
		{name: "cert-dates-dayfirst-all-le12", config: "dates: {order: dmy}", totals: of7(baseline)},
		{name: "cert-float-mpn", totals: of7(baseline)},
		{name: "float-ids", totals: of7(baseline)},
		{name: "parquet-double-ids", totals: of7(baseline)},
		{name: "system-query", exit: 4, said: []string{"--allow-missing offers"}, unsaid: []string{"MonthlySubscriptionLevelACR", "acr_usd"}},
		{name: "system-query", flags: []string{"--allow-missing", "offers"}, totals: of7(baseline), provisional: []string{"no offer column"}},
		{name: "system-query", config: "case", flags: []string{"--allow-missing", "offers"}, totals: of7("? ? ?"), provisional: []string{"no offer column", "MonthlySubscriptionLevelACR"},
			said: []string{"the config names a wrong column", "MonthlySubscriptionLevelACR"}},
		{name: "documented-dataset", exit: 4, said: []string{"--allow-missing offers"}, unsaid: []string{"MonthlySubscriptionLevelACR", "acr_usd"}},
		{name: "documented-dataset", flags: []string{"--allow-missing", "offers"}, totals: of7(baseline), provisional: []string{"no offer column"}},
		{name: "no-offer-column", exit: 4, said: []string{"--allow-missing offers"}},
		{name: "no-offer-column", flags: []string{"--allow-missing", "offers"}, totals: of7(baseline), provisional: []string{"no offer column"}},
		{name: "partnerlocation-country-only", exit: 4, said: []string{"partner_location_id or partner_global_id: missing column", "partner: ID"}, unsaid: []string{"has PartnerLocationID"}},
		{name: "delta-restated", totals: of7(baseline)},
		{name: "delta-overwritten", totals: of7(baseline)},
		{name: "restated-makes-growth", exit: 4, said: []string{"AzureUsage_20240720.csv", "usage.csv", "100"}},
		{name: "hub-two-runs-one-folder", config: "case", exit: 4, said: []string{"20240610120000__part_0_0001", "20240630120000__part_0_0001", "100.0 % of their keys"}},
		{name: "manifest-missing-part", config: "case", exit: 3, said: []string{"part_1_0001.csv"}, unsaid: []string{"manifest.json: left out"}},
		{name: "focus-baseline", config: "case", totals: map[string]string{"7000001": "8 24 0", "99999999-0000-4000-8000-000000000001": "60 60 60"},
			provisional: []string{estimate}, said: []string{"partner: ID"}},
		{name: "focus-baseline", config: "profile: focus\npartner: \"7000001\"", totals: of7(baseline), provisional: []string{estimate}, unsaid: []string{"partner: ID"}},
		{name: "hub-ingestion", config: "case", totals: map[string]string{"7000001": "8 24 0", "99999999-0000-4000-8000-000000000001": "60 60 60"},
			provisional: []string{estimate}, said: []string{"partner: ID"}},
		{name: "reservation-list-cost-zero", config: "profile: focus\npartner: \"7000001\"", totals: of7(baseline), provisional: []string{estimate}},
		{name: "subscription-scope", config: "case", exit: 4, said: []string{"missing_partner", "partner: ID"}},
		{name: "subscription-scope", config: "profile: azure-cost-management\npartner: \"7000001\"", totals: of7(baseline), provisional: []string{estimate}},
		{name: "blank-current-month", exit: 3, said: []string{"no rows at all", "--min-rows 0"}},
		{name: "blank-current-month", flags: []string{"--min-rows", "0"}, totals: of7("? ? ?")},
		{name: "localized-label", totals: of7("? ? ?"), said: []string{"associations that the rulebook does not know", "CSP-Ebene 1", "rows="}},
		{name: "null-text", exit: 4, said: []string{"missing_tenant"}},
		{name: "null-text", flags: []string{"--max-rejected", "0.25"}, totals: of7(baseline)},
		{name: "one-file-all-months", config: "case", totals: of7(baseline)},
		{name: "year-month-unpadded", config: "paths:\n  azure_usage: \"azure_usage/year={yyyy}/month={m}/*\"", totals: of7(baseline)},
		{name: "year-month-unpadded", exit: 3, said: []string{"azure_usage/year={yyyy}/month={m}/*"}},
		{name: "year-month-unpadded", config: "case", exit: 3, said: []string{"azure_usage/year={yyyy}/month={m}/*"}},
		{name: "month-date-partition", totals: of7(baseline)},
	}
}

// TestFieldCases scores every case; the cases that the folder has and the list has not fail it.
func TestFieldCases(t *testing.T) {
	folders, err := os.ReadDir(casesDir)
	if err != nil {
		t.Skip("no folder of cases")
	}
	if os.Getenv("PARTNERSCORE_TEST_LONG") == "" {
		t.Skip("set PARTNERSCORE_TEST_LONG=1; fourteen months for each of forty cases take a minute")
	}
	listed := map[string]bool{}
	for _, c := range fieldCases() {
		listed[c.name] = true
		t.Run(strings.Join(append([]string{c.name, c.config}, c.flags...), " "), func(t *testing.T) { c.check(t) })
	}
	for _, folder := range folders {
		if folder.IsDir() && !listed[folder.Name()] {
			t.Errorf("%s is not in the list", folder.Name())
		}
	}
}

// TestFieldCasesOnSpark: with auto, the cases come to the same, whichever engine reads them. Text goes to DuckDB.
func TestFieldCasesOnSpark(t *testing.T) {
	server := os.Getenv("PARTNERSCORE_TEST_SPARK")
	if _, err := os.Stat(casesDir); server == "" || err != nil {
		t.Skip("no folder of cases, or PARTNERSCORE_TEST_SPARK names no server")
	}
	for _, c := range fieldCases() {
		if parquet, _ := filepath.Glob(filepath.Join(casesDir, c.name, "exports/*/*/*.parquet")); len(parquet) == 0 && !everyPoint {
			continue
		}
		c.flags = append(slices.Clone(c.flags), "--engine", "auto", "--spark-remote", server)
		t.Run(c.name+" "+c.config, func(t *testing.T) { c.check(t) })
	}
}

// check scores the case and compares.
func (c fieldCase) check(t *testing.T) {
	code, stdout, stderr := c.score(t)
	if code != c.exit {
		t.Fatalf("exit code %d, want %d: %s", code, c.exit, stderr)
	}
	for _, part := range c.said {
		if !strings.Contains(stderr, part) {
			t.Errorf("stderr lacks %q: %s", part, stderr)
		}
	}
	for _, part := range c.unsaid {
		if strings.Contains(stderr, part) {
			t.Errorf("stderr has %q: %s", part, stderr)
		}
	}
	if code != exitDone {
		return
	}
	var result struct {
		Provisional []string
		Partners    []struct {
			ID    string `json:"partner_id"`
			Areas []struct {
				Total json.Number `json:"total_points"`
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &result); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range result.Partners {
		var totals []string
		want := strings.Fields(c.totals[p.ID])
		for i, a := range p.Areas {
			total := strings.TrimSuffix(a.Total.String(), ".00")
			if i < len(want) && want[i] == "?" {
				total = "?"
			}
			totals = append(totals, total)
		}
		got[p.ID] = strings.Join(totals, " ")
	}
	if diff := cmp.Diff(c.totals, got); diff != "" {
		t.Errorf("totals differ (-want +got):\n%s", diff)
	}
	for _, part := range c.provisional {
		if !slices.ContainsFunc(result.Provisional, func(reason string) bool { return strings.Contains(reason, part) }) {
			t.Errorf("no reason has %q: %q", part, result.Provisional)
		}
	}
	if len(c.provisional) == 0 && len(result.Provisional) > 0 {
		t.Errorf("provisional: %q", result.Provisional)
	}
}

// score runs the program on the case.
func (c fieldCase) score(t *testing.T) (code int, stdout, stderr string) {
	t.Helper()
	month := c.month
	if month == "" {
		month = "2024-06"
	}
	dir := filepath.Join(casesDir, c.name)
	args := []string{"partnerscore", "score", "--exports", filepath.Join(dir, "exports"), "--month", month, "--snapshots", filepath.Join(t.TempDir(), "snapshots"), "--format", "json", "--quiet"}
	switch c.config {
	case "":
	case "case":
		args = append(args, "--config", filepath.Join(dir, "config.yaml"))
	default:
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(c.config+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	p, out, log := testProgram(nil)
	code = p.run(context.Background(), append(args, c.flags...))
	return code, out.String(), log.String()
}
