package rulebook

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFileBytes bounds a rulebook file; the built-in ones have a hundredth of it.
const maxFileBytes = 1 << 20

// maxDepth bounds how deep values nest; the built-in rulebooks need half of it.
const maxDepth = 10

// yamlLine finds the line in the decoder's own messages, which have no field for it.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// parse reads a file as one YAML mapping of plain values and reports what is not. The result is nil when there is no mapping.
func parse(data []byte, found *problems) *yaml.Node {
	if len(data) > maxFileBytes {
		found.add("", nil, "the file is larger than 1 MiB: want a rulebook")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	if err := decoder.Decode(&document); err != nil {
		found.addSyntax(err)
		return nil
	}
	if err := decoder.Decode(&second); err == nil {
		found.add("", &second, "want one YAML document, have a second one")
	} else if !errors.Is(err, io.EOF) {
		found.addSyntax(err)
		return nil
	}
	if len(document.Content) == 0 {
		found.addSyntax(io.EOF)
		return nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		have := kindName(root)
		if root.Kind == yaml.ScalarNode && root.Tag != "!!null" {
			have = "a text" // not which: someone may have named the file of a secret by mistake
		}
		found.add("", root, "want a mapping with id, title and rules, have %s", have)
		return nil
	}
	found.checkPlain("", root, maxDepth)
	return root
}

// addSyntax reports an error of the YAML parser.
func (p *problems) addSyntax(err error) {
	if errors.Is(err, io.EOF) {
		p.add("", &yaml.Node{Line: 1}, "the file is empty: want a rulebook")
		return
	}
	message := strings.ReplaceAll(err.Error(), "\n", " ")
	parts := yamlLine.FindStringSubmatch(message)
	if parts == nil {
		p.add("", nil, "%s", message)
		return
	}
	line, convErr := strconv.Atoi(parts[1])
	if convErr != nil {
		line = 0 // the parser did not name one
	}
	p.add("", &yaml.Node{Line: line}, "not YAML: %s", parts[2])
}

// checkPlain reports anchors, aliases and deep nesting, which no rulebook needs, and blanks them, so that later checks meet plain values only.
func (p *problems) checkPlain(path string, n *yaml.Node, depth int) {
	fault := ""
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		fault = "anchors and aliases are not allowed: write the value out"
	case depth == 0 && n.Kind != yaml.ScalarNode:
		fault = "nested deeper than a rulebook can be"
	}
	if fault != "" {
		p.add(path, n, "%s", fault)
		*n = yaml.Node{Kind: yaml.ScalarNode, Tag: reported, Line: n.Line, Column: n.Column}
		return
	}
	n.Tag = n.ShortTag()
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range n.Content {
			p.checkPlain(path, item, depth-1)
		}
	case yaml.MappingNode:
		p.checkKeys(path, n)
		for key, value := range pairs(n) {
			p.checkPlain(joined(path, key.Value), value, depth-1)
		}
	default:
	}
}

// checkKeys reports keys of a mapping that are not texts or come twice, and drops them. Of keys that come twice the first stays.
func (p *problems) checkKeys(path string, n *yaml.Node) {
	var kept []*yaml.Node
	lines := map[string]int{}
	for key, value := range pairs(n) {
		first, twice := lines[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" || key.Anchor != "":
			p.add(path, key, "want a text as key, have %s", kindName(key))
		case twice:
			p.add(joined(path, key.Value), key, "the key comes twice, first in line %d", first)
		default:
			lines[key.Value] = key.Line
			key.Tag = "!!str"
			kept = append(kept, key, value)
		}
	}
	n.Content = kept
}

// pairs yields the keys and values of a mapping.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// child returns the value of one key of a mapping, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for k, value := range pairs(n) {
		if k.Value == key {
			return value
		}
	}
	return nil
}

// joined appends a key to a path.
func joined(path, key string) string {
	if path == "" {
		return shortened(key)
	}
	return path + "." + shortened(key)
}
