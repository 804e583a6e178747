package ask

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/months"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/reconcile"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// reconcileOptions are the options of `reconcile`.
type reconcileOptions struct {
	answerOptions
	file  string // what Partner Center shows
	blank bool   // write the file instead

	portal reconcile.Portal // what validate reads from the file
}

// defaultPortal is the file that --init writes where none is named.
const defaultPortal = "portal.yaml"

func (o *reconcileOptions) flags() []*cli.Option {
	exports := cli.Only(o.Options(), "exports")
	exports[0].Usage += "; some readings need them"
	own := []*cli.Option{
		o.monthFlag(), o.partnerFlag(),
		{Name: "portal", Value: "FILE", Usage: "YAML or CSV file with what Partner Center shows", Default: defaultPortal, Read: cli.Into(&o.file, cli.ReadLocal)},
		{Name: "init", Usage: "write the file to fill in, and compare nothing", Read: cli.Into(&o.blank, cli.ReadSwitch)},
	}
	common := o.commonFlags()
	for _, rulebook := range cli.Only(common, "rulebook") {
		rulebook.Usage, rulebook.Default = "a rulebook to try as well, or your own one, if the month was scored with it", "the built-in rulebooks"
	}
	return slices.Concat(own, exports, common)
}

func reconcileCommand() cli.Command {
	o := &reconcileOptions{answerOptions: newAnswerOptions(), file: defaultPortal}
	c := o.command(cli.Command{
		Name:  "reconcile",
		About: "compare a published month with what Partner Center shows, and find what explains the differences",
		More: `Write down what Partner Center shows: a line for each area and metric that you have, with its points,
its value, or both. Value is what the points follow from: net customer adds, people, growth in percent,
services. reconcile --init writes the file to fill in. Points must be equal; a value must be equal with
the decimals that you wrote. Names may be ids or those of Partner Center: Data & AI, Usage growth.

For each difference the month is scored again in other ways: the month before, other ways to round
growth, certifications as of other days, other rulebooks, the other track, customers of unknown size
counted as SMB. With the exports also: an export that changed since, usage without an offer counted or
not, deduplication off. Where no single reading explains everything, two at once are tried. A reading
explains a line only if it gives exactly the number that is shown. Those that change no equal line
come first, then those that explain most lines, then the most usual. Differences are no failure: the
exit code is 0. reconcile changes nothing, and what it scores it scores in a temporary folder.`,
		Examples: []string{
			"partnerscore reconcile --init",
			"partnerscore reconcile --month 2024-06 --partner 1020000 --portal portal.yaml",
			"partnerscore reconcile --month 2024-06 --partner 1020000 --portal portal.csv --exports exports --format json",
		},
		Options:  o.flags(),
		Columns:  written.ReconcileKeys().Described(),
		Validate: o.validate,
	}, o.run)
	compare := c.Run
	c.Run = func(ctx context.Context, s *cli.Session, args []string) error {
		if o.blank {
			return o.writeBlank(s)
		}
		return compare(ctx, s, args)
	}
	return c
}

// validate reads the options, and the file.
func (o *reconcileOptions) validate(options []*cli.Option, p cli.Process) ([]string, error) {
	problems, err := o.answerOptions.validate(options, p)
	if err != nil || o.blank {
		return problems, err
	}
	if o.Exports != "" {
		problems = append(problems, o.FolderProblems()...)
	}
	data, err := cli.ReadSmall(o.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return append(problems, o.file+": it does not exist; write it with partnerscore reconcile --init, and fill in what Partner Center shows"), nil
	case err != nil:
		return append(problems, fmt.Sprintf("%s: %v", o.file, err)), nil
	}
	portal, wrong := reconcile.ReadPortal(o.file, data)
	o.portal = portal
	return append(problems, wrong...), nil
}

func (o *reconcileOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) (err error) {
	var aside *months.Aside
	defer func() {
		if aside != nil {
			err = errors.Join(err, aside.Close(context.WithoutCancel(ctx)))
		}
	}()
	q := reconcile.Question{Month: o.monthOf(r), Partner: o.partner, Portal: o.portal, Rulebook: o.Book}
	if o.Exports != "" {
		q.Open = func(ctx context.Context, partner string) (e *reconcile.Exports, why string, err error) {
			aside, e, why, err = o.openExports(ctx, s, q.Month, partner)
			return e, why, err
		}
	}
	defer s.Console.Close()
	a, err := reconcile.Compare(ctx, r, q)
	if err != nil {
		return err
	}
	s.Console.Close()
	return presentAnswer(s, o.format, a, written.Reconcile(a))
}

// openExports makes the exports ready to be measured again. Where the month cannot be scored from them, why says so.
func (o *reconcileOptions) openExports(ctx context.Context, s *cli.Session, m scoring.Month, partner string) (aside *months.Aside, e *reconcile.Exports, why string, err error) {
	opt, err := start.Options(&o.Scoring, s, s.Console)
	if err != nil {
		return nil, nil, "", err
	}
	s.Console.Step(0, 1, "exports")
	var unfit *months.UnfitError
	aside, err = months.OpenAside(ctx, opt, m)
	if errors.As(err, &unfit) {
		return nil, nil, unfit.Why, nil
	}
	if err != nil {
		return nil, nil, "", err
	}
	measure := func(ctx context.Context, rules *scoring.Rulebook) (*reconcile.Measured, string, error) {
		s.Console.Step(0, 1, "scores from the exports")
		track, measures, found, err := aside.Measure(ctx, rules, partner)
		switch {
		case errors.As(err, &unfit):
			return nil, unfit.Why, nil
		case err != nil || !found:
			return nil, "", err
		default:
			return &reconcile.Measured{Track: track, Measures: measures}, "", nil
		}
	}
	return aside, &reconcile.Exports{Changed: aside.Changed, Measure: measure}, "", nil
}

// writeBlank writes the file to fill in.
func (o *reconcileOptions) writeBlank(s *cli.Session) error {
	if err := cli.WriteNew(o.file, reconcile.Blank(o.file), "name another file with --portal, or remove it first"); err != nil {
		return err
	}
	next := s.NextCommand("reconcile", "month", "partner", "snapshots", "exports", "config", "rulebook") + " --portal " + show.ShellWord(o.file)
	return s.Print(fmt.Sprintf("Wrote %s. Fill in what Partner Center shows, one number is enough, then run\n%s\n", o.file, next))
}
