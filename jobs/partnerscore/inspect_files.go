package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
)

const (
	listedFiles   = 12 // files of a month in a table, and as many broken ones
	listedLayouts = 4  // different layouts of columns
	listedIgnored = 12 // columns that stand for nothing
)

// files lists the files of an input, what is wrong with each, and their columns, or those of the broken ones alone.
func (t *inspectTable) files(files []inspect.InspectedFile, whole bool) {
	if len(files) == 0 {
		return
	}
	folder := commonFolder(files)
	w := newInspectWriter(table.Row{"File", "Format", "Size", "Rows", ""}, 3, 4)
	listed := firstFiles(files)
	for _, f := range listed {
		rows, note := show.Grouped(f.Rows), ""
		switch {
		case len(f.Problems) > 0:
			rows, note = "", "broken, see below"
		case f.Many && f.SameAs == "":
			note = "holds many months"
		case f.SameAs != "":
			note = "the same as " + clipped(show.Printable(inFolder(f.SameAs, folder)), 24)
		}
		w.AppendRow(table.Row{clipped(show.Printable(inFolder(f.Path, folder)), max(t.width-40, 24)), f.Format, sizeOf(f.Bytes), rows, note})
	}
	t.line("\nFiles in %s\n\n%s", show.Printable(folder), strings.TrimSuffix(show.Render(w), "\n"))
	if more := len(files) - len(listed); more > 0 {
		t.line("and %s more; --format json lists all", show.Grouped(int64(more)))
	}
	for _, f := range listed {
		for i, problem := range f.Problems {
			if i == 0 {
				t.line("")
			}
			t.b.WriteString(show.Indented(problem, 0, t.width))
		}
	}
	if !whole {
		files = slices.DeleteFunc(slices.Clone(files), func(f inspect.InspectedFile) bool { return len(f.Problems) == 0 })
	}
	t.layouts(files, folder)
}

// undated lists usage files that would be of many months, were they not broken or empty.
func (t *inspectTable) undated() {
	if len(t.result.Undated) == 0 {
		return
	}
	t.line("\nUsage of no known month, since it is broken or empty")
	t.files(t.result.Undated, false)
}

// firstFiles returns the first broken files and the first others.
func firstFiles(files []inspect.InspectedFile) (first []inspect.InspectedFile) {
	listed := map[bool]int{}
	for _, f := range files {
		broken := len(f.Problems) > 0
		if listed[broken]++; listed[broken] <= listedFiles {
			first = append(first, f)
		}
	}
	return first
}

// layouts lists the columns of files, those with the same ones together.
func (t *inspectTable) layouts(files []inspect.InspectedFile, folder string) {
	var order []string
	with := map[string][]inspect.InspectedFile{}
	for _, f := range files {
		if len(f.Columns) == 0 {
			continue
		}
		key := fmt.Sprintf("%q", f.Columns)
		if with[key] == nil {
			order = append(order, key)
		}
		with[key] = append(with[key], f)
	}
	for i, key := range order {
		if i == listedLayouts {
			t.line("\nand %s of other columns", show.Count(int64(len(order)-i), "group of files")) // more than a person compares
			return
		}
		same := with[key]
		title := "Column"
		if len(order) > 1 {
			title = "Column of " + clipped(show.Printable(inFolder(same[0].Path, folder)), 40)
			if len(same) > 1 {
				title += fmt.Sprintf(" and %d more", len(same)-1)
			}
		}
		t.columns(title, same[0])
	}
}

// columns lists what the columns of a file stand for, those that are ignored, and the optional ones that it does not have.
func (t *inspectTable) columns(title string, f inspect.InspectedFile) {
	w := newInspectWriter(table.Row{title, "Type", "Stands for"})
	var ignored []string
	for _, c := range f.Columns {
		switch {
		case c.Rival != "":
			w.AppendRow(table.Row{c.Name, c.Type, "? not taken for " + c.Rival})
		case len(c.StandsFor) == 0:
			ignored = append(ignored, c.Name)
		default:
			w.AppendRow(table.Row{c.Name, c.Type, strings.Join(c.StandsFor, ", ")})
		}
	}
	if w.Length() > 0 {
		t.line("\n%s", strings.TrimSuffix(show.Render(w), "\n"))
	}
	if more := len(ignored) + f.MoreColumns; more > 0 {
		shown := ignored[:min(len(ignored), listedIgnored)]
		sentence := "Ignored: " + strings.Join(shown, ", ")
		if more -= len(shown); more > 0 {
			sentence += fmt.Sprintf(" and %s more", show.Grouped(int64(more)))
		}
		t.b.WriteString(show.Indented(sentence, 0, t.width))
	}
	if len(f.Lacks) > 0 {
		t.b.WriteString(show.Indented("Absent and not needed: "+strings.Join(f.Lacks, ", "), 0, t.width))
	}
}

// commonFolder is the deepest folder that all files are in, with a slash at its end.
func commonFolder(files []inspect.InspectedFile) string {
	folder := path.Dir(files[0].Path) + "/"
	for _, f := range files[1:] {
		for !strings.HasPrefix(f.Path, folder) && folder != "" {
			folder = folder[:strings.LastIndexByte(strings.TrimSuffix(folder, "/"), '/')+1]
		}
	}
	return folder
}

func inFolder(file, folder string) string { return strings.TrimPrefix(file, folder) }

// certificationsMonth is the month of a snapshot of certifications in words.
func certificationsMonth(c inspect.InspectedCertifications) string {
	if c.Month == 0 {
		return "no known month"
	}
	return c.Month.String()
}

// certifications prints all there is to say of a month of certifications, or what is wrong with it.
func (t *inspectTable) certifications(c inspect.InspectedCertifications, whole bool) {
	t.line("\nCertifications of %s, judged by rulebook %s", certificationsMonth(c), show.Printable(c.Rulebook))
	t.problems(c.Problems)
	t.files(c.Files, whole)
	if !c.Judged || !whole {
		return
	}
	t.line("\n%s, %s of them certifications.", show.Count(c.Rows, "row"), show.Grouped(c.Certifications))
	if c.UnknownPartner > 0 {
		sentence := "Left out, since the partners files do not know their location: " + show.Count(c.UnknownPartner, "row")
		if c.UnknownLocation != "" {
			sentence += ", the first of location " + show.Printable(c.UnknownLocation)
		}
		t.b.WriteString(show.Indented(sentence+".", 0, t.width))
	}
	if c.Nobody > 0 {
		t.b.WriteString(show.Indented("For nobody, without certification id and e-mail: "+show.Count(c.Nobody, "row")+".", 0, t.width))
	}
	t.labels("Training type", c.Types)
	t.labels("Title of a certification", c.Titles)
}

// partners prints what the partners files hold: all of it, or a line where nothing is wrong with them.
func (t *inspectTable) partners(whole bool) {
	p := t.result.Partners
	if p == nil {
		t.line("\nThere is no partners file: every location counts for the account that the rows name, else for itself.")
		return
	}
	broken := len(p.Problems) > 0 || brokenFile(p.Files)
	if broken {
		t.line("\nPartners, which cannot be used; rows above are judged as if there were none")
	} else {
		t.line("\nPartners: %s of %s, %s in %s.", show.Count(p.Locations, "location"), show.Count(p.Accounts, "account"), show.Count(p.Rows, "row"),
			show.Count(int64(len(p.Files)), "file"))
	}
	t.problems(p.Problems)
	if whole || broken {
		t.files(p.Files, whole)
	}
}
