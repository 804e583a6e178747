package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/fault"
)

// shownProblems is how many problems of inputs a message lists: thousands are of no use.
const shownProblems = 100

// UsageError says what is wrong with how the program was called or configured.
type UsageError struct {
	Problems []string
	Hint     string
}

// FaultKind is fault.Usage.
func (e *UsageError) FaultKind() string { return fault.Usage }

// FaultAdvice is the hint.
func (e *UsageError) FaultAdvice() string { return e.Hint }

// Error has one line per problem.
func (e *UsageError) Error() string {
	text := strings.Join(e.Problems, "\n")
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// InterruptedError is the cause of a run that a signal ended.
type InterruptedError struct{ Signal syscall.Signal }

// FaultKind is fault.Interrupted.
func (e *InterruptedError) FaultKind() string { return fault.Interrupted }

// Error names the signal.
func (e *InterruptedError) Error() string {
	name := map[syscall.Signal]string{syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM"}[e.Signal]
	return fmt.Sprintf("interrupted by %s; nothing is half-published; run again to continue", name)
}

// SignalExit is the exit code of a run that a signal ended.
func SignalExit(s syscall.Signal) int { return 128 + int(s) }

// interruption returns why ctx was cancelled, if a signal did it.
func interruption(ctx context.Context) *InterruptedError {
	var interrupted *InterruptedError
	if errors.As(context.Cause(ctx), &interrupted) {
		return interrupted
	}
	return nil
}

// headedError has a line that stands above its sentences where there are several.
type headedError struct {
	error
	heading string
}

// Unwrap returns the error below the heading.
func (e *headedError) Unwrap() error { return e.error }

// WithHeading puts a line above the sentences of an error.
func WithHeading(heading string, err error) error { return &headedError{err, heading} }

// JoinPrintError returns the error of a run whose result was printed with printErr: a failure stays a failure when the reader of stdout has left.
func JoinPrintError(err, printErr error) error {
	if err != nil && leftEarly(printErr) {
		return err
	}
	return errors.Join(err, printErr)
}

// kindOf returns what ended a run, and its exit code. A signal that came too late to stop anything is not a failure.
func kindOf(ctx context.Context, err error) (kind fault.Kind, exitCode int) {
	if err == nil || leftEarly(err) {
		return fault.Done, 0
	}
	if interrupted := interruption(ctx); interrupted != nil {
		return fault.Interrupted, SignalExit(interrupted.Signal)
	}
	kind = fault.Of(err)
	if refused := cli.ExitCoder(nil); kind == fault.Internal && errors.As(err, &refused) { // by the command line library
		kind = fault.Usage
	}
	return kind, kind.ExitCode()
}

// leftEarly reports whether the reader of stdout has left, which is not a failure.
func leftEarly(err error) bool { return errors.Is(err, syscall.EPIPE) }

// report prints the error that a run ended with, in sentences. A reader of stdout who has left reads no more.
func (x *execution) report(ctx context.Context, err error) {
	if err == nil || leftEarly(err) {
		return
	}
	lines := problems(ctx, err)
	if month, ok := breachMonth(err); ok && x.session != nil && interruption(ctx) == nil {
		lines = append(lines, "to see what the exports contain: "+x.session.InspectCommand()+month)
	}
	for i, line := range lines {
		mark := " "
		if i == 0 {
			mark = programName + ":"
		}
		fmt.Fprintf(x.process.Stderr, "%s %s\n", mark, line)
	}
}

// breachMonth returns the flag that makes `inspect` show the month of the exports that breaks the contract, empty when there is none.
func breachMonth(err error) (flag string, ok bool) {
	var broken *exports.ContractError
	if !errors.As(err, &broken) || len(broken.Problems) == 0 {
		return "", false
	}
	if m := broken.Problems[0].Month; m != 0 {
		flag = " --month " + m.String()
	}
	return flag, true
}

// problems are the sentences of the error that a run ended with, as many as help.
func problems(ctx context.Context, err error) []string {
	if interrupted := interruption(ctx); interrupted != nil {
		err = interrupted
	}
	all := sentences(err)
	if heading := heading(err, len(all)); len(all) > 1 && heading != "" {
		all = append([]string{heading}, all...)
	}
	if more := len(all) - shownProblems - 1; more > 0 {
		all = append(all[:shownProblems+1], fmt.Sprintf("and %d more", more))
	}
	return all
}

// sentences are the lines of an error. A fault of the machine says in the first one what to do.
func sentences(err error) (all []string) {
	text := err.Error()
	var broken *exports.ContractError
	if errors.As(err, &broken) {
		text = strings.Replace(text, broken.Error(), broken.Grouped(), 1)
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \r\n"); line != "" {
			all = append(all, line)
		}
	}
	own := fault.OwnAdvice(err)
	if first, _, _ := strings.Cut(own, ";"); own != "" && fault.Of(err) == fault.Internal && !strings.Contains(all[0], first) {
		all[0] += "; " + own
	}
	return all
}

// heading stands above several problems.
func heading(err error, n int) string {
	var headed *headedError
	var broken *exports.ContractError
	switch {
	case errors.As(err, &headed):
		return headed.heading
	case fault.Of(err) == fault.Usage:
		return fmt.Sprintf("%d problems:", n)
	case errors.As(err, &broken):
		return "the exports break the contract:"
	default:
		return ""
	}
}

// advice says what to do about the error that a run of this kind ended with.
func advice(ctx context.Context, kind fault.Kind, err error) string {
	if interruption(ctx) != nil {
		return kind.Advice()
	}
	if kind == fault.Internal && fault.OwnAdvice(err) == "" {
		switch {
		case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
			return fault.NoRoomAdvice
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
			return fault.NoFilesAdvice
		}
	}
	if kind != fault.Internal && kind != fault.Of(err) { // the command line library refused the call
		return kind.Advice()
	}
	return fault.Advice(err)
}

// Lines are the messages of an error that joins several.
func Lines(err error) []string {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []string{err.Error()}
	}
	var messages []string
	for _, one := range joined.Unwrap() {
		messages = append(messages, Lines(one)...)
	}
	return messages
}
