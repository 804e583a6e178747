package ingest

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/warehouse"
)

// Dates knows in which order the dates with slashes of each file are written: as the config says, else as the dates show, else month first, as
// Partner Center writes.
type Dates struct {
	Dialect
	files map[string]dateReading
}

// dateReading is how the dates with slashes of one file are read.
type dateReading struct {
	order exports.DateOrder
	// slashes: there are such dates.
	slashes bool
	// open: nothing decides. The config says nothing, and each date with slashes is a day in either order.
	open bool
}

func newDates(d Dialect) *Dates { return &Dates{Dialect: d, files: map[string]dateReading{}} }

// Order returns the order of day and month in the dates of a file.
func (d *Dates) Order(c exports.File) exports.DateOrder {
	if reading, decided := d.files[c.Rel]; decided {
		return reading.order
	}
	return d.usual()
}

// usual is the order of a file that says nothing.
func (d *Dates) usual() exports.DateOrder { return cmp.Or(d.Dialect.Dates, exports.MonthFirst) }

// Slashes reports whether a file has dates with slashes.
func (d *Dates) Slashes(c exports.File) bool { return d.files[c.Rel].slashes }

// Open lists the files whose dates can be read in either order.
func (d *Dates) Open(files []exports.File) (open []exports.File) {
	for _, file := range files {
		if d.files[file.Rel].open {
			open = append(open, file)
		}
	}
	return open
}

// Turn makes the dates of files be read in the other order.
func (d *Dates) Turn(files []exports.File) {
	for _, file := range files {
		reading := d.files[file.Rel]
		reading.order = reading.order.Other()
		d.files[file.Rel] = reading
	}
}

// decideDates finds out in which order the dates of each file are written. canonicals are the columns with dates, one or two. A file whose dates
// contradict the config is refused.
func (l *Loader) decideDates(ctx context.Context, files []exports.File, canonicals ...string) error {
	var problems []exports.Problem
	for _, file := range files {
		if _, done := l.Dates.files[file.Rel]; done || !hasTextDates(file, canonicals) {
			continue
		}
		look := dateLook{Dates: l.Dates, db: l.DB, blame: l.blame, canonicals: canonicals}
		reading, problem, err := look.read(ctx, file)
		if err != nil {
			return err
		}
		if problem != nil {
			problems = append(problems, *problem)
		}
		l.Dates.files[file.Rel] = reading
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

// dateLook looks at the dates in some columns of files.
type dateLook struct {
	*Dates
	db         *warehouse.DB
	blame      blame
	canonicals []string
}

// read looks at the dates of one file. A problem is a contradiction to the config.
func (d dateLook) read(ctx context.Context, file exports.File) (reading dateReading, problem *exports.Problem, err error) {
	reading.order = d.usual()
	if file.Format != fileformat.Parquet { // without the engine, which reads much of a text file at once
		if found, err := exports.HasSlashes(ctx, file, d.canonicals...); err != nil || !found {
			return reading, nil, err
		}
	}
	found, err := d.count(ctx, file)
	if err != nil || !found.slashes {
		return reading, nil, err
	}
	reading.slashes = true
	switch {
	case d.Dialect.Dates != exports.AnyOrder:
		if found.shown[reading.order] == 0 && found.shown[reading.order.Other()] > 0 {
			problem = contradiction(file, d.canonicals[0], reading.order)
		}
	case found.shown[exports.DayFirst] > 0 && found.shown[exports.MonthFirst] == 0:
		reading.order = exports.DayFirst
	case found.shown[exports.MonthFirst] == 0:
		reading.open = found.either > 0
	}
	return reading, problem, nil
}

// slashDates counts the dates with slashes of a file.
type slashDates struct {
	slashes bool
	shown   map[exports.DateOrder]int64 // dates that make sense in one order only
	either  int64
}

// count counts the dates of all months of a file.
func (d dateLook) count(ctx context.Context, file exports.File) (found slashDates, err error) {
	dated := func(files []exports.File) []warehouse.Part {
		return parts(files, func(c exports.File) []warehouse.Column {
			return []warehouse.Column{textColumn(c, d.canonicals[0], "first_text"), textColumn(c, d.canonicals[len(d.canonicals)-1], "second_text")}
		})
	}
	file.Month = 0 // all months of a file that holds many
	files := []exports.File{file}
	if err := d.db.View(ctx, "dated", dated(files)); err != nil {
		return found, d.blame.explain(ctx, err, dated, files)
	}
	err = d.db.Query(ctx, "dates/has_slash", func(rows *sql.Rows) error { return rows.Scan(&found.slashes) })
	if err == nil && found.slashes {
		err = d.db.Query(ctx, "dates/slash_orders", func(rows *sql.Rows) error {
			var monthFirst, dayFirst int64
			err := rows.Scan(&monthFirst, &dayFirst, &found.either)
			found.shown = map[exports.DateOrder]int64{exports.MonthFirst: monthFirst, exports.DayFirst: dayFirst}
			return err
		})
	}
	if err != nil {
		return found, d.blame.explain(ctx, err, dated, files)
	}
	return found, nil
}

// contradiction says that a file has dates that the order of the config cannot read.
func contradiction(file exports.File, canonical string, order exports.DateOrder) *exports.Problem {
	return &exports.Problem{File: file.Rel, Month: file.Month, Column: file.Mapping[canonical].Name,
		Message: fmt.Sprintf("the dates are written %s, and the config says %s", order.Other().Words(), order.Words()),
		Hint:    fmt.Sprintf("write dates: {order: %s} into the config, or leave the setting out", order.Other())}
}

// Cause says why a text of a file may be no date, from its form alone; empty where that says nothing.
func (d *Dates) Cause(text string, file exports.File) string {
	order := exports.AnyOrder
	if d.files[file.Rel].slashes { // the file's dates decided
		order = d.Order(file)
	}
	return dateCause(text, order)
}

// dateCause is that for a file whose dates with slashes have an order.
func dateCause(text string, order exports.DateOrder) string {
	text = strings.TrimSpace(text)
	for _, form := range dateForms() {
		if form.match.MatchString(text) {
			return form.cause
		}
	}
	if order == exports.AnyOrder {
		return ""
	}
	layout := map[exports.DateOrder]string{exports.MonthFirst: "1/2/2006", exports.DayFirst: "2/1/2006"}[order.Other()]
	if _, err := time.Parse(layout, SlashDate(text)); err == nil {
		return fmt.Sprintf("the file has dates %s and dates %s", order.Words(), order.Other().Words())
	}
	return ""
}

// dateForm is a form in which dates are not read, and why.
type dateForm struct {
	match *regexp.Regexp
	cause string
}

func dateForms() []dateForm {
	form := func(pattern, cause string) dateForm {
		return dateForm{regexp.MustCompile(`(?i)\A(?:` + pattern + `)\z`), cause}
	}
	const month = `(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\pL*`
	return []dateForm{
		form(`[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?: .*)?`, "the year has two digits"),
		form(`(?:[0-9]{1,2}[-/. ]*)?`+month+`[-/., ]+[0-9].*|[0-9]{4}[-/. ]`+month+`.*`, "the month is written as a word"),
		form(`[1-9][0-9]{4}(?:\.[0-9]+)?`, "a number like this is a day of Excel: give the column a date format there"),
		form(`[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}(?: .*)?`, "dates with dots are not read"),
		form(`[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}(?: .*)?`, "dates with dashes are read with the year first only"),
	}
}

// WithCause puts the cause that the form of a text shows, if any, before the advice.
func (d *Dates) WithCause(text string, file exports.File, advice string) string {
	if cause := d.Cause(text, file); cause != "" {
		return cause + "; " + advice
	}
	return advice
}

// slashDate is how a date begins in which the month may stand first or second.
const slashDate = `^\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}`

// SlashDate returns the date with slashes with which a text begins, empty without one.
func SlashDate(text string) string { return regexp.MustCompile(slashDate).FindString(text) }
