package scoring

import (
	"bytes"
	"errors"
	"io"
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

// parse reads a file as one YAML mapping of plain values and reports what is not. The result is nil when there is no
// mapping to go on with.
func parse(data []byte, found *problems) *yaml.Node {
	if len(data) > maxFileBytes {
		found.found = append(found.found, Problem{Message: "the file is larger than 1 MiB: want a rulebook"})
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		found.found = append(found.found, syntaxProblem(err))
		return nil
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		found.add(value{node: &second}, "want one YAML document, have a second one")
	} else if !errors.Is(err, io.EOF) {
		found.found = append(found.found, syntaxProblem(err))
		return nil
	}
	if len(document.Content) == 0 {
		found.found = append(found.found, syntaxProblem(io.EOF))
		return nil
	}
	root := value{node: document.Content[0], found: found}
	if root.node.Kind != yaml.MappingNode {
		have := kindName(root.node)
		if root.node.Kind == yaml.ScalarNode && root.node.Tag != "!!null" {
			have = "a text" // not which: it may be the file of a secret that was named by mistake
		}
		root.problem("want a mapping with id, title and rules, have %s", have)
		return nil
	}
	root.checkPlain(maxDepth)
	return root.node
}

// syntaxProblem returns an error of the YAML decoder as a problem.
func syntaxProblem(err error) Problem {
	if errors.Is(err, io.EOF) {
		return Problem{Line: 1, Message: "the file is empty: want a rulebook"}
	}
	message := strings.ReplaceAll(err.Error(), "\n", " ")
	parts := yamlLine.FindStringSubmatch(message)
	if parts == nil {
		return Problem{Message: message}
	}
	line, convErr := strconv.Atoi(parts[1])
	if convErr != nil {
		line = 0 // the decoder knew none
	}
	return Problem{Line: line, Message: "not YAML: " + parts[2]}
}

// checkPlain reports what a rulebook has no use for, anchors and such, and blanks it, so that later checks meet plain
// values only. Of keys that come twice the first stays.
func (v value) checkPlain(depth int) {
	if v.node.Kind == yaml.AliasNode || v.node.Anchor != "" {
		v.problem("anchors and aliases are not allowed: write the value out")
		v.blank()
		return
	}
	if depth == 0 && v.node.Kind != yaml.ScalarNode {
		v.problem("nested deeper than a rulebook can be")
		v.blank()
		return
	}
	v.node.Tag = v.node.ShortTag()
	switch v.node.Kind {
	case yaml.SequenceNode:
		for _, item := range v.items() {
			item.checkPlain(depth - 1)
		}
	case yaml.MappingNode:
		v.checkKeys()
		for _, e := range v.entries() {
			e.checkPlain(depth - 1)
		}
	default:
	}
}

// blank takes the value out of all further checks.
func (v value) blank() {
	*v.node = yaml.Node{Kind: yaml.ScalarNode, Tag: reported, Line: v.node.Line, Column: v.node.Column}
}

// checkKeys reports keys of a mapping that are no texts or come twice, and drops them.
func (v value) checkKeys() {
	var kept []*yaml.Node
	lines := map[string]int{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		at := value{node: key, path: joined(v.path, key.Value), found: v.found}
		first, twice := lines[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" || key.Anchor != "":
			value{node: key, path: v.path, found: v.found}.problem("want a text as key, have %s", kindName(key))
		case twice:
			at.problem("the key comes twice, first in line %d", first)
		default:
			lines[key.Value] = key.Line
			kept = append(kept, key, v.node.Content[i+1])
		}
	}
	v.node.Content = kept
}
