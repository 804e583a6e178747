package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
)

//go:embed page
var files embed.FS

// Maker makes pages. It is for one goroutine at a time.
type Maker struct {
	words     wording.Words
	templates *template.Template
	style     template.CSS
}

// NewMaker reads the templates, for pages in a language. In them, say is Words.Say.
func NewMaker(w wording.Words) (*Maker, error) {
	templates, err := template.New("").Funcs(template.FuncMap{"say": w.Say}).ParseFS(files, "page/*.gohtml")
	if err != nil {
		return nil, fmt.Errorf("read the templates of reports: %w", err)
	}
	style, err := files.ReadFile("page/style.css")
	if err != nil {
		return nil, fmt.Errorf("read the style of reports: %w", err)
	}
	return &Maker{words: w, templates: templates, style: template.CSS(style)}, nil //nolint:gosec // the program's own style sheet
}

// Entry lays out a partner.
func (k *Maker) Entry(s Subject) (Entry, error) {
	s.Words = k.words
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

	words wording.Words
}

// pageView is what the template of a page shows.
type pageView struct {
	Language                        string
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
func (k *Maker) Write(to io.Writer, p Page) error {
	w := k.words
	p.words = w
	man := p.Month.Manifest
	reasons := man.Provisional
	if !p.Index && len(p.Entries) == 1 {
		reasons = p.Entries[0].provisional
	}
	v := pageView{
		Language: w.Language(), Heading: w.Say("Partner capability score"), Month: w.Month(p.Month.ScoreMonth), Rulebook: man.Rulebook.ID, Style: k.style,
		Names: p.Names, Provisional: reasons, Method: method(w, p.Month, p.Exclusions, reasons),
		Finished: w.Day(man.Finished.UTC()) + man.Finished.UTC().Format(" 15:04 UTC"), Tool: man.ToolVersion,
	}
	v.Title = w.Say("Partner capability scores, %s", v.Month)
	if p.Index {
		v.Index = p.index()
		v.Heading = w.Say("Partner capability scores")
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
	if err := k.templates.ExecuteTemplate(to, "page", v); err != nil {
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

func method(w wording.Words, m *published.Month, exclusions []published.Exclusion, provisional []string) methodView {
	v := methodView{Final: w.Say("Complete: no input was missing."),
		RulebookTitle: m.Rules.Title, Rulebook: m.Rules.ID, RulebookSHA: m.Manifest.Rulebook.SHA256}
	if len(provisional) > 0 {
		v.Final = w.Say("Provisional: %s.", w.Parts(provisional))
	}
	if m.Rules.From != nil {
		v.Since = w.Day(*m.Rules.From)
	}
	if len(exclusions) > 0 {
		b := newBlock(w, written.LeftOut(w, exclusions, true))
		v.Exclusions = &b
	}
	for name, value := range m.Manifest.Settings {
		v.Settings = append(v.Settings, setting{wording.Sentence(w.Term(wording.Label(name))), day(w, fmt.Sprint(value))})
	}
	slices.SortFunc(v.Settings, func(a, b setting) int { return cmp.Compare(a.Name, b.Name) })
	v.inputs(w, m.Manifest.Inputs)
	return v
}

func (v *methodView) inputs(w wording.Words, inputs []snapshot.File) {
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
		v.Inputs = append(v.Inputs, inputRow{wording.Sentence(w.Term(wording.Label(t))), w.Grouped(s.files), w.Grouped(s.rows), w.Grouped(s.bytes)})
	}
}
