package measure

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/ingest"
)

// findDates returns the first rows of certifications files, which an engine has read, that are wrong about dates. Rows of the first file are
// named by it.
type findDates func(ctx context.Context, l *ingest.Loader, files []exports.File) ([]exports.Problem, error)

// UnreadableDates returns rows in which a date is a text that names no day; the certifications must have been read.
func (h *Holdings) UnreadableDates(ctx context.Context) ([]exports.Problem, error) {
	return h.locate(ctx, func(ctx context.Context, l *ingest.Loader, files []exports.File) ([]exports.Problem, error) {
		return dateProblems(ctx, l, files[0], "holdings/unreadable", exports.Problem{Message: "this is no date"})
	})
}

// InvertedDates returns rows in which the order of day and month makes a certification expire before it was completed, and the other order does
// not; the certifications must have been read.
func (h *Holdings) InvertedDates(ctx context.Context) ([]exports.Problem, error) {
	return h.locate(ctx, invertedDates)
}

func invertedDates(ctx context.Context, l *ingest.Loader, files []exports.File) (problems []exports.Problem, err error) {
	for _, order := range []exports.DateOrder{exports.MonthFirst, exports.DayFirst} {
		if !slices.ContainsFunc(files, func(c exports.File) bool { return l.Dates.Slashes(c) && l.Dates.Order(c) == order }) {
			continue
		}
		found, err := dateProblems(ctx, l, files[0], "holdings/expires_first", exports.Problem{
			Message: fmt.Sprintf("read %s, the certification expires before it was completed", order.Words()),
			Hint:    fmt.Sprintf("if dates are written %s here, write dates: {order: %s} into the config", order.Other().Words(), order.Other()),
		}, string(order))
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

// locate looks for rows in all files together. If there are any, it looks again file by file, so that each is named and its rows are numbered.
func (h *Holdings) locate(ctx context.Context, find findDates) (problems []exports.Problem, err error) {
	found, err := find(ctx, h.Loader, h.files)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	rows := ingest.NewRowLocator(h.Loader)
	err = rows.Look(ctx, func(l *ingest.Loader) error {
		for _, file := range h.files {
			files := []exports.File{file}
			if err := l.ViewCertifications(ctx, files); err != nil {
				return err
			}
			of, err := find(ctx, l, files)
			if err != nil {
				return err
			}
			problems = append(problems, of...)
		}
		return nil
	})
	if len(problems) == 0 {
		problems = found
	}
	return problems, rows.Close(err)
}

// dateProblems returns the rows of a statement about dates of certifications as problems like the given one.
func dateProblems(ctx context.Context, l *ingest.Loader, file exports.File, statement string, like exports.Problem, args ...any) (problems []exports.Problem, err error) {
	err = l.DB.Query(ctx, statement, func(rows *sql.Rows) error {
		var row sql.NullInt64
		p := like
		p.File, p.Month = file.Rel, file.Month
		if err := rows.Scan(&row, &p.Column, &p.Value); err != nil {
			return err
		}
		p.Row = row.Int64
		if column, ok := file.Mapping[p.Column]; ok {
			p.Column = column.Name
		}
		if p.Hint == "" {
			p.Hint = l.Dates.WithCause(p.Value, file, "write dates as 2024-06-30")
		}
		if strings.Trim(p.Value, "0123456789-/.: TZ") != "" { // dates are written with these
			p.Value = "" // a shifted row has a person's name or e-mail here
		}
		problems = append(problems, p)
		return nil
	}, args...)
	if err != nil || !l.Numbered(file) {
		return problems, err
	}
	var numbers []*int64
	for i := range problems {
		numbers = append(numbers, &problems[i].Row)
	}
	return problems, ingest.AtLines(ctx, file, numbers)
}
