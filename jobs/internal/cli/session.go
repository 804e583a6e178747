package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"partnerscore/jobs/internal/cli/build"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/storage"
)

// Session is what a command works with: where it prints and logs, the time, and the record of its run.
type Session struct {
	Stdout  io.Writer
	Stderr  io.Writer // for everything but the log
	Width   int       // columns of stdout; 0: not a terminal
	Clock   func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	RunID   string
	Build   *build.Build
	Console *Console
	Log     *slog.Logger
	Places  storage.Places
	Record  *monitor.Recorder // nil: the command works through no months

	options  []*Option // of the command, with what the command line says
	logs     LogOptions
	record   RecordOptions
	logsEnds bool // whether the end of the run is logged in text, too
}

// NewSession makes the session of a command whose options are read.
func NewSession(p Process, c Command, b *build.Build) *Session {
	s := &Session{Stdout: p.Stdout, Stderr: p.Stderr, Width: p.StdoutWidth, Clock: p.Clock, Sleep: p.Sleep,
		RunID: newRunID(p.Clock()), Build: b, options: c.Options, logs: *c.Log}
	s.Console, s.Log = newConsole(p, s.logs)
	if p.Places != nil {
		s.Places = p.Places(s.Console.Fetched)
	}
	return s
}

// newRunID names a run: when it began, so that people can sort, and 32 random bits, so that two runs never have the same name.
func newRunID(now time.Time) string {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // never fails
	return now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(random)
}

// beginRecord begins the record of a command that works through months.
func (s *Session) beginRecord(c Command) error {
	version, err := s.Build.Version()
	if err != nil {
		return err
	}
	s.record, s.logsEnds = *c.Record, true
	s.Record = monitor.NewRecorder(c.Name, s.RunID, version, s.record.Rejections, s.Clock, s.Log)
	return nil
}

// LogEnd makes the log of a command without a record say how its run ended, in text as well. In JSON every log says so.
func (s *Session) LogEnd() { s.logsEnds = true }

// LogsJSON reports whether the log is for machines, and says all that there is to say.
func (s *Session) LogsJSON() bool { return s.logs.Format == LogJSON }

// Delivers reports whether the record of the run goes anywhere.
func (s *Session) Delivers() bool {
	return s.record.Receipt != "" || s.record.MetricsFile != "" || s.record.Pushgateway != ""
}

// NextCommand writes a command that a person may run next, with those of the named flags that the command line sets. Environment and config
// file hold for both commands.
func (s *Session) NextCommand(command string, names ...string) string {
	text := "partnerscore " + command
	for _, name := range names {
		for _, o := range Only(s.options, name) {
			for _, given := range o.given {
				text += " --" + name + " " + show.ShellWord(given)
			}
		}
	}
	return text
}

// InspectCommand is the command that looks at the exports as this one reads them.
func (s *Session) InspectCommand() string {
	return s.NextCommand("inspect", "exports", "config", "rulebook", "allow-missing", "max-rejected")
}

// SentenceWidth is the columns that sentences on stdout keep to.
func (s *Session) SentenceWidth() int {
	if s.Width == 0 {
		return show.PipeWidth
	}
	return s.Width
}

// Print prints a result.
func (s *Session) Print(result string) error {
	if _, err := io.Copy(s.Stdout, strings.NewReader(result)); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// Present prints a result as JSON, or for people.
func (s *Session) Present(format string, result any, text func() string) error {
	if format == FormatJSON {
		return s.PrintJSON(result)
	}
	return s.Print(text())
}

// PrintJSON prints one object, indented.
func (s *Session) PrintJSON(v any) error {
	encoder := json.NewEncoder(s.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// end says how the run ended, wherever that is asked for, and returns the exit code. The last line of the log says it as well.
func (x *execution) end(ctx context.Context, err error) int {
	kind, code := kindOf(ctx, err)
	s := x.session
	if s == nil || s.logs.Format != LogJSON && !s.logsEnds {
		x.report(ctx, err)
		return code
	}
	s.Console.Close()
	ending := monitor.Ending{ExitCode: code, Outcome: string(kind)}
	if code != 0 {
		ending.Error, ending.Hint = strings.Join(problems(ctx, err), "\n"), advice(ctx, kind, err)
	}
	if s.logs.Format != LogJSON {
		x.report(ctx, err)
		s.adviseBriefly(ending)
	}
	s.end(ctx, ending)
	return code
}

// adviseBriefly prints what to do about an error to a person who watches, whose log does not say it. Errors of other kinds say it themselves.
func (s *Session) adviseBriefly(e monitor.Ending) {
	byItself := e.Outcome != fault.Differs && e.Outcome != fault.Internal
	if s.Console.brief && !byItself && !strings.Contains(e.Error, e.Hint) {
		fmt.Fprintf(s.Stderr, "  %s\n", e.Hint)
	}
}

// end delivers the record and logs how the run ended.
func (s *Session) end(ctx context.Context, e monitor.Ending) {
	var summary []any
	if s.Record != nil {
		s.deliver(ctx, s.Record.End(e))
		summary = s.Record.Summary()
	}
	attributes := append([]any{"exit_code", e.ExitCode, "outcome", e.Outcome}, summary...)
	if e.ExitCode == 0 {
		if s.Record != nil || s.logs.Format == LogJSON { // a person who looks at something sees that it ended
			s.Log.Info("run ended", attributes...)
		}
		return
	}
	if s.Console.brief {
		return
	}
	if s.logs.Format == LogJSON { // in text the lines before say it
		attributes = append(attributes, "error", e.Error)
	}
	s.Log.Error("run ended", append(attributes, "hint", e.Hint)...)
}

// deliver writes receipt and metrics. One that cannot be written changes nothing about the run.
func (s *Session) deliver(ctx context.Context, record monitor.Record) {
	if s.record.Receipt != "" {
		if err := record.WriteReceipt(s.record.Receipt); err != nil {
			s.Log.Error("receipt not written", "error", err.Error())
		}
	}
	if s.record.MetricsFile != "" {
		if err := record.WriteMetrics(s.record.MetricsFile); err != nil {
			s.Log.Error("metrics not written", "error", err.Error())
		}
	}
	if s.record.Pushgateway != "" {
		if err := record.Push(ctx, s.record.Pushgateway); err != nil {
			s.Log.Error("metrics not pushed", "error", err.Error())
		}
	}
}
