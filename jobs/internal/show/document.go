// Package show lays documents out for people and spreadsheets: as text for a terminal of some width, or as the lines of a CSV.
package show

import (
	"cmp"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/document"
)

// idWidth is the width from which on there is room for ids beside names.
const idWidth = 140

// Text lays a document out for a terminal of a width.
func Text(d document.Document, width int) string {
	var b strings.Builder
	for _, line := range d.Title {
		b.WriteString(Indented(line, 0, width))
	}
	for _, s := range d.Sections {
		b.WriteString("\n" + section(s, width))
	}
	return b.String()
}

func section(s document.Section, width int) string {
	out := sentences(s.Lead, width)
	if s.Table != nil {
		out += Table(*s.Table, width)
	}
	return out + sentences(s.Notes, width)
}

func sentences(all []document.Sentence, width int) (out string) {
	for _, s := range all {
		out += s.Mark + Indented(s.Text, len(s.Mark), width)[len(s.Mark):]
	}
	return out
}

// fit says how a table is made to fit a width.
type fit struct {
	width int
	short bool // with what headers and cells have in short
	cut   bool // with long texts cut or wrapped
}

// Table lays a table out in full or, where it is wider than the width, in short, and only then with long texts cut.
func Table(t document.Table, width int) string {
	var lines []string
	var heights []int
	for _, f := range []fit{{width: width}, {width: width, short: true}, {width: width, short: true, cut: true}} {
		if lines, heights = tableLines(t, f); LongestLine(strings.Join(lines, "")) <= width {
			break
		}
	}
	var b strings.Builder
	at := len(lines)
	for _, height := range heights {
		at -= height
	}
	b.WriteString(strings.Join(lines[:at], ""))
	const usual = 4
	for i, height := range heights {
		b.WriteString(strings.Join(lines[at:at+height], ""))
		at += height
		if sentence := t.Rows[i].Sentence; sentence != "" {
			b.WriteString(Indented(sentence, cmp.Or(t.Inset, usual), width))
		}
	}
	if more := t.Left; more != "" {
		b.WriteString(Indented(more+t.Hint, 0, width))
	}
	return b.String()
}

// tableLines are the lines of a table, and how many of them each row takes.
func tableLines(t document.Table, f fit) (lines []string, heights []int) {
	var header table.Row
	var numeric []int
	columns := t.Columns
	for columns[len(columns)-1].Aside {
		columns = columns[:len(columns)-1]
	}
	for i, c := range columns {
		header = append(header, heading(t, i, f.short))
		if c.Number {
			numeric = append(numeric, i+1)
		}
	}
	w := NewTable(header, numeric...)
	for _, r := range t.Rows {
		cells, height := table.Row{}, 1
		for i, c := range r.Cells[:min(len(r.Cells), len(columns))] {
			cell := f.cell(c, t.Columns[i].Room)
			if i == 0 {
				cell = strings.Repeat(" ", r.Depth) + cell
			}
			cells, height = append(cells, cell), max(height, strings.Count(cell, "\n")+1)
		}
		if len(cells) == 0 {
			cells = table.Row{""}
		}
		w.AppendRow(cells)
		heights = append(heights, height)
	}
	for line := range strings.Lines(Render(w)) {
		lines = append(lines, line)
	}
	return lines, heights
}

// heading is what stands above a column: the caption of the table above the first one.
func heading(t document.Table, i int, short bool) string {
	c := t.Columns[i]
	switch {
	case i == 0 && t.Caption != "":
		return t.Caption
	case c.Bare:
		return ""
	case short && c.Short != "":
		return c.Short
	default:
		return c.Header
	}
}

// cell writes a cell.
func (f fit) cell(c document.Cell, room document.Room) string {
	content, id := Printable(c.Text), ""
	if f.short && c.Short != "" {
		content = Printable(c.Short)
	}
	if content == "" || f.width >= idWidth {
		id = Printable(c.ID)
	}
	most := max(f.width-room.Others, room.Least)
	switch {
	case !f.cut || room.Others == 0 || content == "":
	case room.Wrap:
		content = text.WrapSoft(content, most)
	case id != "":
		content = Shortened(content, most-len(id)-1)
	default:
		content = Shortened(content, most)
	}
	return strings.TrimSpace(content + " " + id)
}

// Shortened cuts a text to a number of characters.
func Shortened(text string, n int) string {
	if letters := []rune(text); len(letters) > n {
		return string(letters[:max(n-1, 0)]) + "…"
	}
	return text
}
