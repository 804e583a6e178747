package spark

import (
	"fmt"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/exports/defect"
	"partnerscore/jobs/internal/fault"
	"partnerscore/scoring"
)

// NotEqualError reports a month for which it is not proven that Spark gives the same facts as DuckDB. Nothing was written; DuckDB can build it.
type NotEqualError struct {
	Month  scoring.Month
	File   string // relative to the exports root
	Column string // "" where none is the reason
	Why    string
}

// FaultKind is fault.Usage.
func (e *NotEqualError) FaultKind() string { return fault.Usage }

// FaultAdvice names the flag.
func (e *NotEqualError) FaultAdvice() string {
	return "give --engine auto, which lets DuckDB build such months, or --engine duckdb"
}

// Error says where the reason is, and what to do.
func (e *NotEqualError) Error() string {
	where := defect.Quote(e.File) + ", month " + e.Month.String()
	if e.Column != "" {
		where += ", column " + defect.Quote(e.Column)
	}
	return fmt.Sprintf("%s: %s, and Spark might give other facts; %s", where, e.Why, e.FaultAdvice())
}

// notEqual is the error about a file, or a column of it.
func notEqual(c exports.File, column, why string) error {
	return &NotEqualError{Month: c.Month, File: c.Rel, Column: column, Why: why}
}
