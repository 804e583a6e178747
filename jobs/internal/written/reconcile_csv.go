package written

import (
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/reconcile"
)

// ReconcileKeys are the columns of the CSV of a comparison with Partner Center.
func ReconcileKeys() document.Keys {
	return document.Keys{
		{"score_month partner_id", "that is compared"},
		{"solution_area metric", "of the line; total, skilling and customer_success are sums of points"},
		{"portal_points portal_value", "what Partner Center shows"},
		{"rank", "of a reading, the likeliest first; 0 is the month as published; empty: the reading explains no line"},
		{"reading", "what is taken differently, in words"},
		{"points value", "what the reading gives"},
		{"equal", "true or false: whether that is what Partner Center shows"},
	}
}

// reconcileRecords has a record for each line as published, then one for each reading and line.
func reconcileRecords(a *reconcile.Answer) document.Records {
	var rows [][]string
	add := func(i int, rank, reading string, n reconcile.Shown, equal bool) {
		line := a.Lines[i]
		value := ""
		if line.Value != nil {
			value = line.Value.String()
		}
		rows = append(rows, []string{a.ScoreMonth.String(), a.ID, string(line.Area), string(line.Item), optional(line.Points), value, rank, reading,
			optional(n.Points), optional(n.Value), strconv.FormatBool(equal)})
	}
	for i, line := range a.Lines {
		add(i, "0", "as published", line.Ours, line.Equal)
	}
	for _, r := range slices.Concat(a.Readings, a.Others) {
		rank := strings.TrimPrefix(strconv.Itoa(r.Rank), "0")
		for i, line := range a.Lines {
			add(i, rank, changesInWords(r.Changes), r.Numbers[i], slices.Contains(r.Explains, i) || line.Equal && !slices.Contains(r.Breaks, i))
		}
	}
	return document.Records{Keys: ReconcileKeys(), Rows: rows}
}
