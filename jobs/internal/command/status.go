package command

import (
	"context"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show/runs"
)

// statusOptions are the options of `status`. Those that decide whether a snapshot is stale must be given as they were when it was published.
type statusOptions struct {
	settings.Scoring
	format string
}

func newStatusOptions() *statusOptions {
	return &statusOptions{Scoring: settings.NewScoring(), format: formatTable}
}

func (o *statusOptions) flags() []*cli.Option {
	return append([]*cli.Option{formatOption(&o.format)}, cli.Only(o.Scoring.Options(),
		"exports", "snapshots", "config", "rulebook", "skills-as-of", "allow-missing", "rehash", "log-format", "quiet")...)
}

func statusCommand() cli.Command {
	o := newStatusOptions()
	return cli.Command{
		Name:  "status",
		About: "show the exports, facts and snapshots of each month",
		More: `A snapshot is published; stale (the exports, the rules or the settings changed since it was
published); missing (it can be scored but was not); or not scorable (months of its exports are
missing). Rules and settings are compared with those given here, so give the flags that you give to
score and backfill. status changes nothing and does not wait for other runs.`,
		Examples: []string{
			"partnerscore status --exports exports",
			"partnerscore status --exports exports --snapshots snapshots --format json",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Closing:   personKeyHelp,
		Log:       &o.Log,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runStatus(ctx, s, o) },
	}
}

func (o *statusOptions) validate(options []*cli.Option, p cli.Process) ([]string, error) {
	problems, err := o.Read(options, p.Env)
	return append(problems, o.FolderProblems()...), err
}

func runStatus(ctx context.Context, s *cli.Session, o *statusOptions) error {
	s.LogEnd()
	defer s.Console.Close()
	result := runs.Status{Exports: folder(o.Exports), Snapshots: folder(o.Snapshots)}
	if !result.Exports.Exists && !result.Snapshots.Exists {
		return &noFolderError{"neither the exports folder " + o.Exports + " nor the snapshots folder " + o.Snapshots +
			" exists; name them with --exports and --snapshots"}
	}
	opt, err := o.Months(s, s.Console)
	if err != nil {
		return err
	}
	if result.Months, err = months.Status(ctx, opt); err != nil {
		return err
	}
	s.Console.Close()
	return present(s, o.format, result, func() string { return result.Text(s.SentenceWidth()) })
}

func folder(path string) runs.Folder { return runs.Folder{Path: path, Exists: cli.Exists(path)} }
