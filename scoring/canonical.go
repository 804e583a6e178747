package scoring

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fact is one thing that a rulebook says: a path and a value. A list whose order means nothing is one fact per item.
type fact struct{ path, value string }

// usagePrefix leads to what decides the facts of a month.
const usagePrefix = "usage."

// facts returns everything that the rulebook says but its id and title, sorted. Equal rules give equal facts, however
// their files are laid out.
func (r *Rulebook) facts() []fact {
	var all []fact
	collect(r.tree(), "", &all)
	all = slices.DeleteFunc(all, func(f fact) bool { return f.path == "id" || f.path == "title" })
	slices.SortFunc(all, func(a, b fact) int {
		return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.value, b.value))
	})
	return all
}

// collect appends what a node says.
func collect(n *yaml.Node, path string, all *[]fact) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			collect(n.Content[i+1], joined(path, n.Content[i].Value), all)
		}
	case yaml.SequenceNode:
		if ordered(path) {
			*all = append(*all, fact{path, strings.Join(texts(n), "; ")})
			return
		}
		for _, text := range texts(n) {
			*all = append(*all, fact{path, text})
		}
	default:
		*all = append(*all, fact{path, n.Value})
	}
}

// ordered reports whether the order of a list means something: the priority of associations, the numbers of gates.
func ordered(path string) bool {
	return strings.HasSuffix(path, ".association_priority") || strings.HasSuffix(path, ".gates")
}

func texts(list *yaml.Node) []string {
	var all []string
	for _, item := range list.Content {
		all = append(all, item.Value)
	}
	return all
}

// SHA256 returns the hex hash of the rules: of what a score depends on, not of comments, layout, id, title and first day.
// Equal rules have equal hashes.
func (r *Rulebook) SHA256() string {
	return hashed(r.facts(), func(f fact) bool { return f.path != "from" })
}

// EligibilitySHA256 returns the hex hash of the part of the rules that decides which usage rows count and how they are
// deduplicated: labels, offers, their settings, the priority of associations, the name of the unknown service. Customer
// segments are no part of it.
func (r *Rulebook) EligibilitySHA256() string {
	return hashed(r.facts(), func(f fact) bool { return strings.HasPrefix(f.path, usagePrefix) })
}

func hashed(all []fact, keep func(fact) bool) string {
	hash := sha256.New()
	for _, f := range all {
		if keep(f) {
			hash.Write(fmt.Appendf(nil, "%q %q\n", f.path, f.value))
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Difference is one point in which two rulebooks differ; of lists, what only one of them has.
type Difference struct {
	Path string
	A, B string // empty: nothing
}

// Diff returns where two rulebooks differ, but for id and title, by path.
func Diff(a, b *Rulebook) []Difference {
	onlyA, onlyB := missingIn(a.facts(), b.facts()), missingIn(b.facts(), a.facts())
	paths := map[string]*Difference{}
	var all []*Difference
	at := func(path string) *Difference {
		if paths[path] == nil {
			paths[path] = &Difference{Path: path}
			all = append(all, paths[path])
		}
		return paths[path]
	}
	for _, f := range onlyA {
		d := at(f.path)
		d.A = listed(d.A, f.value)
	}
	for _, f := range onlyB {
		d := at(f.path)
		d.B = listed(d.B, f.value)
	}
	slices.SortFunc(all, func(x, y *Difference) int { return strings.Compare(x.Path, y.Path) })
	var differences []Difference
	for _, d := range all {
		differences = append(differences, *d)
	}
	return differences
}

// missingIn returns the facts of a that b does not have.
func missingIn(a, b []fact) []fact {
	have := map[fact]bool{}
	for _, f := range b {
		have[f] = true
	}
	return slices.DeleteFunc(a, func(f fact) bool { return have[f] })
}

// listed appends a value to others.
func listed(others, value string) string {
	if others == "" {
		return value
	}
	return others + "; " + value
}
