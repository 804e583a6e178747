package main

import (
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/monitor"
)

// terminalWidth returns the columns of the terminal that a file is, and whether it is one.
func terminalWidth(f *os.File) (columns int, terminal bool) {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}

// console is stderr while a run works: log lines, and below them a progress bar when a person watches.
type console struct {
	mu  sync.Mutex
	out io.Writer
	bar *progressbar.ProgressBar // nil: none, or none yet
	// watched says whether there is to be a bar.
	watched bool
	// uncounted leaves the number of steps out, where the text says how far the run is.
	uncounted bool
}

// The forms of the log.
const (
	logText = "text"
	logJSON = "json"
)

// newConsole returns the console of a run and the log that writes to it. The run's end is told in that log.
func (p *program) newConsole(format string, quiet bool) (*console, *slog.Logger) {
	c, log := p.makeConsole(format, quiet)
	p.job = &job{console: c, log: log, format: format, runID: newRunID(p.clock())}
	return c, log
}

// logEnd lets a command that writes no log of its own say in JSON how it ended, where that is asked for: as text its result or its error is enough.
func (p *program) logEnd(o logOptions) {
	if o.logFormat == logJSON {
		p.newConsole(o.logFormat, o.quiet)
	}
}

func (p *program) makeConsole(format string, quiet bool) (*console, *slog.Logger) {
	c := &console{out: p.stderr, watched: p.stderrTerminal && !quiet}
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if quiet {
		options.Level = slog.LevelWarn
	}
	if format == logJSON {
		return c, slog.New(slog.NewJSONHandler(c, options))
	}
	return c, slog.New(slog.NewTextHandler(c, options))
}

// Write writes a log line above the bar.
func (c *console) Write(line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bar == nil {
		return c.out.Write(line)
	}
	if err := c.bar.Clear(); err != nil {
		return 0, err
	}
	n, err := c.out.Write(line)
	if err != nil {
		return n, err
	}
	return n, c.bar.RenderBlank()
}

// Step shows that the i-th of n steps begins.
func (c *console) Step(i, n int, what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.watched {
		return
	}
	if c.bar == nil {
		options := []progressbar.Option{progressbar.OptionSetWriter(c.out), progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish()}
		if !c.uncounted {
			options = append(options, progressbar.OptionShowCount())
		}
		c.bar = progressbar.NewOptions(n, options...)
	}
	if c.bar.GetMax() != n {
		c.bar.ChangeMax(n)
	}
	c.bar.Describe(what)
	_ = c.bar.Set(i) // a bar that cannot be drawn is no reason to stop
}

// Done does nothing: who watches sees what begins next.
func (c *console) Done(monitor.Step) {}

// close takes the bar away.
func (c *console) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bar != nil {
		_ = c.bar.Clear() // as in Step
		c.bar = nil
	}
}
