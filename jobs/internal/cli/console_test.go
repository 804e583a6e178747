package cli

import (
	"errors"
	"strings"
	"testing"

	"partnerscore/jobs/internal/cli/build"
)

func TestLogLinesStandAboveTheBar(t *testing.T) {
	p, _, stderr := testProcess()
	p.StderrTerminal = true
	c, log := newConsole(p, LogOptions{Format: LogText, Verbose: true})
	c.Step(0, 15, "facts of 2023-05")
	log.Info("facts built", "month", "2023-05")
	c.Step(1, 15, "facts of 2023-06")
	c.Close()
	log.Info("done")
	screen := rendered(stderr.String())
	if len(screen) != 2 || !strings.Contains(screen[0], `msg="facts built" month=2023-05`) || !strings.HasSuffix(screen[1], "msg=done") {
		t.Errorf("the terminal shows %q after %q", screen, stderr)
	}
	if !strings.Contains(stderr.String(), "facts of 2023-06") || !strings.Contains(stderr.String(), "(1/15)") {
		t.Errorf("no bar in %q", stderr)
	}
}

// rendered returns the lines that a terminal shows: a carriage return goes back to the first column, and what is written there replaces
// what was there.
func rendered(output string) (screen []string) {
	for line := range strings.SplitSeq(strings.ReplaceAll(output, "\x1b[2K", ""), "\n") {
		var cells []rune
		for part := range strings.SplitSeq(line, "\r") {
			for i, r := range []rune(part) {
				if i < len(cells) {
					cells[i] = r
				} else {
					cells = append(cells, r)
				}
			}
		}
		if text := strings.TrimSpace(string(cells)); text != "" {
			screen = append(screen, text)
		}
	}
	return screen
}

// TestTerminalsShowWarnings: who watches reads a bar and warnings, unless they ask for more; a pipe and JSON get every step.
func TestTerminalsShowWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		terminal bool
		options  LogOptions
		steps    bool
	}{
		"terminal":          {true, LogOptions{Format: LogText}, false},
		"verbose":           {true, LogOptions{Format: LogText, Verbose: true}, true},
		"JSON":              {true, LogOptions{Format: LogJSON}, true},
		"pipe":              {false, LogOptions{Format: LogText}, true},
		"quiet and verbose": {true, LogOptions{Format: LogText, Quiet: true, Verbose: true}, false},
	} {
		p, _, stderr := testProcess()
		p.StderrTerminal = c.terminal
		_, log := newConsole(p, c.options)
		log.Info("a step")
		if steps := stderr.Len() > 0; steps != c.steps {
			t.Errorf("%s: steps are logged: %t", name, steps)
		}
		if log.Warn("a warning"); !strings.Contains(stderr.String(), "a warning") {
			t.Errorf("%s: no warning", name)
		}
	}
}

// TestTerminalsShowAFailureOnce: the sentences of an error and what to do, and no line of the log.
func TestTerminalsShowAFailureOnce(t *testing.T) {
	for name, terminal := range map[string]bool{"terminal": true, "pipe": false} {
		p, _, stderr := testProcess()
		p.StderrTerminal = terminal
		x := &execution{process: p, session: NewSession(p, Command{Log: &LogOptions{Format: LogText}}, &build.Build{})}
		x.session.LogEnd()
		if code := x.end(t.Context(), busy{errors.New("disk")}); code != 1 {
			t.Errorf("%s: exit code %d", name, code)
		}
		told := stderr.String()
		if logged := strings.Contains(told, "level="); logged == terminal || !strings.HasPrefix(told, "partnerscore: disk") || strings.Count(told, "disk") != 1 {
			t.Errorf("%s: %q", name, told)
		}
	}
}

func TestNobodyWatchesNoBar(t *testing.T) {
	for name, quiet := range map[string]bool{"no terminal": false, "quiet": true} {
		p, _, stderr := testProcess()
		p.StderrTerminal = quiet
		c, log := newConsole(p, LogOptions{Format: LogText, Quiet: quiet})
		c.Step(0, 15, "facts of 2023-05")
		c.Close()
		if stderr.Len() > 0 {
			t.Errorf("%s: %q", name, stderr)
		}
		if log.Warn("a warning"); !strings.Contains(stderr.String(), "level=WARN") {
			t.Errorf("%s: no warning", name)
		}
	}
}
