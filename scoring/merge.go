package scoring

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// own are the keys that a rulebook never inherits.
var own = [...]string{"id", "title", "extends", "from"}

// extended returns the rules of parent changed by child. Places that the child did not write have no line.
func extended(parent, child *yaml.Node, found *problems) *yaml.Node {
	base := inherited(parent)
	for i := 0; i+1 < len(base.Content); {
		if slices.Contains(own[:], base.Content[i].Value) {
			base.Content = slices.Delete(base.Content, i, i+2)
			continue
		}
		i += 2
	}
	return merged(base, value{node: child, found: found})
}

// inherited returns a deep copy without places.
func inherited(n *yaml.Node) *yaml.Node {
	c := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value}
	for _, part := range n.Content {
		c.Content = append(c.Content, inherited(part))
	}
	return c
}

// merged returns base changed by change: mappings key by key, lists by their change form, everything else replaced.
func merged(base *yaml.Node, change value) *yaml.Node {
	switch {
	case base.Kind == yaml.SequenceNode && change.node.Kind == yaml.MappingNode:
		return changedList(base, change)
	case base.Kind != yaml.MappingNode || change.node.Kind != yaml.MappingNode:
		return change.node
	}
	out := &yaml.Node{
		Kind: yaml.MappingNode, Tag: base.Tag, Line: change.node.Line, Column: change.node.Column,
		Content: slices.Clone(base.Content),
	}
	for _, e := range change.entries() {
		if i := keyIndex(base, e.key.Value); i >= 0 {
			out.Content[i], out.Content[i+1] = e.key, merged(base.Content[i+1], e.value)
			continue
		}
		out.Content = append(out.Content, e.key, e.node)
	}
	return out
}

// keyIndex returns where a mapping has the key, or -1.
func keyIndex(mapping *yaml.Node, key string) int {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// changedList returns a list after `{remove: [...], add: [...]}`: what is left in its order, then what is added.
func changedList(base *yaml.Node, change value) *yaml.Node {
	parts := change.fields("remove", "add")
	out := &yaml.Node{
		Kind: yaml.SequenceNode, Tag: base.Tag, Line: change.node.Line, Column: change.node.Column,
		Content: slices.Clone(base.Content),
	}
	if parts["remove"].present() {
		for _, item := range parts["remove"].items() {
			i := slices.IndexFunc(out.Content, func(n *yaml.Node) bool { return sameItem(n, item.node) })
			if i < 0 {
				item.problem("the inherited list has no %s to remove", kindName(item.node))
				continue
			}
			out.Content = slices.Delete(out.Content, i, i+1)
		}
	}
	if parts["add"].present() {
		for _, item := range parts["add"].items() {
			out.Content = append(out.Content, item.node)
		}
	}
	return out
}

// sameItem reports whether two items of a list are the same label.
func sameItem(a, b *yaml.Node) bool {
	return a.Kind == yaml.ScalarNode && b.Kind == yaml.ScalarNode && folded(a.Value) == folded(b.Value)
}
