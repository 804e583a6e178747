package published

import "partnerscore/scoring"

// MonthScore is a score of a partner in one of several months.
type MonthScore struct {
	Month       scoring.Month
	Track       string
	Rulebook    string
	Provisional bool
	Score
}

// AddMetrics adds metrics of a partner to its scores in the same months. A metric without a score is left out.
func AddMetrics(scores []MonthScore, metrics []MetricRow) {
	type key struct {
		month scoring.Month
		area  scoring.Area
	}
	at := map[key]int{}
	for i, s := range scores {
		at[key{s.Month, s.Area}] = i
	}
	for _, m := range metrics {
		if i, ok := at[key{m.Month, m.Area}]; ok {
			scores[i].Metrics = append(scores[i].Metrics, m.MetricScore)
		}
	}
	for _, s := range scores {
		s.sortMetrics()
	}
}
