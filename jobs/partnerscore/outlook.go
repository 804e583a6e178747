package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/snapshot"
	"partnerscore/scoring"
)

// outlookOptions are what `outlook` is told.
type outlookOptions struct {
	answerOptions
	area   scoring.Area
	months int
}

func (o *outlookOptions) options() []*option {
	own := []*option{
		o.monthOption(), o.partnerOption(), areaOption(&o.area),
		{name: "months", value: "N", usage: fmt.Sprintf("how many months to look ahead, 1 to %d", answers.MaxOutlook), standard: strconv.Itoa(o.months),
			read: into(&o.months, readMonths)},
	}
	return append(own, o.commonOptions()...)
}

func readMonths(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > answers.MaxOutlook {
		return 0, fmt.Errorf("want a whole number from 1 to %d, got %q", answers.MaxOutlook, text)
	}
	return n, nil
}

// outlookCommand is `outlook`.
func (p *program) outlookCommand() *cli.Command {
	const months = 6
	o := &outlookOptions{answerOptions: newAnswerOptions(), months: months}
	h := help{
		name:  "outlook",
		about: "say what the months after a published one ask for, and what happens if everything stays as it is",
		more: `The months a year before are known: how many eligible customers and how much ACR each step of points
will take; an ACR also makes up what the twelve months lack of the gate of usage growth. Everything
stays as it is means: the customers that are eligible now are so in each month to come, also those that
are by the month before the published one only (it says how many: they have to consume more again), the
ACR and the use of each service are those of the published month, the windows of twelve months move on,
people hold what they hold until it expires or leaves its list, and a month is scored by the rulebook
that is in force in it, if the published one was. It reads snapshots and facts.`,
		examples: []string{
			"partnerscore outlook --month 2024-06 --partner 1070000",
			"partnerscore outlook --month 2024-06 --partner 1040000 --area data_ai --months 3",
			"partnerscore outlook --partner 1010000 --format csv",
		},
		options: o.options(),
		columns: outlookColumns(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *answers.Reader) error { return p.runOutlook(ctx, r, o) })
	})
}

func (p *program) runOutlook(ctx context.Context, r *answers.Reader, o *outlookOptions) error {
	x, err := r.Outlook(ctx, o.monthOf(r), o.partner, o.area, o.months)
	if err != nil {
		return err
	}
	if err := o.otherRules(snapshot.RulebookRef{ID: x.Rules.ID, SHA256: x.Rules.SHA256()}); err != nil {
		return err
	}
	return p.present(o.format, x, func() ([]string, [][]string) { return outlookCSV(x) }, outlookTable{x: x, width: p.sentenceWidth()})
}

// outlookColumns are the columns of the CSV of an outlook.
func outlookColumns() csvColumns {
	return csvColumns{
		{"score_month partner_id", "that is looked ahead from"},
		{"month", "that the line is about; of a gate the score month"},
		{"solution_area metric", "that the line is about"},
		{"kind", "rules: those in force; total and metric: points if all stays as it is; baseline: of a year before, known; today: what stays; step: what points " +
			"take; twelve_months: consumption below its gate; service_leaving; certification_ending, certification_starting; gate"},
		{"id name", "of the rulebook and track, the service, the person and certification; of a gate its step and certification, of a step of growth its percentage"},
		{"points", "of a total, a metric or a step"},
		{"count", "eligible customers; people of a gate; of a certification the step that it is of"},
		{"acr_usd", "of the month in USD, of twelve months where kind is twelve_months"},
		{"reason", "status or reason; of a service the month of its last use; of a gate how many it can spare"},
	}
}

// outlookCSV has a line for each fact about each month to come, and for each gate of the published one.
func outlookCSV(x *answers.Outlook) (header []string, rows [][]string) {
	header = outlookColumns().header()
	var month scoring.Month
	add := func(area scoring.Area, metric scoring.Metric, kind, id, name, points, n, acr, reason string) {
		rows = append(rows, []string{x.ScoreMonth.String(), x.ID, month.String(), string(area), string(metric), kind, id, name, points, n, acr, reason})
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, m := range x.Months {
		month = m.Month
		add("", "", "rules", m.Rulebook, m.Track, "", "", "", "")
		for _, a := range m.Areas {
			add(a.Area, "", "total", "", "", a.Total.Decimal(), "", "", map[bool]string{true: "qualifies", false: "does_not_qualify"}[a.Qualifies])
			for _, one := range a.Metrics {
				add(a.Area, one.Metric, "metric", "", "", optionalPoints(one.Points), "", "", string(one.Status))
			}
		}
		baseline, unknown := "", "usage is missing"
		if m.BaselineCustomers != nil {
			baseline, unknown = whole(*m.BaselineCustomers), ""
		}
		add("", scoring.NetCustomerAdds, "baseline", "", "", "", baseline, "", unknown)
		add("", scoring.NetCustomerAdds, "today", "", "", "", whole(m.Customers), "", fmt.Sprintf("%d by the month before only", m.ByMonthBefore))
		for _, s := range m.CustomerSteps {
			add("", scoring.NetCustomerAdds, "step", "", "", wholePoints(s.Points), whole(s.Customers), "", "")
		}
		if unknown = "usage is missing"; m.BaselineACR != nil {
			unknown = ""
		}
		add("", scoring.UsageGrowth, "baseline", "", "", "", "", optionalAmount(m.BaselineACR), unknown)
		if m.ACRTTM < m.ACRGate {
			add("", scoring.UsageGrowth, "twelve_months", "", "", "", "", decimal(m.ACRTTM), string(scoring.BelowACRGate))
		}
		for _, s := range m.ACRSteps {
			add("", scoring.UsageGrowth, "step", "", whole(s.Percent)+" %", wholePoints(s.Points), "", decimal(s.ACR), "")
		}
		for _, s := range m.Services {
			add("", scoring.Deployments, "service_leaving", "", s.Service, "", "", "", s.LastUsed.String())
		}
		for _, turns := range []struct {
			kind string
			all  []answers.CertificationTurn
		}{{"certification_ending", m.Ending}, {"certification_starting", m.Starting}} {
			for _, c := range turns.all {
				for _, s := range c.Steps {
					add(s.Area, s.Metric, turns.kind, c.Person, c.Certification, "", strconv.Itoa(s.Step), "", turnReason(c))
				}
			}
		}
	}
	month = x.ScoreMonth
	for _, g := range x.Gates {
		add(g.Area, g.Metric, "gate", strconv.Itoa(g.Step), g.Certification, "", whole(g.People), "", spareText(g.Spare))
	}
	return header, rows
}

// spareText says how many a gate can do without, or lacks.
func spareText(spare int64) string {
	if spare < 0 {
		return fmt.Sprintf("unmet, %d missing", -spare)
	}
	return fmt.Sprintf("spare %d", spare)
}

// wholePoints writes points plainly.
func wholePoints(n int64) string {
	const hundred = 100
	return snapshot.Hundredths(n * hundred).Decimal()
}

// turnReason says why a certification ends or starts, and when.
func turnReason(c answers.CertificationTurn) string {
	if c.Day == nil {
		return c.Why
	}
	return c.Why + " " + c.Day.String()
}
