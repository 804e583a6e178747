package answers

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Trend returns the scores of a partner with their metrics in every published month up to the one it was read of, by month and area id.
// A month in which the partner has none is left out.
func (r *Reader) Trend(ctx context.Context, p *Partner) ([]PublishedScore, error) {
	months := slices.DeleteFunc(r.Published(), func(m scoring.Month) bool { return m > p.ScoreMonth })
	all, err := r.History(ctx, p.ID, months)
	if err != nil {
		return nil, err
	}
	for _, m := range months {
		man, err := r.manifest(ctx, m)
		if err != nil {
			return nil, err
		}
		if err := r.store.QuickCheck(ctx, man, snapshot.Metrics); err != nil {
			return nil, damaged(m, err)
		}
	}
	type key struct {
		month scoring.Month
		area  scoring.Area
	}
	at := map[key]int{}
	for i, s := range all {
		at[key{s.Month, s.Area}] = i
	}
	err = r.query(ctx, p.ScoreMonth, "answers/metrics", func(rows *sql.Rows) error {
		var month time.Time
		var area scoring.Area
		var m Metric
		err := m.scan(rows, &month, &area)
		if i, ok := at[key{scoring.MonthOf(month), area}]; ok {
			all[i].Metrics = append(all[i].Metrics, m)
		}
		return err
	}, r.tables(snapshot.Metrics, months...), p.ID)
	for _, s := range all {
		s.sortMetrics()
	}
	return all, err
}

// scan reads one row of answers/metrics.
func (m *Metric) scan(rows *sql.Rows, month *time.Time, area *scoring.Area) error {
	return rows.Scan(month, area, &m.Metric, &m.Applicable, &m.Current, &m.Baseline, &m.Measure, &m.Points, &m.Max, &m.Status, &m.Reason)
}

// sortMetrics puts the metrics in the programme's order.
func (s *Score) sortMetrics() {
	slices.SortStableFunc(s.Metrics, func(a, b Metric) int {
		return slices.Index(scoring.Metrics(), a.Metric) - slices.Index(scoring.Metrics(), b.Metric)
	})
}
