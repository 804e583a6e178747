package report

import (
	"testing"

	"partnerscore/jobs/internal/document"
	"partnerscore/jobs/internal/wording"
)

// Ids stand where names do not tell customers apart, rows that only keep groups apart are left out, and months stand before items.
func TestBlock(t *testing.T) {
	w := document.Table{Caption: "Customers", Columns: append(document.Named("Customer"), document.Numbers("USD")...)}
	for _, c := range [][2]string{{"Harbourline", "a"}, {"Harbourline", "b"}, {"Willowgate", "c"}, {"", "d"}} {
		w.Rows = append(w.Rows, document.Row{Cells: []document.Cell{{Text: c[0], ID: c[1]}, {Text: "1.00"}}})
	}
	w.Rows = append(w.Rows, document.Row{})
	w.Left = "and 1,000 more"
	s := document.Section{Lead: []document.Sentence{{Text: "Lead."}}, Table: &w}
	s.Note("Note.")
	s.Item("2024-07  ", "item")
	s.Item(document.Bullet, "another")
	b := newBlock(wording.Words{}, s)
	want := []cellView{{Label: "Customer", Text: "Harbourline", Note: "a"}, {Label: "Customer", Text: "Harbourline", Note: "b"}, {Label: "Customer", Text: "Willowgate"},
		{Label: "Customer", Text: "Tenant d"}}
	if len(b.Table.Rows) != len(want) || b.Table.Caption != "Customers" || b.Table.Left != "and 1,000 more" {
		t.Fatalf("the table is %+v", b.Table)
	}
	for i, row := range b.Table.Rows {
		if row.Cells[0] != want[i] || !row.Cells[1].Number {
			t.Errorf("row %d is %+v, want it to begin with %+v", i, row.Cells, want[i])
		}
	}
	if len(b.Lead) != 1 || len(b.Notes) != 1 || len(b.Items) != 2 || b.Items[0].Mark != "2024-07" || b.Items[1].Mark != "" {
		t.Errorf("the sentences are %q, %q, %+v", b.Lead, b.Notes, b.Items)
	}
}
