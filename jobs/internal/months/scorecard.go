package months

import (
	"context"
	"database/sql"
	"errors"

	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Scorecard is a published month for people and programs, read from its snapshot.
type Scorecard struct {
	Month       scoring.Month        `json:"score_month"`
	Rulebook    string               `json:"rulebook"`
	Provisional []string             `json:"provisional"` // the reasons; empty when final
	Partners    []PartnerCard        `json:"partners"`
	Exclusions  []snapshot.Exclusion `json:"exclusions"` // of the fourteen months together
}

// PartnerCard is one partner of a Scorecard, by id in byte order.
type PartnerCard struct {
	ID    string     `json:"partner_id"`
	Name  string     `json:"partner_name,omitempty"`
	Track string     `json:"track"`
	Areas []AreaCard `json:"areas"`
}

// AreaCard is the score in one area; points are hundredths.
type AreaCard struct {
	Area                scoring.Area       `json:"solution_area"`
	Total               scoring.Hundredths `json:"total_points"`
	PointsToDesignation scoring.Hundredths `json:"points_to_designation"`
	Qualifies           bool               `json:"qualifies"`
	RoundingSensitive   bool               `json:"rounding_sensitive"`
	Blocking            string             `json:"blocking_metrics"` // comma separated
	Metrics             []MetricCard       `json:"metrics"`
}

// MetricCard is one metric of an area in the programme's order; those that do not apply have nil points.
type MetricCard struct {
	Metric scoring.Metric      `json:"metric"`
	Points *scoring.Hundredths `json:"points"`
	Max    *scoring.Hundredths `json:"max_points"`
	Status scoring.Status      `json:"status"`
	Reason string              `json:"reason"`
}

// readCard reads the published snapshot of a month, with the engine that scored it where there is one.
func readCard(ctx context.Context, r *run, m scoring.Month) (card *Scorecard, err error) {
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
			return nil, err
		}
	}
	card = &Scorecard{Month: m, Rulebook: man.Rulebook.ID, Provisional: man.Provisional, Exclusions: man.Exclusions, Partners: []PartnerCard{}}
	return card, db.Query(ctx, "results/scorecard", card.add)
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

// add adds one row of results/scorecard, which come by partner, area and metric.
func (c *Scorecard) add(rows *sql.Rows) error {
	var p PartnerCard
	var a AreaCard
	var m MetricCard
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
