package written

import (
	"strconv"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/document"
)

// CompareKeys are the columns of the CSV of a comparison.
func CompareKeys() document.Keys {
	return document.Keys{
		{"from_month to_month partner_id", "what is compared"},
		{"solution_area metric", "that the line is about"},
		{"cause", "total or metric: what its causes add up to; else the cause: customer_in, customer_out, year_ago_in, year_ago_out, growth_acr, growth_base, " +
			"growth_measured, person_in, person_out, people, gate_points, gate, service_in, service_out, rules, over_cap, below_zero, rounding, below_acr_gate, no_data"},
		{"id name", "of the customer (tenant id), the person and certification, or the service"},
		{"from_points to_points", "of a total or metric, in each month"},
		{"change", "points that the total or metric changed by, or that the cause gives or takes"},
		{"acr_from acr_to", "consumption of the customer or service that made the difference, in USD"},
		{"reason", "in words"},
	}
}

// compareRecords has a line per cause, and one for each metric and total, all with points.
func compareRecords(c *answers.Comparison) document.Records {
	var rows [][]string
	add := func(a answers.AreaChange, cells ...string) {
		rows = append(rows, append([]string{c.From.ScoreMonth.String(), c.To.ScoreMonth.String(), c.ID, string(a.Area)}, cells...))
	}
	for _, a := range c.Areas {
		add(a, "", "total", "", "", a.From.Decimal(), a.To.Decimal(), a.Change.Decimal(), "", "",
			"qualifies: "+strconv.FormatBool(a.QualifiesFrom)+" before, "+strconv.FormatBool(a.QualifiesTo)+" now")
		for _, m := range a.Metrics {
			add(a, string(m.Metric), "metric", "", "", optional(m.From), optional(m.To), m.Change.Decimal(), "", "",
				string(m.StatusFrom)+" before, "+string(m.StatusTo)+" now")
			for _, x := range m.Causes {
				add(a, string(m.Metric), string(x.Cause), x.ID, x.Name, "", "", x.Points.Decimal(), optional(x.ACRFrom), optional(x.ACRTo), x.Reason)
			}
		}
	}
	return document.Records{Keys: CompareKeys(), Rows: rows}
}
