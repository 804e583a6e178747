package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/warehouse"
)

// usageParts describes a month's usage files to the warehouse as sourceParts does, and those that are split by their slices.
func (r *run) usageParts(files []exports.File) []warehouse.Part {
	return r.sliced(r.sourceParts(files))
}

// sourceParts describes a month's usage files to the warehouse as they were exported. Besides the canonical text columns of the profile a row has usage_day and
// acr_usd, and for messages the texts they were read from.
func (r *run) sourceParts(files []exports.File) []warehouse.Part {
	return parts(files, func(c exports.File) []warehouse.Column {
		var columns []warehouse.Column
		amounts := r.opt.Profile.AmountColumns()
		for _, name := range r.opt.Profile.Canonical(schema.Usage) {
			switch {
			case slices.Contains(amounts, name):
				columns = append(columns, amountColumn(c, name, r.opt.Amounts))
			case name == "partner_location_id" || name == "partner_global_id":
				columns = append(columns, r.partnerColumn(c, name))
			case name == "offer_type":
				columns = append(columns, r.offerColumn(c))
			case name != "month":
				columns = append(columns, textColumn(c, name, name))
			}
		}
		day := warehouse.Column{Name: "usage_day", Macro: "day_of_month_text", AsText: true, Constant: c.Month.String(), Arguments: []string{string(exports.MonthFirst)}}
		if month, ok := c.Mapping["month"]; ok {
			day = dayColumn(c, month, "usage_day", "day_of_month_text", r.orderOf(c))
		}
		if r.opt.Profile == schema.PartnerCenter {
			columns = append(columns, warehouse.Column{Name: "other_charge"}) // every row is of consumption
		}
		return append(columns, day, textColumn(c, "month", "month_text"), textColumn(c, "acr_usd", "amount_text"))
	})
}

// noOffer is the offer of rows in a file without such a column, where that is allowed: no rule knows it, so that it counts.
const noOffer = "(no offer column)"

// offerColumn reads the type of the offer.
func (r *run) offerColumn(c exports.File) warehouse.Column {
	if r.opt.AllowMissingOffers && lacksOffer(c) {
		return warehouse.Column{Name: "offer_type", Constant: noOffer}
	}
	return textColumn(c, "offer_type", "offer_type")
}

// lacksOffer reports whether a usage file has no column that says anything about offers.
func lacksOffer(c exports.File) bool {
	_, hasType := c.Mapping["offer_type"]
	_, hasID := c.Mapping["offer_id"]
	return !hasType && !hasID
}

// partnerColumn reads the location or the account of a row. Where the settings name the partner it stands in for a tenant id, and for what
// a file does not have: rows of cost then belong to the partner as their account, other rows as their location.
func (r *run) partnerColumn(c exports.File, canonical string) warehouse.Column {
	column := idColumn(c, canonical, canonical)
	own, account := r.opt.Partner, r.opt.Profile != schema.PartnerCenter && canonical == "partner_global_id"
	_, hasLocation := c.Mapping["partner_location_id"]
	_, hasAccount := c.Mapping["partner_global_id"]
	switch {
	case own == "":
	case account && !hasAccount, canonical == "partner_location_id" && !hasLocation && !hasAccount:
		column.Constant = own
	case column.Physical == "" && column.Constant == "" || column.Macro != "": // nothing to replace, or a number, which is no tenant id
	case account:
		column.Macro, column.AsText, column.Arguments = "own_account", true, []string{own}
	default:
		column.Macro, column.AsText, column.Arguments = "own_partner", true, []string{own}
	}
	return column
}

// certificationParts describes the certifications files to the warehouse: dates as days and, for messages, as text.
func (r *run) certificationParts(files []exports.File) []warehouse.Part {
	return parts(files, func(c exports.File) []warehouse.Column {
		var columns []warehouse.Column
		for _, name := range schema.Canonical(schema.Certifications) {
			switch name {
			case "partner_location_id", "partner_global_id":
				columns = append(columns, r.partnerColumn(c, name))
			case "person_mcp_id":
				columns = append(columns, idColumn(c, name, name))
			case "completed", "expires":
				day := warehouse.Column{Name: name, Macro: "day_of_text", AsText: true, Arguments: []string{string(exports.MonthFirst)}}
				if column, ok := c.Mapping[name]; ok {
					day = dayColumn(c, column, name, "day_of_text", r.orderOf(c))
				}
				columns = append(columns, day, textColumn(c, name, name+"_text"))
			default:
				columns = append(columns, textColumn(c, name, name))
			}
		}
		return columns
	})
}

// partnerParts describes the partners files to the warehouse; every column is text.
func partnerParts(files []exports.File) []warehouse.Part {
	return parts(files, func(c exports.File) []warehouse.Column {
		var columns []warehouse.Column
		for _, name := range schema.Canonical(schema.Partners) {
			if name == "partner_location_id" || name == "partner_global_id" {
				columns = append(columns, idColumn(c, name, name))
				continue
			}
			columns = append(columns, textColumn(c, name, name))
		}
		return columns
	})
}

// parts puts files of the same structure together: the engine opens such a set as one, and would read files of another structure wrongly.
func parts(files []exports.File, columns func(exports.File) []warehouse.Column) []warehouse.Part {
	var result []warehouse.Part
	index := map[string]int{}
	for _, c := range files {
		columns, days := columns(c), daysOf(c)
		structure := fmt.Sprintf("%q %+v %+v %+v %+v", c.Format, c.Text, c.Columns, columns, days)
		if slices.ContainsFunc(c.Columns, numbersFiles) {
			structure = c.Path // alone, its number is known
		}
		if i, ok := index[structure]; ok {
			result[i].Paths = append(result[i].Paths, c.Path)
			continue
		}
		index[structure] = len(result)
		part := warehouse.Part{Paths: []string{c.Path}, Columns: columns, Unnumbered: slices.ContainsFunc(c.Columns, numbersRows), Days: days}
		if c.Format != fileformat.Parquet {
			part.Text = &warehouse.TextFormat{Delimiter: c.Text.Delimiter, Skip: c.Text.Skip, Columns: len(c.Columns), Gzipped: c.Format.Gzipped(),
				LongHeader: c.Text.LongHeader, Multiline: c.Text.Multiline}
		}
		result = append(result, part)
	}
	return result
}

// numbersRows tells of a column that the engine would take for its own.
func numbersRows(c schema.Column) bool { return strings.EqualFold(c.Name, warehouse.NumberColumn) }

// numbersFiles tells of a column by whose name the engine numbers files.
func numbersFiles(c schema.Column) bool { return strings.EqualFold(c.Name, warehouse.FileColumn) }

// textColumn reads a canonical column as text; NULL where the file has none.
func textColumn(c exports.File, canonical, name string) warehouse.Column {
	column, ok := c.Mapping[canonical]
	if !ok {
		return warehouse.Column{Name: name}
	}
	return reading(c, column, warehouse.Column{Name: name})
}

// reading completes a column of the warehouse by where its values are: in the files, or in the log of a Delta table.
func reading(c exports.File, column schema.Column, as warehouse.Column) warehouse.Column {
	if column.Partition {
		as.Constant = column.Value
	} else {
		as.Physical = physical(c, column)
	}
	return as
}

// idColumn reads an id as text; of floating-point numbers those that are whole, and that the type tells apart from their neighbours.
func idColumn(c exports.File, canonical, name string) warehouse.Column {
	read := textColumn(c, canonical, name)
	switch c.Mapping[canonical].Kind {
	case schema.Double:
		read.Macro, read.Arguments = "id_of_double", []string{"9007199254740992"}
	case schema.Float:
		read.Macro, read.Arguments = "id_of_double", []string{"16777216"}
	}
	return read
}

// physical is the name by which the engine knows a column: names in a text file's header may be blank or stand twice, numbers do not.
func physical(c exports.File, column schema.Column) string {
	if c.Format == fileformat.Parquet {
		return column.Name
	}
	return warehouse.TextColumn(column.Index)
}

// dayColumn reads a date, a timestamp, or a text or number that macro understands; order is that of day and month in dates with slashes.
func dayColumn(c exports.File, column schema.Column, name, macro string, order exports.DateOrder) warehouse.Column {
	switch column.Kind {
	case schema.Date, schema.Timestamp, schema.Int96:
		return reading(c, column, warehouse.Column{Name: name, Macro: "day_of_time"})
	default:
		return reading(c, column, warehouse.Column{Name: name, Macro: macro, AsText: true, Arguments: []string{string(order)}})
	}
}

// amountColumn reads an amount of money by its type; separators matter in text alone. It is NULL where the file has no such column.
func amountColumn(c exports.File, canonical string, separators exports.Separators) warehouse.Column {
	column, ok := c.Mapping[canonical]
	if !ok {
		return warehouse.Column{Name: canonical, Macro: "amount_of_text", AsText: true}
	}
	amount := reading(c, column, warehouse.Column{Name: canonical})
	switch column.Kind {
	case schema.Float, schema.Double:
		amount.Macro = "amount_of_double"
	case schema.Decimal, schema.Int, schema.Uint:
		amount.Macro = "amount_of_decimal"
	default:
		amount.Macro, amount.AsText = "amount_of_text", true
		if !separators.Usual() {
			amount.Macro, amount.Arguments = "amount_of_separated", []string{separators.Thousands, separators.Point()}
		}
	}
	return amount
}
