package exports

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnerscore/jobs/internal/exports/fileformat"
	"partnerscore/jobs/internal/exports/schema"
)

// namesOf is the alias table of the contract, written down a second time.
var namesOf = map[schema.Table]map[string]string{
	schema.Usage: {
		"month":               "Month UsageMonth UsageDate Date ChargePeriodStart BillingPeriodStart month",
		"partner_location_id": "MPNID MPNId MpnId PartnerID partner_location_id",
		"partner_global_id":   "PGAMpnID PGAMpnId PGAPartnerID PGA_MPNID partner_global_id",
		"association_type":    "PartnerAttributionType AssociationType AttributionType association_type",
		"customer_tenant_id":  "CustomerTenantId TenantId x_CustomerId customer_tenant_id",
		"customer_name":       "CustomerName customer_name",
		"customer_segment":    "CustomerSegment TopSegment customer_segment",
		"subscription_id":     "SubscriptionId SubscriptionGuid SubAccountId subscription_id",
		"service_level_1":     "ServiceLevel1 service_level_1",
		"service_level_2":     "ServiceLevel2 ServiceName MeterCategory service_level_2",
		"service_level_3":     "ServiceLevel3 service_level_3",
		"service_level_4":     "ServiceLevel4 service_level_4",
		"resource_id":         "ResourceId InstanceId resource_id",
		"offer_type":          "OfferType OfferName Offer offer_type",
		"offer_id":            "OfferId x_SkuOfferId offer_id",
		"acr_usd":             "ACR_USD ACRUSD TotalACR AzureConsumedRevenueUSD acr_usd",
	},
	schema.Partners: {
		"partner_location_id": "MpnId partner_location_id",
		"partner_name":        "PartnerName partner_name",
		"partner_global_id":   "PGA_MPNId partner_global_id",
		"partner_global_name": "PGA_PartnerName partner_global_name",
		"hierarchy_level":     "HierarchyLevel AccountType hierarchy_level",
	},
	schema.Certifications: {
		"partner_global_id":   "PGAMpnId partner_global_id",
		"partner_location_id": "MpnId partner_location_id",
		"person_mcp_id":       "MCPID person_mcp_id",
		"person_corp_email":   "CorpEmail person_corp_email",
		"person_email":        "Email person_email",
		"certification_title": "TrainingTitle certification_title",
		"certification_type":  "TrainingType certification_type",
		"completed":           "TrainingCompletionDate completed",
		"expires":             "ExpirationDate expires",
		"activation_status":   "ActivationStatus activation_status",
	},
}

// headerOf has each canonical column once, under the given names instead where there are any.
func headerOf(t schema.Table, names map[string]string) []string {
	var header []string
	for _, canonical := range schema.Canonical(t) {
		name, ok := names[canonical]
		if !ok {
			name = canonical
		}
		header = append(header, name)
	}
	return header
}

func assigned(t schema.Table, header []string, opt schema.Options) (names map[string]string, problems []Problem) {
	f := Found{Table: t, Rel: "input.csv", Format: fileformat.CSV}
	mapping := schema.NewMapper(t, opt).Map(schema.Header{Columns: schema.TextColumns(header), Text: true})
	for _, d := range mapping.Defects {
		problems = append(problems, f.problem(d))
	}
	names = map[string]string{}
	for canonical, c := range mapping.Columns {
		names[canonical] = c.Name
	}
	return names, problems
}

func TestAliases(t *testing.T) {
	for table, aliases := range namesOf {
		if diff := cmp.Diff(len(aliases), len(schema.Canonical(table))); diff != "" {
			t.Errorf("%s: %s", table, diff)
		}
		for canonical, list := range aliases {
			for _, alias := range strings.Fields(list) {
				t.Run(string(table)+" "+alias, func(t *testing.T) {
					got, problems := assigned(table, headerOf(table, map[string]string{canonical: alias}), schema.Options{})
					if len(problems) > 0 {
						t.Fatal(problems)
					}
					if got[canonical] != alias {
						t.Errorf("%s is mapped to %q", canonical, got[canonical])
					}
				})
			}
		}
	}
}

// TestMappingIgnoresSpelling: case, separators and the order of columns change nothing.
func TestMappingIgnoresSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SampledFrom(schema.Tables()).Draw(t, "table")
		header := make([]string, 0, 20)
		want := map[string]string{}
		for _, canonical := range schema.Canonical(table) {
			alias := rapid.SampledFrom(strings.Fields(namesOf[table][canonical])).Draw(t, "alias")
			want[canonical] = alias
			if alias != "partner_location_id" { // without separators it is the name of a country
				want[canonical] = respelt(t, alias)
			}
			header = append(header, want[canonical])
		}
		header = append(header, "Extra", "x", "")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		random.Shuffle(len(header), func(i, j int) { header[i], header[j] = header[j], header[i] })
		got, problems := assigned(table, header, schema.Options{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func respelt(t *rapid.T, name string) string {
	separators := []string{"", "", "", "_", "-", ".", " ", "\u00a0", "\ufeff", "__"}
	var b strings.Builder
	for _, r := range name {
		if strings.ContainsRune("_-. ", r) && rapid.Bool().Draw(t, "drop") {
			continue
		}
		if rapid.Bool().Draw(t, "upper") {
			r = unicode.ToUpper(r)
		} else {
			r = unicode.ToLower(r)
		}
		b.WriteString(rapid.SampledFrom(separators).Draw(t, "separator"))
		b.WriteRune(r)
	}
	return b.String() + rapid.SampledFrom(separators).Draw(t, "end")
}

func TestMappingFaults(t *testing.T) {
	usage := strings.Split(plainUsageHeader, ",")
	with := func(extra ...string) []string { return append(slices.Clone(usage), extra...) }
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(usage), func(s string) bool { return slices.Contains(names, s) })
	}
	columns := func(canonical string, names ...string) schema.Options {
		return schema.Options{Columns: map[schema.Table]map[string][]string{schema.Usage: {canonical: names}}}
	}
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("Column%02d", i))
	}
	for _, c := range []struct {
		name   string
		table  schema.Table
		header []string
		opt    schema.Options
	}{
		{"missing-amount", schema.Usage, append(without("ACR_USD"), "ACR_EUR", "Total ACR $"), schema.Options{}},
		{"missing-three", schema.Usage, without("ACR_USD", "ServiceLevel2", "CustomerTenantId"), schema.Options{}},
		{"missing-partner", schema.Usage, without("MPNId"), schema.Options{}},
		{"missing-offer", schema.Usage, without("OfferType"), schema.Options{}},
		{"missing-among-many", schema.Usage, append(without("ACR_USD"), many...), schema.Options{}},
		{"no-header", schema.Usage, []string{"1234567", "PAL", "5f2c", "Storage", "Enterprise", "12.5"}, schema.Options{}},
		{"two-amounts-one-by-config", schema.Usage, with("Umsatz"), schema.Options{Aliases: map[schema.Table]map[string][]string{schema.Usage: {"acr_usd": {"Umsatz"}}}}},
		{"two-services-of-one-name", schema.Usage, with("Service_Level_2"), schema.Options{}},
		{"partner-location-alone", schema.Usage, append(without("MPNId"), "PartnerLocationID"), schema.Options{}},
		{"monthly-total-alone", schema.Usage, append(without("ACR_USD"), "MonthlySubscriptionLevelACR"), schema.Options{}},
		{"two-that-differ-in-case", schema.Usage, with("acr_usd", "AcrUsd"), schema.Options{}},
		{"config-names-absent-column", schema.Usage, with("NetACR"), columns("acr_usd", "ACRNet", "ACR Net")},
		{"config-gives-away", schema.Usage, with(), columns("acr_usd", "mpnid")},
		{"config-names-two", schema.Usage, with("Net ACR", "NetACR"), columns("acr_usd", "net_acr")},
		{"certifications-missing-person", schema.Certifications, strings.Split("MpnId,TrainingTitle,TrainingType,TrainingCompletionDate,Name", ","), schema.Options{}},
		{"certifications-without-header", schema.Certifications, strings.Split("1234567,ada@example.com,Ada Lovelace,Azure Administrator,2024-01-01", ","), schema.Options{}},
		{"partners-without-global", schema.Partners, strings.Split("MpnId,PartnerName", ","), schema.Options{}},
		{"focus-without-profile", schema.Usage, strings.Split(focusHeader, ","), schema.Options{}},
		{"cost-without-profile", schema.Usage, strings.Split(costManagementHeader, ","), schema.Options{}},
		{"cost-as-focus", schema.Usage, strings.Split(costManagementHeader, ","), schema.Options{Profile: schema.Focus}},
		{"focus-with-two-days", schema.Usage, strings.Split(focusHeader+",charge_period_start", ","), schema.Options{Profile: schema.Focus}},
		{"focus-without-publisher", schema.Usage, strings.Split("x_InvoiceIssuerId,x_CustomerId,ServiceName,ChargeCategory,x_ListCostInUsd", ","), schema.Options{Profile: schema.Focus}},
		{"odd-names", schema.Usage, append(without("ACR_USD"), "ACR\nUSD$", "", strings.Repeat("long", 16000), "me@example.com", "\xff", `a"b`), schema.Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := assigned(c.table, c.header, c.opt)
			err := &ContractError{Problems: problems}
			golden(t, "mapping/"+c.name+".txt", err.Error())
			for _, secret := range []string{"ada@example.com", "Lovelace", "me@example.com"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("message shows %s", secret)
				}
			}
		})
	}
}

// mappingDecision is a header and part of the mapping that it must get; "" for not mapped.
type mappingDecision struct {
	name   string
	table  schema.Table
	header string
	opt    schema.Options
	want   map[string]string
}

func mappingDecisions() []mappingDecision {
	columns := func(canonical string, names ...string) schema.Options {
		return schema.Options{Columns: map[schema.Table]map[string][]string{schema.Usage: {canonical: names}}}
	}
	return []mappingDecision{
		{"global id alone is the location too", schema.Usage, strings.Replace(plainUsageHeader, "MPNId", "PGAMpnID", 1), schema.Options{},
			map[string]string{"partner_location_id": "PGAMpnID", "partner_global_id": "PGAMpnID"}},
		{"both partner ids", schema.Usage, plainUsageHeader + ",PGA_MPNId", schema.Options{},
			map[string]string{"partner_location_id": "MPNId", "partner_global_id": "PGA_MPNId"}},
		{"offer id instead of type", schema.Usage, strings.Replace(plainUsageHeader, "OfferType", "OfferId", 1), schema.Options{},
			map[string]string{"offer_id": "OfferId", "offer_type": ""}},
		{"no offer when the rulebook allows", schema.Usage, strings.Replace(plainUsageHeader, "OfferType,", "", 1), schema.Options{OfferOptional: true},
			map[string]string{"offer_id": "", "offer_type": ""}},
		{"config picks one of two", schema.Usage, plainUsageHeader + ",MeterCategory", columns("service_level_2", "MeterCategory"),
			map[string]string{"service_level_2": "MeterCategory"}},
		{"config pick is folded", schema.Usage, plainUsageHeader + ",Net ACR", columns("acr_usd", "net_acr"),
			map[string]string{"acr_usd": "Net ACR"}},
		{"config pick prefers the exact name", schema.Usage, plainUsageHeader + ",Net ACR,NetACR", columns("acr_usd", "NetACR"),
			map[string]string{"acr_usd": "NetACR"}},
		{"config pick goes on to the next name", schema.Usage, plainUsageHeader + ",NetACR", columns("acr_usd", "Gross", "NetACR"),
			map[string]string{"acr_usd": "NetACR"}},
		{"a picked column stands for nothing else", schema.Usage, plainUsageHeader + ",Offer", columns("customer_name", "Offer"),
			map[string]string{"customer_name": "Offer", "offer_type": "OfferType"}},
		{"extra alias", schema.Usage, strings.Replace(plainUsageHeader, "ACR_USD", "Umsatz", 1),
			schema.Options{Aliases: map[schema.Table]map[string][]string{schema.Usage: {"acr_usd": {"Umsatz"}}}}, map[string]string{"acr_usd": "Umsatz"}},
		{"email instead of certification id", schema.Certifications, strings.Replace(plainCertificationsHeader, "MCPID", "CorpEmail", 1), schema.Options{},
			map[string]string{"person_corp_email": "CorpEmail", "person_email": "", "person_mcp_id": ""}},
		{"the first of several amounts", schema.Usage, "TotalACR,MonthlySubscriptionLevelACR," + plainUsageHeader, schema.Options{}, map[string]string{"acr_usd": "ACR_USD"}},
		{"the first of several services", schema.Usage, "MeterCategory,ServiceName," + strings.Replace(plainUsageHeader, "ServiceLevel2", "Extra", 1), schema.Options{},
			map[string]string{"service_level_2": "ServiceName"}},
		{"the first of several partners and months", schema.Usage, "PartnerLocationID,PartnerID,UsageDate,Month," + plainUsageHeader, schema.Options{},
			map[string]string{"partner_location_id": "MPNId", "month": "Month"}},
		{"the canonical name goes first", schema.Usage, plainUsageHeader + ",partner_location_id", schema.Options{}, map[string]string{"partner_location_id": "partner_location_id"}},
		{"partner named by the settings", schema.Usage, strings.Replace(plainUsageHeader, "MPNId", "PartnerLocationID", 1), schema.Options{PartnerGiven: true},
			map[string]string{"partner_location_id": "", "partner_global_id": ""}},
		{"an alias of the config may be any column", schema.Usage, strings.Replace(plainUsageHeader, "MPNId", "PartnerLocationID", 1),
			schema.Options{Aliases: map[schema.Table]map[string][]string{schema.Usage: {"partner_location_id": {"PartnerLocationID"}}}},
			map[string]string{"partner_location_id": "PartnerLocationID"}},
		{"certifications by global id", schema.Certifications, strings.Replace(plainCertificationsHeader, "MpnId", "PGAMpnId", 1), schema.Options{},
			map[string]string{"partner_location_id": "PGAMpnId", "partner_global_id": "PGAMpnId"}},
		{"month of certifications is extra", schema.Certifications, plainCertificationsHeader + ",Month", schema.Options{}, map[string]string{"month": ""}},
	}
}

func TestMappingDecisions(t *testing.T) {
	usage := strings.Split(plainUsageHeader, ",")
	for _, c := range mappingDecisions() {
		t.Run(c.name, func(t *testing.T) {
			got, problems := assigned(c.table, strings.Split(c.header, ","), c.opt)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			for canonical, want := range c.want {
				if got[canonical] != want {
					t.Errorf("%s is mapped to %q, want %q", canonical, got[canonical], want)
				}
			}
		})
	}
	if _, problems := assigned(schema.Usage, usage, schema.Options{}); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestOptionsValidate(t *testing.T) {
	bad := schema.Options{
		Columns: map[schema.Table]map[string][]string{
			"usage":      {"acr_usd": {"x"}},
			schema.Usage: {"acr": {"x"}, "acr_usd": {}, "month": {" "}, "offer_id": {"Offer"}, "offer_type": {"Offer"}},
		},
		Aliases: map[schema.Table]map[string][]string{
			schema.Usage:    {"acr_usd": {"Month", "Umsatz"}, "customer_name": {"UMSATZ"}},
			schema.Partners: {"partner_name": {"Partner Name"}},
		},
	}
	err := bad.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	golden(t, "options.txt", err.Error())
	if _, got := Check(t.Context(), nil, Options{Options: bad}); got == nil || errors.As(got, new(*ContractError)) || got.Error() != err.Error() {
		t.Errorf("check: %v", got)
	}
}

// TestDoubtfulColumns: a config that names what is known to be something else is warned of.
func TestDoubtfulColumns(t *testing.T) {
	opt := schema.Options{
		Columns: map[schema.Table]map[string][]string{schema.Usage: {"acr_usd": {"Monthly Subscription Level ACR", "TotalACR"}, "partner_location_id": {"partner_location_id"}}},
		Aliases: map[schema.Table]map[string][]string{schema.Certifications: {"partner_location_id": {"PartnerLocationID"}}},
	}
	got := opt.Doubtful()
	if len(got) != 2 || !strings.HasPrefix(got[0], "aliases.certifications.partner_location_id: PartnerLocationID") ||
		!strings.HasPrefix(got[1], "columns.azure_usage.acr_usd: Monthly Subscription Level ACR") {
		t.Errorf("doubtful: %q", got)
	}
}
