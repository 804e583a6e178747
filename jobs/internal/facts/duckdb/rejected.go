package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/ingest"
)

// Rejected names rows of a month that are bad data, up to three a file and reason.
func (e *Engine) Rejected(ctx context.Context, files []exports.File) (problems []exports.Problem, err error) {
	rows := ingest.NewRowLocator(e.Loader)
	defer func() { err = rows.Close(err) }()
	for _, file := range files {
		found, err := e.RejectedRows(ctx, file, rows)
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			p := row.problem(file)
			p.Hint = e.advice(row, file)
			problems = append(problems, p)
		}
	}
	return problems, nil
}

// advice says what to do about a row that is bad data; empty where its message says it all.
func (e *Engine) advice(row RejectedRow, file exports.File) string {
	d := e.Dialect
	switch {
	case row.Reason == "bad_month" && e.Dates.Cause(row.Value, file) != "":
		return e.Dates.WithCause(row.Value, file, ingest.MonthHint)
	case strings.HasSuffix(row.Reason, "_month") && ingest.SlashDate(row.Value) != "":
		order := e.Dates.Order(file)
		return fmt.Sprintf("dates with slashes are read %s here; if they are written %s, write dates: {order: %s} into the config",
			order.Words(), order.Other().Words(), order.Other())
	case row.Reason == "missing_partner" && row.Value == "" && d.Partner == "" && d.Profile != schema.PartnerCenter:
		return "where all rows are of one partner, name it in the config: partner: ID"
	case row.Reason == "bad_month" && file.Many:
		return ingest.MonthHint + "; rows of no month count for the newest month of their file"
	case row.Reason == "bad_month":
		return ingest.MonthHint
	case row.Reason == "bad_amount" && d.Amounts.Usual():
		return exports.SeparatorHint(row.Value)
	default:
		return ""
	}
}

// RejectedRow is a row of a usage file that is bad data.
type RejectedRow struct {
	Reason string
	Row    int64  // from 1; in text files the line that it begins on
	Value  string // what is at fault, as it stands there
}

// RejectedRows finds up to three rows of a file for each reason for which it has bad data, by reason. rows is a locator of this engine.
func (e *Engine) RejectedRows(ctx context.Context, file exports.File, rows *ingest.RowLocator) (found []RejectedRow, err error) {
	if found, err = e.findRejected(ctx, file); err != nil || len(found) == 0 || file.Format == fileformat.Parquet {
		return found, err
	}
	err = rows.Look(ctx, func(l *ingest.Loader) error {
		found, err = New(l).findRejected(ctx, file)
		return err
	})
	if err != nil {
		return nil, err
	}
	var numbers []*int64
	for i := range found {
		numbers = append(numbers, &found[i].Row)
	}
	return found, ingest.AtLines(ctx, file, numbers)
}

func (e *Engine) findRejected(ctx context.Context, file exports.File) (found []RejectedRow, err error) {
	files := []exports.File{file}
	if err := e.View(ctx, file.Month, files); err != nil {
		return nil, e.ExplainUsage(ctx, err, files)
	}
	err = e.DB.Query(ctx, "facts/rejected", func(rows *sql.Rows) error {
		var r RejectedRow
		var row sql.NullInt64
		var value sql.NullString
		if err := rows.Scan(&r.Reason, &row, &value); err != nil {
			return err
		}
		r.Row, r.Value = row.Int64, value.String
		found = append(found, r)
		return nil
	})
	if err != nil {
		return nil, e.ExplainUsage(ctx, err, files)
	}
	return found, nil
}

// problem puts the row into a message.
func (r RejectedRow) problem(file exports.File) exports.Problem {
	why := facts.RejectionOf(r.Reason)
	p := exports.Problem{File: file.Rel, Month: file.Month, Column: why.Canonical, Row: r.Row, Value: r.Value, Message: r.Reason + ": " + why.Message}
	if column, ok := file.Mapping[why.Canonical]; ok {
		p.Column = column.Name
	}
	return p
}
