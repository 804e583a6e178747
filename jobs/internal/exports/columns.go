package exports

// accept is a set of types that can hold a meaning.
type accept int

const (
	// acceptText holds labels, names and ids that are no numbers.
	acceptText accept = iota
	// acceptID holds ids that are numbers, as text or in any type of number: some tools think in floats.
	acceptID
	// acceptMonth holds a month, or any day of it.
	acceptMonth
	// acceptAmount holds US dollars.
	acceptAmount
	// acceptDate holds a day.
	acceptDate
)

// column is one canonical column of an input. Names are the aliases of the domain page in the order of preference: reports hold
// several columns of one meaning, and the first that a file has is taken. The canonical name itself counts too. Case and
// separators never matter.
type column struct {
	canonical string
	accept    accept
	required  bool
	// person marks what names a human being: its values are shown to nobody.
	person bool
	names  []string
	// never has names that look like the column and are something else: no message proposes one, and a config that names
	// one is warned of, with the reason.
	never map[string]string
}

// locationColumn and globalColumn are the partner ids that all three inputs share.
func locationColumn(required bool) column {
	return column{canonical: "partner_location_id", accept: acceptID, required: required,
		names: []string{"MpnId", "PartnerID"},
		never: map[string]string{"PartnerLocationID": "it is the partner's country in the reports of Partner Center, not an id"}}
}

func globalColumn(required bool) column {
	return column{canonical: "partner_global_id", accept: acceptID, required: required,
		names: []string{"PGAMpnID", "PGAPartnerID"}}
}

// columnsOf is the alias table. Requirements of the kind "one or the other" stand in choicesOf.
func columnsOf(t Table, p Profile) []column {
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
func partnerCenterColumns() []column {
	return []column{
		{canonical: "month", accept: acceptMonth,
			names: []string{"Month", "UsageMonth", "UsageDate", "Date", "ChargePeriodStart", "BillingPeriodStart"}},
		locationColumn(false),
		globalColumn(false),
		{canonical: "association_type", required: true,
			names: []string{"PartnerAttributionType", "AssociationType", "AttributionType"}},
		{canonical: "customer_tenant_id", required: true, names: []string{"CustomerTenantId", "TenantId", "x_CustomerId"}},
		{canonical: "customer_name", names: []string{"CustomerName"}},
		{canonical: "customer_segment", names: []string{"CustomerSegment", "TopSegment"}},
		{canonical: "subscription_id", names: []string{"SubscriptionId", "SubscriptionGuid", "SubAccountId"}},
		{canonical: "service_level_1", names: []string{"ServiceLevel1"}},
		{canonical: "service_level_2", required: true, names: []string{"ServiceLevel2", "ServiceName", "MeterCategory"}},
		{canonical: "service_level_3", names: []string{"ServiceLevel3"}},
		{canonical: "service_level_4", names: []string{"ServiceLevel4"}},
		{canonical: "resource_id", names: []string{"ResourceId", "InstanceId"}},
		{canonical: "offer_type", names: []string{"OfferType", "OfferName", "Offer"}},
		{canonical: "offer_id", names: []string{"OfferId", "x_SkuOfferId"}},
		{canonical: "acr_usd", accept: acceptAmount, required: true,
			names: []string{"ACR_USD", "TotalACR", "AzureConsumedRevenueUSD"},
			never: map[string]string{"MonthlySubscriptionLevelACR": "it repeats the total of a subscription on each of its rows, so sums count it many times"}},
	}
}

func certificationColumns() []column {
	return []column{
		globalColumn(false),
		locationColumn(false),
		{canonical: "person_mcp_id", accept: acceptID, person: true, names: []string{"MCPID"}},
		{canonical: "person_corp_email", person: true, names: []string{"CorpEmail"}},
		{canonical: "person_email", person: true, names: []string{"Email"}},
		{canonical: "certification_title", required: true, names: []string{"TrainingTitle"}},
		{canonical: "certification_type", required: true, names: []string{"TrainingType"}},
		{canonical: "completed", accept: acceptDate, required: true, names: []string{"TrainingCompletionDate"}},
		{canonical: "expires", accept: acceptDate, names: []string{"ExpirationDate"}},
		{canonical: "activation_status", names: []string{"ActivationStatus"}},
	}
}

// partnerColumns requires the global account: a location without one is its own partner, so a file without that
// column would say nothing.
func partnerColumns() []column {
	return []column{
		locationColumn(true),
		{canonical: "partner_name", names: []string{"PartnerName"}},
		globalColumn(true),
		{canonical: "partner_global_name", names: []string{"PGA_PartnerName"}},
		{canonical: "hierarchy_level", names: []string{"HierarchyLevel", "AccountType"}},
	}
}

// choice is a requirement that either of several columns fulfils.
type choice struct {
	canonical []string
	// hint says how to do without the columns, behind the advice to name one; empty: there is no way.
	hint string
	// waived reports whether the settings do without them.
	waived func(Options) bool
}

func choicesOf(t Table, p Profile) []choice {
	partner := choice{canonical: []string{"partner_location_id", "partner_global_id"},
		hint: "where all rows are of one partner, name it in the config: partner: ID", waived: func(o Options) bool { return o.PartnerGiven }}
	switch t {
	case Usage:
		return append([]choice{partner}, p.usageChoices()...)
	case Certifications:
		return []choice{partner, {canonical: []string{"person_mcp_id", "person_corp_email", "person_email"}}}
	default:
		return nil
	}
}

// Canonical lists the canonical column names of a table of Partner Center in the order of the domain page.
func Canonical(t Table) []string { return PartnerCenter.Canonical(t) }

// namesPerson tells whether a column, by any of its known names, identifies a human being.
func namesPerson(name string) bool {
	for _, c := range certificationColumns() {
		if !c.person {
			continue
		}
		for _, known := range append(c.names, c.canonical) {
			if fold(known) == fold(name) {
				return true
			}
		}
	}
	return false
}

// keyColumns are the columns of the consumption key that an export may lack: deduplication then goes by the others.
func keyColumns() []string {
	return []string{"subscription_id", "service_level_1", "service_level_3", "service_level_4", "resource_id"}
}

// AbsentKeyColumns lists the columns of the consumption key that a usage file does not have; nothing for other tables.
func (c Checked) AbsentKeyColumns() []string {
	if c.Table != Usage {
		return nil
	}
	var absent []string
	for _, name := range keyColumns() {
		if _, ok := c.Mapping[name]; !ok {
			absent = append(absent, name)
		}
	}
	return absent
}
