// Package rulebooks lays out what `rules` says: the list of rulebooks, and where two of them differ.
package rulebooks

import (
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
	"partnerscore/scoring/rulebook"
)

// List is the result of `rules list`.
type List []Rulebook

// Rulebook is a rulebook in a list.
type Rulebook struct {
	ID     string  `json:"id"`
	From   *string `json:"from"` // null: never chosen by date
	Title  string  `json:"title"`
	SHA256 string  `json:"sha256"`
}

// NewList lists rulebooks in their order.
func NewList(books []*scoring.Rulebook) List {
	list := List{}
	for _, book := range books {
		entry := Rulebook{ID: book.ID, Title: book.Title, SHA256: book.SHA256}
		if book.From != nil {
			from := book.From.Format("2006-01-02")
			entry.From = &from
		}
		list = append(list, entry)
	}
	return list
}

// Text has a line per rulebook.
func (l List) Text() string {
	w := show.NewTable(table.Row{"Rulebook", "In force from", "Title"})
	for _, book := range l {
		from := "by name only"
		if book.From != nil {
			from = *book.From
		}
		w.AppendRow(table.Row{book.ID, from, book.Title})
	}
	return show.Render(w)
}

// Differences are the result of `rules diff`.
type Differences []rulebook.Difference

// Text has a line per difference between the rulebooks of these ids.
func (d Differences) Text(a, b string, width int) string {
	if len(d) == 0 {
		return fmt.Sprintf("%s and %s have the same rules.\n", a, b)
	}
	path := 0
	for _, one := range d {
		path = max(path, len(one.Path))
	}
	path = min(path, max(width/2, width-56))
	column := max((width-path-4)/2, 12)
	w := show.NewTable(table.Row{"", a, b})
	w.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, WidthMax: path, WidthMaxEnforcer: text.WrapHard},
		{Number: 2, WidthMax: column, WidthMaxEnforcer: text.WrapSoft},
		{Number: 3, WidthMax: column, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, one := range d {
		w.AppendRow(table.Row{one.Path, orDash(one.A), orDash(one.B)})
	}
	return show.Render(w)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return show.Printable(s)
}
