package written

import (
	"fmt"
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// OutlookKeys are the columns of the CSV of an outlook.
func OutlookKeys() document.Keys {
	return document.Keys{
		{"score_month partner_id", "that is looked ahead from"},
		{"month", "that the line is about; of a gate (a required certification) the score month"},
		{"solution_area metric", "that the line is about"},
		{"kind", "rules: those in force; total and metric: points if nothing changes; baseline: of a year before, known; today: what stays; step: what points " +
			"take; twelve_months: consumption below its gate; service_leaving; certification_ending, certification_starting; gate"},
		{"id name", "of the rulebook and track, the service, the person and certification; of a gate its step and certification, of a step of growth its percentage"},
		{"points", "of a total, a metric or a step"},
		{"count", "eligible customers; people of a gate; of a certification the step that it is of"},
		{"acr_usd", "of the month in USD, of twelve months where kind is twelve_months"},
		{"reason", "status or reason; of a service the month of its last use; of a gate how many it can spare"},
	}
}

// outlookRecords has a line for each fact about each month to come, and for each gate of the published one.
func outlookRecords(x *answers.Outlook) document.Records {
	var rows [][]string
	var month scoring.Month
	add := func(area scoring.Area, metric scoring.Metric, kind, id, name, points, n, acr, reason string) {
		rows = append(rows, []string{x.ScoreMonth.String(), x.ID, month.String(), string(area), string(metric), kind, id, name, points, n, acr, reason})
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, m := range x.Months {
		month = m.Month
		add("", "", "rules", m.Rulebook, m.Track, "", "", "", "")
		for _, a := range m.Areas {
			add(a.Area, "", "total", "", "", a.Total.Decimal(), "", "", map[bool]string{true: "qualifies", false: "does_not_qualify"}[a.Qualifies])
			for _, one := range a.Metrics {
				add(a.Area, one.Metric, "metric", "", "", optional(one.Points), "", "", string(one.Status))
			}
		}
		baseline, unknown := "", "usage is missing"
		if m.BaselineCustomers != nil {
			baseline, unknown = whole(*m.BaselineCustomers), ""
		}
		add("", scoring.NetCustomerAdds, "baseline", "", "", "", baseline, "", unknown)
		add("", scoring.NetCustomerAdds, "today", "", "", "", whole(m.Customers), "", fmt.Sprintf("%d by the month before only", m.ByMonthBefore))
		for _, s := range m.CustomerSteps {
			add("", scoring.NetCustomerAdds, "step", "", "", wholePoints(s.Points), whole(s.Customers), "", "")
		}
		if unknown = "usage is missing"; m.BaselineACR != nil {
			unknown = ""
		}
		add("", scoring.UsageGrowth, "baseline", "", "", "", "", optional(m.BaselineACR), unknown)
		if m.ACRTTM < m.ACRGate {
			add("", scoring.UsageGrowth, "twelve_months", "", "", "", "", m.ACRTTM.Decimal(), string(scoring.BelowACRGate))
		}
		for _, s := range m.ACRSteps {
			add("", scoring.UsageGrowth, "step", "", whole(s.Percent)+" %", wholePoints(s.Points), "", s.ACR.Decimal(), "")
		}
		for _, s := range m.Services {
			add("", scoring.Deployments, "service_leaving", "", s.Service, "", "", "", s.LastUsed.String())
		}
		for _, changed := range []struct {
			kind string
			all  []answers.HoldingChange
		}{{"certification_ending", m.Ending}, {"certification_starting", m.Starting}} {
			for _, c := range changed.all {
				for _, s := range c.Steps {
					add(s.Area, s.Metric, changed.kind, c.Person, c.Certification, "", strconv.Itoa(s.Step), "", changeReason(c))
				}
			}
		}
	}
	month = x.ScoreMonth
	for _, g := range x.Gates {
		add(g.Area, g.Metric, "gate", strconv.Itoa(g.Step), g.Certification, "", whole(g.People), "", spareText(g))
	}
	return document.Records{Keys: OutlookKeys(), Rows: rows}
}

// wholePoints writes points plainly.
func wholePoints(n int64) string {
	const hundred = 100
	return scoring.Hundredths(n * hundred).Decimal()
}

// changeReason says why a certification ends or starts, and when.
func changeReason(c answers.HoldingChange) string {
	if c.Day == nil {
		return string(c.Why)
	}
	return string(c.Why) + " " + c.Day.String()
}

// spareText says how many a gate can do without, or lacks.
func spareText(g answers.OutlookGate) string {
	if g.Spare < 0 {
		return wording.Words{}.Spare(g.People, g.Needed)
	}
	return fmt.Sprintf("spare %d", g.Spare)
}
