// Package tables writes the scores of a month as the six tables of a snapshot, aside, and audits them.
package tables

import (
	"context"
	"database/sql/driver"
	"fmt"
	"math/big"
	"strings"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/inputs"
	"partnerscore/jobs/internal/measure"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// Scored is a partner with its scores.
type Scored struct {
	*measure.Partner
	Scores []scoring.Score
}

// Source is what the tables of a month are made from. The month must have been measured in the engine.
type Source struct {
	DB       *warehouse.DB
	Inputs   *inputs.Inputs
	Facts    *facts.Set
	Partners []Scored
	// Provisional: something leaves the scores of all partners open.
	Provisional bool
}

// Stage writes the tables into a stage, reads them back and audits them. It returns how many rows they have. A contradiction is a fault of the program, not of the inputs.
func Stage(ctx context.Context, from Source, stage *snapshot.Stage) (rows int64, err error) {
	if err := from.write(ctx, stage); err != nil {
		return 0, err
	}
	if err := stage.Check(ctx); err != nil {
		return 0, err
	}
	if err := audit(ctx, from.DB, stage, from.Inputs.Month); err != nil {
		return 0, err
	}
	for _, out := range stage.Outputs() {
		rows += out.Rows
	}
	return rows, nil
}

// write writes the six tables.
func (s Source) write(ctx context.Context, stage *snapshot.Stage) error {
	if err := s.DB.ExecAll(ctx, "tables/score_row", "tables/metric_row", "tables/exclusion_row"); err != nil {
		return err
	}
	if err := s.DB.Append(ctx, "score_row", s.addScores); err != nil {
		return err
	}
	if err := s.DB.Append(ctx, "metric_row", s.addMetrics); err != nil {
		return err
	}
	if err := s.DB.Append(ctx, "exclusion_row", s.addExclusions); err != nil {
		return err
	}
	for _, t := range snapshot.Tables() {
		args := []any{stage.Path(t.Name), s.Inputs.Month.First()}
		for _, pair := range s.metadata(t.Name).Pairs() {
			if pair.Key != "partnerscore.table" { // the statement says that itself
				args = append(args, pair.Value)
			}
		}
		if err := s.DB.Exec(ctx, "tables/"+t.Name, args...); err != nil {
			return err
		}
	}
	return nil
}

func (s Source) metadata(table string) snapshot.Metadata {
	rules := s.Inputs.Rules
	return snapshot.Metadata{Table: table, ScoreMonth: s.Inputs.Month, Rulebook: rules.ID, RulebookSHA256: rules.SHA256,
		InputsFingerprint: s.Inputs.Fingerprint}
}

// add appends one row to a table of the engine.
type add = func(values ...driver.Value) error

func (s Source) addScores(add add) error {
	for _, p := range s.Partners {
		for _, score := range p.Scores {
			points := map[scoring.Metric]driver.Value{}
			for _, m := range score.Metrics {
				points[m.Metric] = optionalPoints(m.Points)
			}
			var blocking []string
			for _, m := range score.Blocking {
				blocking = append(blocking, string(m))
			}
			name, _ := p.Name.Value() // which never fails
			err := add(p.ID, name, string(score.Area), score.Track, points2(score.Total), points[scoring.NetCustomerAdds],
				points[scoring.IntermediateCertifications], points[scoring.AdvancedCertifications], points[scoring.UsageGrowth],
				points[scoring.Deployments], score.Qualifies, points2(score.PointsToDesignation), strings.Join(blocking, ","), score.RoundingSensitive,
				s.Provisional || p.Provisional, s.Inputs.Rules.ID)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s Source) addMetrics(add add) error {
	for _, p := range s.Partners {
		for _, score := range p.Scores {
			for _, m := range score.Metrics {
				err := add(p.ID, string(score.Area), string(m.Metric), m.Applicable, optionalAmount(m.Current), optionalAmount(m.Baseline),
					optionalAmount(m.Measure), optionalPoints(m.Points), optionalPoints(m.Max), string(m.Status), m.Reason.String())
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s Source) addExclusions(add add) error {
	for _, f := range s.Facts.Months {
		for _, e := range f.Exclusions {
			if err := add(f.Month.First(), e.Class, e.Reason, e.Rows, warehouse.Amount(int64(e.ACRUSD))); err != nil {
				return err
			}
		}
	}
	return nil
}

// points2 is a DECIMAL(6,2) for the engine.
func points2(p scoring.Points) driver.Value {
	return warehouse.Decimal{Width: 6, Scale: 2, Value: big.NewInt(p.Hundredths())}
}

func optionalPoints(p *scoring.Points) driver.Value {
	if p == nil {
		return nil
	}
	return points2(*p)
}

func optionalAmount(f *scoring.Fixed6) driver.Value {
	if f == nil {
		return nil
	}
	return warehouse.Amount(int64(*f))
}

// audit reads the staged files back and runs every statement of sql/audits, which returns no row when all is well.
func audit(ctx context.Context, db *warehouse.DB, stage *snapshot.Stage, m scoring.Month) error {
	for _, t := range snapshot.Tables() {
		if err := db.FileView(ctx, "staged_"+t.Name, stage.Path(t.Name)); err != nil {
			return err
		}
	}
	names, err := statements.Names("audits")
	if err != nil {
		return err
	}
	for _, name := range names {
		found, err := db.Violations(ctx, name)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%s: audit %s failed, nothing was published: %v", m, strings.TrimPrefix(name, "audits/"), found)
		}
	}
	return nil
}
