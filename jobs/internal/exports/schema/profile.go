package schema

import "fmt"

// Profile says what the usage files are exports of.
type Profile string

// The profiles. Those of Azure Cost Management hold cost of customers that buy from a Cloud Solution Provider, not ACR: what
// is computed from them is an estimate.
const (
	// PartnerCenter is the dataset AzureUsage of Partner Center Insights, which needs no naming.
	PartnerCenter Profile = ""
	// AzureCostManagement is the schema "cost and usage details" of the Microsoft Partner Agreement.
	AzureCostManagement Profile = "azure-cost-management"
	// Focus is the same in the columns of the FinOps Open Cost and Usage Specification.
	Focus Profile = "focus"
)

// Profiles lists the profiles that have a name.
func Profiles() []Profile { return []Profile{AzureCostManagement, Focus} }

// ParseProfile returns the profile of a name.
func ParseProfile(name string) (Profile, error) {
	for _, p := range Profiles() {
		if string(p) == name {
			return p, nil
		}
	}
	return "", fmt.Errorf("want %s or %s, got %q", AzureCostManagement, Focus, name)
}

// Canonical lists the canonical column names of a table in the order of its documentation.
func (p Profile) Canonical(t Table) []string {
	var names []string
	for _, c := range specsOf(t, p) {
		names = append(names, c.canonical)
	}
	return names
}

func (p Profile) usageColumns() []spec {
	switch p {
	case AzureCostManagement:
		return costManagementColumns()
	case Focus:
		return focusColumns()
	default:
		return partnerCenterColumns()
	}
}

// usageChoices are the requirements of usage, other than a partner.
func (p Profile) usageChoices() []choice {
	switch p {
	case AzureCostManagement:
		return nil
	case Focus:
		return []choice{{canonical: []string{"publisher_name", "publisher_type"}, without: "the file is refused"}}
	default:
		return []choice{{canonical: []string{"offer_type", "offer_id"},
			without: "the file is refused, unless `--allow-missing offers` counts every offer; then the score is provisional",
			hint:    "or score with --allow-missing offers: every offer counts then, trials and support too, and the score is provisional",
			waived:  func(o Options) bool { return o.OfferOptional }}}
	}
}

// AmountColumns are the amounts of money among the canonical columns of usage.
func (p Profile) AmountColumns() (names []string) {
	for _, c := range p.usageColumns() {
		if c.means == MeansAmount {
			names = append(names, c.canonical)
		}
	}
	return names
}

// costManagementColumns are those of "Microsoft Partner Agreement cost and usage details" that a score needs. The cost is
// that at pay-as-you-go prices, the nearest there is to ACR.
func costManagementColumns() []spec {
	return []spec{
		{canonical: "month", without: "the month in the path counts for all rows; a file of many months is refused", means: MeansMonth,
			names: []string{"date", "billingPeriodStartDate"}},
		{canonical: "partner_location_id", without: "the global account counts as the location", means: MeansID, names: []string{"resellerMpnId"}},
		{canonical: "partner_global_id", without: "the partners file names the account; without one, each location is a partner", means: MeansID,
			names: []string{"partnerTenantId"}},
		{canonical: "customer_tenant_id", required: true, names: []string{"customerTenantId"}},
		{canonical: "customer_name", without: "customers have no name", names: []string{"customerName"}},
		{canonical: "subscription_id", without: "duplicate rows are recognised by the other columns",
			names: []string{"subscriptionId", "subscriptionGuid"}},
		{canonical: "service_level_1", without: "duplicate rows are recognised by the other columns", names: []string{"serviceFamily"}},
		{canonical: "service_level_2", required: true, names: []string{"meterCategory"}},
		{canonical: "service_level_3", without: "duplicate rows are recognised by the other columns", names: []string{"meterSubCategory"}},
		{canonical: "service_level_4", without: "duplicate rows are recognised by the other columns", names: []string{"meterName"}},
		{canonical: "resource_id", without: "duplicate rows are recognised by the other columns", names: []string{"resourceId", "instanceId"}},
		{canonical: "charge_type", required: true, names: []string{"chargeType"}},
		{canonical: "publisher_type", required: true, names: []string{"publisherType"}},
		{canonical: "acr_usd", means: MeansAmount, required: true, names: []string{"paygCostInUsd"}},
		{canonical: "effective_usd", without: "rows without a list price count nothing", means: MeansAmount, names: []string{"costInUsd"}},
	}
}

// focusColumns are those of the FOCUS cost and usage details that a score needs; x_ marks columns of Microsoft's own.
func focusColumns() []spec {
	return []spec{
		{canonical: "month", without: "the month in the path counts for all rows; a file of many months is refused", means: MeansMonth,
			names: []string{"ChargePeriodStart", "BillingPeriodStart"}},
		{canonical: "partner_location_id", without: "the global account counts as the location", means: MeansID, names: []string{"x_ResellerId"}},
		{canonical: "partner_global_id", without: "the partners file names the account; without one, each location is a partner", means: MeansID,
			names: []string{"x_InvoiceIssuerId"}},
		{canonical: "customer_tenant_id", required: true, names: []string{"x_CustomerId"}},
		{canonical: "customer_name", without: "customers have no name", names: []string{"x_CustomerName"}},
		{canonical: "subscription_id", without: "duplicate rows are recognised by the other columns", names: []string{"SubAccountId"}},
		{canonical: "service_level_1", without: "duplicate rows are recognised by the other columns", names: []string{"x_SkuServiceFamily"}},
		{canonical: "service_level_2", required: true, names: []string{"x_SkuMeterCategory", "ServiceName"}},
		{canonical: "service_level_3", without: "duplicate rows are recognised by the other columns", names: []string{"x_SkuMeterSubcategory"}},
		{canonical: "service_level_4", without: "duplicate rows are recognised by the other columns", names: []string{"x_SkuMeterName"}},
		{canonical: "resource_id", without: "duplicate rows are recognised by the other columns", names: []string{"ResourceId"}},
		{canonical: "offer_id", without: "offers are not recognised", names: []string{"x_SkuOfferId"}},
		{canonical: "charge_type", required: true, names: []string{"ChargeCategory"}},
		{canonical: "publisher_type", without: "`publisher_name` says whether Microsoft is the publisher",
			names: []string{"x_PublisherCategory", "x_PublisherType"}},
		{canonical: "publisher_name", without: "`publisher_type` says whether Microsoft is the publisher", names: []string{"PublisherName"}},
		{canonical: "commitment_status", without: "unused commitments are not recognised", names: []string{"CommitmentDiscountStatus"}},
		{canonical: "acr_usd", means: MeansAmount, required: true, names: []string{"x_ListCostInUsd"}},
		{canonical: "effective_usd", without: "rows without a list price count nothing", means: MeansAmount, names: []string{"x_EffectiveCostInUsd"}},
		{canonical: "effective_cost", without: "rows without a list price and without `effective_usd` count nothing", means: MeansAmount,
			names: []string{"EffectiveCost"}},
		{canonical: "billing_currency", without: "`effective_cost` is not used", names: []string{"BillingCurrency"}},
	}
}
