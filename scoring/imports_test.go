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

// TestImports keeps the package pure: the standard library and the YAML decoder, nothing that reads a clock, a network
// or a process, and no floating point helpers.
func TestImports(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	forbidden := []string{"os", "os/exec", "net", "net/http", "math", "math/rand", "math/rand/v2", "unsafe", "runtime"}
	checked := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		checked++
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(path, "/")
			if slices.Contains(forbidden, path) || (path != "go.yaml.in/yaml/v3" && (strings.Contains(first, ".") || first == "partnerscore")) {
				t.Errorf("%s imports %s: scoring imports the standard library and the YAML decoder only", file, path)
			}
		}
	}
	if checked == 0 {
		t.Fatal("no file was checked")
	}
}

// TestNoFloatingPoint reads the sources for the words that would bring it in.
func TestNoFloatingPoint(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, word := range floatingPointWords(t, file) {
			t.Errorf("%s uses %s: rules compute on integers and exact ratios", file, word)
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
