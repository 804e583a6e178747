package scoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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

// RulebookError says all that is wrong with a rulebook file, in the order of its lines.
type RulebookError struct {
	Name     string // the file as it was called
	Problems []Problem
}

// FaultKind is the outcome of a run that a wrong setting ends.
func (e *RulebookError) FaultKind() string { return "usage_error" }

// Error returns one line per problem, each with the name of the file and the line.
func (e *RulebookError) Error() string {
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

// UnknownRulebookError says that no built-in rulebook has the id.
type UnknownRulebookError struct {
	ID    string
	Known []string
}

// FaultKind is the outcome of a run that a wrong setting ends.
func (e *UnknownRulebookError) FaultKind() string { return "usage_error" }

// Error names the known rulebooks.
func (e *UnknownRulebookError) Error() string {
	return fmt.Sprintf("unknown rulebook %q: want one of %s, or a file", e.ID, strings.Join(e.Known, ", "))
}

// NotInForceError says that a month is older than the first rulebook.
type NotInForceError struct {
	Month Month
	First *Rulebook
}

// FaultKind is the outcome of a run that a wrong setting ends.
func (e *NotInForceError) FaultKind() string { return "usage_error" }

// Error names the first rulebook and its first day.
func (e *NotInForceError) Error() string {
	return fmt.Sprintf("no rulebook is in force in %s: the first one, %s, starts on %s",
		e.Month, e.First.ID, e.First.From.Format(dateLayout))
}

// problems collects the faults of one file.
type problems struct {
	found []Problem
	// inheritedLine stands for places that the file inherits: the line of its `extends`.
	inheritedLine int
	// partial: what the file extends is unknown, so that nothing can be said about what it leaves to it.
	partial bool
}

// reported is the tag of a node that stands for one that was reported and is not looked at any more.
const reported = "!reported"

// add reports a fault at a place.
func (p *problems) add(at value, format string, args ...any) {
	if at.node != nil && at.node.Tag == reported {
		return
	}
	line, column := at.position()
	p.found = append(p.found, Problem{Line: line, Column: column, Path: at.path, Message: fmt.Sprintf(format, args...)})
}

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
	return &RulebookError{Name: name, Problems: slices.Compact(p.found)}
}
