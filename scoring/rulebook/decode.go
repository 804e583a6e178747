package rulebook

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"partnerscore/scoring"
)

// decoder fills structs from YAML nodes by their `yaml` tags. yaml.v3 would do that too, but its errors have neither the keys that lead to a
// value nor the keys that would be right, and it replaces what a rulebook inherits instead of changing it.
//
// A struct that is filled already, as inherited from another rulebook, is changed: mappings key by key, lists by `{remove: [...], add: [...]}`,
// everything else is replaced. A list of structs is a mapping in the file; its keys are the struct's ID. Other tags:
//
//	range:"1..100"     bounds of a whole number
//	least:"0.000001"   smallest amount
//	oneof:"a or b"     the only values of a text
//	form:"short"       form of an ID
//	empty:"allowed"    a list may be empty
//	none:"allowed"     the word `none` takes an inherited value away
//	inherit:"never"    a key that every file states for itself
type decoder struct {
	*problems
	// partial: the file extends an unknown rulebook, so that nothing can be said about what is not in the file.
	partial bool
}

// decode fills out from a node. fresh tells that out is new and inherits nothing.
func (d *decoder) decode(path string, n *yaml.Node, out reflect.Value, tag reflect.StructTag, fresh bool) {
	if n.Tag == reported {
		return
	}
	d.at[path] = n
	var err error
	switch v := out.Addr().Interface().(type) {
	case *string:
		err = readText(n, tag, v)
	case *int64:
		err = readWhole(n, tag, v)
	case *scoring.USD:
		err = readAmount(n, tag, v)
	case *time.Time:
		err = readDate(n, v)
	case *[]string:
		d.list(path, n, v, tag)
	default:
		switch out.Kind() {
		case reflect.Pointer:
			d.pointer(path, n, out, tag)
		case reflect.Slice:
			d.entries(path, n, out)
		default:
			d.fields(path, n, out, fresh)
		}
	}
	if err != nil {
		d.add(path, n, "%v", err)
	}
}

// pointer fills a copy of what is there: the original belongs to the rulebook that is extended.
func (d *decoder) pointer(path string, n *yaml.Node, out reflect.Value, tag reflect.StructTag) {
	if tag.Get("none") == "allowed" && n.Kind == yaml.ScalarNode && n.Value == "none" {
		out.SetZero()
		return
	}
	own := reflect.New(out.Type().Elem())
	if !out.IsNil() {
		own.Elem().Set(out.Elem())
	}
	d.decode(path, n, own.Elem(), tag, out.IsNil())
	out.Set(own)
}

// fields fills a struct and reports keys that it does not have, and required keys that the mapping does not have.
func (d *decoder) fields(path string, n *yaml.Node, out reflect.Value, fresh bool) {
	if !d.mapping(path, n) {
		return
	}
	known := fieldsOf(out.Type())
	given := map[string]bool{}
	for key, value := range pairs(n) {
		i := slices.IndexFunc(known, func(f field) bool { return f.key == key.Value })
		if i < 0 {
			d.add(joined(path, key.Value), key, "unknown key: want one of %s", keys(known))
			continue
		}
		given[key.Value] = true
		d.decode(joined(path, key.Value), value, out.FieldByIndex(known[i].index), known[i].tag, fresh)
	}
	for _, f := range known {
		never := f.tag.Get("inherit") == "never"
		if !given[f.key] && !f.optional && (never || fresh && !d.partial) {
			d.add(joined(path, f.key), n, "missing")
		}
	}
}

// entries fills a list of structs from a mapping: the entries that are there are changed, the others added.
func (d *decoder) entries(path string, n *yaml.Node, out reflect.Value) {
	if !d.mapping(path, n) {
		return
	}
	id, _ := out.Type().Elem().FieldByName("ID")
	all := reflect.AppendSlice(reflect.MakeSlice(out.Type(), 0, out.Len()), out)
	index := map[string]int{}
	for i := range all.Len() {
		index[all.Index(i).FieldByIndex(id.Index).String()] = i
	}
	for key, value := range pairs(n) {
		at := joined(path, key.Value)
		d.at[keyAt(at).key] = key
		i, known := index[key.Value]
		if !known {
			i, index[key.Value] = all.Len(), all.Len()
			all = reflect.Append(all, reflect.Zero(out.Type().Elem()))
			name := all.Index(i).FieldByIndex(id.Index)
			if err := readText(key, id.Tag, name.Addr().Interface().(*string)); err != nil {
				d.add(at, key, "%v", err)
			}
			name.SetString(key.Value)
		}
		d.decode(at, value, all.Index(i), "", !known)
	}
	out.Set(all)
}

// list fills a list of different texts.
func (d *decoder) list(path string, n *yaml.Node, out *[]string, tag reflect.StructTag) {
	switch {
	case n.Kind == yaml.SequenceNode:
		*out = d.items(path, []string{}, n)
	case n.Kind != yaml.MappingNode:
		d.add(path, n, "want a list, have %s", kindName(n))
		return
	case *out == nil && !d.partial:
		d.add(path, n, "want a list: there is no inherited list to change")
		return
	default:
		*out = d.changed(path, *out, n)
	}
	if len(*out) == 0 && !d.partial && tag.Get("empty") != "allowed" && !d.has(path) {
		d.add(path, n, "want at least one, have an empty list")
	}
}

// changed returns a list after `{remove: [...], add: [...]}`: what is left in its order, then what is added.
func (d *decoder) changed(path string, old []string, n *yaml.Node) []string {
	all := slices.Clone(old)
	for key, value := range pairs(n) {
		switch {
		case key.Value != "add" && key.Value != "remove":
			d.add(joined(path, key.Value), key, "unknown key: want one of remove, add")
		case value.Tag == reported:
		case value.Kind != yaml.SequenceNode:
			d.add(joined(path, key.Value), value, "want a list, have %s", kindName(value))
		case key.Value == "remove" && !d.partial:
			all = d.removed(joined(path, key.Value), all, value)
		}
	}
	if added := child(n, "add"); added != nil && added.Kind == yaml.SequenceNode {
		all = d.items(path, all, added)
	}
	return all
}

// removed returns a list without the items of a sequence.
func (d *decoder) removed(path string, all []string, n *yaml.Node) []string {
	for _, item := range n.Content {
		if item.Tag == reported {
			continue
		}
		label := scoring.Folded(item.Value)
		i := slices.IndexFunc(all, func(s string) bool { return scoring.Folded(s) == label })
		if i < 0 {
			d.add(path, item, "%s is not in the inherited list", kindName(item))
			continue
		}
		all = slices.Delete(all, i, i+1)
	}
	return all
}

// items appends the texts of a sequence to a list, but for those that are a problem.
func (d *decoder) items(path string, all []string, n *yaml.Node) []string {
	seen := map[string]bool{}
	for _, label := range all {
		seen[scoring.Folded(label)] = true
	}
	for _, item := range n.Content {
		if item.Tag == reported {
			continue
		}
		var label string
		err := readText(item, "", &label)
		switch {
		case err != nil:
			d.add(path, item, "%v", err)
		case seen[scoring.Folded(label)]:
			d.add(path, item, "%q is listed twice", shortened(label))
		default:
			seen[scoring.Folded(label)] = true
			d.at[itemAt(path, label).key] = item
			all = append(all, label)
		}
	}
	return all
}

// mapping reports a node that is not a mapping.
func (d *decoder) mapping(path string, n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode {
		d.add(path, n, "want a mapping, have %s", kindName(n))
	}
	return n.Kind == yaml.MappingNode
}

// field is a struct field that a file can set.
type field struct {
	key      string
	optional bool
	index    []int
	tag      reflect.StructTag
}

// fieldsOf returns the fields of a struct that have a key, in their order, those of an inlined struct too.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for _, f := range reflect.VisibleFields(t) {
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key != "" && key != "-" {
			all = append(all, field{key: key, optional: options == "omitempty", index: f.Index, tag: f.Tag})
		}
	}
	return all
}

func keys(fields []field) string {
	var all []string
	for _, f := range fields {
		all = append(all, f.key)
	}
	return strings.Join(all, ", ")
}
