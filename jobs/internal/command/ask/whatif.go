package ask

import (
	"context"

	"partnerscore/jobs/internal/answers"
	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/published/reader"
	"partnerscore/jobs/internal/scenario"
	"partnerscore/jobs/internal/written"
	"partnerscore/scoring"
)

// whatIfOptions are the options of `whatif`.
type whatIfOptions struct {
	answerOptions
	area    scoring.Area
	changes scenario.Changes
}

func (o *whatIfOptions) flags() []*cli.Option {
	ch := &o.changes
	own := []*cli.Option{
		o.monthFlag(), o.partnerFlag(), areaFlag(&o.area),
		{Name: "customers", Value: "CHANGE", Repeated: true, Read: cli.IntoList(&ch.Customers, scenario.ParseCustomers),
			Usage: "more customers, up to 99,999: +2 adds two that just reach the threshold in the month, +2@1500 two with 1,500 USD each; " +
				"or fewer, like -1: the eligible ones with the least in their better month"},
		{Name: "drop-customer", Value: "TENANT", Repeated: true, Read: cli.IntoList(&ch.LostCustomers, cli.ReadText),
			Usage: "a lost customer, by tenant id or name: its consumption of the month and of the month before is removed"},
		{Name: "acr", Value: "CHANGE", Repeated: true, Read: cli.IntoList(&ch.ACR, scenario.ParseACR),
			Usage: "ACR of the month up or down, like +5%, +1200 or -99.50, and that of the twelve months with it; no customer becomes " +
				"eligible by it or stops being so, and no service counts by it or stops counting"},
		{Name: "tenant-acr", Value: "TENANT=CHANGE", Repeated: true, Read: cli.IntoList(&ch.TenantACR, scenario.ParseTenantACR),
			Usage: "the same of one customer, by tenant id or name, or of each with *=+5%: it may become eligible or stop being so; services stay"},
		{Name: "add-service", Value: "NAME", Repeated: true, Read: cli.IntoList(&ch.AddedServices, scenario.ParseService),
			Usage: "a service used from the month on, with part of the existing consumption, or with more, like 'Key Vault=+500'"},
		{Name: "force", Usage: "add a service also if no customer uses one of that name and no rulebook names it", Read: cli.Into(&ch.Force, cli.ReadSwitch)},
		{Name: "drop-service", Value: "NAME", Repeated: true, Read: cli.IntoList(&ch.LostServices, cli.ReadText),
			Usage: "a service that is not used in the twelve months: its consumption is removed"},
		{Name: "certify", Value: "CERT=WHO", Repeated: true, Values: o.certificationValues, Read: cli.IntoList(&ch.Certified, scenario.ParseCertification),
			Usage: "a certification, by code or title, for up to 9,999 new people, like AZ-104=2, or for a person id"},
		{Name: "uncertify", Value: "CERT=PERSON", Repeated: true, Values: o.certificationValues, Read: cli.IntoList(&ch.Uncertified, scenario.ParseCertification),
			Usage: "a certification that a person id loses"},
		{Name: "drop-person", Value: "PERSON", Repeated: true, Read: cli.IntoList(&ch.LostPeople, cli.ReadText), Usage: "a person id that leaves"},
	}
	common := o.commonFlags()
	for _, rulebook := range cli.Only(common, "rulebook") {
		rulebook.Usage, rulebook.Default = "rules to score by instead", "those of the month"
	}
	return append(own, common...)
}

func whatIfCommand() cli.Command {
	o := &whatIfOptions{answerOptions: newAnswerOptions()}
	return o.command(cli.Command{
		Name:  "whatif",
		About: "score a published month with changes, and show before and after side by side",
		More: `Amounts and percentages refer to the published month, so the order of the changes does not matter;
flags can be given several times. The result is the score that exports with these changes would get.
New customers have the segment of the partner's track. Another rulebook is applied to the same usage:
whatif rejects rules that count other usage rows, and certifications that the rules of the month do
not name. It reads snapshots and facts, and changes nothing. ACR is Azure Consumed Revenue; a service
is a service level 2 (SL2) of Azure.`,
		Examples: []string{
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
		Options: o.flags(),
		Columns: written.WhatIfKeys().Described(),
	}, o.run)
}

func (o *whatIfOptions) run(ctx context.Context, s *cli.Session, r *reader.Reader) error {
	o.changes.Rulebook = o.Book
	w, err := answers.Suppose(ctx, r, o.monthOf(r), o.partner, o.area, o.changes)
	if err != nil {
		return err
	}
	return presentAnswer(s, o.format, w, written.WhatIf(w))
}
