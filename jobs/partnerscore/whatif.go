package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/published"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/jobs/internal/show"
	"partnerscore/scoring"
)

// whatIfOptions are what `whatif` is told.
type whatIfOptions struct {
	answerOptions
	area    scoring.Area
	changes scenario.Changes
}

func (o *whatIfOptions) options() []*option {
	ch := &o.changes
	own := []*option{
		o.monthOption(), o.partnerOption(), areaOption(&o.area),
		{name: "customers", value: "CHANGE", repeated: true, read: intoList(&ch.Customers, scenario.ParseCustomers),
			usage: "customers more, up to 99,999, like +2, each with just the consumption in the month that makes it eligible, or +2@1500 with 1,500 USD each; " +
				"or fewer, like -1: the eligible ones with the least in their better month"},
		{name: "drop-customer", value: "TENANT", repeated: true, read: intoList(&ch.LostCustomers, readText),
			usage: "a customer lost, by tenant id or name: its consumption of the month and of the one before is gone"},
		{name: "acr", value: "CHANGE", repeated: true, read: intoList(&ch.ACR, scenario.ParseACR),
			usage: "ACR of the month up or down, like +5%, +1200 or -99.50, and that of the twelve months with it; no customer becomes " +
				"eligible by it or stops being so, and no service counts by it or stops counting"},
		{name: "tenant-acr", value: "TENANT=CHANGE", repeated: true, read: intoList(&ch.TenantACR, scenario.ParseTenantACR),
			usage: "the same of one customer, by tenant id or name, or of each with *=+5%: it may become eligible or stop being so; services stay"},
		{name: "add-service", value: "NAME", repeated: true, read: intoList(&ch.AddedServices, scenario.ParseService),
			usage: "a service used from the month on, in place of other consumption, or with more of it, like 'Key Vault=+500'"},
		{name: "drop-service", value: "NAME", repeated: true, read: intoList(&ch.LostServices, readText),
			usage: "a service as if it had not been used in the twelve months: its consumption is gone"},
		{name: "certify", value: "CERT=WHO", repeated: true, read: intoList(&ch.Certified, scenario.ParseCertification),
			usage: "a certification, by code or title, for up to 9,999 new people, like AZ-104=2, or for a person id"},
		{name: "uncertify", value: "CERT=PERSON", repeated: true, read: intoList(&ch.Uncertified, scenario.ParseCertification),
			usage: "a certification that a person id has no longer"},
		{name: "drop-person", value: "PERSON", repeated: true, read: intoList(&ch.LostPeople, readText), usage: "a person id that is gone"},
	}
	common := o.commonOptions()
	for _, shared := range common {
		if shared.name == "rulebook" {
			shared.usage, shared.standard = "rules to score by instead", "those of the month"
		}
	}
	return append(own, common...)
}

// whatIfCommand is `whatif`.
func (p *program) whatIfCommand() *cli.Command {
	o := &whatIfOptions{answerOptions: newAnswerOptions()}
	h := help{
		name:  "whatif",
		about: "score a published month as if something had been otherwise, before and after side by side",
		more: `Amounts and percentages are of what was published, so that the order of the changes does not matter;
flags can be given several times. The result is what scoring exports with these changes would give. New
customers have the segment that the partner's track stands for. Other rules are applied to the same
usage: those that count other usage rows are refused, and so is a certification that nobody looked for
when the month was scored. It reads snapshots and facts, and changes nothing.`,
		examples: []string{
			"partnerscore whatif --month 2024-06 --partner 1020000 --customers +2",
			"partnerscore whatif --partner 1020000 --customers -1 --drop-customer \"Northgate Orchards\"",
			"partnerscore whatif --month 2024-06 --partner 1100000 --acr +0.1%",
			"partnerscore whatif --month 2024-06 --partner 1100000 --acr -1200 --format json",
			"partnerscore whatif --month 2024-06 --partner 1060000 --tenant-acr '*=+60%'",
			"partnerscore whatif --month 2024-06 --partner 1030000 --add-service 'Key Vault' --drop-service Storage",
			"partnerscore whatif --month 2024-06 --partner 1020000 --area infrastructure --certify AZ-305=1",
			"partnerscore whatif --month 2024-06 --partner 1070000 --uncertify AZ-600=0123456789abcdef",
			"partnerscore whatif --month 2024-06 --partner 1070000 --drop-person 0123456789abcdef",
			"partnerscore whatif --month 2024-06 --partner 1060000 --rulebook azure-2026-05",
		},
		options: o.options(),
		columns: show.WhatIfColumns(),
		exits:   true,
	}
	return p.command(h, 0, 0, func(ctx context.Context, _ []string) error {
		return p.answer(ctx, &o.answerOptions, h.options, func(r *published.Reader) error { return p.runWhatIf(ctx, r, o) })
	})
}

func (p *program) runWhatIf(ctx context.Context, r *published.Reader, o *whatIfOptions) error {
	o.changes.Rulebook = o.book
	w, err := answers.Suppose(ctx, r, o.monthOf(r), o.partner, o.area, o.changes)
	if err != nil {
		return err
	}
	return p.present(o.format, w, func() ([]string, [][]string) { return show.WhatIfCSV(w) }, show.WhatIf(w, p.sentenceWidth()))
}
