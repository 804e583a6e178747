package pipeline

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// dateReading is how the dates with slashes of one file are read.
type dateReading struct {
	order exports.DateOrder
	// slashes tells that there are such dates.
	slashes bool
	// open tells that nothing decides: the config says nothing, and each date with slashes is a day in either order.
	open bool
}

// orderOf returns the order of day and month in the dates of a file.
func (r *run) orderOf(c exports.File) exports.DateOrder {
	if reading, decided := r.dates[c.Rel]; decided {
		return reading.order
	}
	if r.opt.Dates != exports.AnyOrder {
		return r.opt.Dates
	}
	return exports.MonthFirst
}

// decideDates finds out for each file in which order its dates with slashes are written: as the config says, else as its dates show, else month
// first, as Partner Center writes. canonicals are the columns with dates, one or two. A file whose dates contradict the config is refused.
func (r *run) decideDates(ctx context.Context, files []exports.File, canonicals ...string) error {
	if r.dates == nil {
		r.dates = map[string]dateReading{}
	}
	var problems []exports.Problem
	for _, file := range files {
		if _, done := r.dates[file.Rel]; done || !hasTextDates(file, canonicals) {
			continue
		}
		reading, problem, err := r.readDates(ctx, file, canonicals)
		if err != nil {
			return err
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
		r.dates[file.Rel] = reading
	}
	if len(problems) > 0 {
		return &exports.ContractError{Problems: problems}
	}
	return nil
}

// hasTextDates reports whether a file has dates as text: other types have no order.
func hasTextDates(file exports.File, canonicals []string) bool {
	return slices.ContainsFunc(canonicals, func(name string) bool {
		c, ok := file.Mapping[name]
		return ok && slices.Contains([]schema.Kind{schema.Text, schema.Binary, schema.Other}, c.Kind)
	})
}

// readDates looks at the dates of one file.
func (r *run) readDates(ctx context.Context, file exports.File, canonicals []string) (reading dateReading, problem *exports.Problem, err error) {
	reading.order = exports.MonthFirst
	month := file.Month
	if r.opt.Dates != exports.AnyOrder {
		reading.order = r.opt.Dates
	}
	dated := func(files []exports.File) []warehouse.Part {
		return parts(files, func(c exports.File) []warehouse.Column {
			return []warehouse.Column{textColumn(c, canonicals[0], "first_text"), textColumn(c, canonicals[len(canonicals)-1], "second_text")}
		})
	}
	file.Month = 0 // all months of a file that holds many
	files := []exports.File{file}
	if file.Format != fileformat.Parquet { // without the engine, which reads much of a text file at once
		if found, err := exports.HasSlashes(ctx, file, canonicals...); err != nil || !found {
			return reading, nil, err
		}
	}
	if err := r.db.View(ctx, "dated", dated(files)); err != nil {
		return reading, nil, r.explainEngine(ctx, err, dated, files)
	}
	var slashes bool
	if err := r.db.Query(ctx, "dates/has_slash", func(rows *sql.Rows) error { return rows.Scan(&slashes) }); err != nil || !slashes {
		return reading, nil, r.explainDates(ctx, err, dated, files)
	}
	reading.slashes = true
	var monthFirst, dayFirst, either int64
	err = r.db.Query(ctx, "dates/slash_orders", func(rows *sql.Rows) error { return rows.Scan(&monthFirst, &dayFirst, &either) })
	if err != nil {
		return reading, nil, r.explainDates(ctx, err, dated, files)
	}
	shown := map[exports.DateOrder]int64{exports.MonthFirst: monthFirst, exports.DayFirst: dayFirst}
	switch {
	case r.opt.Dates != exports.AnyOrder:
		if shown[reading.order] == 0 && shown[reading.order.Other()] > 0 {
			problem = contradiction(file, month, canonicals[0], reading.order)
		}
	case dayFirst > 0 && monthFirst == 0:
		reading.order = exports.DayFirst
	case monthFirst == 0:
		reading.open = either > 0
	}
	return reading, problem, nil
}

// explainDates names the file where the engine cannot read it; nil stays nil.
func (r *run) explainDates(ctx context.Context, err error, dated func([]exports.File) []warehouse.Part, files []exports.File) error {
	if err == nil {
		return nil
	}
	return r.explainEngine(ctx, err, dated, files)
}

// contradiction says that a file has dates that the order of the config cannot read.
func contradiction(file exports.File, month scoring.Month, canonical string, order exports.DateOrder) *exports.Problem {
	return &exports.Problem{File: file.Rel, Month: month, Column: file.Mapping[canonical].Name,
		Message: fmt.Sprintf("the dates are written %s, and the config says %s", order.Other().Words(), order.Words()),
		Hint:    fmt.Sprintf("write dates: {order: %s} into the config, or leave the setting out", order.Other())}
}

// openDates lists the files whose dates can be read in either order.
func (r *run) openDates(files []exports.File) (open []exports.File) {
	for _, file := range files {
		if r.dates[file.Rel].open {
			open = append(open, file)
		}
	}
	return open
}

// compareReadings reads the certifications once more with their open dates in the other order, and makes the score provisional where that gives
// other holdings that count. It leaves the holdings as they were.
func (r *run) compareReadings(ctx context.Context) error {
	open := r.openDates(r.in.certifications)
	if len(open) == 0 {
		return nil
	}
	if err := r.db.Exec(ctx, "holdings/holding_kept"); err != nil {
		return err
	}
	turn := func() error {
		for _, file := range open {
			reading := r.dates[file.Rel]
			reading.order = reading.order.Other()
			r.dates[file.Rel] = reading
		}
		if err := r.viewHoldings(ctx); err != nil {
			return err
		}
		return r.db.Exec(ctx, "holdings/holding", r.opt.skillsAsOf(r.in.month))
	}
	if err := turn(); err != nil {
		return err
	}
	var partners int64
	if err := r.db.Query(ctx, "holdings/reading_difference", func(rows *sql.Rows) error { return rows.Scan(&partners) }); err != nil {
		return err
	}
	if partners > 0 {
		r.doubts = append(r.doubts, fmt.Sprintf("the dates of %s make sense month first and day first, and which certifications count depends on it: they are "+
			"read month first; say which it is in the config, dates: {order: mdy} or dates: {order: dmy}", filesInWords(open)))
	}
	return turn()
}

// refuseDates fails when find has problems with dates of the certifications; it then asks about each file, whose rows are numbered.
func (r *run) refuseDates(ctx context.Context, find func(context.Context, *run) ([]exports.Problem, error)) error {
	found, err := find(ctx, r)
	if err != nil || len(found) == 0 {
		return err
	}
	var problems []exports.Problem
	lines := &numbering{of: r}
	err = lines.look(ctx, func(n *run) error { // file by file, so that each is named
		for _, file := range r.in.certifications {
			in := *r.in
			n.in, in.certifications = &in, []exports.File{file}
			if err := n.viewHoldings(ctx); err != nil {
				return err
			}
			of, err := find(ctx, n)
			if err != nil {
				return err
			}
			problems = append(problems, of...)
		}
		return nil
	})
	if err = lines.close(err); err != nil {
		return err
	}
	return &exports.ContractError{Problems: problems}
}

// unreadableDates returns the first rows, of the only file if there is one, in which a date is a text that names no day.
func unreadableDates(ctx context.Context, r *run) ([]exports.Problem, error) {
	return r.dateProblems(ctx, "holdings/unreadable", exports.Problem{Message: "this is no date"})
}

// invertedDates returns the first rows, of the only file if there is one, in which the order of day and month makes a certification expire before
// it was completed, and the other order does not.
func invertedDates(ctx context.Context, r *run) (problems []exports.Problem, err error) {
	for _, order := range []exports.DateOrder{exports.MonthFirst, exports.DayFirst} {
		if !slices.ContainsFunc(r.in.certifications, func(c exports.File) bool { return r.dates[c.Rel].slashes && r.orderOf(c) == order }) {
			continue
		}
		found, err := r.dateProblems(ctx, "holdings/expires_first", exports.Problem{
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

// dateProblems returns the rows of a statement about dates of certifications as problems like the given one.
func (r *run) dateProblems(ctx context.Context, statement string, like exports.Problem, args ...any) (problems []exports.Problem, err error) {
	file := r.in.certifications[0]
	err = r.db.Query(ctx, statement, func(rows *sql.Rows) error {
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
			p.Hint = r.withCause(p.Value, file, "write dates as 2024-06-30")
		}
		if !looksLikeDate(p.Value) {
			p.Value = "" // a shifted row has a person's name or e-mail here
		}
		problems = append(problems, p)
		return nil
	}, args...)
	if err != nil || !r.inOrder || file.Format == fileformat.Parquet {
		return problems, err
	}
	var numbers []*int64
	for i := range problems {
		numbers = append(numbers, &problems[i].Row)
	}
	return problems, atLines(ctx, file, numbers)
}
