package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mostReadmeLines is how long jobs/README.md may be, so that somebody new reads all of it; the README of the project has its own limit.
const (
	mostReadmeLines        = 270
	mostProjectReadmeLines = 150
)

var (
	// inCode is a text in backquotes on one line.
	inCode = regexp.MustCompile("`[^`\n]+`")
	// linked is the target of a Markdown link without its anchor.
	linked = regexp.MustCompile(`\]\(([^)#]+)`)
	// pathOf is a path below the top level.
	pathOf = regexp.MustCompile(`^(jobs|sql|scoring|samples)(/[\w.-]+)+/?$`)
)

// TestReadmeNamesEveryPackage: jobs/README.md says what each package below jobs/internal does.
func TestReadmeNamesEveryPackage(t *testing.T) {
	text := readme(t, "../README.md")
	internal := filepath.Join("..", "internal")
	packages := map[string]bool{}
	err := filepath.WalkDir(internal, func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") {
			name, _ := filepath.Rel(internal, filepath.Dir(path))
			packages[filepath.ToSlash(name)] = true
		}
		return err
	})
	if err != nil || len(packages) < 20 {
		t.Fatal(len(packages), err)
	}
	for name := range packages {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("jobs/README.md does not name the package `%s`", name)
		}
	}
}

// TestReadmePathsExist: each file and folder that a README names is there.
func TestReadmePathsExist(t *testing.T) {
	for _, path := range []string{"../../README.md", "../README.md"} {
		text := readme(t, path)
		n := 0
		exists := func(name, at string) {
			n++
			if _, err := os.Stat(at); err != nil {
				t.Errorf("%s names %s, which does not exist", path, name)
			}
		}
		for _, code := range inCode.FindAllString(text, -1) {
			if name := strings.Trim(code, "`"); pathOf.MatchString(name) {
				exists(name, filepath.Join("..", "..", name))
			}
		}
		for _, link := range linked.FindAllStringSubmatch(text, -1) {
			exists(link[1], filepath.Join(filepath.Dir(path), link[1]))
		}
		if n < 5 {
			t.Errorf("%s names %d files only", path, n)
		}
	}
}

// TestReadmesAreShort holds their lengths.
func TestReadmesAreShort(t *testing.T) {
	for path, most := range map[string]int{"../../README.md": mostProjectReadmeLines, "../README.md": mostReadmeLines} {
		if n := strings.Count(readme(t, path), "\n"); n > most {
			t.Errorf("%s: %d lines, at most %d", path, n, most)
		}
	}
}

func readme(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
