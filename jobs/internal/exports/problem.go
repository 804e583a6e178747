package exports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnerscore/jobs/internal/fault"
	"partnerscore/scoring"
)

// Problem is one breach of the contract, in words for the person who delivers the exports.
type Problem struct {
	// File is relative to the exports root.
	File string
	// Month is 0 where there is none.
	Month scoring.Month
	// Column is the name in the file, or the canonical name where the file has none.
	Column string
	// Row counts data rows from 1 in Parquet and lines from 1 in text; 0 is none.
	Row int64
	// Value is what was read. Where it might name a tenant, a customer or a person, only its shape is shown, or nothing.
	Value   string
	Message string
	Hint    string
}

// String is one line: where, what, and what to do.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(displayName(p.File))
	if p.Month != 0 {
		b.WriteString(", month " + p.Month.String())
	}
	if p.Column != "" {
		b.WriteString(", column " + displayName(p.Column))
	}
	if p.Row > 0 {
		where := ", row "
		if f, ok := FormatOf(p.File); ok && f != Parquet {
			where = ", line "
		}
		b.WriteString(where + strconv.FormatInt(p.Row, 10))
	}
	b.WriteString(shownValue(p.Column, p.Value))
	b.WriteString(": " + p.Message)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// ContractError says that inputs break the contract: exit code 4.
type ContractError struct{ Problems []Problem }

// FaultKind is fault.Broken.
func (e *ContractError) FaultKind() string { return fault.Broken }

// FaultAdvice is the hint of the problem, if it is the only one.
func (e *ContractError) FaultAdvice() string {
	if len(e.Problems) != 1 {
		return ""
	}
	return e.Problems[0].Hint
}

// Error has one line per problem.
func (e *ContractError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Grouped has one line for the same problem of several files, with the first of them: a forgotten setting shows in every file of a window.
func (e *ContractError) Grouped() string { return strings.Join(GroupProblems(e.Problems), "\n") }

// GroupProblems says the same problem of several files once, with the first of them.
func GroupProblems(problems []Problem) []string {
	type same struct{ column, value, message, hint string }
	keyOf := func(p Problem) same { return same{p.Column, p.Value, p.Message, p.Hint} }
	first, more := map[same]int{}, map[int][]Problem{}
	var order []int
	for i, p := range problems {
		if j, known := first[keyOf(p)]; known && p.Row == 0 {
			more[j] = append(more[j], p)
			continue
		}
		if order = append(order, i); p.Row == 0 {
			first[keyOf(p)] = i
		}
	}
	lines := make([]string, len(order))
	for k, i := range order {
		lines[k] = problems[i].String() + othersAlike(more[i])
	}
	return lines
}

// othersAlike counts the other files of a problem and names the first and the last of their months.
func othersAlike(others []Problem) string {
	if len(others) == 0 {
		return ""
	}
	oldest, latest := others[0].Month, others[0].Month
	for _, p := range others {
		oldest, latest = min(oldest, p.Month), max(latest, p.Month)
	}
	text := fmt.Sprintf("; the same in %d more files", len(others))
	if len(others) == 1 {
		text = "; the same in 1 more file"
	}
	switch {
	case oldest == 0:
		return text
	case oldest == latest:
		return text + ": " + oldest.String()
	default:
		return text + ": " + oldest.String() + " to " + latest.String()
	}
}

// MissingError says that an input is not there or not ready: exit code 3.
type MissingError struct {
	// Table is empty when the exports folder itself, Path, is missing: exit code 2, since no delivery brings it.
	Table  Table
	Months []scoring.Month
	// Parts are the files that are missing from deliveries of these months.
	Parts []Problem
	Path  string
	Hint  string
}

// FaultKind is fault.Missing, or fault.Usage where the exports folder itself is missing: the setting is wrong, and no delivery brings it.
func (e *MissingError) FaultKind() string {
	if e.Table == "" {
		return fault.Usage
	}
	return fault.Missing
}

// FaultAdvice is the hint.
func (e *MissingError) FaultAdvice() string { return e.Hint }

// Error names every missing month.
func (e *MissingError) Error() string {
	var b strings.Builder
	if len(e.Parts) > 0 {
		lines := []string{e.Parts[0].String()}
		if e.Hint != "" {
			lines[0] += "; " + e.Hint
		}
		for _, p := range e.Parts[1:] {
			lines = append(lines, p.String())
		}
		return strings.Join(lines, "\n")
	}
	switch {
	case e.Table == "":
		b.WriteString("no exports folder " + displayName(e.Path))
	case len(e.Months) == 0:
		b.WriteString("no export of " + string(e.Table))
	default:
		b.WriteString("no export of " + string(e.Table) + " for " + monthList(e.Months))
	}
	if e.Hint != "" {
		b.WriteString(": " + e.Hint)
	}
	return b.String()
}

func monthList(months []scoring.Month) string {
	sorted := slices.Clone(months)
	slices.Sort(sorted)
	names := make([]string, len(sorted))
	for i, m := range sorted {
		names[i] = m.String()
	}
	return strings.Join(names, ", ")
}

// ChangedError says that a file is not the one that was checked: exit code 3, not ready.
type ChangedError struct {
	// File is relative to the exports root.
	File string
	What string
}

// FaultKind is fault.Missing: the delivery goes on.
func (e *ChangedError) FaultKind() string { return fault.Missing }

// Error names the file and advises to run again.
func (e *ChangedError) Error() string {
	return displayName(e.File) + ": " + e.What + "; run again when the delivery is complete"
}

// displayName shows a path or column name as it is when that is plain text, else quoted, always on one line
// and never longer than a line can be read.
func displayName(name string) string {
	short := cut(name, 200)
	plain := name != "" && utf8.ValidString(name) && strings.TrimSpace(name) == name
	for _, r := range short {
		plain = plain && unicode.IsPrint(r) && r != '"'
	}
	if plain {
		return short
	}
	return strconv.Quote(short)
}

// cut shortens text to n bytes at a character border.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// faultHint advises on the faults that Find records of a file, or of a folder, which has no format.
func faultHint(fault string, format Format) string {
	switch {
	case strings.Contains(fault, "symlink") && format == "":
		return "put the folder itself here"
	case strings.Contains(fault, "symlink"):
		return "put the file itself here"
	case strings.Contains(fault, "damaged manifest"):
		return "copy the folder again"
	case strings.Contains(fault, "pattern"):
		return "make the patterns of the configuration distinct"
	case strings.Contains(fault, "regular file"):
		return "put a regular file here or rename it"
	default:
		return "check the permissions"
	}
}

func problemf(f File, column, hint, format string, args ...any) Problem {
	return Problem{File: f.Rel, Month: f.Month, Column: column, Message: fmt.Sprintf(format, args...), Hint: hint}
}
