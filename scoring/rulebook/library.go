// Package rulebook makes rules from YAML: it decodes and checks rulebook files, applies what they extend, writes rules as a file, and holds
// the library of built-in rulebooks.
package rulebook

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"partnerscore/scoring"
	"partnerscore/scoring/rulebooks"
)

// Library holds the built-in rulebooks.
type Library struct {
	books []*scoring.Rulebook // by first day, those without one last
	files map[string]*file    // by id, for rulebooks that extend them

	labelled sync.Once
	labels   []string
}

// Embedded returns the rulebooks that are part of the program.
func Embedded() (*Library, error) { return loadAll(rulebooks.Files) }

// draft is a rulebook file that is not decoded yet.
type draft struct {
	name    string
	root    *yaml.Node // nil: not a mapping
	extends *yaml.Node // nil: the file extends nothing
	found   *problems
}

// newDraft reads a file as far as that is possible without other rulebooks.
func newDraft(name string, data []byte) draft {
	d := draft{name: name, found: newProblems()}
	d.root = parse(data, d.found)
	if d.extends = child(d.root, "extends"); d.extends != nil {
		d.found.inheritedLine = d.extends.Line
	}
	return d
}

// id returns the id that the file gives, empty where it gives none.
func (d draft) id() string {
	if id := child(d.root, "id"); id != nil {
		return id.Value
	}
	return ""
}

// parent returns the id that the file extends, empty where it extends nothing.
func (d draft) parent() string {
	if d.extends == nil {
		return ""
	}
	return d.extends.Value
}

// loadAll reads the rulebooks of a folder, parents before children.
func loadAll(files fs.FS) (*Library, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list rulebooks: %w", err)
	}
	var waiting []draft
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read rulebook: %w", err)
		}
		waiting = append(waiting, newDraft("rulebooks/"+name, data))
	}
	l := &Library{files: map[string]*file{}}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(d draft) bool { return d.extends == nil || l.files[d.parent()] != nil })
		if i < 0 {
			return nil, stuck(waiting)
		}
		if err := l.take(waiting[i]); err != nil {
			return nil, err
		}
		waiting = slices.Delete(waiting, i, i+1)
	}
	slices.SortStableFunc(l.books, byFirstDay)
	return l, nil
}

// take adds a rulebook to the library.
func (l *Library) take(d draft) error {
	if l.files[d.id()] != nil {
		d.found.add("id", d.root, "another rulebook is called %s", d.id())
	}
	f, err := l.decode(d)
	if err != nil {
		return err
	}
	l.books = append(l.books, f.rulebook())
	l.files[f.ID] = f
	return nil
}

// stuck reports why none of the files can be read: they extend unknown rulebooks or each other.
func stuck(waiting []draft) error {
	var all []error
	for _, d := range waiting {
		if slices.ContainsFunc(waiting, func(o draft) bool { return o.id() == d.parent() }) {
			d.found.add("extends", d.extends, "rulebooks extend each other in a circle: %s extends %s", d.id(), d.parent())
		} else {
			d.found.add("extends", d.extends, "unknown rulebook %q", shortened(d.parent()))
		}
		all = append(all, d.found.err(d.name))
	}
	return errors.Join(all...)
}

// byFirstDay orders rulebooks by their first day, those without one last, then by id.
func byFirstDay(a, b *scoring.Rulebook) int {
	switch {
	case a.From == nil && b.From == nil:
		return strings.Compare(a.ID, b.ID)
	case a.From == nil:
		return 1
	case b.From == nil:
		return -1
	default:
		return a.From.Compare(*b.From)
	}
}

// decode returns what a file says, with what it inherits.
func (l *Library) decode(d draft) (*file, error) {
	if d.root == nil {
		return nil, d.found.err(d.name)
	}
	f, parent := file{}, l.files[d.parent()]
	switch {
	case d.extends == nil:
	case d.extends.Kind != yaml.ScalarNode || d.extends.Tag != "!!str" || d.parent() == "": // the decoder reports it
		parent = nil
	case d.parent() == d.id():
		d.found.add("extends", d.extends, "a rulebook cannot extend itself")
		parent = nil
	case parent == nil:
		d.found.add("extends", d.extends, "unknown rulebook %q: want one of %s", shortened(d.parent()), strings.Join(l.ids(), ", "))
	default:
		f = *parent
		f.ID, f.Title, f.Extends, f.From = "", "", "", nil
	}
	partial := d.extends != nil && parent == nil
	(&decoder{d.found, partial}).decode("", d.root, reflect.ValueOf(&f).Elem(), "", parent == nil)
	f.validate(d.found, partial)
	if err := d.found.err(d.name); err != nil {
		return nil, err
	}
	return &f, nil
}

// ids returns the ids of the rulebooks in their order.
func (l *Library) ids() []string {
	var all []string
	for _, r := range l.books {
		all = append(all, r.ID)
	}
	return all
}

// List returns the rulebooks by their first day; those that are not selected by date come last.
func (l *Library) List() []*scoring.Rulebook { return slices.Clone(l.books) }

// CertificationLabels returns every text that names a certification in any of the rulebooks, each once, in byte order. They are put together once: that
// costs some milliseconds, and a backfill asks for each month.
func (l *Library) CertificationLabels() []string {
	l.labelled.Do(func() {
		for _, r := range l.books {
			l.labels = append(l.labels, r.CertificationLabels()...)
		}
		slices.Sort(l.labels)
		l.labels = slices.Compact(l.labels)
	})
	return slices.Clone(l.labels)
}

// Get returns the rulebook of an id, or an *UnknownError.
func (l *Library) Get(id string) (*scoring.Rulebook, error) {
	for _, r := range l.books {
		if r.ID == id {
			return r, nil
		}
	}
	return nil, &UnknownError{ID: id, Known: l.ids()}
}

// InForce returns the rulebook in force on the last day of a month, or a *NotInForceError.
func (l *Library) InForce(m scoring.Month) (*scoring.Rulebook, error) {
	var latest, first *scoring.Rulebook
	for _, r := range l.books {
		if r.From == nil {
			continue
		}
		if first == nil {
			first = r
		}
		if !r.From.After(m.Last()) {
			latest = r
		}
	}
	if latest != nil {
		return latest, nil
	}
	if first == nil {
		return nil, errors.New("no rulebook is selected by date")
	}
	return nil, &NotInForceError{Month: m, First: first}
}

// Load reads a partner's own rulebook, which may extend a built-in one. The name is for messages; what is wrong with the
// file is an *Error.
func (l *Library) Load(name string, data []byte) (*scoring.Rulebook, error) {
	d := newDraft(name, data)
	f, err := l.decode(d)
	if err != nil {
		return nil, err
	}
	book := f.rulebook()
	if same, err := l.Get(book.ID); err == nil && same.SHA256 != book.SHA256 {
		d.found.add("id", child(d.root, "id"), "%s is a built-in rulebook with other rules: choose another id", book.ID)
		return nil, d.found.err(name)
	}
	return book, nil
}
