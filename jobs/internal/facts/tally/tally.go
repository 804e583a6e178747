// Package tally is what every engine does in DuckDB with the usage of a month, which is visible as usage_raw: it classifies the rows, totals and
// deduplicates them, counts what does not count, and writes the facts. An engine may have grouped the rows before; the column rows says how many
// each of them is.
package tally

import (
	"context"
	"database/sql"
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// Classify makes the rows of a month visible to the statements, each classified on its own.
func Classify(ctx context.Context, l *ingest.Loader, m scoring.Month) error {
	offerRequired := l.Rules.MissingOffer == scoring.RejectMissingOffer
	if err := l.DB.Exec(ctx, "facts/usage_setting", m.First(), l.Accounts != nil, offerRequired, l.Rules.UnknownService); err != nil {
		return err
	}
	return l.DB.ExecAll(ctx, "facts/usage_label", "facts/usage_source", "facts/usage_row", "facts/usage_classified")
}

// Total totals and deduplicates the rows that were classified.
func Total(ctx context.Context, l *ingest.Loader) error {
	if err := code(ctx, l); err != nil {
		return err
	}
	if err := l.DB.Exec(ctx, "facts/usage_total"); err != nil {
		return err
	}
	if err := l.DB.Exec(ctx, "facts/usage_contested", l.Rules.Deduplicate != scoring.DeduplicateNone); err != nil {
		return err
	}
	if err := report(ctx, l); err != nil {
		return err
	}
	if err := l.DB.ExecAll(ctx, "facts/usage_duplicate", "facts/usage_kept", "facts/usage_fact"); err != nil {
		return err
	}
	return l.DB.Drop(ctx, "usage_reported") // the longest, of which usage_kept is the rest
}

// code chooses the numbers that stand for the texts of a month, and lists which stands for which: short ones, unless two texts share one.
func code(ctx context.Context, l *ingest.Loader) error {
	if err := l.DB.ExecAll(ctx, "facts/code_short", "facts/usage_spelling"); err != nil {
		return err
	}
	clashes, err := textCodes(ctx, l)
	if err != nil || len(clashes) == 0 {
		return err
	}
	l.Log.Debug("two texts of a month share a short number: it is read with long ones, which takes longer")
	if err := l.DB.Exec(ctx, "facts/code_long"); err != nil {
		return err
	}
	if clashes, err = textCodes(ctx, l); err != nil || len(clashes) == 0 {
		return err
	}
	return fmt.Errorf("two names or ids of the month have one number, %s: its rows cannot be told apart; report this", clashes[0])
}

// textCodes lists the texts of a month with their numbers, and returns numbers that stand for two.
func textCodes(ctx context.Context, l *ingest.Loader) (clashes []string, err error) {
	if err := l.DB.Exec(ctx, "facts/usage_text"); err != nil {
		return nil, err
	}
	return l.DB.Violations(ctx, "facts/clash")
}

// report reads the rows of contested groups again. Where there are none, nothing is planned for them: that is a fifth of what a month of a hundred
// rows costs.
func report(ctx context.Context, l *ingest.Loader) error {
	var contests int64
	if err := l.DB.Query(ctx, "facts/contests", func(rows *sql.Rows) error { return rows.Scan(&contests) }); err != nil {
		return err
	}
	if contests == 0 {
		return l.DB.Exec(ctx, "facts/usage_uncontested")
	}
	return l.DB.ExecAll(ctx, "facts/usage_contested_tenant", "facts/usage_source_contested", "facts/usage_reported")
}

// Write writes the facts of the month that was totalled; path says where each file goes.
func Write(ctx context.Context, l *ingest.Loader, path func(file string) string) error {
	for _, part := range []struct{ statement, name string }{
		{"facts/consumption", snapshot.FactsConsumption}, {"facts/customers", snapshot.FactsCustomers}, {"facts/services", snapshot.FactsServices},
	} {
		if err := l.DB.Exec(ctx, part.statement, path(part.name)); err != nil {
			return err
		}
	}
	return nil
}

// Drop removes what is left of a month: it would count against the memory limit.
func Drop(ctx context.Context, l *ingest.Loader) error {
	return l.DB.Drop(ctx, "usage_read", "usage_spelling", "usage_text", "usage_fact", "usage_total", "usage_contested",
		"usage_contested_tenant", "usage_reported", "usage_duplicate", "usage_kept")
}

// RowsOf is how many rows files have.
func RowsOf(files []exports.File) (rows int64) {
	for _, c := range files {
		rows += c.Rows
	}
	return rows
}
