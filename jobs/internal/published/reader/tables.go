package reader

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// tables reads rows of the published tables, with one statement a method.
type tables struct {
	store *snapshot.Store
	db    *warehouse.DB
}

// tableFiles are the published files of a table in some months, as an argument of query.
type tableFiles struct {
	table  string
	months []scoring.Month
}

func (t tables) files(table string, months ...scoring.Month) tableFiles {
	return tableFiles{table, months}
}

// query runs a statement over published files of a month. What the engine cannot read there is damaged: a footer can be whole and a page
// behind it broken.
func (t tables) query(ctx context.Context, m scoring.Month, name string, scan func(*sql.Rows) error, args ...any) error {
	for i, arg := range args {
		of, ok := arg.(tableFiles)
		if !ok {
			continue
		}
		paths, err := t.store.Files(ctx, of.table, of.months...)
		if err != nil {
			return err
		}
		args[i] = warehouse.Paths(paths)
	}
	err := t.db.Query(ctx, name, scan, args...)
	if err == nil || ctx.Err() != nil || warehouse.OutOfMemory(err) {
		return err
	}
	return &published.DamagedError{Month: m, Err: err}
}

// readRows reads all rows of a partner; none where the month does not have it.
func (t tables) readRows(ctx context.Context, m scoring.Month, id string) (all published.Rows, err error) {
	if all.Scores, err = t.scores(ctx, id, m); err != nil || len(all.Scores) == 0 {
		return all, err
	}
	if all.Metrics, err = t.metrics(ctx, id, m); err != nil {
		return all, err
	}
	if all.Customers, err = t.customers(ctx, m, id); err != nil {
		return all, err
	}
	if all.Services, err = t.services(ctx, m, id); err != nil {
		return all, err
	}
	if all.Holdings, err = t.certifications(ctx, m, id); err != nil {
		return all, err
	}
	all.Exclusions, err = t.exclusions(ctx, m)
	return all, err
}

func (t tables) partners(ctx context.Context, m scoring.Month) (all []published.PartnerName, err error) {
	err = t.query(ctx, m, "answers/partners", func(rows *sql.Rows) error {
		var p published.PartnerName
		var name sql.NullString
		err := rows.Scan(&p.ID, &name)
		p.Name = name.String
		all = append(all, p)
		return err
	}, t.files(snapshot.Scores, m))
	return all, err
}

// scores reads the scores of a partner in some months, by month and area id, without their metrics. There is at least one month.
func (t tables) scores(ctx context.Context, id string, months ...scoring.Month) (all []published.ScoreRow, err error) {
	err = t.query(ctx, months[len(months)-1], "answers/scores", func(rows *sql.Rows) error {
		var s published.ScoreRow
		var month time.Time
		var name sql.NullString
		var blocking string
		err := rows.Scan(&month, &name, &s.Area, &s.Track, &s.Total, &s.Qualifies, &s.PointsToDesignation, &blocking,
			&s.RoundingSensitive, &s.Provisional, &s.Rulebook)
		s.Month, s.Blocking, s.Name = scoring.MonthOf(month), blockingMetrics(blocking), name.String
		all = append(all, s)
		return err
	}, t.files(snapshot.Scores, months...), id)
	return all, err
}

// blockingMetrics reads the metrics that the published scores list as worth 0.
func blockingMetrics(text string) (metrics []scoring.Metric) {
	for name := range strings.SplitSeq(text, ",") {
		if name != "" {
			metrics = append(metrics, scoring.Metric(name))
		}
	}
	return metrics
}

func (t tables) metrics(ctx context.Context, id string, months ...scoring.Month) (all []published.MetricRow, err error) {
	err = t.query(ctx, months[len(months)-1], "answers/metrics", func(rows *sql.Rows) error {
		var m published.MetricRow
		var month time.Time
		err := rows.Scan(&month, &m.Area, &m.Metric, &m.Applicable, &m.Current, &m.Baseline, &m.Measure, &m.Points, &m.Max, &m.Status, &m.Reason)
		m.Month = scoring.MonthOf(month)
		all = append(all, m)
		return err
	}, t.files(snapshot.Metrics, months...), id)
	return all, err
}

func (t tables) customers(ctx context.Context, m scoring.Month, id string) (all []published.Customer, err error) {
	err = t.query(ctx, m, "answers/customers", func(rows *sql.Rows) error {
		var c published.Customer
		var name sql.NullString
		err := rows.Scan(&c.Tenant, &name, &c.Current, &c.Previous, &c.Baseline, &c.BaselinePrevious, &c.TTM,
			&c.Eligible, &c.EligibleBaseline, &c.Movement, &c.Shortfall)
		c.Name = name.String
		all = append(all, c)
		return err
	}, t.files(snapshot.Customers, m), id)
	return all, err
}

func (t tables) services(ctx context.Context, m scoring.Month, id string) (all []published.Service, err error) {
	err = t.query(ctx, m, "answers/services", func(rows *sql.Rows) error {
		var s published.Service
		err := rows.Scan(&s.Name, &s.TTM, &s.Customers, &s.Counted, &s.Reason)
		all = append(all, s)
		return err
	}, t.files(snapshot.Services, m), id)
	return all, err
}

func (t tables) certifications(ctx context.Context, m scoring.Month, id string) (all []published.Holding, err error) {
	err = t.query(ctx, m, "answers/certifications", func(rows *sql.Rows) error {
		var h published.Holding
		err := rows.Scan(&h.Area, &h.Metric, &h.Step, &h.Person, &h.Certification, &h.Completed, &h.Expires, &h.Counted, &h.Reason)
		all = append(all, h)
		return err
	}, t.files(snapshot.Certifications, m), id)
	return all, err
}

func (t tables) exclusions(ctx context.Context, m scoring.Month) (all []published.Exclusion, err error) {
	err = t.query(ctx, m, "answers/exclusions", func(rows *sql.Rows) error {
		var e published.Exclusion
		var month time.Time
		err := rows.Scan(&month, &e.Class, &e.Reason, &e.Rows, &e.ACRUSD)
		e.UsageMonth = scoring.MonthOf(month)
		all = append(all, e)
		return err
	}, t.files(snapshot.Exclusions, m))
	return all, err
}

// OtherServices lists at most n services that count for other partners of a month and not for this one, those of most customers first.
func (t tables) OtherServices(ctx context.Context, m scoring.Month, id string, n int) (all []published.OtherService, err error) {
	all = []published.OtherService{}
	err = t.query(ctx, m, "answers/other_services", func(rows *sql.Rows) error {
		var s published.OtherService
		err := rows.Scan(&s.Service, &s.Partners, &s.Customers)
		all = append(all, s)
		return err
	}, t.files(snapshot.Services, m), id, int32(n))
	return all, err
}

// ServiceNames returns the services that any partner of a month uses, by their folded name.
func (t tables) ServiceNames(ctx context.Context, m scoring.Month) (map[string]string, error) {
	names := map[string]string{}
	return names, t.query(ctx, m, "answers/all_services", func(rows *sql.Rows) error {
		var key, name string
		err := rows.Scan(&key, &name)
		names[key] = name
		return err
	}, t.files(snapshot.Services, m))
}

// Fold returns the form in which texts compare as labels.
func (t tables) Fold(ctx context.Context, texts ...string) (map[string]string, error) {
	keys := map[string]string{}
	if len(texts) == 0 {
		return keys, nil
	}
	return keys, t.db.Query(ctx, "answers/folded", func(rows *sql.Rows) error {
		var text, key string
		err := rows.Scan(&text, &key)
		keys[text] = key
		return err
	}, texts)
}
