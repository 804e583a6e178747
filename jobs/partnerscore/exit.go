package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/warehouse"
)

// shownProblems is how many problems of inputs a message lists: thousands help nobody.
const shownProblems = 100

// usageError says what is wrong with how the program was called or configured.
type usageError struct {
	problems []string
	hint     string
}

// FaultKind is fault.Usage.
func (e *usageError) FaultKind() string { return fault.Usage }

// FaultAdvice is the hint.
func (e *usageError) FaultAdvice() string { return e.hint }

// Error has one line per problem.
func (e *usageError) Error() string {
	text := strings.Join(e.problems, "\n")
	if e.hint != "" {
		text += "; " + e.hint
	}
	return text
}

// interruptedError is the cause of a run that a signal ended.
type interruptedError struct{ signal syscall.Signal }

// FaultKind is fault.Interrupted.
func (e *interruptedError) FaultKind() string { return fault.Interrupted }

// Error names the signal.
func (e *interruptedError) Error() string {
	name := map[syscall.Signal]string{syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM"}[e.signal]
	return fmt.Sprintf("interrupted by %s; nothing is half-published, run again to go on", name)
}

func signalExit(s syscall.Signal) int { return 128 + int(s) }

// interruption returns why ctx was cancelled, if a signal did it.
func interruption(ctx context.Context) *interruptedError {
	var interrupted *interruptedError
	if errors.As(context.Cause(ctx), &interrupted) {
		return interrupted
	}
	return nil
}

// kindOf returns what ended a run, and its exit code. A signal that came too late to stop anything is no failure.
func kindOf(ctx context.Context, err error) (kind fault.Kind, exitCode int) {
	if err == nil || leftEarly(err) {
		return fault.Done, 0
	}
	if interrupted := interruption(ctx); interrupted != nil {
		return fault.Interrupted, signalExit(interrupted.signal)
	}
	if kind = fault.Of(err); kind == fault.Internal && isA[cli.ExitCoder](err) { // what the command line library refuses
		kind = fault.Usage
	}
	return kind, kind.ExitCode()
}

func isA[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// leftEarly reports whether the reader of stdout has left, which is no failure.
func leftEarly(err error) bool { return errors.Is(err, syscall.EPIPE) }

// report prints the error that a run ended with, in sentences. A reader of stdout who has left is not told.
func (p *program) report(ctx context.Context, err error) {
	if err == nil || leftEarly(err) {
		return
	}
	for i, problem := range problems(ctx, err) {
		if i == 0 {
			fmt.Fprintf(p.stderr, "partnerscore: %s\n", problem)
		} else {
			fmt.Fprintf(p.stderr, "  %s\n", problem)
		}
	}
	if month, ok := breachMonth(err); ok && interruption(ctx) == nil {
		fmt.Fprintf(p.stderr, "  what the program sees in the exports: %s%s\n", p.inspectAlike(), month)
	}
}

// breachMonth returns the flag that makes `inspect` show the month of the exports that breaks the contract, empty where there is none.
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

// sentences are the lines of an error. What the SQL engine advises on its own settings is left out: nobody can set them from here.
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
	if hint := hintOfMeans(err); hint != "" {
		return []string{all[0] + "; " + hint}
	}
	return all
}

// hintOfMeans says what to do when the SQL engine ran out of something; empty for other errors.
func hintOfMeans(err error) string {
	switch {
	case warehouse.OutOfMemory(err):
		return "allow more with --memory-limit, use fewer --threads, or name a folder with more room with --temp-dir"
	case warehouse.TooMuchTemp(err):
		return "allow more with --max-temp, or name a folder with more room with --temp-dir"
	case warehouse.TooManyFiles(err):
		return "let the process open more files, ulimit -n"
	default:
		return ""
	}
}

// heading stands above several problems.
func heading(err error, n int) string {
	var failed *months.BackfillError
	switch {
	case errors.As(err, &failed) && len(failed.Failures) > 1:
		return fmt.Sprintf("%d months failed:", len(failed.Failures))
	case fault.Of(err) == fault.Usage:
		return fmt.Sprintf("%d problems:", n)
	case isA[*exports.ContractError](err):
		return "the exports break the contract:"
	default:
		return ""
	}
}
