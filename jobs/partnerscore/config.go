package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/schema"
)

// defaultConfig is read when it is there and no other file is named.
const defaultConfig = "partnerscore.yaml"

// maxFile bounds the files that people write: configurations, rulebooks, keys.
const maxFile = 1 << 20

// configFile is what a config file says. It is a plain mapping: every key but those of the exports' form (profile, paths, columns,
// aliases, amounts, dates, partner) stands for a flag.
type configFile struct {
	path     string
	entries  map[string]configEntry
	profile  schema.Profile
	patterns exports.Patterns
	amounts  exports.Separators
	dates    exports.DateOrder
	partner  string
	columns  map[schema.Table]map[string][]string
	aliases  map[schema.Table]map[string][]string

	problems []configProblem
}

// configEntry is the value of a key as text, several of them for a list.
type configEntry struct {
	texts []string
	line  int
}

// configProblem is something that is wrong at a line; line 0 is the file itself.
type configProblem struct {
	line    int
	message string
}

// place names the file and a line of it.
func (f *configFile) place(line int) string {
	if line == 0 {
		return f.path
	}
	return f.path + ":" + strconv.Itoa(line)
}

// byLine sorts messages by the line of the file that they name; those that name none come last.
func (f *configFile) byLine(messages []string) []string {
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

func (f *configFile) problem(line int, format string, args ...any) {
	f.problems = append(f.problems, configProblem{line, fmt.Sprintf(format, args...)})
}

// openConfig reads the config file at path, or the default one if there is one. Without any it returns nil. What is wrong with the
// contents stands in the result's problems.
func openConfig(path string) (*configFile, error) {
	named := path != ""
	if !named {
		path = defaultConfig
	}
	data, err := readSmall(path)
	if !named && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("config file %s: %w", path, err)
	}
	f := &configFile{path: path, entries: map[string]configEntry{}}
	f.decode(data)
	return f, nil
}

// readSmall reads a file that a person wrote. The error does not repeat its name.
func readSmall(path string) (data []byte, err error) {
	info, err := os.Stat(path) // symlinks are fine: that is how Kubernetes mounts files
	if err != nil {
		return nil, plainError(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, plainError(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err = io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, plainError(err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	return data, nil
}

// plainError takes the path, which the caller names, off an error of the file system.
func plainError(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("it does not exist%w", silent{fs.ErrNotExist})
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("it may not be read, check its owner and mode%w", silent{fs.ErrPermission})
	default:
		return path.Err
	}
}

// silent keeps an error for errors.Is without repeating its words.
type silent struct{ error }

// Error is empty.
func (s silent) Error() string { return "" }

// Unwrap returns the error that is kept.
func (s silent) Unwrap() error { return s.error }

// yamlLine finds the line that a syntax error of the YAML decoder names.
var yamlLine = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)$`)

func (f *configFile) decode(data []byte) {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var document yaml.Node
	err := decoder.Decode(&document)
	switch {
	case errors.Is(err, io.EOF):
		return // no settings
	case err != nil:
		f.syntaxError(err)
		return
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		f.problem(second.Line, "want one document, got several")
		return
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return
	}
	f.readProfile(root)
	f.eachKey("", root, f.setting)
}

// readProfile takes what the usage files are exports of. It comes before the other keys: which columns there are depends on it.
func (f *configFile) readProfile(root *yaml.Node) {
	root = aliased(root)
	if root.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], aliased(root.Content[i+1])
		if key.Value != "profile" {
			continue
		}
		profile, err := schema.ParseProfile(value.Value)
		if err != nil || value.Kind != yaml.ScalarNode {
			f.problem(value.Line, "profile: want azure-cost-management or focus, got %s", describe(value))
			return
		}
		f.profile = profile
		return
	}
}

func (f *configFile) syntaxError(err error) {
	parts := yamlLine.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])
	if parts == nil {
		f.problem(0, "%v", err)
		return
	}
	line := 0
	if parts[1] != "" {
		line, _ = strconv.Atoi(parts[1]) // digits by the expression
	}
	f.problem(line, "this is no YAML: %s", parts[2])
}

// eachKey calls do for every key of a mapping, with the path that leads to it.
func (f *configFile) eachKey(path string, node *yaml.Node, do func(path string, key, value *yaml.Node)) {
	node = aliased(node)
	if node.Kind != yaml.MappingNode {
		got := describe(node)
		if path == "" && node.Kind == yaml.ScalarNode && node.Tag != "!!null" {
			got = "a text" // not which: it may be the file of a secret that was named by mistake
		}
		f.problem(node.Line, "%s: want keys and values, got %s", orFile(path), got)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], aliased(node.Content[i+1])
		full := key.Value
		if path != "" {
			full = path + "." + full
		}
		if key.Kind != yaml.ScalarNode {
			f.problem(key.Line, "%s: want a name as key, got %s", orFile(path), describe(key))
			continue
		}
		if first, twice := seen[key.Value]; twice {
			f.problem(key.Line, "%s: stands in line %d already", full, first)
			continue
		}
		seen[key.Value] = key.Line
		do(full, key, value)
	}
}

func orFile(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

func aliased(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// describe says what a node is, for messages.
func describe(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	if node.Tag == "!!null" {
		return "nothing"
	}
	return strconv.Quote(node.Value)
}
