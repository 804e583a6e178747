package ask

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/pages"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/people"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/published/reader"
)

// reportOptions are the options of `report`.
type reportOptions struct {
	answerOptions
	out   string // empty: a name is made
	names string // the file with the names of people; empty: none
	costs settings.Costs
}

func (o *reportOptions) flags() []*cli.Option {
	partner := o.partnerFlag()
	partner.Default = "all partners of the month"
	own := []*cli.Option{
		o.monthFlag(),
		partner,
		{Name: "out", Value: "FILE.html|DIR", Usage: "page to write, or folder for an index and a page for each partner",
			Default: "report-MONTH-PARTNER.html or, for all partners, report-MONTH.html; a folder report-MONTH for more than " + strconv.Itoa(pages.MostOnOnePage),
			Read:    cli.Into(&o.out, cli.ReadLocal)},
		{Name: "names", Value: "FILE", Usage: "names of people, as people --out writes them; the pages are then for internal use", Default: "none: people are pseudonyms",
			Read: cli.Into(&o.names, cli.ReadLocal)},
		o.lang.Option("the pages"),
		cli.FormatOption(&o.format),
	}
	return slices.Concat(own, o.costs.Options(), o.settingsFlags())
}

func reportCommand() cli.Command {
	o := &reportOptions{answerOptions: newAnswerOptions(), costs: settings.NewCosts()}
	return o.command(cli.Command{
		Name:  "report",
		About: "write a page with the scores of partners and what to do next",
		More: `The page is one file that needs no network and no script. It says where a partner stands, what changes
by itself, and what to do next, with whom, by when and for how many points; then points, trend,
customers, services, skilling, outlook, data quality and rules. Without --partner it has an index,
which begins with the partners that will lose a designation, and a section for each partner. More
than 50 partners need a folder, which gets index.html and a page for each. Long lists are cut; the
published tables are complete. The same published months and costs give the same bytes. A page of
the same name is replaced. Pages of partners that the month does not have are kept in the folder and
listed.`,
		Examples: []string{
			"partnerscore report --month 2024-06 --partner 1020000 --out brightwater.html",
			"partnerscore report --month 2024-06 --out june.html",
			"partnerscore report --out reports/2024-06/",
			"partnerscore report --month 2024-06 --partner 1020000 --names names.csv --out internal.html",
		},
		Options: o.flags(),
	}, o.run)
}

func (o *reportOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	month, partners, err := o.about(ctx, r)
	if err != nil {
		return err
	}
	m := month.ScoreMonth
	place, err := pages.NewPlace(o.out, m, partners, o.partner == "", o.Snapshots)
	if err != nil {
		return err
	}
	q := pages.Request{Words: o.lang.Words, Month: m, Partners: partners, Costs: o.costs.Costs, Place: place, RunID: s.RunID, Progress: s.Console.Step}
	named := 0
	if q.Name, err = o.readNames(month); err != nil {
		return err
	}
	if names := q.Name; names != nil {
		q.Name = func(person string) string {
			name := names(person)
			if name != "" {
				named++
			}
			return name
		}
	}
	defer s.Console.Close()
	result, err := pages.Write(ctx, r, q)
	if err != nil {
		return err
	}
	s.Console.Close()
	if q.Name != nil && named == 0 {
		s.Log.Warn("the file of names has nobody of these pages: make one of this month and these partners with partnerscore people --out", "names", o.names)
	}
	return s.Present(o.format, result, result.Text)
}

// readNames reads the file that --names names, and returns a function that names a person; nil without --names. The error is a *cli.UsageError or a
// *people.FileError.
func (o *reportOptions) readNames(month *published.Month) (func(person string) string, error) {
	if o.names == "" {
		return nil, nil
	}
	file, err := os.Open(o.names)
	if err != nil {
		return nil, &cli.UsageError{Problems: []string{"--names: " + err.Error()}, Hint: "write the file with partnerscore people --out FILE"}
	}
	names, err := people.ReadNames(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("--names %s: %w", o.names, err)
	}
	m := month.ScoreMonth
	if scheme, _ := month.Manifest.Settings["person_ids"].(string); !names.Made(scheme) {
		return nil, &cli.UsageError{Problems: []string{fmt.Sprintf("--names %s: its person ids were made with another key than those of %s", o.names, m)},
			Hint: fmt.Sprintf("write it again with partnerscore people --month %s --out FILE", m)}
	}
	return names.Of, nil
}
