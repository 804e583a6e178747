package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

const (
	monthUsageHeader = "Month," + plainUsageHeader + "\n"
	partnersText     = "MpnId,PartnerName,PGA_MPNId,PGA_PartnerName\n"
	certsText        = plainCertificationsHeader + "\n"
)

// window is M-13..M of June 2024.
func window() (months []scoring.Month) {
	for m := june.Add(-13); m <= june; m++ {
		months = append(months, m)
	}
	return months
}

// layoutCase is a way to lay out usage, and the pattern that describes it.
type layoutCase struct {
	name  string
	files func() map[string]string
	now   exports.Patterns
	want  string
}

func layoutCases() []layoutCase {
	each := func(path func(year, month int) string) func() map[string]string {
		return func() map[string]string {
			files := map[string]string{}
			for _, m := range window() {
				day := m.First()
				files[path(day.Year(), int(day.Month()))] = monthUsageHeader
			}
			return files
		}
	}
	last := func(y, m int) int { return scoring.MonthOf(june.First().AddDate(y-2024, m-6, 0)).Last().Day() }
	return []layoutCase{
		{"unpadded parts", each(func(y, m int) string { return fmt.Sprintf("azure_usage/year=%d/month=%d/part-0.csv", y, m) }), exports.Patterns{}, "azure_usage/year={yyyy}/month={m}/*"},
		{"unpadded parts, padded pattern", each(func(y, m int) string { return fmt.Sprintf("azure_usage/year=%d/month=%d/part-0.csv", y, m) }),
			exports.Patterns{Usage: "azure_usage/year={yyyy}/month={mm}/*"}, "azure_usage/year={yyyy}/month={m}/*"},
		{"padded parts", each(func(y, m int) string { return fmt.Sprintf("azure_usage/year=%d/month=%02d/part-0.csv", y, m) }), exports.Patterns{}, "azure_usage/year={yyyy}/month={mm}/*"},
		{"bare parts", each(func(y, m int) string { return fmt.Sprintf("lake/%d/%02d/a.csv", y, m) }), exports.Patterns{}, "lake/{yyyy}/{mm}/*"},
		{"days below", each(func(y, m int) string { return fmt.Sprintf("lake/%d/%02d/day=%02d/a.csv", y, m, m) }), exports.Patterns{}, "lake/{yyyy}/{mm}/*/*"},
		{"bare months", each(func(y, m int) string { return fmt.Sprintf("azure_usage/%d-%02d/a.csv", y, m) }), exports.Patterns{}, "azure_usage/{month}/*"},
		{"unpadded in one name", each(func(y, m int) string { return fmt.Sprintf("azure_usage/%d-%d/a.csv", y, m) }), exports.Patterns{}, "azure_usage/{yyyy}-{m}/*"},
		{"other case", each(func(y, m int) string { return fmt.Sprintf("azure_usage/Month=%d-%02d/a.csv", y, m) }), exports.Patterns{}, "azure_usage/Month={month}/*"},
		{"other key", each(func(y, m int) string { return fmt.Sprintf("azure_usage/usage_month=%d-%02d-01/a.csv", y, m) }), exports.Patterns{}, "azure_usage/usage_month={month}/*"},
		{"other folder", each(func(y, m int) string { return fmt.Sprintf("Azure Usage/month=%d-%02d/a.csv", y, m) }), exports.Patterns{}, "Azure Usage/month={month}/*"},
		{"no folder", each(func(y, m int) string { return fmt.Sprintf("month=%d-%02d/a.csv", y, m) }), exports.Patterns{}, "month={month}/*"},
		{"file names", each(func(y, m int) string { return fmt.Sprintf("azure_usage/usage_%d-%02d.csv", y, m) }), exports.Patterns{}, "azure_usage/usage_{month}.csv"},
		{"compact file names", each(func(y, m int) string { return fmt.Sprintf("usage%d%02d.CSV", y, m) }), exports.Patterns{}, "usage{yyyy}{mm}.CSV"},
		{"file names with a run", each(func(y, m int) string { return fmt.Sprintf("u/usage_%d-%02d_run%d.csv", y, m, m*7) }), exports.Patterns{}, "u/usage_{month}*.csv"},
		{"month first", each(func(y, m int) string { return fmt.Sprintf("u/%02d-%d.csv", m, y) }), exports.Patterns{}, "u/{mm}-{yyyy}.csv"},
		{"last days", each(func(y, m int) string { return fmt.Sprintf("u/%d-%02d-%02d/a.csv", y, m, last(y, m)) }), exports.Patterns{}, "u/{month}-??/*"},
		{"runs of a cost export", each(func(y, m int) string {
			return fmt.Sprintf("costs/daily/%d%02d01-%d%02d%02d/%08x-0000-4000-8000-000000000000/part_0_0001.csv", y, m, y, m, last(y, m), m*12345)
		}), exports.Patterns{}, "costs/daily/{yyyy}{mm}01-*/*/*"},
		{"hub", each(func(y, m int) string { return fmt.Sprintf("Costs/%d/%02d/billingaccounts/ba/%d__part.csv", y, m, y) }), exports.Patterns{}, "Costs/{yyyy}/{mm}/billingaccounts/ba/*"},
		{"one file", func() map[string]string { return map[string]string{"azure_usage/AzureUsage.csv": monthUsageHeader} }, exports.Patterns{}, "azure_usage/*"},
		{"all flat", func() map[string]string {
			return map[string]string{"usage.csv": monthUsageHeader, "people.csv": certsText, "accounts.csv": partnersText}
		}, exports.Patterns{}, "usage.csv"},
		{"usage beside others", func() map[string]string {
			files := each(func(y, m int) string { return fmt.Sprintf("%d-%02d/usage.csv", y, m) })()
			files["2024-06/people.csv"], files["2024-05/people.csv"] = certsText, certsText
			return files
		}, exports.Patterns{}, "{month}/usage.csv"},
	}
}

// TestHintProposesAPattern: the line of the config that a hint proposes finds every month that is there.
func TestHintProposesAPattern(t *testing.T) {
	for _, c := range layoutCases() {
		t.Run(c.name, func(t *testing.T) {
			files := c.files()
			root := tree(t, files)
			found := find(t, root, c.now)
			var missing []scoring.Month
			for _, m := range window() {
				if len(found.Usage[m]) == 0 {
					missing = append(missing, m)
				}
			}
			hint := New(t.Context(), found, c.now).Hint(t.Context(), schema.Usage, exports.Options{}, missing...)
			if line := fmt.Sprintf("paths: {azure_usage: %q}", c.want); !strings.HasSuffix(hint, line) {
				t.Fatalf("hint %q, want %s at its end", hint, line)
			}
			again := find(t, root, exports.Patterns{Usage: c.want})
			if len(again.Undated) == 0 && len(again.Usage) != len(window()) {
				t.Errorf("the pattern finds months %v", slices.Sorted(maps.Keys(again.Usage)))
			}
		})
	}
}

// TestHintOfCertifications: a snapshot of any month will do, and one of no month, too.
func TestHintOfCertifications(t *testing.T) {
	for rel, want := range map[string]string{
		"certifications/2024-05/c.csv":           "certifications/{month}/*",
		"Certs/year=2024/month=5/c.csv":          "Certs/year={yyyy}/month={m}/*",
		"certifications/TrainingCompletions.csv": "certifications/*",
	} {
		root := tree(t, map[string]string{rel: certsText, "azure_usage/month=2024-06/a.csv": monthUsageHeader, "other/a.csv": monthUsageHeader})
		hint := New(t.Context(), find(t, root, exports.Patterns{}), exports.Patterns{}).Hint(t.Context(), schema.Certifications, exports.Options{})
		if line := fmt.Sprintf("no pattern takes %s; to read them as certifications, write into the config: paths: {certifications: %q}", rel, want); hint != line {
			t.Errorf("hint %q, want %q", hint, line)
		}
	}
}

// TestHintWithoutProposal: what cannot be described is named, and nothing is said where there is nothing.
func TestHintWithoutProposal(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"one more file": {map[string]string{"azure_usage/month=2024-05/a.csv": monthUsageHeader, "other/a.csv": "x,y\n"}, ""},
		"nothing":       {map[string]string{"azure_usage/month=2024-06/a.csv": monthUsageHeader, "notes.txt": "x", "_delta_log/0.json": "{}"}, ""},
		"no month":      {map[string]string{"usage/a.csv": plainUsageHeader + "\n", "usage/b.csv": "x,y\n", "c.csv": "", "d.csv": ""}, "no pattern takes c.csv, d.csv, usage/a.csv and 1 more"},
		"not a month":   {map[string]string{"azure_usage/2024-13/a.csv": plainUsageHeader + "\n"}, "no pattern takes azure_usage/2024-13/a.csv"},
		"other months":  {map[string]string{"azure_usage/2022-01/a.csv": monthUsageHeader}, "no pattern takes azure_usage/2022-01/a.csv"},
		"unsafe names":  {map[string]string{"a{2024-06}/*.csv": monthUsageHeader}, "no pattern takes a{2024-06}/*.csv"},
		"wrong content": {map[string]string{"azure_usage/2024-06/a.csv": certsText}, "no pattern takes azure_usage/2024-06/a.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			got := New(t.Context(), find(t, tree(t, c.files), exports.Patterns{}), exports.Patterns{}).Hint(t.Context(), schema.Usage, exports.Options{}, june)
			if got != c.want {
				t.Errorf("hint %q, want %q", got, c.want)
			}
		})
	}
}
