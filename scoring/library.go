package scoring

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed rulebooks/*.yaml
var builtIn embed.FS

// Library holds the built-in rulebooks.
type Library struct {
	books []*Rulebook           // by first day, those without one last
	trees map[string]*yaml.Node // the complete rules by id, for rulebooks that extend them
}

// Embedded returns the rulebooks that are part of the program.
func Embedded() (*Library, error) { return loadAll(builtIn) }

// draft is a rulebook file on its way.
type draft struct {
	name    string
	root    *yaml.Node // nil: not a mapping
	found   *problems
	extends value
}

// newDraft reads a file as far as that is possible without other rulebooks.
func newDraft(file string, data []byte) draft {
	found := &problems{}
	d := draft{name: file, found: found, root: parse(data, found)}
	d.extends = value{node: d.root, found: found}.key("extends")
	found.inheritedLine, _ = d.extends.position()
	return d
}

// id returns what the file calls itself, empty where it does not.
func (d draft) id() string {
	if v := (value{node: d.root}).key("id"); v.present() {
		return v.node.Value
	}
	return ""
}

// loadAll reads the rulebooks of a folder, parents before children.
func loadAll(files fs.FS) (*Library, error) {
	names, err := fs.Glob(files, "rulebooks/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list rulebooks: %w", err)
	}
	var waiting []draft
	for _, file := range names {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read rulebook: %w", err)
		}
		waiting = append(waiting, newDraft(file, data))
	}
	l := &Library{trees: map[string]*yaml.Node{}}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, l.ready)
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

// ready reports whether everything that a file needs is there.
func (l *Library) ready(d draft) bool {
	if d.root == nil || !d.extends.present() {
		return true
	}
	_, ok := l.trees[d.extends.node.Value]
	return ok
}

// take adds a rulebook to the library.
func (l *Library) take(d draft) error {
	if _, twice := l.trees[d.id()]; twice {
		d.found.add(value{node: d.root, path: "id"}, "another rulebook is called %s", d.id())
	}
	book, tree, err := l.resolve(d)
	if err != nil {
		return err
	}
	l.books = append(l.books, book)
	l.trees[book.ID] = tree
	return nil
}

// stuck says why none of the files can be read: what they extend is unknown, or they extend each other.
func stuck(waiting []draft) error {
	var all []error
	for _, d := range waiting {
		parent := d.extends.node.Value
		if slices.ContainsFunc(waiting, func(o draft) bool { return o.id() == parent }) {
			d.extends.problem("rulebooks extend each other in a circle: %s extends %s", d.id(), parent)
		} else {
			d.extends.problem("unknown rulebook %q", shortened(parent))
		}
		all = append(all, d.found.err(d.name))
	}
	return errors.Join(all...)
}

// byFirstDay orders rulebooks by their first day, those without one last, then by id.
func byFirstDay(a, b *Rulebook) int {
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

// resolve returns the rulebook of a file and its complete rules.
func (l *Library) resolve(d draft) (*Rulebook, *yaml.Node, error) {
	if d.root == nil {
		return nil, nil, d.found.err(d.name)
	}
	tree := d.root
	if d.extends.present() {
		id := d.extends.text()
		parent := l.trees[id]
		d.found.partial = parent == nil
		switch {
		case id == "": // reported
		case id == d.id():
			d.extends.problem("a rulebook cannot extend itself")
		case parent == nil:
			d.extends.problem("unknown rulebook %q: want one of %s", shortened(id), strings.Join(l.ids(), ", "))
		default:
			tree = extended(parent, d.root, d.found)
		}
	}
	book := decoded(value{node: tree, found: d.found})
	if err := d.found.err(d.name); err != nil {
		return nil, nil, err
	}
	return book, tree, nil
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
func (l *Library) List() []*Rulebook { return slices.Clone(l.books) }

// Get returns the rulebook of an id, or an *UnknownRulebookError.
func (l *Library) Get(id string) (*Rulebook, error) {
	for _, r := range l.books {
		if r.ID == id {
			return r, nil
		}
	}
	return nil, &UnknownRulebookError{ID: id, Known: l.ids()}
}

// InForce returns the rulebook in force on the last day of a month, or a *NotInForceError.
func (l *Library) InForce(m Month) (*Rulebook, error) {
	var latest, first *Rulebook
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
// file is a *RulebookError.
func (l *Library) Load(file string, data []byte) (*Rulebook, error) {
	d := newDraft(file, data)
	book, _, err := l.resolve(d)
	if err != nil {
		return nil, err
	}
	if same, err := l.Get(book.ID); err == nil && same.SHA256() != book.SHA256() {
		value{node: d.root, found: d.found}.key("id").problem("%s is a built-in rulebook with other rules: choose another id", book.ID)
		return nil, d.found.err(file)
	}
	return book, nil
}
