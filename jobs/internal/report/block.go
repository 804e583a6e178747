package report

import (
	"cmp"
	"strings"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
)

// block is a section of a document on a page.
type block struct {
	Lead  []string
	Table *tableView // nil: sentences alone
	Items []document.Sentence
	Notes []string
	More  string // how many items are left out; empty: none
}

// tableView is a table of a document on a page.
type tableView struct {
	Caption string
	Columns []document.Column
	Rows    []rowView
	Left    string // how many rows are left out; empty: none
}

// rowView is a row, with the sentence about it.
type rowView struct {
	Depth int
	Cells []cellView
	Note  string
}

type cellView struct {
	Text, Note string
	Label      string // the head of its column, for narrow screens
	Share      int64  // of a bar, in percent; 0: none
	Number     bool
}

// newBlock lays a section out.
func newBlock(w wording.Words, s document.Section) (b block) {
	for _, one := range s.Lead {
		b.Lead = append(b.Lead, one.Text)
	}
	for _, one := range s.Notes {
		if one.Mark == "" {
			b.Notes = append(b.Notes, one.Text)
			continue
		}
		b.Items = append(b.Items, document.Sentence{Mark: strings.Trim(one.Mark, document.Bullet), Text: one.Text})
	}
	if s.Table != nil {
		b.Table = newTable(w, *s.Table)
	}
	return b
}

// newBlocks lays sections out.
func newBlocks(w wording.Words, sections []document.Section) (all []block) {
	for _, s := range sections {
		all = append(all, newBlock(w, s))
	}
	return all
}

func newTable(w wording.Words, t document.Table) *tableView {
	v := &tableView{Caption: t.Caption, Columns: t.Columns, Left: t.Left}
	namesakes := map[string]int{}
	for _, r := range t.Rows {
		if len(r.Cells) > 0 {
			namesakes[r.Cells[0].Text]++
		}
	}
	for _, r := range t.Rows {
		row := rowView{Depth: r.Depth, Note: r.Sentence}
		for i, c := range r.Cells {
			cell := cellView{Label: label(t.Columns[i]), Text: breakable(c.Text), Note: c.Note, Share: c.Share, Number: t.Columns[i].Number}
			switch {
			case c.ID == "":
			case c.Text == "":
				cell.Text = w.Say("Tenant %s", c.ID)
			case namesakes[c.Text] > 1:
				cell.Note = c.ID
			}
			row.Cells = append(row.Cells, cell)
		}
		if len(row.Cells) > 0 {
			v.Rows = append(v.Rows, row)
		}
	}
	return v
}

// label is the head of a column in one line.
func label(c document.Column) string {
	return strings.Join(strings.Fields(cmp.Or(c.Long, c.Header)), " ")
}
