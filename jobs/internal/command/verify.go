package command

import (
	"context"
	"slices"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/months/results"
	"partnerscore/jobs/internal/show/runs"
)

// verifyOptions are the options of `verify`.
type verifyOptions struct {
	settings.Scoring
	record cli.RecordOptions
	deep   bool
	repair bool
	format string
}

func newVerifyOptions() *verifyOptions {
	return &verifyOptions{Scoring: settings.NewScoring(), record: recordOptions(), format: cli.FormatTable}
}

func (o *verifyOptions) flags() []*cli.Option {
	own := []*cli.Option{
		{Name: "deep", Usage: "also score every month again, in a temporary place, and compare", Read: cli.Into(&o.deep, cli.ReadSwitch)},
		{Name: "repair", Usage: "score months again, in their place, that are damaged: the manifest or files are missing, or are not what was published",
			Read: cli.Into(&o.repair, cli.ReadSwitch)},
		cli.FormatOption(&o.format),
	}
	shared := cli.Only(o.Scoring.Options(), append(settings.EngineNames(), "exports", "snapshots", "config", "rulebook", "skills-as-of", "allow-missing",
		"max-rejected", "lock-wait", "threads", "memory-limit", "temp-dir", "max-temp", "log-format", "quiet", "verbose")...)
	return slices.Concat(own, shared, o.record.Options())
}

func verifyCommand() cli.Command {
	o := newVerifyOptions()
	return cli.Command{
		Name:  "verify",
		About: "check published snapshots against their manifests",
		More: `Reads every published file whole and compares bytes, columns and rows with the manifests, and Delta
logs with both. A file that is in no manifest is a difference, too. With --deep every month is also
scored again from the exports, by the rules and settings that its manifest names, and compared.
verify changes nothing without --repair.

--repair scores each damaged month again and leaves all other months alone. It uses the rules and
settings in the manifest. If the manifest is missing or damaged, it uses the flags, as score does.
A month that cannot be scored again stays as it is, and the next one is tried. Files that belong to
no month stay. Facts are not checked: use --deep for those.

The exit code is 6 if there is a difference. If there is none, but a month cannot be scored again,
it is 2 (its rulebook or the key of its person ids is not given), 3 (its inputs are missing) or 4
(its inputs are broken).`,
		Examples: []string{
			"partnerscore verify --snapshots snapshots",
			"partnerscore verify --snapshots snapshots --deep --exports exports",
			"partnerscore verify --snapshots snapshots --repair --exports exports",
		},
		Options:   o.flags(),
		ExitCodes: true,
		Closing: `With --deep and --repair the key of person ids must be the one of the snapshots: it is in the environment variable
PARTNERSCORE_PERSON_KEY, or in the file that PARTNERSCORE_PERSON_KEY_FILE names.`,
		Log:      &o.Log,
		Record:   &o.record,
		Validate: o.validate,
		Run:      func(ctx context.Context, s *cli.Session, _ []string) error { return runVerify(ctx, s, o) },
	}
}

func (o *verifyOptions) validate(options []*cli.Option, p cli.Process) (problems []string, err error) {
	if problems, err = o.Read(options, p.Env); err != nil {
		return nil, err
	}
	problems = append(problems, o.record.KeepOff(o.Exports, o.Snapshots)...)
	if o.deep && o.repair {
		problems = append(problems, "--deep and --repair are two runs: repair first, then verify --deep")
	}
	if o.deep || o.repair {
		problems = append(problems, o.FolderProblems()...)
	}
	return problems, nil
}

func runVerify(ctx context.Context, s *cli.Session, o *verifyOptions) error {
	if err := o.RequireSnapshots(ctx, s); err != nil {
		return err
	}
	s.Console.Uncounted()
	opt, err := start.Options(&o.Scoring, s, watching{s.Console, s.Record})
	if err != nil {
		return err
	}
	var found results.Verified
	if o.repair {
		warnOfPlainPersonIDs(opt)
		found, err = months.Repair(ctx, opt)
		for _, n := range found.NotScoredAgain {
			s.Record.Failed(n.Month, n.Why)
		}
	} else {
		found, err = months.Verify(ctx, opt, o.deep)
	}
	recordLatest(ctx, s, opt)
	if err != nil {
		return err
	}
	s.Console.Close()
	result := runs.NewVerify(found, o.deep)
	return cli.JoinPrintError(found.Err(), s.Present(o.format, result, func() string { return result.Text(o.Snapshots, s.SentenceWidth()) }))
}
