// Package schema says which columns each input has, by which names they are known and which types will do, and maps the columns of a file to
// the canonical ones. It opens no file.
package schema

import "slices"

// Table names one of the three inputs of a score.
type Table string

// The three inputs, named as their folders and as in manifests and configuration.
const (
	Usage          Table = "azure_usage"
	Certifications Table = "certifications"
	Partners       Table = "partners"
)

// Tables lists the inputs in the order of the contract.
func Tables() []Table { return []Table{Usage, Certifications, Partners} }

// spec describes one canonical column of an input. Names are its aliases in the order of preference: reports have several columns of one
// meaning, and the first that a file has is taken. The canonical name itself counts, too. Case and separators never matter.
type spec struct {
	canonical string
	means     Meaning
	required  bool
	// without says what happens without the column, for people; a file that lacks a required one is refused.
	without string
	// personal marks what names a tenant, a customer or a human being: no message shows its values.
	personal bool
	names    []string
	// lookalikes are names that look like the column and are something else, with the reason: no message proposes one, and the program warns of a
	// config that names one.
	lookalikes map[string]string
}

// locationColumn and globalColumn are the partner ids that all three inputs share.
func locationColumn(required bool) spec {
	return spec{canonical: "partner_location_id", means: MeansID, required: required, without: "the global account counts as the location",
		names:      []string{"MpnId", "PartnerID"},
		lookalikes: map[string]string{"PartnerLocationID": "it is the partner's country in the reports of Partner Center, not an id"}}
}

func globalColumn(required bool) spec {
	return spec{canonical: "partner_global_id", means: MeansID, required: required, without: "the partners file names the account; without one, each location is a partner",
		names: []string{"PGAMpnID", "PGAPartnerID"}}
}

// specsOf lists the columns of a table. Requirements of the kind "one or the other" stand in choicesOf.
func specsOf(t Table, p Profile) []spec {
	switch t {
	case Usage:
		return p.usageColumns()
	case Certifications:
		return certificationColumns()
	default:
		return partnerColumns()
	}
}

// partnerCenterColumns are those of the dataset AzureUsage of Partner Center Insights.
func partnerCenterColumns() []spec {
	return []spec{
		{canonical: "month", without: "the month in the path counts for all rows; a file of many months is refused", means: MeansMonth,
			names: []string{"Month", "UsageMonth", "UsageDate", "Date", "ChargePeriodStart", "BillingPeriodStart"}},
		locationColumn(false),
		globalColumn(false),
		{canonical: "association_type", required: true,
			names: []string{"PartnerAttributionType", "AssociationType", "AttributionType"}},
		{canonical: "customer_tenant_id", required: true, personal: true, names: []string{"CustomerTenantId", "TenantId", "x_CustomerId"}},
		{canonical: "customer_name", without: "customers have no name", personal: true, names: []string{"CustomerName"}},
		{canonical: "customer_segment", without: "the size of customers is unknown; where it decides the track, the score is provisional",
			names: []string{"CustomerSegment", "TopSegment"}},
		{canonical: "subscription_id", without: "duplicate rows are recognised by the other columns",
			names: []string{"SubscriptionId", "SubscriptionGuid", "SubAccountId"}},
		{canonical: "service_level_1", without: "duplicate rows are recognised by the other columns", names: []string{"ServiceLevel1"}},
		{canonical: "service_level_2", required: true, names: []string{"ServiceLevel2", "ServiceName", "MeterCategory"}},
		{canonical: "service_level_3", without: "duplicate rows are recognised by the other columns", names: []string{"ServiceLevel3"}},
		{canonical: "service_level_4", without: "duplicate rows are recognised by the other columns", names: []string{"ServiceLevel4"}},
		{canonical: "resource_id", without: "duplicate rows are recognised by the other columns", names: []string{"ResourceId", "InstanceId"}},
		{canonical: "offer_type", without: "`offer_id` says the offer", names: []string{"OfferType", "OfferName", "Offer"}},
		{canonical: "offer_id", without: "`offer_type` says the offer", names: []string{"OfferId", "x_SkuOfferId"}},
		{canonical: "acr_usd", means: MeansAmount, required: true,
			names:      []string{"ACR_USD", "TotalACR", "AzureConsumedRevenueUSD"},
			lookalikes: map[string]string{"MonthlySubscriptionLevelACR": "it repeats the total of a subscription on each of its rows, so sums count it many times"}},
	}
}

func certificationColumns() []spec {
	return []spec{
		globalColumn(false),
		locationColumn(false),
		{canonical: "person_mcp_id", without: "people are recognised by the corporate e-mail address", means: MeansID, personal: true,
			names: []string{"MCPID"}},
		{canonical: "person_corp_email", without: "people without an MCP id are recognised by the other e-mail address", personal: true,
			names: []string{"CorpEmail"}},
		{canonical: "person_email", without: "people are recognised by the other two columns", personal: true, names: []string{"Email"}},
		{canonical: "certification_title", required: true, names: []string{"TrainingTitle"}},
		{canonical: "certification_type", required: true, names: []string{"TrainingType"}},
		{canonical: "completed", means: MeansDate, required: true, names: []string{"TrainingCompletionDate"}},
		{canonical: "expires", without: "no certification expires; the score is provisional", means: MeansDate, names: []string{"ExpirationDate"}},
		{canonical: "activation_status", without: "every certification is active; the score is provisional", names: []string{"ActivationStatus"}},
	}
}

// notUsed is what happens without a column that is known and read for nothing.
const notUsed = "not used"

// partnerColumns requires the global account: a location without one is its own partner, so a file without that column says nothing.
func partnerColumns() []spec {
	return []spec{
		locationColumn(true),
		{canonical: "partner_name", without: "accounts without a `partner_global_name` have no name", names: []string{"PartnerName"}},
		globalColumn(true),
		{canonical: "partner_global_name", without: "accounts have the `partner_name` of their own row", names: []string{"PGA_PartnerName"}},
		{canonical: "hierarchy_level", without: notUsed, names: []string{"HierarchyLevel", "AccountType"}},
	}
}

// choice is a requirement that any of several columns fulfils.
type choice struct {
	canonical []string
	// without says what happens without all of the columns.
	without string
	// hint says how to do without the columns, after the advice to name one; empty where there is no way.
	hint string
	// waived reports whether the settings do without them.
	waived func(Options) bool
}

func choicesOf(t Table, p Profile) []choice {
	partner := choice{canonical: []string{"partner_location_id", "partner_global_id"}, without: "the file is refused, unless the config names the partner (`partner: ID`)",
		hint: "where all rows are of one partner, name it in the config: partner: ID", waived: func(o Options) bool { return o.PartnerGiven }}
	switch t {
	case Usage:
		return append([]choice{partner}, p.usageChoices()...)
	case Certifications:
		return []choice{partner, {canonical: []string{"person_mcp_id", "person_corp_email", "person_email"}, without: "the file is refused"}}
	default:
		return nil
	}
}

// Canonical lists the canonical column names of a table of Partner Center in the order of its documentation.
func Canonical(t Table) []string { return PartnerCenter.Canonical(t) }

// KeyColumns lists the columns of the consumption key that an export may lack: deduplication then compares the others.
func KeyColumns() []string {
	return []string{"subscription_id", "service_level_1", "service_level_3", "service_level_4", "resource_id"}
}

// The names of human beings, which no score reads: only whoever asks who stands behind a pseudonym sees them.
const (
	PersonName      = "person_name" // first and last name in one
	PersonFirstName = "person_first_name"
	PersonLastName  = "person_last_name"
)

// personNames are the columns with names of human beings. They are not of the input contract: a file is never refused for one of them.
func personNames() []spec {
	return []spec{
		{canonical: PersonName, personal: true, names: []string{"IndividualName", "FullName"}},
		{canonical: PersonFirstName, personal: true, names: []string{"IndividualFirstName", "FirstName"}},
		{canonical: PersonLastName, personal: true, names: []string{"IndividualLastName", "LastName"}},
	}
}

// PersonNames finds the columns of a certifications file that hold names of human beings. Of several the first of the known names counts, and of
// columns with one name the first in the file; a column that cannot be text is left out.
func PersonNames(columns []Column) map[string]Column {
	found := map[string]Column{}
	for _, s := range personNames() {
		for _, name := range s.preference() {
			i := slices.IndexFunc(columns, func(c Column) bool { return Fold(c.Name) == Fold(name) && s.means.Mismatch(c) == "" })
			if i >= 0 {
				found[s.canonical] = columns[i]
				break
			}
		}
	}
	return found
}
