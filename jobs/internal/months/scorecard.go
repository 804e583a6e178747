package months

import (
	"context"
	"database/sql"
	"errors"

	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// readCard reads the published snapshot of a month, with the engine that scored it where there is one.
func readCard(ctx context.Context, r *run, m scoring.Month) (card *results.Scorecard, err error) {
	man, err := r.store.Manifest(ctx, m)
	if err != nil {
		return nil, err
	}
	db, err := database(ctx, r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, table := range []string{snapshot.Scores, snapshot.Metrics} {
		files, err := r.store.Files(ctx, table, m)
		if err != nil {
			return nil, err
		}
		if err := db.FileView(ctx, "published_"+table, files[0]); err != nil {
			return nil, damaged(ctx, m, err)
		}
	}
	card = &results.Scorecard{Month: m, Rulebook: man.Rulebook.ID, Provisional: man.Provisional, Exclusions: man.Exclusions, Partners: []results.PartnerCard{}}
	if err := db.Query(ctx, "results/scorecard", func(rows *sql.Rows) error { return addRow(card, rows) }); err != nil {
		return nil, damaged(ctx, m, err)
	}
	return card, nil
}

// damaged makes a *published.DamagedError of an error of the engine that is about what it read: the files have their sizes all the same.
func damaged(ctx context.Context, m scoring.Month, err error) error {
	if ctx.Err() != nil || warehouse.OutOfMemory(err) || warehouse.TooManyFiles(err) {
		return err
	}
	return &published.DamagedError{Month: m, Err: err}
}

func database(ctx context.Context, r *run) (*warehouse.DB, error) {
	l, err := r.engines.Beside(ctx)
	if err != nil {
		return nil, err
	}
	if l == nil {
		return warehouse.Open(ctx, warehouse.Options{Limits: r.opt.Limits, Directories: r.store.Folders()})
	}
	return l.DB, nil
}

// addRow adds one row of results/scorecard, which come by partner, area and metric.
func addRow(c *results.Scorecard, rows *sql.Rows) error {
	var p results.PartnerCard
	var a results.AreaCard
	var m results.MetricCard
	var name sql.NullString
	var total, lacking warehouse.Decimal
	var points, most any
	if err := rows.Scan(&p.ID, &name, &p.Track, &a.Area, &total, &lacking, &a.Qualifies, &a.RoundingSensitive, &a.Blocking,
		&m.Metric, &points, &most, &m.Status, &m.Reason); err != nil {
		return err
	}
	p.Name = name.String
	a.Total, a.PointsToDesignation = scoring.Hundredths(total.Value.Int64()), scoring.Hundredths(lacking.Value.Int64())
	m.Points, m.Max = hundredths(points), hundredths(most)
	if n := len(c.Partners); n == 0 || c.Partners[n-1].ID != p.ID {
		c.Partners = append(c.Partners, p)
	}
	last := &c.Partners[len(c.Partners)-1]
	if n := len(last.Areas); n == 0 || last.Areas[n-1].Area != a.Area {
		last.Areas = append(last.Areas, a)
	}
	area := &last.Areas[len(last.Areas)-1]
	area.Metrics = append(area.Metrics, m)
	return nil
}

func hundredths(value any) *scoring.Hundredths {
	d, ok := value.(warehouse.Decimal)
	if !ok {
		return nil
	}
	h := scoring.Hundredths(d.Value.Int64())
	return &h
}
