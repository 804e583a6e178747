package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/warehouse"
)

// usageParts describes a month's usage files to the warehouse as sourceParts does, and those that are split by their slices.
func (r *run) usageParts(files []exports.Checked) []warehouse.Part {
	return r.sliced(r.sourceParts(files))
}

// sourceParts describes a month's usage files to the warehouse as they were exported. Besides the canonical text columns of the profile a row has usage_day and
// acr_usd, and for messages the texts they were read from; a row of cost has its folder as well.
func (r *run) sourceParts(files []exports.Checked) []warehouse.Part {
	return parts(files, r.costFolder, func(c exports.Checked) []warehouse.Column {
		var columns []warehouse.Column
		for _, name := range r.opt.Profile.Canonical(exports.Usage) {
			if name != "month" && name != "acr_usd" {
				columns = append(columns, textColumn(c, name, name))
			}
		}
		day := warehouse.Column{Name: "usage_day", Macro: "day_of_month_text", AsText: true, Constant: c.Month.String()}
		if month, ok := c.Mapping["month"]; ok {
			day = dayColumn(c, month, "usage_day", "day_of_month_text")
		}
		if r.opt.Profile == exports.PartnerCenter {
			columns = append(columns, warehouse.Column{Name: "other_charge"}) // every row is of consumption
		} else {
			columns = append(columns, warehouse.Column{Name: "folder", Constant: r.costFolder(c)})
		}
		return append(columns, day, amountColumn(c, c.Mapping["acr_usd"], r.opt.Amounts),
			textColumn(c, "month", "month_text"), textColumn(c, "acr_usd", "amount_text"))
	})
}

// certificationParts describes the certifications files to the warehouse: dates as days and, for messages, as text.
func certificationParts(files []exports.Checked) []warehouse.Part {
	return parts(files, anyFolder, func(c exports.Checked) []warehouse.Column {
		var columns []warehouse.Column
		for _, name := range exports.Canonical(exports.Certifications) {
			if name != "completed" && name != "expires" {
				columns = append(columns, textColumn(c, name, name))
				continue
			}
			day := warehouse.Column{Name: name, Macro: "day_of_text", AsText: true}
			if column, ok := c.Mapping[name]; ok {
				day = dayColumn(c, column, name, "day_of_text")
			}
			columns = append(columns, day, textColumn(c, name, name+"_text"))
		}
		return columns
	})
}

// partnerParts describes the partners files to the warehouse; every column is text.
func partnerParts(files []exports.Checked) []warehouse.Part {
	return parts(files, anyFolder, func(c exports.Checked) []warehouse.Column {
		var columns []warehouse.Column
		for _, name := range exports.Canonical(exports.Partners) {
			columns = append(columns, textColumn(c, name, name))
		}
		return columns
	})
}

// parts puts files of the same structure, and of one folder where folder tells them apart, together: the engine opens such a set as one, and
// would read files of another structure wrongly.
func parts(files []exports.Checked, folder func(exports.Checked) string, columns func(exports.Checked) []warehouse.Column) []warehouse.Part {
	var result []warehouse.Part
	index := map[string]int{}
	for _, c := range files {
		days := daysOf(c)
		structure := fmt.Sprintf("%q %q %+v %+v %+v %+v", folder(c), c.Format, c.Text, c.Columns, c.Mapping, days)
		if i, ok := index[structure]; ok {
			result[i].Paths = append(result[i].Paths, c.Path)
			continue
		}
		index[structure] = len(result)
		part := warehouse.Part{Paths: []string{c.Path}, Columns: columns(c), Unnumbered: slices.ContainsFunc(c.Columns, numbersRows), Days: days}
		if c.Format != exports.Parquet {
			part.Text = &warehouse.TextFormat{Delimiter: c.Text.Delimiter, Skip: c.Text.Skip, Columns: len(c.Columns), Gzipped: c.Format.Gzipped(),
				LongHeader: c.Text.LongHeader, Multiline: c.Text.Multiline}
		}
		result = append(result, part)
	}
	return result
}

// numbersRows tells of a column that the engine would take for its own.
func numbersRows(c exports.Column) bool { return strings.EqualFold(c.Name, warehouse.NumberColumn) }

// textColumn reads a canonical column as text; NULL where the file has none.
func textColumn(c exports.Checked, canonical, name string) warehouse.Column {
	column, ok := c.Mapping[canonical]
	if !ok {
		return warehouse.Column{Name: name}
	}
	return warehouse.Column{Name: name, Physical: physical(c, column)}
}

// physical is the name by which the engine knows a column: names in a text file's header may be blank or stand twice, numbers do not.
func physical(c exports.Checked, column exports.Column) string {
	if c.Format == exports.Parquet {
		return column.Name
	}
	return warehouse.TextColumn(column.Index)
}

// dayColumn reads a date, a timestamp, or a text or number that macro understands.
func dayColumn(c exports.Checked, column exports.Column, name, macro string) warehouse.Column {
	switch column.Kind {
	case exports.Date, exports.Timestamp, exports.Int96:
		return warehouse.Column{Name: name, Physical: physical(c, column), Macro: "day_of_time"}
	default:
		return warehouse.Column{Name: name, Physical: physical(c, column), Macro: macro, AsText: true}
	}
}

// amountColumn reads an amount of money by its type; separators matter in text alone.
func amountColumn(c exports.Checked, column exports.Column, separators exports.Separators) warehouse.Column {
	amount := warehouse.Column{Name: "acr_usd", Physical: physical(c, column)}
	switch column.Kind {
	case exports.Float, exports.Double:
		amount.Macro = "amount_of_double"
	case exports.Decimal, exports.Int, exports.Uint:
		amount.Macro = "amount_of_decimal"
	default:
		amount.Macro, amount.AsText = "amount_of_text", true
		if !separators.Usual() {
			amount.Macro, amount.Arguments = "amount_of_separated", []string{separators.Thousands, separators.Point()}
		}
	}
	return amount
}
