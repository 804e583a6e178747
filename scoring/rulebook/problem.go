package rulebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"partnerscore/scoring"
)

// Problem is one fault of a rulebook file.
type Problem struct {
	Line    int    // from 1; 0 where the fault has no line
	Column  int    // from 1
	Path    string // the keys that lead to it, like usage_growth.max; empty for the file itself
	Message string
}

// String returns the problem without its place in the file: usage_growth.max: want a whole number ….
func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Error reports everything that is wrong with a rulebook file, in the order of its lines.
type Error struct {
	Name     string // the file as it was called
	Problems []Problem
}

// FaultKind is the outcome of a run that a wrong setting ends.
func (e *Error) FaultKind() string { return "usage_error" }

// Error returns one line per problem, each with the name of the file and the line.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		if p.Line == 0 {
			lines[i] = fmt.Sprintf("%s: %s", e.Name, p)
			continue
		}
		lines[i] = fmt.Sprintf("%s:%d: %s", e.Name, p.Line, p)
	}
	return strings.Join(lines, "\n")
}

// UnknownError reports that no built-in rulebook has the id.
type UnknownError struct {
	ID    string
	Known []string
}

// FaultKind is the outcome of a run that a wrong setting ends.
func (e *UnknownError) FaultKind() string { return "usage_error" }

// Error names the known rulebooks.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown rulebook %q: want one of %s, or a file", e.ID, strings.Join(e.Known, ", "))
}

// NotInForceError reports a month before the first rulebook.
type NotInForceError struct {
	Month scoring.Month
	First *scoring.Rulebook
}

// FaultKind is the outcome of a run that a wrong setting ends.
func (e *NotInForceError) FaultKind() string { return "usage_error" }

// Error names the first rulebook and its first day.
func (e *NotInForceError) Error() string {
	return fmt.Sprintf("no rulebook is in force in %s: the first one, %s, starts on %s",
		e.Month, e.First.ID, e.First.From.Format(time.DateOnly))
}

// problems collects the faults of one file.
type problems struct {
	found []Problem
	paths map[string]bool       // of the faults
	at    map[string]*yaml.Node // where the file has a value, by place.key
	// inheritedLine is the line of `extends`, the place of problems in everything that the file inherits.
	inheritedLine int
}

func newProblems() *problems {
	return &problems{paths: map[string]bool{}, at: map[string]*yaml.Node{}}
}

// place is a value of a file. The path leads to it and is shown in messages; the key is unique.
type place struct{ path, key string }

func valueAt(path string) place       { return place{path, path} }
func keyAt(path string) place         { return place{path, path + "\n"} }
func itemAt(path, label string) place { return place{path, path + "\n" + scoring.Folded(label)} }

// reported is the tag of a node whose fault is known, so that nothing else is said about it.
const reported = "!reported"

// add reports a fault at a node of the file, or at an inherited value for nil.
func (p *problems) add(path string, n *yaml.Node, format string, args ...any) {
	found := Problem{Path: path, Message: fmt.Sprintf(format, args...)}
	if n != nil {
		found.Line, found.Column = n.Line, n.Column
	}
	p.found = append(p.found, found)
	p.paths[path] = true
}

// addAt reports a fault at a place. A place that is not in the file is inherited.
func (p *problems) addAt(at place, format string, args ...any) {
	p.add(at.path, p.at[at.key], format, args...)
}

// inFile reports whether the file itself has a place.
func (p *problems) inFile(at place) bool { return p.at[at.key] != nil }

// has reports whether a fault of a path is known.
func (p *problems) has(path string) bool { return p.paths[path] }

// err returns everything found, sorted by place, or nil.
func (p *problems) err(name string) error {
	if len(p.found) == 0 {
		return nil
	}
	for i := range p.found {
		if p.found[i].Line == 0 {
			p.found[i].Line = p.inheritedLine
		}
	}
	slices.SortFunc(p.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return &Error{Name: name, Problems: slices.Compact(p.found)}
}
