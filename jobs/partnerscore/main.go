// Command partnerscore computes Microsoft partner capability scores for the Azure solution areas from monthly exports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command"
)

// release is the version of a release like 1.2.3, and revision its VCS revision. The linker sets them, -X main.release=… -X main.revision=…, where no
// repository is at hand.
var release, revision string

func main() {
	ctx, stop := untilSignal(context.Background())
	stores := &places{env: os.Getenv}
	p := cli.Process{Env: os.Getenv, Stdout: os.Stdout, Stderr: os.Stderr, Clock: time.Now, Sleep: sleep, Release: release, Revision: revision, Places: stores.reporting}
	p.StdoutWidth, _ = cli.TerminalWidth(os.Stdout)
	p.StderrWidth, p.StderrTerminal = cli.TerminalWidth(os.Stderr)
	code := cli.Run(ctx, p, command.Program(), os.Args)
	stop()
	_ = stores.close() // the next run removes what is left
	os.Exit(code)
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// signalGrace is how long a run may take to end after a signal. One that still hangs then, in a write to a log that nobody reads or to a disk
// that does not answer, is ended like by a second signal: the next run completes what it left.
const signalGrace = 4500 * time.Millisecond

// untilSignal returns a context that the first SIGINT or SIGTERM cancels, with a *cli.InterruptedError as its cause. A second signal ends the
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
				os.Exit(cli.SignalExit(number))
			}
			cancel(&cli.InterruptedError{Signal: number})
			time.AfterFunc(signalGrace, func() { os.Exit(cli.SignalExit(number)) })
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
