package ingest

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"partnerscore/jobs/internal/exports"
)

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
