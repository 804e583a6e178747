package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/sys/unix"

	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/show"
)

// TerminalWidth returns the columns of the terminal that a file is, and whether it is one.
func TerminalWidth(f *os.File) (columns int, terminal bool) {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}

// Console is stderr while a run works: log lines, and below them a progress bar when a person watches.
type Console struct {
	mu    sync.Mutex
	out   io.Writer
	clock func() time.Time
	bar   *progressbar.ProgressBar // nil: none, or none yet
	// watched says whether a person watches, and so whether there is a bar.
	watched   bool
	width     int       // columns of the terminal
	what      string    // the step that is shown
	fetchedAt time.Time // when the bytes of a fetch were shown last
	// brief: the log has warnings only, since a person watches. The sentences of an error are then all that is said of it.
	brief bool
	// uncounted leaves the number of steps out, where the text says how far the run is.
	uncounted bool
}

// The forms of the log.
const (
	LogText = "text"
	LogJSON = "json"
)

// LogOptions are how a command writes to stderr.
type LogOptions struct {
	Format  string
	Quiet   bool
	Verbose bool
}

// Options are the last ones of every command.
func (o *LogOptions) Options() []*Option {
	return []*Option{
		{Name: "log-format", Value: "text|json", Key: "log_format", Usage: "form of the log on stderr", Default: "text",
			Read: Into(&o.Format, ReadOneOf(LogText, LogJSON))},
		{Name: "quiet", Key: "quiet", Usage: "log warnings only, and show no progress", Read: Into(&o.Quiet, ReadSwitch)},
		{Name: "verbose", Usage: "on a terminal, log every step and not warnings only; elsewhere, and in JSON, every step is logged anyway",
			Read: Into(&o.Verbose, ReadSwitch)},
	}
}

// newConsole returns a console and the log that writes to it.
func newConsole(p Process, o LogOptions) (*Console, *slog.Logger) {
	c := &Console{out: p.Stderr, clock: p.Clock, watched: p.StderrTerminal && !o.Quiet, width: p.StderrWidth,
		brief: p.StderrTerminal && !o.Verbose && o.Format != LogJSON}
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if o.Quiet || c.brief {
		options.Level = slog.LevelWarn
	}
	if o.Format == LogJSON {
		return c, slog.New(slog.NewJSONHandler(c, options))
	}
	return c, slog.New(slog.NewTextHandler(c, options))
}

// Write writes a log line above the bar.
func (c *Console) Write(line []byte) (int, error) {
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

// Uncounted leaves the number of steps out from now on: the text says how far the run is.
func (c *Console) Uncounted() { c.uncounted = true }

// Step shows that the i-th of n steps begins.
func (c *Console) Step(i, n int, what string) {
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
	c.what = what
	c.bar.Describe(what)
	_ = c.bar.Set(i) // a bar that cannot be drawn does not stop the run
}

// fetchEvery is the time between two looks at the bytes of a fetch.
const fetchEvery = 200 * time.Millisecond

// Fetched shows how much of a file has arrived from an object store.
func (c *Console) Fetched(name string, done, total int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bar == nil || done < total && c.clock().Sub(c.fetchedAt) < fetchEvery {
		return
	}
	c.fetchedAt = c.clock()
	c.bar.Describe(fmt.Sprintf("%s, %s of %s of %s", c.what, show.Bytes(done), show.Bytes(total), where(name)))
	_ = c.bar.RenderBlank()
}

// where is the last folder of a file, which tells months apart; files have the same names in each.
func where(name string) string {
	if folder := path.Dir(name); folder != "." {
		return path.Base(folder)
	}
	return name
}

// Done does nothing: who watches sees what begins next.
func (c *Console) Done(monitor.Step) {}

// Close takes the bar away.
func (c *Console) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bar != nil {
		_ = c.bar.Clear() // as in Step
		c.bar = nil
	}
}
