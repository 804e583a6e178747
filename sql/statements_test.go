package sql

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// statementNames lists every statement of every folder.
func statementNames(t *testing.T) []string {
	t.Helper()
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, folder := range folders {
		more, err := Names(folder.Name())
		if err != nil || len(more) == 0 {
			t.Fatalf("statements of %s: %v, %v", folder.Name(), more, err)
		}
		names = append(names, more...)
	}
	return names
}

var name = regexp.MustCompile(`^[a-z]+/[a-z][a-z0-9_]*$`)

var commentOrQuote = regexp.MustCompile(`--[^\n]*|'[^']*'|"[^"]*"`)

// strip removes comments and the contents of quoted texts from a statement.
func strip(text string) string {
	return commentOrQuote.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "--") {
			return ""
		}
		return "''"
	})
}

// TestFiles: a file is one statement under a comment that says what it is for.
func TestFiles(t *testing.T) {
	for _, n := range statementNames(t) {
		text, err := Statement(n)
		if err != nil {
			t.Fatal(err)
		}
		if !name.MatchString(n) {
			t.Errorf("%s: the name is no folder/lower_case", n)
		}
		first, _, _ := strings.Cut(text, "\n")
		if !strings.HasPrefix(first, "-- ") || len(first) < 20 {
			t.Errorf("%s: the first line is no comment: %q", n, first)
		}
		body := strings.TrimSpace(strip(text))
		if strings.Count(body, ";") != 1 || !strings.HasSuffix(body, ";") {
			t.Errorf("%s: not one statement that ends with a semicolon", n)
		}
		if !strings.HasSuffix(text, ";\n") || strings.Contains(text, "\t") || strings.Contains(text, "\r") {
			t.Errorf("%s: does not end with one line end, or holds tabs", n)
		}
		for i, line := range strings.Split(text, "\n") {
			if strings.TrimRight(line, " ") != line || len(line) > 160 {
				t.Errorf("%s:%d: blanks at the end, or longer than 160", n, i+1)
			}
		}
	}
}

// TestTablesNameTheirColumns: what is published is listed column by column, each cast, so that no change upstream changes it unseen.
func TestTablesNameTheirColumns(t *testing.T) {
	names, err := Names("tables")
	if err != nil {
		t.Fatal(err)
	}
	star := regexp.MustCompile(`(?i)select\s+(distinct\s+)?([a-z_]+\.)?\*|\*\s*(exclude|replace)|columns\s*\(`)
	for _, n := range names {
		text, err := Statement(n)
		if err != nil {
			t.Fatal(err)
		}
		if star.MatchString(strip(text)) {
			t.Errorf("%s selects *", n)
		}
		if strings.HasPrefix(strings.TrimSpace(strip(text)), "COPY") && !strings.Contains(text, "ORDER BY") {
			t.Errorf("%s writes a file without an order", n)
		}
	}
}

// TestOnlyRulesAreShared: connections to one engine work side by side, each on a month of its own. They share macros, rules and partners; all else that a
// statement makes is temporary, and ends with its connection.
func TestOnlyRulesAreShared(t *testing.T) {
	shared := map[string]bool{"macros": true, "rules": true, "partners/partner_location": true, "partners/no_location": true}
	lasting := regexp.MustCompile(`^CREATE OR REPLACE (TABLE|VIEW|MACRO)`)
	for _, n := range statementNames(t) {
		text, err := Statement(n)
		if err != nil {
			t.Fatal(err)
		}
		folder, _, _ := strings.Cut(n, "/")
		if lasting.MatchString(strings.TrimSpace(strip(text))) && !shared[folder] && !shared[n] {
			t.Errorf("%s makes what outlives its connection", n)
		}
	}
}

// TestAuditsAreLimited: an audit returns a few rows, however wrong everything is.
func TestAuditsAreLimited(t *testing.T) {
	names, err := Names("audits")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 10 {
		t.Errorf("%d audits", len(names))
	}
	for _, n := range names {
		if text, err := Statement(n); err != nil || !strings.HasSuffix(text, "\nLIMIT 3;\n") {
			t.Errorf("%s has no LIMIT 3 at its end, %v", n, err)
		}
	}
}

// TestEveryStatementIsRun compares the files with the names in the code of the job.
func TestEveryStatementIsRun(t *testing.T) {
	used := map[string]bool{}
	folders := map[string]bool{}
	for _, n := range statementNames(t) {
		folder, _, _ := strings.Cut(n, "/")
		folders[folder] = true
	}
	err := filepath.WalkDir(filepath.Join("..", "jobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil //nolint:nilerr // a file that does not compile is reported by the compiler
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil {
					used[text] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	names := statementNames(t)
	for _, n := range names {
		folder, base, _ := strings.Cut(n, "/")
		// Whole folders are run by name, or put together from a folder and a table's name.
		byFolder := folder == "audits" || (folder == "macros" || folder == "rules" || folder == "tables") && (used[base] || used[folder+"/"])
		if !used[n] && !byFolder {
			t.Errorf("%s: no code runs it", n)
		}
	}
	for text := range used {
		folder, _, _ := strings.Cut(text, "/")
		if folders[folder] && name.MatchString(text) && !slices.Contains(names, text) {
			t.Errorf("%q in the code is no statement", text)
		}
	}
}

func TestStatementUnknown(t *testing.T) {
	for _, n := range []string{"", "nothing", "facts/nothing", "facts", "../sql/facts/usage_row", "facts/usage_row.sql"} {
		if text, err := Statement(n); err == nil {
			t.Errorf("Statement(%q) = %q", n, text)
		}
	}
	if names, err := Names("nothing"); err == nil {
		t.Errorf("Names: %v", names)
	}
}

func TestFingerprint(t *testing.T) {
	all := map[string]string{}
	for _, folders := range [][]string{{"macros"}, {"facts"}, {"macros", "facts"}, {"facts", "macros"}} {
		sum, err := Fingerprint(folders...)
		if err != nil || len(sum) != 64 {
			t.Fatalf("Fingerprint(%v) = %q, %v", folders, sum, err)
		}
		if again, err := Fingerprint(folders...); again != sum || err != nil {
			t.Errorf("Fingerprint(%v) differs from call to call", folders)
		}
		if other, taken := all[sum]; taken {
			t.Errorf("%v and %s have the same fingerprint", folders, other)
		}
		all[sum] = strings.Join(folders, ",")
	}
	if _, err := Fingerprint("nothing"); err == nil {
		t.Error("no error for a folder that does not exist")
	}
}
