package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

//go:embed page
var files embed.FS

// Maker makes pages. It is for one goroutine at a time.
type Maker struct {
	templates *template.Template
	style     template.CSS
}

// NewMaker reads the templates.
func NewMaker() (*Maker, error) {
	templates, err := template.ParseFS(files, "page/*.gohtml")
	if err != nil {
		return nil, fmt.Errorf("read the templates of reports: %w", err)
	}
	style, err := files.ReadFile("page/style.css")
	if err != nil {
		return nil, fmt.Errorf("read the style of reports: %w", err)
	}
	return &Maker{templates: templates, style: template.CSS(style)}, nil //nolint:gosec // the program's own style sheet
}

// Entry lays out a partner.
func (k *Maker) Entry(s Subject) (Entry, error) {
	e := s.entry()
	v, err := s.section()
	if err != nil {
		return e, fmt.Errorf("lay out partner %s: %w", s.ID, err)
	}
	var b strings.Builder
	if err := k.templates.ExecuteTemplate(&b, "partner", v); err != nil {
		return e, fmt.Errorf("lay out partner %s: %w", s.ID, err)
	}
	e.section = template.HTML(b.String()) //nolint:gosec // made by a template, which has escaped it
	return e, nil
}

// Page is a whole page.
type Page struct {
	Month      *published.Month
	Exclusions []published.Exclusion // of the month, all partners
	Entries    []Entry
	// Index asks for an index of the entries before their sections; InFolder says that the folder has other pages of the month.
	Index, InFolder bool
	// Names says that it names people: it is marked as such.
	Names bool
}

// pageView is what the template of a page shows.
type pageView struct {
	Title, Heading, Month, Rulebook string
	IndexHref                       string
	Provisional                     []string
	Style                           template.CSS
	Index                           *indexView
	Sections                        []template.HTML
	Method                          methodView
	Finished, Tool                  string
	Names                           bool
}

// Write writes a page.
func (k *Maker) Write(w io.Writer, p Page) error {
	man := p.Month.Manifest
	reasons := man.Provisional
	if !p.Index && len(p.Entries) == 1 {
		reasons = p.Entries[0].provisional
	}
	v := pageView{
		Heading: "Partner capability score", Month: wording.Month(p.Month.ScoreMonth), Rulebook: man.Rulebook.ID, Style: k.style,
		Names: p.Names, Provisional: reasons, Method: method(p.Month, p.Exclusions, reasons), Finished: man.Finished.UTC().Format("2006-01-02 15:04 UTC"), Tool: man.ToolVersion,
	}
	v.Title = "Partner capability scores, " + v.Month
	if p.Index {
		v.Index = p.index()
		v.Heading = "Partner capability scores"
	} else if len(p.Entries) == 1 {
		v.Title = published.PartnerName{ID: p.Entries[0].ID, Name: p.Entries[0].Name}.String() + ", " + v.Month
		if p.InFolder {
			v.IndexHref = IndexFile
		}
	}
	for _, e := range p.Entries {
		if e.section != "" {
			v.Sections = append(v.Sections, e.section)
		}
	}
	if err := k.templates.ExecuteTemplate(w, "page", v); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// methodView is what the scores of a month were made from.
type methodView struct {
	Final                                       string
	Exclusions                                  *block // nil: no row was left out
	RulebookTitle, Rulebook, RulebookSHA, Since string
	Settings                                    []setting
	Inputs                                      []inputRow
}

type setting struct{ Name, Value string }

type inputRow struct{ Table, Files, Rows, Bytes string }

func method(m *published.Month, exclusions []published.Exclusion, provisional []string) methodView {
	v := methodView{Final: "Complete: no input was missing.",
		RulebookTitle: m.Rules.Title, Rulebook: m.Rules.ID, RulebookSHA: m.Manifest.Rulebook.SHA256}
	if len(provisional) > 0 {
		v.Final = "Provisional: " + strings.Join(provisional, "; ") + "."
	}
	if m.Rules.From != nil {
		v.Since = m.Rules.From.Format(time.DateOnly)
	}
	if len(exclusions) > 0 {
		b := newBlock(written.LeftOut(exclusions, true), "")
		v.Exclusions = &b
	}
	for name, value := range m.Manifest.Settings {
		v.Settings = append(v.Settings, setting{wording.Sentence(wording.Label(name)), fmt.Sprint(value)})
	}
	slices.SortFunc(v.Settings, func(a, b setting) int { return cmp.Compare(a.Name, b.Name) })
	v.inputs(m.Manifest.Inputs)
	return v
}

func (v *methodView) inputs(inputs []snapshot.File) {
	type sum struct{ files, rows, bytes int64 }
	sums := map[string]*sum{}
	var tables []string
	for _, f := range inputs {
		if sums[f.Table] == nil {
			sums[f.Table] = &sum{}
			tables = append(tables, f.Table)
		}
		s := sums[f.Table]
		s.files, s.rows, s.bytes = s.files+1, s.rows+f.Rows, s.bytes+f.Bytes
	}
	for _, t := range tables {
		s := sums[t]
		v.Inputs = append(v.Inputs, inputRow{wording.Sentence(wording.Label(t)), scoring.Grouped(s.files), scoring.Grouped(s.rows), scoring.Grouped(s.bytes)})
	}
}
