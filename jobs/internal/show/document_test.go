package show

import (
	"strings"
	"testing"

	"partnerscore/jobs/internal/document"
)

// sampleTable has a group, a part with a sentence, and a row apart.
func sampleTable() document.Table {
	t := document.Table{Caption: "Customers: 2", Columns: []document.Column{
		{Header: "Customer", Room: document.Room{Others: 20, Least: 8}}, {Header: "Before", Short: "Was", Number: true}, {Header: "Kind", Bare: true}}}
	t.Add(0, "", "Harbourline Systems", "1", "old")
	t.Add(1, "It consumed more than in any month before.", "Willowgate Studios", "1,000.00", "new")
	t.Rows = append(t.Rows, document.Row{}, document.Row{Cells: []document.Cell{{Text: "Yarrowdale"}, {Text: "20 of 1,000.00", Short: "20/1,000"}, {Text: "new"}}})
	return t
}

func TestText(t *testing.T) {
	with := sampleTable()
	with.Left, with.Hint = "and 1,234 more", "; --metric deployments shows all"
	d := document.Document{Title: []string{"Harbourline Systems, June 2024, rulebook azure-2023-06", "PROVISIONAL: certifications are missing"},
		Sections: []document.Section{{Lead: []document.Sentence{{Text: "Two months are compared."}}, Table: &with}, document.Sentences("Nearest to the list:")}}
	d.Sections[1].Note("", "* qualifies.")
	d.Sections[1].Item(document.Bullet, "a sentence that is longer than a narrow terminal is wide")
	d.Sections[1].Item("2024-07  ", "another sentence that is longer than it")
	d.Sections[1].Item(document.Indent, "short")
	for width, want := range map[int]string{
		80: `Harbourline Systems, June 2024, rulebook azure-2023-06
PROVISIONAL: certifications are missing

Two months are compared.
Customers: 2                 Before
────────────────────────────────────────
Harbourline Systems               1  old
 Willowgate Studios        1,000.00  new
    It consumed more than in any month before.

Yarrowdale           20 of 1,000.00  new
and 1,234 more; --metric deployments shows all

Nearest to the list:
* qualifies.
- a sentence that is longer than a narrow terminal is wide
2024-07  another sentence that is longer than it
  short
`,
		30: `Harbourline Systems, June
2024, rulebook azure-2023-06
PROVISIONAL: certifications
are missing

Two months are compared.
Customers: 2       Was
───────────────────────────
Harbourli…           1  old
 Willowgat…   1,000.00  new
    It consumed more than in
    any month before.

Yarrowdale    20/1,000  new
and 1,234 more; --metric
deployments shows all

Nearest to the list:
* qualifies.
- a sentence that is longer
  than a narrow terminal is
  wide
2024-07  another sentence that
         is longer than it
  short
`} {
		if got := Text(d, width); got != want {
			t.Errorf("%d columns wide:\n%s\nwant\n%s", width, got, want)
		}
	}
}

// What a table needs to fit is done in the order of what it costs readers: short words first, then long texts.
func TestTablesAreCutOnlyWhereTheyMustBe(t *testing.T) {
	for width, want := range map[int]string{
		40: "Yarrowdale           20 of 1,000.00  new\n",
		39: "Harbourline Systems         1  old\n",
		34: "Yarrowdale           20/1,000  new\n",
		33: "Harbourline …          1  old\n",
	} {
		all := Table(sampleTable(), width)
		found := false
		for line := range strings.Lines(all) {
			found = found || line == want
		}
		if !found {
			t.Errorf("%d columns wide: no line %q in\n%s", width, want, all)
		}
	}
}

// Cells that wrap take several lines, and a sentence stands below the last of them.
func TestWrappedCells(t *testing.T) {
	w := document.Table{Columns: []document.Column{{Header: "What it takes", Room: document.Room{Others: 10, Least: 12, Wrap: true}}, {Header: "Points", Number: true}}}
	w.Add(0, "A sentence about it.", "2 more eligible customers, 1 more service in use", "70")
	w.Add(0, "", "one", "8")
	const want = `What it takes        Points
───────────────────────────
2 more eligible          70
customers, 1 more
service in use
    A sentence about it.
one                       8
`
	if got := Table(w, 29); got != want {
		t.Errorf("wrote\n%s\nwant\n%s", got, want)
	}
}

// Ids stand beside names where there is room, and instead of names that are not known.
func TestIDs(t *testing.T) {
	w := document.Table{Columns: []document.Column{{Header: "Customer"}}, Rows: []document.Row{
		{Cells: []document.Cell{{Text: "Harbourline", ID: "27f12a5d"}}}, {Cells: []document.Cell{{ID: "0faccc45"}}}}}
	for width, want := range map[int]string{139: "Harbourline\n0faccc45\n", 140: "Harbourline 27f12a5d\n0faccc45\n"} {
		if got := Table(w, width); got[len(got)-len(want):] != want {
			t.Errorf("%d columns wide:\n%s", width, got)
		}
	}
}

// What exports hold reaches no terminal as a command.
func TestTextIsPrintable(t *testing.T) {
	w := document.Table{Columns: document.Named("Name")}
	w.Add(0, "sentence\x1b[2J", "cell\x1b[2J\nnext")
	d := document.Document{Title: []string{"title\x1b[2J"}, Sections: []document.Section{document.Sentences("lead\x07"), {Table: &w}}}
	const want = "title?[2J\n\nlead?\n\nName\n─────────────\ncell?[2J?next\n    sentence?[2J\n"
	if got := Text(d, 80); got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
}
