package exports

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/exports/schema"
	"partnerscore/scoring"
)

// monthParts are the partition columns that say the month: one that is a month or a day, or a year and the number of a month.
type monthParts struct {
	month, year, number string
	// value is the form of a month or day: 2024-06, 202406, or any day of it with or without a time.
	value *regexp.Regexp
}

func (p monthParts) known() bool { return p.month != "" || p.year != "" && p.number != "" }

// monthPartsOf finds the columns by the names that a column of the month may have.
func monthPartsOf(columns []string) (p monthParts) {
	p.value = regexp.MustCompile(`\A([0-9]{4})(?:-([0-9]{1,2})(?:-[0-9]{1,2}(?:[T ].*)?)?|([0-9]{2})(?:[0-9]{2})?)\z`)
	for _, c := range columns {
		switch folded := schema.Fold(c); {
		case folded == "year" || folded == "yyyy":
			p.year = c
		case folded == "mm":
			p.number = c
		case folded == "month":
			p.number, p.month = c, c
		case schema.IsMonthName(c) && p.month == "":
			p.month = c
		}
	}
	return p
}

// constants are the partition values as columns of a file, and the month that they say, 0 for none. A year and a number become a month.
func (p monthParts) constants(values map[string]string) (map[string]string, scoring.Month) {
	if len(values) == 0 {
		return nil, 0
	}
	columns := maps.Clone(values)
	if p.year != "" && p.number != "" {
		year, yearErr := strconv.Atoi(values[p.year])
		number, numberErr := strconv.Atoi(values[p.number])
		if yearErr == nil && numberErr == nil {
			text := fmt.Sprintf("%04d-%02d", year, number)
			if m, err := scoring.ParseMonth(text); err == nil {
				delete(columns, p.year)
				delete(columns, p.number)
				columns["month"] = text
				return columns, m
			}
		}
	}
	if p.month == "" {
		return columns, 0
	}
	return columns, p.monthOf(values[p.month])
}

// describe names the partition of a file for a message.
func (p monthParts) describe(values map[string]string) string {
	var texts []string
	for _, c := range slices.Compact([]string{p.year, p.number, p.month}) {
		if c == "" {
			continue
		}
		texts = append(texts, c+"="+cmp.Or(values[c], "NULL"))
	}
	return strings.Join(texts, ",")
}

// monthOf is the month that a partition value names, 0 for other texts.
func (p monthParts) monthOf(value string) scoring.Month {
	found := p.value.FindStringSubmatch(strings.TrimSpace(value))
	if found == nil {
		return 0
	}
	number, err := strconv.Atoi(found[2] + found[3])
	if err != nil {
		return 0
	}
	m, err := scoring.ParseMonth(fmt.Sprintf("%s-%02d", found[1], number))
	if err != nil {
		return 0
	}
	return m
}

// withConstants adds the constant columns of a file to those in it, in the order of their names.
func (f Found) withConstants(columns []schema.Column) []schema.Column {
	for _, name := range slices.Sorted(maps.Keys(f.Constants)) {
		columns = append(columns, schema.Column{Name: name, Index: len(columns), Kind: schema.Text, Partition: true, Value: f.Constants[name]})
	}
	return columns
}

// dropUnused drops the values of constant columns that are not mapped: files that differ in them alone can be read together.
func (c *File) dropUnused() {
	for i, column := range c.Columns {
		mapped := false
		for _, m := range c.Mapping {
			mapped = mapped || m.Index == column.Index
		}
		if !mapped {
			c.Columns[i].Value = ""
		}
	}
}
