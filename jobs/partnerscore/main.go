// Command partnerscore computes Microsoft partner capability scores for the Azure solution areas from monthly exports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := untilSignal(context.Background())
	p := &program{env: os.Getenv, stdout: os.Stdout, stderr: os.Stderr, clock: time.Now, sleep: sleep}
	p.stdoutWidth, _ = terminalWidth(os.Stdout)
	p.stderrWidth, p.stderrTerminal = terminalWidth(os.Stderr)
	code := p.run(ctx, os.Args)
	stop()
	os.Exit(code)
}

// signalGrace is how long a run may take to end after a signal. One that still hangs then, in a write to a log that nobody reads or to a disk
// that does not answer, is ended like by a second signal: the next run completes what it left.
const signalGrace = 4500 * time.Millisecond

// untilSignal returns a context that the first SIGINT or SIGTERM cancels, with an *interruptedError as its cause. A second signal ends the
// process at once. From here on a reader of stdout who leaves early is an error of writing, not the death of the process.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		for received := range signals {
			number, ok := received.(syscall.Signal)
			if !ok {
				continue
			}
			if ctx.Err() != nil {
				os.Exit(signalExit(number))
			}
			cancel(&interruptedError{signal: number})
			time.AfterFunc(signalGrace, func() { os.Exit(signalExit(number)) })
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
