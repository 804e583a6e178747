package ask

import (
	"context"
	"fmt"
	"io"
	"slices"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/files"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/command/start"
	"partnerscore/jobs/internal/people"
	"partnerscore/jobs/internal/people/lookup"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/show"
	"partnerscore/jobs/internal/wording"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// peopleOptions are the options of `people`.
type peopleOptions struct {
	answerOptions
	out string // empty: the result goes to stdout
}

func (o *peopleOptions) flags() []*cli.Option {
	partner := o.partnerFlag()
	partner.Default = "all partners of the month"
	own := []*cli.Option{
		o.monthFlag(),
		partner,
		{Name: "out", Value: "FILE", Usage: "file to write as CSV, readable by its owner only; stdout then says only how many people it has", Default: "print the list",
			Read: cli.Into(&o.out, cli.ReadLocal)},
	}
	return slices.Concat(own, cli.Only(o.Options(), "exports"), o.commonFlags())
}

func peopleCommand() cli.Command {
	o := &peopleOptions{answerOptions: newAnswerOptions()}
	return o.command(cli.Command{
		Name:  "people",
		About: "show who stands behind the pseudonyms of a published month, for people who may know",
		More: `Needs the exports that the month was scored from and the key of its pseudonyms. people makes the
pseudonym of each person in the certifications again and shows whose it is: name, e-mail address,
Microsoft certification id (MCP id), and the certifications that the month asks for. It says so when
the certifications changed since, and lists people whom they do not have any more.

The result is personal data: it goes to the terminal or into the file that --out names, and never
into a snapshot or a log. report --names takes this file.`,
		Examples: []string{
			"partnerscore people --exports exports --month 2024-06 --partner 1020000",
			"partnerscore people --exports exports --month 2024-06 --out people-2024-06.csv",
			"partnerscore people --exports exports --partner 1020000 --format csv",
		},
		Options:  o.flags(),
		Columns:  written.PeopleKeys().Described(),
		Closing:  settings.PersonKeyHelp,
		Validate: o.validate,
	}, o.run)
}

func (o *peopleOptions) validate(options []*cli.Option, p cli.Process) ([]string, error) {
	problems, err := o.answerOptions.validate(options, p)
	if err != nil {
		return nil, err
	}
	problems = append(problems, o.FolderProblems()...)
	for _, kept := range []struct{ what, place string }{{"exports", o.Exports}, {"snapshots", o.Snapshots}} {
		if o.out != "" && kept.place != "" && cli.Within(o.out, kept.place) {
			problems = append(problems, fmt.Sprintf("--out %s lies in the %s folder %s, where others read it; name another place",
				show.Printable(o.out), kept.what, show.Printable(kept.place)))
		}
	}
	return problems, nil
}

func (o *peopleOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	list, err := o.find(ctx, s, r)
	if err != nil {
		return err
	}
	s.Log.Warn("the result is personal data: it names people; show it only to those who may know, and delete it when it is no longer needed")
	d := written.PeopleList(list)
	if o.out == "" {
		return presentAnswer(s, o.format, list, d)
	}
	file := files.File{What: "the list of people", Flag: "--out", Path: o.out, Mode: 0o600, RunID: s.RunID}
	if _, err := file.Replace(func(w io.Writer) error { return show.CSV(w, d.Records) }); err != nil {
		return err
	}
	result := peopleFile{Month: list.Month, People: int64(len(list.People)), Missing: list.Missing(), Path: o.out, Changes: list.Changes}
	return s.Present(o.format, result, func() string { return result.text(list, s.SentenceWidth()) })
}

// find finds out who is behind the pseudonyms of the month.
func (o *peopleOptions) find(ctx context.Context, s *cli.Session, r *reader.Reader) (*people.List, error) {
	opt, err := start.Options(&o.Scoring, s, nil)
	if err != nil {
		return nil, err
	}
	month, partners, err := o.about(ctx, r)
	if err != nil {
		return nil, err
	}
	id := "" // all
	if o.partner != "" {
		id = partners[0].ID
	}
	holdings, err := reader.HoldingsOf(ctx, r, month, id)
	if err != nil {
		return nil, err
	}
	return lookup.Find(ctx, lookup.Request{Month: month, Holdings: holdings, Partners: partners, Inputs: opt.Options})
}

// peopleFile is the result where the list goes into a file: it names nobody.
type peopleFile struct {
	Month   scoring.Month `json:"score_month"`
	People  int64         `json:"people"`
	Missing int64         `json:"not_found"`
	Path    string        `json:"path"`
	Changes []string      `json:"changed_inputs"`
}

// text says where the list is, and what a reader of it must know.
func (f peopleFile) text(list *people.List, width int) string {
	out := fmt.Sprintf("People of %s: %s, %s.\n", f.Month, show.Printable(f.Path), wording.Words{}.People(f.People))
	for _, note := range written.PeopleNotes(list) {
		out += show.Indented(note, 0, width)
	}
	return out
}
