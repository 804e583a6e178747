// Package duckdb builds facts with the SQL of the project in DuckDB. Its facts are those that every other engine must give.
package duckdb

import (
	"context"
	"database/sql"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Engine builds facts in the engine of a loader.
type Engine struct {
	*ingest.Loader
}

// New returns an engine over the rules and partners that a loader has.
func New(l *ingest.Loader) *Engine { return &Engine{Loader: l} }

// Build reads one month of usage and writes its facts.
func (e *Engine) Build(ctx context.Context, job facts.Job) (*snapshot.Facts, error) {
	if err := e.Split(ctx, job.Files, job.Later); err != nil {
		return nil, err
	}
	f, err := e.Read(ctx, job.Month, job.Files)
	if err != nil {
		return nil, err
	}
	if err := e.Write(ctx, job.Path); err != nil {
		return nil, err
	}
	return f, e.DB.Drop(ctx, usageTables()...)
}

// Read reads one month of usage. Its rows stay in the tables of the engine until another month is read.
func (e *Engine) Read(ctx context.Context, m scoring.Month, files []exports.File) (*snapshot.Facts, error) {
	doubts, err := e.readUsage(ctx, m, files)
	if err != nil {
		return nil, err
	}
	return counter{Engine: e, month: m, files: files}.count(ctx, doubts)
}

// Write writes the facts of the month that was read; path says where each file goes.
func (e *Engine) Write(ctx context.Context, path func(file string) string) error {
	for _, part := range []struct{ statement, name string }{
		{"facts/consumption", snapshot.FactsConsumption}, {"facts/customers", snapshot.FactsCustomers}, {"facts/services", snapshot.FactsServices},
	} {
		if err := e.DB.Exec(ctx, part.statement, path(part.name)); err != nil {
			return err
		}
	}
	return nil
}

// usageTables hold the rows of the month that is being read.
func usageTables() []string {
	return []string{"usage_read", "usage_total", "usage_contested", "usage_contested_tenant", "usage_reported", "usage_duplicate", "usage_kept"}
}

// readUsage groups, classifies and deduplicates the rows of a month. It returns the doubts about two deliveries.
func (e *Engine) readUsage(ctx context.Context, m scoring.Month, files []exports.File) (doubts []string, err error) {
	if doubts, err = e.totalUsage(ctx, m, files); err != nil {
		return nil, e.ExplainUsage(ctx, err, files)
	}
	return doubts, ingest.Unchanged(ctx, files)
}

// copiedRows is up to how many rows of a month are copied into a table. Statements that read files are planned twice each, with all that spells
// labels alike, which is most of what a month of a hundred rows costs (copied, a score of 14 such months takes a third less). From some 5,000 rows
// on it costs more than it saves, since a copy forgets that a column has few different values.
const copiedRows = 2_000

// View makes the rows of usage files of a month visible to the statements, each classified on its own.
func (e *Engine) View(ctx context.Context, m scoring.Month, files []exports.File) error {
	if err := e.ViewUsage(ctx, files); err != nil {
		return err
	}
	if rowsOf(files) <= copiedRows {
		if err := e.DB.ExecAll(ctx, "facts/usage_read", "facts/usage_copied"); err != nil {
			return err
		}
	}
	offerRequired := e.Rules.MissingOffer == scoring.RejectMissingOffer
	if err := e.DB.Exec(ctx, "facts/usage_setting", m.First(), e.Accounts != nil, offerRequired, e.Rules.UnknownService); err != nil {
		return err
	}
	return e.DB.ExecAll(ctx, "facts/usage_label", "facts/usage_source", "facts/usage_row", "facts/usage_classified")
}

// totalUsage runs the statements that group, classify and deduplicate the month. What is left of another month makes room first: it would count
// against the memory limit.
func (e *Engine) totalUsage(ctx context.Context, m scoring.Month, files []exports.File) (doubts []string, err error) {
	if err := e.DB.Drop(ctx, usageTables()...); err != nil {
		return nil, err
	}
	if doubts, err = e.CheckDeliveries(ctx, m, files); err != nil {
		return nil, err
	}
	if err := e.View(ctx, m, files); err != nil {
		return nil, err
	}
	if err := e.DB.ExecAll(ctx, "facts/usage_total", "facts/usage_contested"); err != nil {
		return nil, err
	}
	if err := e.report(ctx); err != nil {
		return nil, err
	}
	if err := e.DB.ExecAll(ctx, "facts/usage_duplicate", "facts/usage_kept", "facts/usage_fact"); err != nil {
		return nil, err
	}
	return doubts, e.DB.Drop(ctx, "usage_reported") // the widest, of which usage_kept is the rest
}

// report reads the rows of contested groups again. Where there are none, nothing is planned for them: that is a fifth of what a month of a hundred
// rows costs.
func (e *Engine) report(ctx context.Context) error {
	var contests int64
	if err := e.DB.Query(ctx, "facts/contests", func(rows *sql.Rows) error { return rows.Scan(&contests) }); err != nil {
		return err
	}
	if contests == 0 {
		return e.DB.Exec(ctx, "facts/usage_uncontested")
	}
	return e.DB.ExecAll(ctx, "facts/usage_contested_tenant", "facts/usage_source_contested", "facts/usage_reported")
}

// rowsOf is how many rows files have.
func rowsOf(files []exports.File) (rows int64) {
	for _, c := range files {
		rows += c.Rows
	}
	return rows
}
