package reader

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// History returns the scores of a partner in published months, by month and area id, without their metrics. A month in which it has none is
// left out.
func (r *Reader) History(ctx context.Context, partner string, months []scoring.Month) ([]published.MonthScore, error) {
	if err := r.quickCheck(ctx, snapshot.Scores, months); err != nil || len(months) == 0 {
		return nil, err
	}
	rows, err := r.scores(ctx, partner, months...)
	if err != nil {
		return nil, err
	}
	all := make([]published.MonthScore, len(rows))
	for i, row := range rows {
		all[i] = row.MonthScore
	}
	return all, nil
}

// quickCheck checks the files of a table in some months without reading them whole.
func (r *Reader) quickCheck(ctx context.Context, table string, months []scoring.Month) error {
	for _, m := range months {
		man, err := r.manifest(ctx, m)
		if err != nil {
			return err
		}
		if err := r.store.QuickCheck(ctx, man, table); err != nil {
			return damaged(m, err)
		}
	}
	return nil
}

// Trend returns the scores of a partner with their metrics in every published month up to the one it was read of, by month and area id.
// A month in which the partner has none is left out.
func (r *Reader) Trend(ctx context.Context, p *published.Partner) ([]published.MonthScore, error) {
	months := slices.DeleteFunc(r.Published(), func(m scoring.Month) bool { return m > p.ScoreMonth })
	all, err := r.History(ctx, p.ID, months)
	if err != nil {
		return nil, err
	}
	if err := r.quickCheck(ctx, snapshot.Metrics, months); err != nil {
		return nil, err
	}
	metrics, err := r.metrics(ctx, p.ID, months...)
	if err != nil {
		return nil, err
	}
	published.AddMetrics(all, metrics)
	return all, nil
}

// Windows returns the qualification window of each area of a partner at the month it was read of.
func (r *Reader) Windows(ctx context.Context, p *published.Partner) ([]published.Window, error) {
	first := p.ScoreMonth.Add(1 - int(p.Rules.QualificationMonths))
	before := slices.DeleteFunc(r.Published(), func(m scoring.Month) bool { return m < first || m >= p.ScoreMonth })
	history, err := r.History(ctx, p.ID, before)
	if err != nil {
		return nil, err
	}
	return published.WindowsOf(p, before, history), nil
}
