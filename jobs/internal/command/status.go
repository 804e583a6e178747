package command

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/show/runs"
	"partnerscore/jobs/internal/storage"
)

// statusOptions are the options of `status`. Those that decide whether a snapshot is stale must be given as they were when it was published.
type statusOptions struct {
	settings.Scoring
	format   string
	selfTest bool
}

func newStatusOptions() *statusOptions {
	return &statusOptions{Scoring: settings.NewScoring(), format: cli.FormatTable}
}

func (o *statusOptions) flags() []*cli.Option {
	selfTest := &cli.Option{Name: "self-test", Read: cli.Into(&o.selfTest, cli.ReadSwitch),
		Usage: "check instead whether the place of the snapshots can keep them: lock, conditional writes, reads, clock; needs no exports and leaves nothing behind but the lock"}
	return append([]*cli.Option{cli.FormatOption(&o.format), selfTest}, cli.Only(o.Scoring.Options(),
		"exports", "snapshots", "config", "rulebook", "skills-as-of", "allow-missing", "rehash", "log-format", "quiet", "verbose")...)
}

func statusCommand() cli.Command {
	o := newStatusOptions()
	return cli.Command{
		Name:  "status",
		About: "show the exports, facts and snapshots of each month",
		More: `A snapshot is published; stale (the exports, the rules or the settings changed since it was
published); missing (it can be scored but was not); or not scorable (months of its exports are
missing). Rules and settings are compared with those given here, so give the flags that you give to
score and backfill. Delta logs that differ from what is published are listed, too. status changes
nothing and does not wait for other runs.`,
		Examples: []string{
			"partnerscore status --exports exports",
			"partnerscore status --exports exports --snapshots snapshots --format json",
			"partnerscore status --snapshots az://container/snapshots --self-test",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Closing:   settings.PersonKeyHelp,
		Log:       &o.Log,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runStatus(ctx, s, o) },
	}
}

func (o *statusOptions) validate(options []*cli.Option, p cli.Process) ([]string, error) {
	problems, err := o.Read(options, p.Env)
	if o.selfTest {
		return problems, err
	}
	return append(problems, o.FolderProblems()...), err
}

// selfTestError is the error of a self-test that was printed: it names the check, and its sentences stand in the result.
type selfTestError struct{ storage.Check }

// Error names the check.
func (e *selfTestError) Error() string { return "the self-test failed: " + e.Name }

// Unwrap returns what the check met.
func (e *selfTestError) Unwrap() error { return e.Err }

// runSelfTest prints the checks. The error is that of the one that failed.
func runSelfTest(ctx context.Context, s *cli.Session, o *statusOptions) error {
	store, err := s.Places.Snapshots(ctx, o.Snapshots, o.Limits.TempDir)
	if err != nil {
		return err
	}
	checks := storage.SelfTest(ctx, store, s.RunID)
	result := runs.NewSelfTest(o.Snapshots, checks)
	err = s.Present(o.format, result, func() string { return result.Text(s.SentenceWidth()) })
	for _, c := range checks {
		if c.Err != nil {
			err = errors.Join(err, &selfTestError{c})
		}
	}
	return err
}

func runStatus(ctx context.Context, s *cli.Session, o *statusOptions) error {
	s.LogEnd()
	defer s.Console.Close()
	if o.selfTest {
		return runSelfTest(ctx, s, o)
	}
	opt, err := start.Options(&o.Scoring, s, s.Console)
	if err != nil {
		return err
	}
	result := runs.Status{Exports: runs.Folder{Path: o.Exports}, Snapshots: runs.Folder{Path: o.Snapshots}}
	if result.Snapshots.Exists, err = o.HasSnapshots(ctx, s); err != nil {
		return err
	}
	if result.Months, result.Exports.Exists, err = months.Status(ctx, opt); err != nil {
		return err
	}
	if result.Delta, err = months.DeltaLogs(ctx, opt); err != nil {
		return err
	}
	s.Console.Close()
	if !result.Exports.Exists && !result.Snapshots.Exists {
		what := settings.Absent("exports", o.Exports) + ", and " + settings.Absent("snapshots", o.Snapshots)
		return &settings.NoFolderError{What: what + "; name them with --exports and --snapshots"}
	}
	return s.Present(o.format, result, func() string { return result.Text(s.SentenceWidth()) })
}
