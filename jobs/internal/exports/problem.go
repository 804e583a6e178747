package exports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
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
	// Explains is set where the problems behind it follow from this one.
	Explains bool
}

// String is one line: where, what, and what to do.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(defect.Quote(p.File))
	if p.Month != 0 {
		b.WriteString(", month " + p.Month.String())
	}
	if p.Column != "" {
		b.WriteString(", column " + defect.Quote(p.Column))
	}
	if p.Row > 0 {
		where := ", row "
		if f, ok := fileformat.Of(p.File); ok && f != fileformat.Parquet {
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

// shownValue returns the value as a message shows it.
func shownValue(column, value string) string {
	shown, whole := schema.Redact(column, value)
	switch {
	case shown == "":
		return ""
	case whole:
		return ", value " + strconv.QuoteToASCII(shown)
	default:
		return ", value like " + strconv.QuoteToASCII(shown)
	}
}

// ContractError reports inputs that break the contract: exit code 4.
type ContractError struct{ Problems []Problem }

func (e *ContractError) FaultKind() string { return fault.Broken }

func (e *ContractError) FaultAdvice() string {
	if len(e.Problems) != 1 {
		return ""
	}
	return e.Problems[0].Hint
}

func (e *ContractError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Grouped has one line for the same problem of several files, with the first of them: a forgotten setting shows in every file of a window.
func (e *ContractError) Grouped() string { return strings.Join(GroupProblems(e.Problems), "\n") }

// GroupProblems returns a line for each problem; the same problem of several files has one line, with the first of them.
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
		lines[k] = problems[i].String() + sameIn(more[i])
	}
	return lines
}

// sameIn counts the other files with a problem and names the first and the last of their months.
func sameIn(others []Problem) string {
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

// MissingError reports an input that is not there or not ready: exit code 3.
type MissingError struct {
	Table  schema.Table
	Months []scoring.Month
	// Parts are the files that are missing from deliveries of these months.
	Parts []Problem
	Hint  string
}

func (e *MissingError) FaultKind() string { return fault.Missing }

func (e *MissingError) FaultAdvice() string { return e.Hint }

func (e *MissingError) Error() string {
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
	text := "no export of " + string(e.Table)
	if len(e.Months) > 0 {
		text += " for " + MonthList(slices.Sorted(slices.Values(e.Months)))
	}
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// MonthList lists every month; scoring.MonthRanges says the same in fewer words.
func MonthList(months []scoring.Month) string {
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = m.String()
	}
	return strings.Join(names, ", ")
}

// ChangedError reports a file or object that is not the one that was checked: it cannot be told which bytes a score would be of.
type ChangedError struct {
	// File is relative to the exports root.
	File string
	What string
}

// FaultKind is fault.Broken: what was delivered is not to be relied on.
func (e *ChangedError) FaultKind() string { return fault.Broken }

// FaultAdvice says that, unlike with other broken inputs, a retry helps.
func (e *ChangedError) FaultAdvice() string { return "run again when the delivery is complete" }

func (e *ChangedError) Error() string {
	return defect.Quote(e.File) + ": " + e.What + "; " + e.FaultAdvice()
}
