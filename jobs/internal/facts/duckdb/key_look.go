package duckdb

import (
	"context"
	"database/sql"
	"slices"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/jobs/internal/twice"
	"partnerscore/jobs/internal/warehouse"
	"partnerscore/scoring"
)

// Sizes of what is looked at to find two deliveries. They cost a few percent of what a month of many rows takes; a smaller one is looked at whole.
const (
	// comparedRows is how many rows the compared tenants should have.
	comparedRows = 20_000
	// comparedLeast is how many counts are too few, unless all tenants are compared: a few large tenants may be most of a month.
	comparedLeast = 2_000
	// comparedMost is from how many counts on a part of the keys is compared.
	comparedMost = 50_000
	// glanceRows is from how many rows on a month is glanced at first.
	glanceRows = 500_000
	// fewRows is up to how many rows of a month are compared row by row as well.
	fewRows = 10_000
)

// keyLook reads the keys of a month.
type keyLook struct {
	engine *Engine
	month  scoring.Month
	of     []exports.File
	from   []twice.Source
	// labels tells that the day of a row says only which month it is of.
	labels  bool
	files   []int // by number in the view, the number of the file
	tenants int64 // one in so many is looked at
	all     int64 // rows of all files
	text    bool  // one of the files is text
	days    map[int32]bool
}

// begin makes the rows visible by what all files have of a key: a file without resources holds the same consumption as one with them.
func (l *keyLook) begin(ctx context.Context) error {
	l.all, l.text, l.days = 0, false, map[int32]bool{}
	for _, c := range l.of {
		l.all += c.Rows
		l.text = l.text || c.Format != fileformat.Parquet
	}
	l.tenants = max(1, l.all/comparedRows)
	var parts []warehouse.Part
	err := l.engine.ViewUsageAs(ctx, l.of, func() []warehouse.Part {
		parts = l.parts()
		return parts
	})
	if err != nil {
		return err
	}
	l.files = l.numbers(parts)
	return l.engine.DB.Exec(ctx, "facts/usage_label")
}

// labelled tells that all rows that were read are of the first or of the last day of the month, and that there are both: one file labels the
// month by its first day, another by its last.
func (l *keyLook) labelled() bool {
	first := int32(l.month.First().Unix() / (24 * 60 * 60))
	last := int32(l.month.Add(1).First().Unix()/(24*60*60)) - 1
	return len(l.days) == 2 && l.days[first] && l.days[last]
}

// compare compares the month by keys and, where these show nothing and rows are not too many, by amounts.
func (l *keyLook) compare(ctx context.Context) (found twice.Result, err error) {
	if err := l.begin(ctx); err != nil {
		return found, err
	}
	if l.all <= fewRows {
		return l.compareFew(ctx)
	}
	if l.all > glanceRows && !l.text { // reading some columns of text costs as much as reading all
		counts, err := l.at(ctx, "facts/delivery_glance")
		if err != nil || !twice.Glance(counts, l.from) {
			return found, err
		}
	}
	counts, err := l.at(ctx, "facts/delivery_key")
	if err != nil {
		return found, err
	}
	found = twice.Compare(counts, l.from)
	if len(found.Same)+len(found.Unclear) > 0 || l.all > glanceRows {
		return found, nil
	}
	counts, err = l.at(ctx, "facts/delivery_amount")
	if err != nil {
		return found, err
	}
	return l.amounts(counts), nil
}

// amounts compares by amounts. What has other keys may be something else, whatever the amounts: this is a doubt at most.
func (l *keyLook) amounts(counts []twice.Count) twice.Result {
	found := twice.Compare(counts, l.from)
	return twice.Result{Unclear: found.Same, Days: found.Days, Amounts: true}
}

// compareFew compares a month of few rows also row by row, with amounts. Two folders that share half of their rows are two runs of a cost export:
// the folders over which one run is spread share almost no rows. Two other files are doubtful only if all rows are equal: a few equal rows may have a
// reason.
func (l *keyLook) compareFew(ctx context.Context) (found twice.Result, err error) {
	keys, amounts, all, err := l.few(ctx)
	if err != nil || len(all) == 0 {
		return found, err
	}
	found = twice.Compare(keys, l.from)
	switch {
	case len(found.Same) > 0:
	case l.engine.Dialect.Profile != schema.PartnerCenter:
		found.Same = twice.SameRows(all, l.from, true, func(common, least int) bool { return 2*common >= least })
	case len(found.Unclear) == 0:
		found.Unclear = twice.SameRows(all, l.from, false, func(common, least int) bool { return common == least })
	}
	if len(found.Same)+len(found.Unclear) > 0 {
		return found, nil
	}
	return l.amounts(amounts), nil
}

// few counts the rows of a month of few by file and key, by file and amount, and by file and all of a row.
func (l *keyLook) few(ctx context.Context) (keys, amounts, all []twice.Count, err error) {
	err = l.engine.DB.Query(ctx, "facts/delivery_few", func(rows *sql.Rows) error {
		var key, row, amount twice.Count
		var used bool
		if err := rows.Scan(&key.File, &key.Key, &amount.Key, &row.Key, &used, &key.Block, &key.Day, &key.Rows); err != nil {
			return err
		}
		key.File = l.files[key.File]
		for _, c := range []*twice.Count{&row, &amount} {
			c.File, c.Block, c.Day, c.Rows = key.File, key.Block, key.Day, key.Rows
		}
		all = append(all, row)
		if used {
			l.days[key.Day] = true
			keys, amounts = append(keys, key), append(amounts, amount)
		}
		return nil
	}, l.month.First())
	return keys, amounts, all, err
}

// at runs a statement that counts rows by file and key, of so many tenants that there are enough.
func (l *keyLook) at(ctx context.Context, statement string) (counts []twice.Count, err error) {
	for {
		counts = nil
		err := l.engine.DB.Query(ctx, statement, func(rows *sql.Rows) error {
			var c twice.Count
			if err := rows.Scan(&c.File, &c.Key, &c.Block, &c.Day, &c.Rows); err != nil {
				return err
			}
			c.File = l.files[c.File]
			l.days[c.Day] = true
			counts = append(counts, c)
			return nil
		}, l.month.First(), l.tenants, comparedMost)
		if err != nil || l.tenants == 1 || len(counts) >= comparedLeast {
			return counts, err
		}
		l.tenants = max(1, l.tenants/10)
	}
}

// parts are usageParts without the columns of a key that not all files have.
func (l *keyLook) parts() []warehouse.Part {
	lacking := func(canonical string) bool {
		return slices.ContainsFunc(l.of, func(c exports.File) bool { _, has := c.Mapping[canonical]; return !has })
	}
	parts := l.engine.UsageParts(l.of)
	for _, p := range parts {
		for i, c := range p.Columns {
			switch c.Name {
			case "partner_location_id", "partner_global_id", "association_type", "offer_type", "offer_id", "subscription_id", "service_level_1",
				"service_level_3", "service_level_4", "resource_id":
				if lacking(c.Name) {
					p.Columns[i] = warehouse.Column{Name: c.Name}
				}
			case "usage_day":
				if l.labels || lacking("month") {
					p.Columns[i] = warehouse.Column{Name: c.Name, Macro: "day_of_month_text", AsText: true, Constant: l.month.String(),
						Arguments: []string{string(exports.MonthFirst)}}
				}
			}
		}
	}
	return parts
}

// numbers says, for each path of parts, which of the files it is, or a slice of.
func (l *keyLook) numbers(parts []warehouse.Part) (of []int) {
	known := map[string]int{}
	for i, c := range l.of {
		known[c.Path] = i
		for _, path := range l.engine.Slices(c) {
			known[path] = i
		}
	}
	for _, p := range parts {
		for _, path := range p.Paths {
			of = append(of, known[path])
		}
	}
	return of
}
