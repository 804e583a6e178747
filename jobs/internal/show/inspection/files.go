package inspection

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"partnerscore/jobs/internal/inspect"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/scoring"
)

const (
	listedFiles   = 12 // files of a month in a table, and as many broken ones
	listedLayouts = 4  // different layouts of columns
	listedIgnored = 12 // ignored columns
)

// files lists the files of an input, what is wrong with each, and their columns, or those of the broken ones alone.
func (t *writer) files(files []inspect.InspectedFile, whole bool) {
	if len(files) == 0 {
		return
	}
	folder := commonFolder(files)
	w := show.NewTable(table.Row{"File", "Format", "Size", "Rows", ""}, 3, 4)
	listed := firstFiles(files)
	for _, f := range listed {
		rows, note := scoring.Grouped(f.Rows), ""
		switch {
		case len(f.Problems) > 0:
			rows, note = "", "broken, see below"
		case f.Many && f.SameAs == "":
			note = "holds many months"
		case f.SameAs != "":
			note = "the same as " + show.Shortened(show.Printable(inFolder(f.SameAs, folder)), 24)
		}
		w.AppendRow(table.Row{show.Shortened(show.Printable(inFolder(f.Path, folder)), max(t.width-40, 24)), f.Format, show.Bytes(f.Bytes), rows, note})
	}
	t.line("\nFiles in %s\n\n%s", show.Printable(folder), strings.TrimSuffix(show.Render(w), "\n"))
	if more := len(files) - len(listed); more > 0 {
		t.line("and %s more; --format json lists all", scoring.Grouped(int64(more)))
	}
	for _, f := range listed {
		for i, problem := range f.Problems {
			if i == 0 {
				t.line("")
			}
			t.sentence(0, problem)
		}
	}
	if !whole {
		files = slices.DeleteFunc(slices.Clone(files), func(f inspect.InspectedFile) bool { return len(f.Problems) == 0 })
	}
	t.layouts(files, folder)
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
func (t *writer) layouts(files []inspect.InspectedFile, folder string) {
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
			t.line("\nand %s of other columns", wording.Count(int64(len(order)-i), "group of files")) // more than a person compares
			return
		}
		same := with[key]
		title := "Column"
		if len(order) > 1 {
			title = "Column of " + show.Shortened(show.Printable(inFolder(same[0].Path, folder)), 40)
			if len(same) > 1 {
				title += fmt.Sprintf(" and %d more", len(same)-1)
			}
		}
		t.columns(title, same[0])
	}
}

// columns lists how the columns of a file are read, the ignored ones, and the optional ones that are missing.
func (t *writer) columns(title string, f inspect.InspectedFile) {
	w := show.NewTable(table.Row{title, "Type", "Read as"})
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
		t.table(w)
	}
	if more := len(ignored) + f.MoreColumns; more > 0 {
		shown := ignored[:min(len(ignored), listedIgnored)]
		sentence := "Ignored: " + strings.Join(shown, ", ")
		if more -= len(shown); more > 0 {
			sentence += fmt.Sprintf(" and %s more", scoring.Grouped(int64(more)))
		}
		t.sentence(0, sentence)
	}
	if len(f.Lacks) > 0 {
		t.sentence(0, "Absent and not needed: "+strings.Join(f.Lacks, ", "))
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
