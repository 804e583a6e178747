package written

import (
	"strings"
	"testing"
	"time"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

func june() scoring.Month { return scoring.NewMonth(2024, time.June) }

func TestEnrolment(t *testing.T) {
	until := june().Add(5)
	months := []published.WindowMonth{{Month: june().Add(-1), State: published.NotPublished}, {Month: june(), State: published.NotQualified}}
	for want, w := range map[string]published.Window{
		"You may enrol until November 2024.":                     {State: published.WindowOpen, Until: &until, Months: months},
		"Enrolment: unknown. 1 of the last 2 months is scored.":  {State: published.WindowUnknown, Months: months},
		"You cannot enrol: none of the last 2 months qualified.": {State: published.WindowClosed, Months: months},
	} {
		if got := Enrolment(wording.Words{}, w); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What can be lost and what cannot are told apart.
func TestMargin(t *testing.T) {
	key := scoring.StepKey{Area: scoring.Infrastructure, Metric: scoring.AdvancedCertifications, Step: 2}
	c := answers.PathMargin{Points: 250, Customers: 1, Services: 0, People: []scoring.StepPeople{{StepKey: key, People: 2}}}
	const want = "It has 2.50 points to spare. If nothing else changes, it can lose at most one of these: 1 eligible customer; 2 people with an additional " +
		"advanced certification. It cannot lose any consumption in the month; any service."
	if got := (path{}).margin(c); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (path{}).margin(answers.PathMargin{Customers: 1, ACR: 1_500_000, Services: 3}); strings.Contains(got, "cannot") || !strings.Contains(got, "1.50 USD of consumption") {
		t.Errorf("%q", got)
	}
}

// Faults of the data are one line unless all reasons are asked for; those expected by the rules come first, then those of most rows.
func TestLeftOut(t *testing.T) {
	exclusions := []published.Exclusion{
		{UsageMonth: june(), Exclusion: snapshot.Exclusion{Class: "data", Reason: "bad_amount", Rows: 2, ACRUSD: 1_000_000}},
		{UsageMonth: june(), Exclusion: snapshot.Exclusion{Class: "rule", Reason: "offer_not_eligible", Rows: 1, ACRUSD: 2_000_000}},
		{UsageMonth: june(), Exclusion: snapshot.Exclusion{Class: "data", Reason: "missing_offer", Rows: 3, ACRUSD: 4_000_000}},
		{UsageMonth: june().Add(-1), Exclusion: snapshot.Exclusion{Class: "rule", Reason: "offer_not_eligible", Rows: 1000, ACRUSD: 0}},
	}
	for all, want := range map[bool]string{
		false: "offer not eligible|by rule|1,001|2.00\nfor any reason|bad data|5|5.00\n",
		true:  "offer not eligible|by rule|1,001|2.00\nmissing offer|bad data|3|4.00\nbad amount|bad data|2|1.00\n",
	} {
		if got := cells(*LeftOut(wording.Words{}, exclusions, all).Table); got != want {
			t.Errorf("all %t:\n%swant\n%s", all, got, want)
		}
	}
}

func cells(t document.Table) string {
	var b strings.Builder
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			if i > 0 {
				b.WriteByte('|')
			}
			b.WriteString(c.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Every record has a value for each of its columns, and help describes every column once.
func TestRecordsFitTheirKeys(t *testing.T) {
	zero := scoring.USD(0)
	holding := answers.HoldingChange{Person: "p", Certification: "c", Why: answers.WhyRules, Steps: []scoring.StepKey{{}}}
	month := answers.OutlookMonth{Month: june(), Areas: []answers.OutlookScore{{Metrics: []answers.OutlookMetric{{}}}}, ACRGate: 1, BaselineACR: &zero,
		CustomerSteps: []answers.CustomerStep{{}}, ACRSteps: []answers.ACRStep{{}}, Services: []answers.ServiceLeaving{{}}, Ending: []answers.HoldingChange{holding}}
	for name, records := range map[string]document.Records{
		"outlook": outlookRecords(&answers.Outlook{Months: []answers.OutlookMonth{month}, Gates: []answers.OutlookGate{{}}}),
		"whatif":  whatIfRecords(&answers.WhatIf{Areas: []answers.WhatIfArea{{Metrics: []answers.WhatIfMetric{{}}}}}),
		"compare": compareRecords(&answers.Comparison{Areas: []answers.AreaChange{{Metrics: []answers.MetricChange{{Causes: []answers.Change{{}}}}}}}),
		"path": pathRecords(&answers.Path{Customers: []published.Customer{{}}, Services: []published.OtherService{{}}, Areas: []answers.PathArea{{
			Ways: []answers.PathWay{{Customers: 1}}, Margin: &answers.PathMargin{}, Obstacles: []scoring.Phrase{scoring.Say("none")}, People: []answers.NearPeople{{People: []answers.NearPerson{{}}}}}}}),
		"explain": explainRecords(&answers.Explanation{Areas: []answers.AreaExplanation{{Metrics: []answers.MetricExplanation{{Parts: []answers.Part{{}},
			Steps: []answers.StepExplanation{{Holdings: []published.Holding{{}}}}}}}}, Customers: []answers.CustomerExplanation{{Months: []answers.MonthACR{{}}}},
			Services: []published.Service{{}}, Exclusions: []published.Exclusion{{}}, FactsGaps: []published.Gap{{}}}),
	} {
		header := records.Keys.Header()
		if len(records.Rows) < 2 {
			t.Errorf("%s: %d records", name, len(records.Rows))
		}
		for _, row := range records.Rows {
			if len(row) != len(header) {
				t.Errorf("%s: %d values for %d columns: %q", name, len(row), len(header), row)
			}
		}
		seen := map[string]bool{}
		for _, key := range header {
			if seen[key] {
				t.Errorf("%s: the column %s stands twice", name, key)
			}
			seen[key] = true
		}
	}
}
