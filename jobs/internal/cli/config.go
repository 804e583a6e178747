package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"partnerscore/jobs/internal/nearest"
	"partnerscore/jobs/internal/show"
)

// DefaultConfig is read when it exists and no other file is named.
const DefaultConfig = "partnerscore.yaml"

// Config is a config file: a mapping whose keys set options, but for those that describe the exports.
type Config struct {
	Exports ExportForm

	path     string
	flags    map[string][]string // the values of options as text, by key; several for a list
	lines    map[string]int      // where the value of each key begins, by its path, like "amounts.decimal"
	problems []problem
}

// document is the structure of a config file. Values are checked after it.
type document struct {
	exportForm `yaml:",inline"`
	Options    map[string]yaml.Node `yaml:",inline"`
}

// problem is something that is wrong at a line; line 0 is the file itself.
type problem struct {
	line    int
	message string
}

// OpenConfig reads the config file at path, or the default one if there is one; without any it returns nil. keyed are the options that the
// file can set. Problems of the contents are in the result.
func OpenConfig(path string, keyed []*Option) (*Config, error) {
	named := path != ""
	if !named {
		path = DefaultConfig
	}
	data, err := ReadSmall(path)
	if !named && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("config file %s: %w", path, err)
	}
	return parseConfig(path, data, keyed), nil
}

func parseConfig(path string, data []byte, keyed []*Option) *Config {
	f := &Config{path: path, flags: map[string][]string{}, lines: map[string]int{}}
	root, ok := f.parse(data)
	if !ok {
		return f
	}
	var d document
	if !f.check("", root, reflect.TypeOf(d), keyed) {
		return f
	}
	if err := root.Decode(&d); err != nil { // an anchor that contains itself
		f.syntaxError(err)
		return f
	}
	for _, o := range keyed {
		if node, ok := d.Options[o.Key]; ok {
			f.option(o, &node)
		}
	}
	f.Exports = f.readExportForm(&d.exportForm)
	return f
}

// parse returns the mapping of the file; ok is false when it cannot be read.
func (f *Config) parse(data []byte) (root *yaml.Node, ok bool) {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var all, second yaml.Node
	switch err := decoder.Decode(&all); {
	case errors.Is(err, io.EOF):
		return nil, false // no settings
	case err != nil:
		f.syntaxError(err)
		return nil, false
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		f.problem(second.Line, "want one document, got several")
		return nil, false
	}
	root = all.Content[0]
	return root, root.Kind != yaml.ScalarNode || root.Tag != "!!null"
}

// yamlLine finds the line that an error of the YAML decoder names.
var yamlLine = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)$`)

func (f *Config) syntaxError(err error) {
	parts := yamlLine.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])
	if parts == nil {
		f.problem(0, "%v", err)
		return
	}
	line, _ := strconv.Atoi(parts[1]) // digits by the expression, or nothing
	f.problem(line, "not valid YAML: %s", parts[2])
}

// check compares a node with a type of the document. It reports unknown keys, keys that stand twice and values that should be mappings, and
// removes them, so that the rest can be decoded. It reports whether the node itself is usable. (The strict mode of the decoder stops at a key that
// stands twice, and quotes values, which may be secrets.)
func (f *Config) check(path string, node *yaml.Node, t reflect.Type, keyed []*Option) bool {
	node = resolve(node)
	if t == reflect.TypeFor[yaml.Node]() {
		return true
	}
	if node.Kind != yaml.MappingNode {
		got := describe(node)
		if path == "" && node.Kind == yaml.ScalarNode {
			got = "a text" // not which: it may be the file of a secret that was named by mistake
		}
		f.problem(node.Line, "%s: want keys and values, got %s", cmp.Or(path, "the file"), got)
		return false
	}
	known := keysOf(t)
	for _, o := range keyed {
		known[o.Key] = reflect.TypeFor[yaml.Node]()
	}
	var kept []*yaml.Node
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		full := strings.TrimPrefix(path+"."+key.Value, ".")
		inner := known[key.Value]
		if t.Kind() == reflect.Map {
			inner = t.Elem()
		}
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge" || key.Tag == "!!null":
			f.problem(key.Line, "%s: want a name as key, got %s", cmp.Or(path, "the file"), describe(key))
		case seen[key.Value] != 0:
			f.problem(key.Line, "%s: stands in line %d already", full, seen[key.Value])
		case inner == nil:
			f.problem(key.Line, "%s: unknown key, %s", full, suggestion(key.Value, "known are ", slices.Sorted(maps.Keys(known))))
		case f.check(full, value, inner, nil):
			f.lines[full] = resolve(value).Line
			kept = append(kept, key, value)
		}
		seen[key.Value] = key.Line
	}
	node.Content = kept
	return true
}

// keysOf returns the keys of a struct by its yaml tags, with the types of their values.
func keysOf(t reflect.Type) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return keys
	}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case name != "":
			keys[name] = field.Type
		case field.Type.Kind() == reflect.Struct: // inline
			maps.Copy(keys, keysOf(field.Type))
		}
	}
	return keys
}

// suggestion names the one of the names that is probably meant, or lists all of them behind a phrase.
func suggestion(wanted, list string, names []string) string {
	const near = 2 // letters
	if closest := nearest.Names(wanted, names, 1); nearest.Distance(wanted, closest[0]) <= near && len(wanted) > near {
		return fmt.Sprintf("did you mean %s?", closest[0])
	}
	return list + strings.Join(names, ", ")
}

// option takes the value of an option as text: the option reads it as it reads a flag.
func (f *Config) option(o *Option, node *yaml.Node) {
	node = resolve(node)
	nodes := []*yaml.Node{node}
	if o.List && node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	for _, n := range nodes {
		text, ok := scalar(n)
		if !ok {
			delete(f.flags, o.Key)
			f.problem(n.Line, "%s: want one value, got %s", o.Key, describe(resolve(n)))
			return
		}
		f.flags[o.Key] = append(f.flags[o.Key], text)
	}
}

// scalar returns the text of a node that has one.
func scalar(node *yaml.Node) (text string, ok bool) {
	node = resolve(node)
	return node.Value, node.Kind == yaml.ScalarNode && node.Tag != "!!null"
}

// resolve follows an alias.
func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// describe says what a node is, for messages.
func describe(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "keys and values"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Tag == "!!null":
		return "nothing"
	default:
		return strconv.Quote(node.Value)
	}
}

// problem notes what is wrong at a line, on one line whatever the file holds.
func (f *Config) problem(line int, format string, args ...any) {
	f.problems = append(f.problems, problem{line, show.Printable(fmt.Sprintf(format, args...))})
}

// at names the file and a line of it.
func (f *Config) at(line int) string {
	if line == 0 {
		return f.path
	}
	return f.path + ":" + strconv.Itoa(line)
}

// place names the place of a key in the file, for messages about its value.
func (f *Config) place(key string) string { return f.at(f.lines[key]) + ": " + key }

// Places returns the place of each option that the file decides, by the name of the flag: "partnerscore.yaml:3: rulebook".
func (f *Config) Places(options []*Option, env func(string) string) map[string]string {
	places := map[string]string{}
	for _, o := range options {
		if texts, source := o.lookup(env, f); f != nil && len(texts) > 0 && source == f.place(o.Key) {
			places[o.Name] = source
		}
	}
	return places
}

// Problems returns everything that is wrong with the file itself, by line.
func (f *Config) Problems() (messages []string) {
	slices.SortStableFunc(f.problems, func(a, b problem) int { return a.line - b.line })
	for _, p := range f.problems {
		messages = append(messages, f.at(p.line)+": "+p.message)
	}
	return messages
}

// ByLine sorts messages by the line of the file that they name; those that name none come last.
func (f *Config) ByLine(messages []string) []string {
	if f == nil {
		return messages
	}
	line := func(message string) int {
		text, _, _ := strings.Cut(strings.TrimPrefix(message, f.path+":"), ":")
		if n, err := strconv.Atoi(text); err == nil && strings.HasPrefix(message, f.path+":") {
			return n
		}
		return math.MaxInt
	}
	slices.SortStableFunc(messages, func(a, b string) int { return cmp.Compare(line(a), line(b)) })
	return messages
}
