package pipeline

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
	statements "partnerscore/sql"
)

// publishMonth measures, scores, writes the tables aside, checks them and publishes them. It reports whether anything changed.
func (r *run) publishMonth(ctx context.Context) (changed bool, err error) {
	r.opt.Progress.Step(len(r.in.months), len(r.in.months)+1, "score of "+r.in.month.String())
	partners, err := r.measureAndScore(ctx)
	if err != nil {
		return false, err
	}
	stage, err := r.store.Stage(r.opt.RunID, r.in.month)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, stage.Discard()) }()
	rows, err := r.fillStage(ctx, stage, partners)
	if err != nil {
		return false, err
	}
	begun := time.Now()
	if err := r.cacheHoldings(ctx); err != nil {
		return false, err
	}
	man, err := r.manifest()
	if err != nil {
		return false, err
	}
	if changed, err = stage.Publish(ctx, man); err != nil {
		return false, err
	}
	if !changed {
		rows = 0
	}
	r.opt.Progress.Done(monitor.Step{Name: monitor.StepPublish, Month: r.in.month, Rows: rows, Idle: !changed, Elapsed: time.Since(begun)})
	return changed, nil
}

// measureAndScore returns the partners with their scores.
func (r *run) measureAndScore(ctx context.Context) (partners []*partner, err error) {
	begun := time.Now()
	if partners, err = r.measure(ctx); err != nil {
		return nil, err
	}
	var rows int64
	for _, p := range partners {
		if p.scores, err = r.in.rules.Score(p.track.ID, p.measures); err != nil {
			return nil, fmt.Errorf("score partner %s: %w", p.id, err)
		}
		rows += int64(len(p.scores))
	}
	r.opt.Progress.Done(monitor.Step{Name: monitor.StepMeasures, Month: r.in.month, Rows: rows, Elapsed: time.Since(begun)})
	return partners, nil
}

// fillStage writes the tables aside, reads them back and audits them. It returns how many rows they have.
func (r *run) fillStage(ctx context.Context, stage *snapshot.Stage, partners []*partner) (rows int64, err error) {
	begun := time.Now()
	if err := r.writeTables(ctx, stage, partners); err != nil {
		return 0, err
	}
	if err := stage.Check(ctx); err != nil {
		return 0, err
	}
	if err := r.audit(ctx, stage); err != nil {
		return 0, err
	}
	for _, out := range stage.Outputs() {
		rows += out.Rows
	}
	r.opt.Progress.Done(monitor.Step{Name: monitor.StepTables, Month: r.in.month, Rows: rows, Elapsed: time.Since(begun)})
	return rows, nil
}

// writeTables writes the six tables into the stage.
func (r *run) writeTables(ctx context.Context, stage *snapshot.Stage, partners []*partner) error {
	if err := r.execAll(ctx, "tables/score_row", "tables/metric_row", "tables/exclusion_row"); err != nil {
		return err
	}
	if err := r.db.Append(ctx, "score_row", func(add add) error { return r.addScores(add, partners) }); err != nil {
		return err
	}
	if err := r.db.Append(ctx, "metric_row", func(add add) error { return addMetrics(add, partners) }); err != nil {
		return err
	}
	if err := r.db.Append(ctx, "exclusion_row", r.addExclusions); err != nil {
		return err
	}
	for _, t := range snapshot.Tables() {
		args := []any{stage.Path(t.Name), r.in.month.First()}
		for _, pair := range r.metadata(t.Name).Pairs() {
			if pair.Key != "partnerscore.table" { // the statement says that itself
				args = append(args, pair.Value)
			}
		}
		if err := r.db.Exec(ctx, "tables/"+t.Name, args...); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) metadata(table string) snapshot.Metadata {
	return snapshot.Metadata{Table: table, ScoreMonth: r.in.month, Rulebook: r.in.rules.ID, RulebookSHA256: r.in.rules.SHA256,
		InputsFingerprint: r.fingerprint}
}

// add appends one row to a table of the warehouse.
type add = func(values ...driver.Value) error

func (r *run) addScores(add add, partners []*partner) error {
	provisional := len(r.in.provisional)+len(r.doubts) > 0
	for _, f := range r.facts {
		provisional = provisional || len(f.Provisional) > 0
	}
	for _, p := range partners {
		for _, s := range p.scores {
			points := map[scoring.Metric]driver.Value{}
			for _, m := range s.Metrics {
				points[m.Metric] = optionalPoints(m.Points)
			}
			var blocking []string
			for _, m := range s.Blocking {
				blocking = append(blocking, string(m))
			}
			var name driver.Value
			if p.name.Valid {
				name = p.name.String
			}
			err := add(p.id, name, string(s.Area), s.Track, points2(s.Total), points[scoring.NetCustomerAdds],
				points[scoring.IntermediateCertifications], points[scoring.AdvancedCertifications], points[scoring.UsageGrowth],
				points[scoring.Deployments], s.Qualifies, points2(s.PointsToDesignation), strings.Join(blocking, ","), s.RoundingSensitive,
				provisional || p.provisional, r.in.rules.ID)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func addMetrics(add add, partners []*partner) error {
	for _, p := range partners {
		for _, s := range p.scores {
			for _, m := range s.Metrics {
				err := add(p.id, string(s.Area), string(m.Metric), m.Applicable, optionalAmount(m.Current), optionalAmount(m.Baseline),
					optionalAmount(m.Measure), optionalPoints(m.Points), optionalPoints(m.Max), string(m.Status), m.Reason)
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *run) addExclusions(add add) error {
	for _, f := range r.facts {
		for _, e := range f.Exclusions {
			if err := add(f.Month.First(), e.Class, e.Reason, e.Rows, amount(int64(e.ACRUSD))); err != nil {
				return err
			}
		}
	}
	return nil
}

// points2 is a DECIMAL(6,2) for the warehouse.
func points2(p scoring.Points) driver.Value {
	return duckdb.Decimal{Width: 6, Scale: 2, Value: big.NewInt(p.Hundredths())}
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
	return amount(int64(*f))
}

// audit reads the staged files back and runs every statement of sql/audits, which returns no row when all is well.
func (r *run) audit(ctx context.Context, stage *snapshot.Stage) error {
	for _, t := range snapshot.Tables() {
		if err := r.db.FileView(ctx, "staged_"+t.Name, stage.Path(t.Name)); err != nil {
			return err
		}
	}
	names, err := statements.Names("audits")
	if err != nil {
		return err
	}
	for _, name := range names {
		found, err := r.db.Violations(ctx, name)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return &AuditError{Month: r.in.month, Audit: strings.TrimPrefix(name, "audits/"), Rows: found}
		}
	}
	return nil
}

func (r *run) manifest() (*snapshot.Manifest, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	exclusions, err := r.exclusionSummary()
	if err != nil {
		return nil, err
	}
	return &snapshot.Manifest{
		ToolVersion: r.opt.ToolVersion, EngineVersion: r.engine,
		Rulebook:          snapshot.RulebookRef{ID: r.in.rules.ID, SHA256: r.in.rules.SHA256},
		Settings:          r.opt.settings(r.in.month),
		InputsFingerprint: r.fingerprint,
		Inputs:            r.in.manifest(),
		Exclusions:        exclusions,
		Substituted:       r.substituted(),
		Provisional:       append([]string{}, r.provisional()...),
		Started:           r.started.UTC(), Finished: r.opt.Now().UTC(), Host: host,
	}, nil
}

// exclusionSummary adds up the exclusions of the window by class and reason.
func (r *run) exclusionSummary() ([]snapshot.Exclusion, error) {
	type key struct{ class, reason string }
	sums := map[key]snapshot.Exclusion{}
	for _, f := range r.facts {
		for _, e := range f.Exclusions {
			s := sums[key{e.Class, e.Reason}]
			total := s.ACRUSD + e.ACRUSD // cannot wrap: the two are below a trillion dollars, the type holds nine
			if total >= trillion || total <= -trillion {
				return nil, r.tooMuch(e.Reason)
			}
			sums[key{e.Class, e.Reason}] = snapshot.Exclusion{Class: e.Class, Reason: e.Reason, Rows: s.Rows + e.Rows, ACRUSD: total}
		}
	}
	summary := []snapshot.Exclusion{}
	for _, e := range sums {
		summary = append(summary, e)
	}
	slices.SortFunc(summary, func(a, b snapshot.Exclusion) int {
		return slices.Compare([]string{a.Class, a.Reason}, []string{b.Class, b.Reason})
	})
	return summary, nil
}
