package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leonelquinteros/gotext"
)

// sentence is what the code says in English: one form, or one and many.
type sentence struct {
	one, many string
	where     string
}

// sentences finds everything that the code says through a catalogue.
func sentences(t *testing.T) (all []sentence) {
	t.Helper()
	for _, folder := range []string{"../../../scoring", "../answers", "../published", "../document", ".", "../written", "../written/advice", "../report"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				all = append(all, inCode(t, file)...)
			}
		}
	}
	templates, err := filepath.Glob("../report/page/*.gohtml")
	if err != nil || len(templates) == 0 {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`\bsay ("(?:[^"\\]|\\.)*")`)
	for _, file := range templates {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range said.FindAllStringSubmatch(string(text), -1) {
			one, err := strconv.Unquote(found[1])
			if err != nil {
				t.Errorf("%s: %s: %v", file, found[1], err)
			}
			all = append(all, sentence{one, "", file})
		}
		if n := strings.Count(string(text), "say "); n != len(said.FindAllString(string(text), -1)) {
			t.Errorf("%s: say is followed by something else than a sentence", file)
		}
	}
	return all
}

// inCode finds the sentences of a file: arguments of Say, Plural and Counted, but for those that are English whatever the language.
func inCode(t *testing.T, file string) (all []sentence) {
	t.Helper()
	positions := token.NewFileSet()
	parsed, err := parser.ParseFile(positions, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, on := "", ast.Expr(nil)
		switch f := call.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name, on = f.Sel.Name, f.X
		}
		if _, english := on.(*ast.CompositeLit); english {
			return true
		}
		if p, ok := on.(*ast.Ident); ok && p.Name == "wording" {
			return true
		}
		at := file + ":" + strconv.Itoa(positions.Position(call.Pos()).Line)
		switch {
		case name == "Say" && len(call.Args) > 0:
			all = append(all, sentence{literal(t, at, call.Args[0]), "", at})
		case (name == "Plural" || name == "Counted") && len(call.Args) > 2:
			all = append(all, sentence{literal(t, at, call.Args[1]), literal(t, at, call.Args[2]), at})
		}
		return true
	})
	return slices.DeleteFunc(all, func(s sentence) bool { return s.one == "" })
}

// literal returns a text that stands in the code; empty where the functions that say sentences pass one on to each other.
func literal(t *testing.T, at string, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Errorf("%s: %v", at, err)
		}
		return text
	case *ast.BinaryExpr:
		return literal(t, at, e.X) + literal(t, at, e.Y)
	case *ast.Ident:
		if slices.Contains([]string{"sentence", "one", "many", "format"}, e.Name) {
			return ""
		}
	}
	t.Errorf("%s: what is said is no sentence that stands here, so that no catalogue can have it", at)
	return ""
}

// terms are words of data that a page shows in its language: no sentence of the code has them.
func terms(t *testing.T) (all []string) {
	t.Helper()
	for month := time.January; month <= time.December; month++ {
		all = append(all, month.String(), month.String()[:3])
	}
	text, err := os.ReadFile("../../../sql/facts/exclusions.sql")
	if err != nil {
		t.Fatal(err)
	}
	classified, err := os.ReadFile("../../../sql/facts/usage_classified.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`'([a-z]+(?:_[a-z]+)+)'`).FindAllStringSubmatch(string(text)+string(classified), -1) {
		all = append(all, Label(found[1]))
	}
	all = append(all, "azure usage", "certifications", "partners", "person ids", "skills as of", "profile", "thousands separator", "decimal separator",
		"date order", "partner")
	return append(all, "Data & AI (Azure)", "Infrastructure (Azure)", "Digital & App Innovation (Azure)", "Data & AI", "Infrastructure", "Digital & App Innovation")
}

// neutral sentences are the same in every language: marks and arguments alone.
func neutral(text string) bool {
	return !regexp.MustCompile(`\p{L}`).MatchString(regexp.MustCompile(`%(\[\d+\])?[a-z]|USD`).ReplaceAllString(text, ""))
}

// Whatever the code says has its French, with the same arguments, and the catalogue has nothing else.
func TestFrenchIsComplete(t *testing.T) {
	po := gotext.NewPo()
	po.Parse(french)
	translations := po.GetDomain().GetTranslations()
	used := map[string]bool{"": true}
	verbs := func(text string) (all []string) {
		n := 0
		for _, found := range regexp.MustCompile(`%(?:\[(\d+)\])?([sdg%])`).FindAllStringSubmatch(text, -1) {
			if found[2] == "%" {
				continue
			}
			if n++; found[1] != "" {
				n, _ = strconv.Atoi(found[1])
			}
			all = append(all, strconv.Itoa(n)+found[2])
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	for _, s := range sentences(t) {
		used[s.one] = true
		translation := translations[s.one]
		if translation == nil || translation.PluralID != s.many {
			if !neutral(s.one) {
				t.Errorf("%s: no French of %q, %q", s.where, s.one, s.many)
			}
			continue
		}
		for i, form := range translation.Trs {
			if form == "" || !slices.Equal(verbs(form), verbs(s.one)) {
				t.Errorf("%s: the French %d of %q is %q: empty, or of other arguments", s.where, i, s.one, form)
			}
		}
		if s.many != "" && len(translation.Trs) != 2 || s.many != "" && !slices.Equal(verbs(s.one), verbs(s.many)) {
			t.Errorf("%s: %q has %d French forms", s.where, s.one, len(translation.Trs))
		}
	}
	for _, term := range terms(t) {
		used[term] = true
		if translations[term] == nil {
			t.Errorf("no French of the term %q", term)
		}
	}
	for id := range translations {
		if !used[id] {
			t.Errorf("the catalogue has %q, which nobody says", id)
		}
	}
}
