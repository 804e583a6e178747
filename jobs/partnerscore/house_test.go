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
		if limit := limits[what]; n > limit {
			t.Errorf("%s: %d, at most %d", name, n, limit)
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
