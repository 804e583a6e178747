// Package fault says what kind of error ended a run. Errorf gives an error its kind; an error that others must recognise, or that has advice of its
// own, is a type with a method FaultKind() string. Exit code, outcome and advice follow from the kind, in the table below. Adding an error touches its
// own file only.
package fault

import (
	"cmp"
	"fmt"
	"syscall"
)

// Kind is what an error means for whoever must act. Its text is the outcome in logs, receipts and metrics.
type Kind string

// The kinds. They are untyped, so that a package that imports nothing of the project can return one as a string.
const (
	// Done is the end of a run without an error.
	Done = "done"
	// Internal is a fault of the program or of the machine, and every error without a kind.
	Internal = "internal_error"
	// Usage is a wrong call or setting.
	Usage = "usage_error"
	// Missing is an input that is missing or not ready. It may come by itself.
	Missing = "not_ready"
	// Broken is an input that breaks the contract.
	Broken = "contract_broken"
	// Held is a lock that another run holds.
	Held = "held"
	// Differs is a difference that verify found.
	Differs = "differs"
	// Interrupted is a run that a signal ended. Its exit code is 128 and the number of the signal.
	Interrupted = "interrupted"
)

// What to do where the machine gives no more.
const (
	NoRoomAdvice  = "make room on that disk and run again; published snapshots did not change" // a disk or a quota is full
	NoFilesAdvice = "raise the limit of open files (ulimit -n)"

	// RepairAdvice is for what is published and damaged, where the advice of Broken would blame exports.
	RepairAdvice = "run partnerscore verify --repair with the exports of the month; retrying will fail again"
)

// Errorf returns an error of a kind, for what nobody needs to tell from other errors. It wraps what %w names.
func Errorf(kind Kind, format string, args ...any) error {
	return &named{fmt.Errorf(format, args...), kind}
}

type named struct {
	error
	kind Kind
}

// FaultKind is the kind.
func (e *named) FaultKind() string { return string(e.kind) }

// Unwrap returns the error without its kind.
func (e *named) Unwrap() error { return e.error }

// row is what follows from a kind.
type row struct {
	kind     Kind
	exitCode int
	advice   string
}

// table lists the kinds. Where an error has several, the first of them decides.
func table() []row {
	return []row{
		{kind: Interrupted, exitCode: 128 + int(syscall.SIGINT), advice: "run again; nothing is half-published"},
		{kind: Usage, exitCode: 2, advice: "fix the setting named in the message; retrying will fail again"},
		{kind: Missing, exitCode: 3, advice: "run again when the exports are there"},
		{kind: Broken, exitCode: 4, advice: "fix the exports named in the message, or have them delivered again; retrying will fail again"},
		{kind: Held, exitCode: 5, advice: "wait for the other run to end, or give --lock-wait"},
		{kind: Differs, exitCode: 6, advice: "see the differences; score the months again with verify --repair, or restore their files; delete files that are not expected"},
		{kind: Internal, exitCode: 1, advice: "run again; if it ends the same, report it with the message"},
		{kind: Done},
	}
}

// row returns the row of a kind, that of Internal for an unknown one.
func (k Kind) row() (found row) {
	for _, r := range table() {
		if r.kind == k || r.kind == Internal && found.kind == "" {
			found = r
		}
	}
	return found
}

// ExitCode returns the exit code of the contract.
func (k Kind) ExitCode() int { return k.row().exitCode }

// Advice returns what to do, in a sentence without a full stop; "" for Done.
func (k Kind) Advice() string { return k.row().advice }

// Of returns the kind of an error: of those that the errors in its tree have, the first one in the table.
func Of(err error) Kind {
	if err == nil {
		return Done
	}
	kinds := map[Kind]bool{}
	walk(err, func(err error) {
		if e, ok := err.(interface{ FaultKind() string }); ok {
			kinds[Kind(e.FaultKind())] = true
		}
	})
	for _, r := range table() {
		if kinds[r.kind] {
			return r.kind
		}
	}
	return Internal
}

// Named reports whether an error of the tree names its kind. One that does not, like those of the operating system, is internal all the same.
func Named(err error) (named bool) {
	walk(err, func(err error) {
		_, ok := err.(interface{ FaultKind() string })
		named = named || ok
	})
	return named
}

// Advice returns what to do about an error: its own advice, else that of its kind.
func Advice(err error) string { return cmp.Or(OwnAdvice(err), Of(err).Advice()) }

// OwnAdvice returns what the first error in a tree says that is of the tree's kind and has advice of its own, with a method FaultAdvice() string;
// "" where none has.
func OwnAdvice(err error) (own string) {
	kind := Of(err)
	walk(err, func(err error) {
		e, ok := err.(interface {
			FaultKind() string
			FaultAdvice() string
		})
		if ok && own == "" && Kind(e.FaultKind()) == kind {
			own = e.FaultAdvice()
		}
	})
	return own
}

// walk visits the errors of a tree, each before those that it wraps.
func walk(err error, visit func(error)) {
	if err == nil {
		return
	}
	visit(err)
	switch e := err.(type) { //nolint:errorlint // this is what looks into wrapped errors
	case interface{ Unwrap() error }:
		walk(e.Unwrap(), visit)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			walk(one, visit)
		}
	}
}
