package scoring

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms are the packages of the rules by folder, with what they may import in addition to the standard library.
func rooms() map[string][]string {
	return map[string][]string{
		".":         nil,
		"rulebook":  {"go.yaml.in/yaml/v3", "partnerscore/scoring", "partnerscore/scoring/rulebooks"},
		"rulebooks": nil,
	}
}

// sources returns the Go files of a folder without its tests.
func sources(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
	if len(files) == 0 {
		t.Fatalf("%s has no source", folder)
	}
	return files
}

// TestImports keeps the rules pure: nothing reads a clock, a file, a network or a process, and nothing imports the rest of the project.
func TestImports(t *testing.T) {
	forbidden := []string{"os", "os/exec", "net", "net/http", "math", "math/rand", "math/rand/v2", "unsafe", "runtime"}
	for folder, allowed := range rooms() {
		for _, file := range sources(t, folder) {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range parsed.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				first, _, _ := strings.Cut(path, "/")
				foreign := strings.Contains(first, ".") || first == "partnerscore"
				if slices.Contains(forbidden, path) || foreign && !slices.Contains(allowed, path) {
					t.Errorf("%s imports %s; it may import the standard library and %q", file, path, allowed)
				}
			}
		}
	}
}

// TestNoFloatingPoint reads the sources for the words that would bring it in.
func TestNoFloatingPoint(t *testing.T) {
	for folder := range rooms() {
		for _, file := range sources(t, folder) {
			for _, word := range floatingPointWords(t, file) {
				t.Errorf("%s uses %s: rules compute on integers and exact ratios", file, word)
			}
		}
	}
}

// floatingPointWords returns the identifiers and literals of a file that are floating point.
func floatingPointWords(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if slices.Contains([]string{"float32", "float64", "ParseFloat", "Float64", "SetFloat64", "FormatFloat"}, n.Name) {
				words = append(words, n.Name)
			}
		case *ast.BasicLit:
			if n.Kind == token.FLOAT {
				words = append(words, n.Value)
			}
		}
		return true
	})
	return words
}
