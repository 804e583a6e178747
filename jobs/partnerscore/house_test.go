package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a room of the house may hold, without its tests.
const (
	mostMethods = 15
	mostFiles   = 15
	mostLines   = 2500
)

// tooLarge are the rooms that are larger, and how large they may be: what stands here may become less and never more. The names are those of
// findings, like "jobs/internal/exports: lines".
func tooLarge() map[string]int {
	return map[string]int{
		"jobs/internal/answers.Partner: methods":    31,
		"jobs/internal/answers.Reader: methods":     44,
		"jobs/internal/answers.hypothesis: methods": 19,
		"jobs/internal/answers.pair: methods":       18,
		"jobs/internal/answers: files":              24,
		"jobs/internal/answers: lines":              4600,
		"jobs/internal/exports.assignment: methods": 16,
		"jobs/internal/exports.search: methods":     20,
		"jobs/internal/exports: files":              30,
		"jobs/internal/exports: lines":              5000,
		"jobs/internal/pipeline.Options: methods":   16,
		"jobs/internal/pipeline.inspector: methods": 19,
		"jobs/internal/pipeline.run: methods":       112,
		"jobs/internal/pipeline.session: methods":   21,
		"jobs/internal/pipeline: files":             47,
		"jobs/internal/pipeline: lines":             7350,
		"jobs/internal/report.Subject: methods":     41,
		"jobs/internal/snapshot.Store: methods":     67,
		"jobs/internal/snapshot: files":             20,
		"jobs/internal/snapshot: lines":             2800,
		"jobs/partnerscore.configFile: methods":     17,
		"jobs/internal/show.explainTable: methods":  23,
		"jobs/partnerscore.inspectTable: methods":   18,
		"jobs/partnerscore.program: methods":        76,
		"jobs/partnerscore.scoreTable: methods":     16,
		"jobs/partnerscore: files":                  48,
		"jobs/partnerscore: lines":                  6250,
	}
}

// slack is by how much a number above may be larger than what it allows: lines come and go.
const slack = 100

// TestRoomsAreSmall holds the sizes of packages and types: a reader gets lost in larger ones.
func TestRoomsAreSmall(t *testing.T) {
	found := map[string]int{}
	limits := map[string]int{"methods": mostMethods, "files": mostFiles, "lines": mostLines}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return measure(root, path, found)
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range found {
		_, what, _ := strings.Cut(name, ": ")
		limit := limits[what]
		allowed, listed := tooLarge()[name]
		switch {
		case n > max(limit, allowed):
			t.Errorf("%s: %d, at most %d", name, n, max(limit, allowed))
		case listed && (n <= limit || n+slack < allowed || what != "lines" && n < allowed):
			t.Errorf("%s: %d now; write that into the list, or take it out at %d", name, n, limit)
		}
	}
	for name := range tooLarge() {
		if found[name] == 0 {
			t.Errorf("%s: does not exist any more", name)
		}
	}
}

// measure adds the lines of a file, and the methods in it, to those of its package and types.
func measure(root, path string, found map[string]int) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	dir, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return err
	}
	found[dir+": files"]++
	found[dir+": lines"] += bytes.Count(text, []byte("\n"))
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, declaration := range file.Decls {
		method, ok := declaration.(*ast.FuncDecl)
		if !ok || method.Recv == nil {
			continue
		}
		of := method.Recv.List[0].Type
		if pointer, ok := of.(*ast.StarExpr); ok {
			of = pointer.X
		}
		if generic, ok := of.(*ast.IndexExpr); ok {
			of = generic.X
		}
		found[fmt.Sprintf("%s.%s: methods", dir, of.(*ast.Ident).Name)]++
	}
	return nil
}
