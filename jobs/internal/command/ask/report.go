package ask

import (
	"context"
	"slices"
	"strconv"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/pages"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/published"
	"partnerscore/scoring"
)

// reportOptions are the options of `report`.
type reportOptions struct {
	answerOptions
	out   string // empty: a name is made
	costs settings.Costs
}

func newReportOptions() *reportOptions {
	return &reportOptions{answerOptions: newAnswerOptions(), costs: settings.NewCosts()}
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
		cli.FormatOption(&o.format),
	}
	return slices.Concat(own, o.costs.Options(), o.settingsFlags())
}

func reportCommand() cli.Command {
	o := newReportOptions()
	return cli.Command{
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
		},
		Options:   o.flags(),
		ExitCodes: true,
		Log:       &o.Log,
		Validate:  o.validate,
		Run:       func(ctx context.Context, s *cli.Session, _ []string) error { return runReport(ctx, s, o) },
	}
}

func runReport(ctx context.Context, s *cli.Session, o *reportOptions) error {
	return o.withReader(ctx, s, func(r *published.Reader) error {
		m := o.monthOf(r)
		partners, err := o.partners(ctx, r, m)
		if err != nil {
			return err
		}
		place, err := pages.NewPlace(o.out, m, partners, o.partner == "", o.Snapshots)
		if err != nil {
			return err
		}
		defer s.Console.Close()
		result, err := pages.Write(ctx, r, pages.Request{Month: m, Partners: partners, Costs: o.costs.Costs, Place: place, RunID: s.RunID, Progress: s.Console.Step})
		if err != nil {
			return err
		}
		s.Console.Close()
		return s.Present(o.format, result, result.Text)
	})
}

// partners returns the partners that the report is about, by id. The error is a *cli.UsageError for a rulebook that the month was not scored by.
func (o *reportOptions) partners(ctx context.Context, r *published.Reader, m scoring.Month) ([]published.PartnerName, error) {
	month, err := r.Month(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := o.checkRulebook(month.Manifest.Rulebook); err != nil {
		return nil, err
	}
	all, err := r.Partners(ctx, month)
	if err != nil || o.partner == "" {
		return all, err
	}
	one, err := published.FindPartner(ctx, r, month, o.partner)
	if err != nil {
		return nil, err
	}
	return []published.PartnerName{one}, nil
}
