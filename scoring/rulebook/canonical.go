package rulebook

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"partnerscore/scoring"
)

// fact is one thing that a rulebook says: a path and a value. A list whose order means nothing is one fact per item.
type fact struct{ path, value string }

// usagePrefix leads to what decides the facts of a month.
const usagePrefix = "usage."

// facts returns everything that a rulebook says but its id and title, sorted. Equal rules give equal facts, however
// their files are laid out.
func facts(r *scoring.Rulebook) []fact {
	var all []fact
	collect(tree(r), "", &all)
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
		for key, value := range pairs(n) {
			collect(value, joined(path, key.Value), all)
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

// setHashes sets the hashes of a rulebook by what it says.
func setHashes(r *scoring.Rulebook) {
	all := facts(r)
	r.SHA256 = hashed(all, func(f fact) bool { return f.path != "from" })
	r.EligibilitySHA256 = hashed(all, func(f fact) bool { return strings.HasPrefix(f.path, usagePrefix) })
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
	Path string `json:"path"`
	A    string `json:"a"` // empty: nothing
	B    string `json:"b"`
}

// Diff returns where two rulebooks differ, but for id and title, by path.
func Diff(a, b *scoring.Rulebook) []Difference {
	onlyA, onlyB := missingIn(facts(a), facts(b)), missingIn(facts(b), facts(a))
	paths := map[string]Difference{}
	for _, f := range onlyA {
		paths[f.path] = Difference{f.path, listed(paths[f.path].A, f.value), ""}
	}
	for _, f := range onlyB {
		paths[f.path] = Difference{f.path, paths[f.path].A, listed(paths[f.path].B, f.value)}
	}
	differences := []Difference{}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		differences = append(differences, paths[path])
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
