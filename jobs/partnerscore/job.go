package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"partnerscore/jobs/internal/facts"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// tellOptions are where a run tells how it went, besides its log. Empty: nowhere.
type tellOptions struct {
	receipt     string
	metricsFile string
	pushgateway string
}

func (o *tellOptions) options() []*option {
	return []*option{
		{name: "receipt", value: "FILE", usage: "write what the run did and how it ended to this JSON file, also when it failed",
			read: into(&o.receipt, readTarget)},
		{name: "metrics-file", value: "FILE", usage: "write the same as metrics in the Prometheus text format, for the textfile collector of the node exporter",
			read: into(&o.metricsFile, readTarget)},
		{name: "pushgateway", value: "URL", usage: "push these metrics to a Prometheus Pushgateway, like http://pushgateway:9091; one that does not answer changes nothing else",
			read: into(&o.pushgateway, readGateway)},
	}
}

// readTarget reads the path of a file that is to be written: its folder must be there.
func readTarget(text string) (string, error) {
	if _, err := readText(text); err != nil {
		return "", err
	}
	dir := filepath.Dir(text)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s: the folder %s is not there", text, dir)
	}
	if info, err := os.Stat(text); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: is no regular file", text)
	}
	return text, nil
}

// keepOff returns what is wrong with the places of the files, and takes those for none: one of them must replace neither what is published,
// nor an export, nor the other.
func (o *tellOptions) keepOff(exports, snapshots string) (problems []string) {
	files := []struct {
		flag string
		path *string
	}{{"--receipt", &o.receipt}, {"--metrics-file", &o.metricsFile}}
	folders := []struct{ name, path string }{{"exports", exports}, {"snapshots", snapshots}}
	twice := o.receipt != "" && o.metricsFile != "" && sameFolder(resolvedPath(o.receipt), resolvedPath(o.metricsFile))
	for _, file := range files {
		for _, folder := range folders {
			// The file itself may be a link to somewhere else: what is replaced is the link.
			if *file.path != "" && folder.path != "" && (within(*file.path, folder.path) || within(filepath.Dir(*file.path), folder.path)) {
				problems = append(problems, fmt.Sprintf("%s %s lies in the %s folder %s, where it could replace what belongs there; name another place",
					file.flag, show.Printable(*file.path), folder.name, show.Printable(folder.path)))
				*file.path = ""
			}
		}
	}
	if twice {
		problems = append(problems, "--receipt and --metrics-file name the same file; name two")
		o.receipt, o.metricsFile = "", ""
	}
	return problems
}

func readGateway(text string) (string, error) {
	_, err := monitor.ParseGateway(text)
	return text, err
}

// job is the run of a command: its console, its log and, where the command works through months, its record.
type job struct {
	console *console
	log     *slog.Logger
	format  string            // of the log
	tell    tellOptions       // where the record goes
	record  *monitor.Recorder // nil: a command that only looks
	runID   string
}

// begin reads the options of a command that works through months and starts its job. What it was told may have problems: these are returned,
// and recorded as well.
func (p *program) begin(h help, o *scoringOptions, tell *tellOptions) (j *job, problems []string, err error) {
	if problems, err = o.resolve(h.options, p.env); err != nil {
		return nil, nil, err
	}
	problems = append(problems, tell.keepOff(o.exports, o.snapshots)...)
	version, err := p.version()
	if err != nil {
		return nil, nil, err
	}
	_, log := p.newConsole(o.logFormat, o.quiet)
	p.job.tell = *tell
	p.job.record = monitor.NewRecorder(h.name, p.job.runID, version, facts.RejectionReasons(), p.clock, log)
	return p.job, problems, nil
}

// watching shows a person what begins, and records what has ended.
type watching struct {
	stepper
	*monitor.Recorder
}

// stepper shows a person what begins.
type stepper interface {
	Step(i, n int, what string)
}

// end tells how the run ended, everywhere it was told to, and returns the exit code. The log's last line says it as well.
func (p *program) end(ctx context.Context, err error) int {
	kind, code := kindOf(ctx, err)
	if p.job == nil {
		p.report(ctx, err)
		return code
	}
	p.job.console.close()
	if p.job.format != logJSON {
		p.report(ctx, err)
	}
	p.job.end(ctx, ending(ctx, kind, code, err))
	return code
}

// ending is the end of a run in words.
func ending(ctx context.Context, kind fault.Kind, code int, err error) monitor.Ending {
	e := monitor.Ending{ExitCode: code, Outcome: string(kind)}
	if kind == fault.Done {
		return e
	}
	e.Error = strings.Join(problems(ctx, err), "\n")
	e.Hint = advice(ctx, kind, err)
	return e
}

func (j *job) end(ctx context.Context, e monitor.Ending) {
	if j.record != nil {
		record := j.record.End(e)
		j.deliver(ctx, record)
	}
	attributes := []any{"exit_code", e.ExitCode, "outcome", e.Outcome}
	if j.record != nil {
		attributes = append(attributes, j.record.Summary()...)
	}
	if e.ExitCode == 0 {
		if j.record != nil || j.format == logJSON { // a person who looks at something sees that it ended
			j.log.Info("run ended", attributes...)
		}
		return
	}
	if j.format == logJSON { // otherwise it stands in the lines before
		attributes = append(attributes, "error", e.Error)
	}
	j.log.Error("run ended", append(attributes, "hint", e.Hint)...)
}

// deliver writes receipt and metrics. That one of them cannot be written changes nothing about the run.
func (j *job) deliver(ctx context.Context, record monitor.Record) {
	if j.tell.receipt != "" {
		if err := record.WriteReceipt(j.tell.receipt); err != nil {
			j.log.Error("receipt not written", "error", err.Error())
		}
	}
	if j.tell.metricsFile != "" {
		if err := record.WriteMetrics(j.tell.metricsFile); err != nil {
			j.log.Error("metrics not written", "error", err.Error())
		}
	}
	if j.tell.pushgateway != "" {
		if err := record.Push(ctx, j.tell.pushgateway); err != nil {
			j.log.Error("metrics not pushed", "error", err.Error())
		}
	}
}

// failed records a month that failed; one that was interrupted has not.
func (j *job) failed(ctx context.Context, m scoring.Month, err error) {
	if ctx.Err() == nil {
		j.record.Failed(m, firstSentence(err))
	}
}

// findStale records which published months are overtaken, where somebody will read it: it takes a look at the exports of every published month.
func (j *job) findStale(ctx context.Context, opt months.Options) {
	if j.tell == (tellOptions{}) {
		return
	}
	opt.Log = slog.New(slog.DiscardHandler) // the run has said all that there is to say about the exports
	months, err := months.StaleMonths(ctx, opt)
	if err != nil {
		j.log.Warn("it is not known which months are stale", "error", firstSentence(err)) // what the run was for is done
		return
	}
	j.record.Stale(months)
}

// panicError is a fault of the program.
type panicError struct {
	fault any
	stack []byte
}

// Error asks for a report.
func (e *panicError) Error() string {
	return fmt.Sprintf("internal error: %v; this is a fault of the program, please report it with these lines\n%s", e.fault, e.stack)
}
