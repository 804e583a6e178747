package report

import (
	"cmp"
	"slices"
	"strings"

	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

// indexView is the index of a page with several partners.
type indexView struct {
	Count, Summary string
	Areas          []string
	Risk           []riskRow // the first loss first
	Near           []nearRow
	MoreNear       string
	Orders         []orderView
}

// riskRow is a partner that loses a designation by itself.
type riskRow struct {
	Partner, Href, Area, Month, Cause string
	month                             scoring.Month
}

type nearRow struct {
	Partner, Href, Area, Total, Lacks string
	missing                           scoring.Hundredths
}

// orderView is all partners in one order. A page without script has a table for each.
type orderView struct {
	ID, Name string
	Rows     []indexRow
}

type indexRow struct {
	Partner, Href, ID string
	Cells             []indexCell

	name    string
	missing scoring.Hundredths // to the nearest area that does not qualify; a lot where all do
	change  scoring.Hundredths // of all areas, without its sign
}

type indexCell struct {
	Total     string
	Change    string // since the month before; empty: none, or not known
	Qualifies bool
}

// shownNear is how many scores the list of the nearest has.
const shownNear = 10

// manyPartners is from how many on the table of all partners stands in several orders.
const manyPartners = 12

func (p Page) index() *indexView {
	v := &indexView{Count: p.words.Counted(int64(len(p.Entries)), "%s partner", "%s partners"), Summary: p.summary()}
	for _, area := range p.Month.Rules.Areas {
		v.Areas = append(v.Areas, p.words.Term(area.Name))
	}
	var rows []indexRow
	for _, e := range p.Entries {
		row := e.row(p.words, p.InFolder)
		for _, l := range e.losses {
			v.Risk = append(v.Risk, riskRow{row.Partner, row.Href, l.Areas, p.words.Month(l.Month), l.Cause, l.Month})
		}
		for _, s := range e.scores {
			if !s.qualifies {
				v.Near = append(v.Near, nearRow{row.Partner, row.Href, s.area, s.total, s.lacks, s.missing})
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(v.Risk, func(a, b riskRow) int { return cmp.Compare(a.month, b.month) })
	slices.SortStableFunc(v.Near, func(a, b nearRow) int { return cmp.Compare(a.missing, b.missing) })
	v.Near, v.MoreNear = cut(p.words, v.Near, shownNear)
	v.orders(p.words, rows)
	return v
}

// orders adds all partners: the nearest to a designation first, and where they are many by change and by name, too.
func (v *indexView) orders(w wording.Words, rows []indexRow) {
	add := func(id, name string, compare func(a, b indexRow) int) {
		sorted := slices.Clone(rows)
		slices.SortStableFunc(sorted, compare)
		v.Orders = append(v.Orders, orderView{id, name, sorted})
	}
	add("by-points", w.Say("nearest first"), func(a, b indexRow) int { return cmp.Compare(a.missing, b.missing) })
	if len(rows) < manyPartners {
		return
	}
	add("by-change", w.Say("largest change first"), func(a, b indexRow) int { return cmp.Compare(b.change, a.change) })
	add("by-name", w.Say("by name"), func(a, b indexRow) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
}

// row is the line of a partner.
func (e Entry) row(w wording.Words, inFolder bool) indexRow {
	name := cmp.Or(e.Name, w.Say("Partner %s", e.ID))
	row := indexRow{Partner: breakable(name), Href: "#" + Slug(e.ID), ID: breakable(e.ID), name: name, missing: allQualify}
	if inFolder {
		row.Href = e.File()
	}
	for _, s := range e.scores {
		cell := indexCell{Total: s.total, Qualifies: s.qualifies}
		if s.change != nil && *s.change != 0 {
			cell.Change = w.SignedPoints(*s.change)
			row.change += max(*s.change, -*s.change)
		}
		if !s.qualifies {
			row.missing = min(row.missing, s.missing)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// allQualify puts partners that qualify everywhere behind all others.
const allQualify = scoring.Hundredths(1 << 40)

// summary counts who qualifies in which area.
func (p Page) summary() string {
	qualified := map[string]int64{}
	for _, e := range p.Entries {
		for _, s := range e.scores {
			if s.qualifies {
				qualified[s.area]++
			}
		}
	}
	var parts []string
	for i, area := range p.Month.Rules.Areas {
		name := p.words.Term(area.Name)
		if i == 0 {
			parts = append(parts, p.words.Counted(qualified[name], "%s qualifies in %s", "%s qualify in %s", name))
		} else {
			parts = append(parts, p.words.Say("%s in %s", scoring.Whole(qualified[name]), name))
		}
	}
	return p.words.List(parts) + "."
}
