package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/months"
)

// statusOptions are what `status` is told. What decides whether a snapshot is stale is told as it was when the snapshot was published.
type statusOptions struct {
	scoringOptions
	format string
}

func (o *statusOptions) options() []*option {
	return append([]*option{formatOption(&o.format)},
		only(o.scoringOptions.options(), "exports", "snapshots", "config", "rulebook", "skills-as-of", "allow-missing", "rehash", "log-format", "quiet")...)
}

// statusCommand is `status`.
func (p *program) statusCommand() *cli.Command {
	o := &statusOptions{scoringOptions: newScoringOptions()}
	h := help{
		name:  "status",
		about: "show per month which exports, facts and snapshots there are",
		more: `A snapshot is published; stale, when the exports, the rules or the settings changed since it was
published; missing, when it could be scored and was not; or not scorable, when months of its exports
are not there. Rules and settings are compared with those given here: give the flags of score and
backfill. Nothing is changed, and no other run is waited for.`,
		examples: []string{
			"partnerscore status --exports exports",
			"partnerscore status --exports exports --snapshots snapshots --format json",
		},
		options: o.options(),
		exits:   true,
		closing: personKeyHelp,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		problems, err := o.resolve(h.options, p.env)
		if err != nil {
			return err
		}
		if problems = append(problems, o.folderProblems()...); len(problems) > 0 {
			return &usageError{problems: problems}
		}
		return p.runStatus(ctx, o)
	})
}

// statusResult is what `status --format json` prints.
type statusResult struct {
	Exports   statusFolder        `json:"exports"`
	Snapshots statusFolder        `json:"snapshots"`
	Months    []months.MonthStatus `json:"months"`
}

// statusFolder is a folder that the status is about.
type statusFolder struct {
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

func (p *program) runStatus(ctx context.Context, o *statusOptions) error {
	console, log := p.newConsole(o.logFormat, o.quiet)
	defer console.close()
	result := statusResult{Exports: statusFolder{o.exports, exists(o.exports)}, Snapshots: statusFolder{o.snapshots, exists(o.snapshots)}}
	if !result.Exports.Exists && !result.Snapshots.Exists {
		return &noFolderError{"neither the exports folder " + o.exports + " nor the snapshots folder " + o.snapshots +
			" exists; name them with --exports and --snapshots"}
	}
	opt, err := o.pipeline(p, log, console)
	if err != nil {
		return err
	}
	if result.Months, err = months.Status(ctx, opt); err != nil {
		return err
	}
	console.close()
	if o.format == formatJSON {
		return writeJSON(p.stdout, result)
	}
	return p.printStatus(result)
}
