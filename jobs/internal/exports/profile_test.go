package exports

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerscore/jobs/internal/exports/schema"
)

// The headers of Azure Cost Management's exports, as Microsoft documents them.
const (
	costManagementHeader = "invoiceId,previousInvoiceId,billingAccountId,billingAccountName,billingProfileId,billingProfileName,invoiceSectionId," +
		"invoiceSectionName,partnerTenantId,partnerName,resellerName,resellerMpnId,customerTenantId,customerName,costCenter,billingPeriodEndDate," +
		"billingPeriodStartDate,servicePeriodEndDate,servicePeriodStartDate,date,serviceFamily,productOrderId,productOrderName,consumedService," +
		"meterId,meterName,meterCategory,meterSubCategory,meterRegion,ProductId,ProductName,SubscriptionId,subscriptionName,publisherType," +
		"publisherId,publisherName,resourceGroupName,ResourceId,resourceLocation,location,effectivePrice,quantity,unitOfMeasure,chargeType," +
		"billingCurrency,pricingCurrency,costInBillingCurrency,costInPricingCurrency,costInUsd,paygCostInBillingCurrency,paygCostInUsd," +
		"exchangeRatePricingToBilling,exchangeRateDate,isAzureCreditEligible,serviceInfo1,serviceInfo2,additionalInfo,tags,partnerEarnedCreditRate," +
		"partnerEarnedCreditApplied,PayGPrice,frequency,term,reservationId,reservationName,pricingModel,unitPrice,costAllocationRuleName,provider"
	focusHeader = "BilledCost,BillingAccountId,BillingAccountName,BillingAccountType,BillingCurrency,BillingPeriodEnd,BillingPeriodStart," +
		"ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,CommitmentDiscountCategory," +
		"CommitmentDiscountId,CommitmentDiscountName,CommitmentDiscountStatus,CommitmentDiscountType,ConsumedQuantity,ConsumedUnit,ContractedCost," +
		"ContractedUnitPrice,EffectiveCost,InvoiceIssuerName,ListCost,ListUnitPrice,PricingCategory,PricingQuantity,PricingUnit,ProviderName," +
		"PublisherName,RegionId,RegionName,ResourceId,ResourceName,ResourceType,ServiceCategory,ServiceName,SkuId,SkuPriceId,SubAccountId," +
		"SubAccountName,SubAccountType,Tags,x_AccountId,x_AccountName,x_AccountOwnerId,x_BilledCostInUsd,x_BilledUnitPrice,x_BillingAccountId," +
		"x_BillingAccountName,x_BillingExchangeRate,x_BillingExchangeRateDate,x_BillingProfileId,x_BillingProfileName,x_ContractedCostInUsd," +
		"x_CostAllocationRuleName,x_CostCenter,x_CustomerId,x_CustomerName,x_EffectiveCostInUsd,x_EffectiveUnitPrice,x_InvoiceId,x_InvoiceIssuerId," +
		"x_InvoiceSectionId,x_InvoiceSectionName,x_ListCostInUsd,x_PartnerCreditApplied,x_PartnerCreditRate,x_PricingBlockSize,x_PricingCurrency," +
		"x_PricingSubcategory,x_PricingUnitDescription,x_PublisherCategory,x_PublisherId,x_ResellerId,x_ResellerName,x_ResourceGroupName," +
		"x_ResourceType,x_ServicePeriodEnd,x_ServicePeriodStart,x_SkuDescription,x_SkuDetails,x_SkuIsCreditEligible,x_SkuMeterCategory," +
		"x_SkuMeterId,x_SkuMeterName,x_SkuMeterSubcategory,x_SkuOfferId,x_SkuOrderId,x_SkuOrderName,x_SkuPartNumber,x_SkuRegion," +
		"x_SkuServiceFamily,x_SkuTerm,x_SkuTier"
)

func TestProfiles(t *testing.T) {
	for _, c := range []struct {
		profile schema.Profile
		header  string
		want    string
	}{
		{schema.AzureCostManagement, costManagementHeader, `month=date partner_location_id=resellerMpnId partner_global_id=partnerTenantId
			customer_tenant_id=customerTenantId customer_name=customerName subscription_id=SubscriptionId service_level_1=serviceFamily
			service_level_2=meterCategory service_level_3=meterSubCategory service_level_4=meterName resource_id=ResourceId
			charge_type=chargeType publisher_type=publisherType acr_usd=paygCostInUsd effective_usd=costInUsd`},
		{schema.Focus, focusHeader, `month=ChargePeriodStart partner_location_id=x_ResellerId partner_global_id=x_InvoiceIssuerId
			customer_tenant_id=x_CustomerId customer_name=x_CustomerName subscription_id=SubAccountId service_level_1=x_SkuServiceFamily
			service_level_2=x_SkuMeterCategory service_level_3=x_SkuMeterSubcategory service_level_4=x_SkuMeterName resource_id=ResourceId
			offer_id=x_SkuOfferId charge_type=ChargeCategory publisher_type=x_PublisherCategory publisher_name=PublisherName
			commitment_status=CommitmentDiscountStatus acr_usd=x_ListCostInUsd effective_usd=x_EffectiveCostInUsd
			effective_cost=EffectiveCost billing_currency=BillingCurrency`},
		{schema.AzureCostManagement, "BillingPeriodStartDate,PartnerTenantID,CustomerTenantID,MeterCategory,SubscriptionGuid,InstanceId,ChargeType,PublisherType,PaygCostInUSD",
			`month=BillingPeriodStartDate partner_location_id=PartnerTenantID partner_global_id=PartnerTenantID customer_tenant_id=CustomerTenantID
			subscription_id=SubscriptionGuid service_level_2=MeterCategory resource_id=InstanceId charge_type=ChargeType
			publisher_type=PublisherType acr_usd=PaygCostInUSD`},
		{schema.Focus, "BillingPeriodStart,x_InvoiceIssuerId,x_CustomerId,ServiceName,ChargeCategory,PublisherName,x_ListCostInUsd",
			`month=BillingPeriodStart partner_location_id=x_InvoiceIssuerId partner_global_id=x_InvoiceIssuerId customer_tenant_id=x_CustomerId
			service_level_2=ServiceName charge_type=ChargeCategory publisher_name=PublisherName acr_usd=x_ListCostInUsd`},
	} {
		got, problems := assigned(schema.Usage, strings.Split(c.header, ","), schema.Options{Profile: c.profile})
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.profile, problems)
		}
		want := map[string]string{}
		for _, pair := range strings.Fields(c.want) {
			canonical, name, _ := strings.Cut(pair, "=")
			want[canonical] = name
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", c.profile, diff)
		}
	}
}

// TestParseProfile: a profile has one spelling.
func TestParseProfile(t *testing.T) {
	if p, err := schema.ParseProfile("focus"); p != schema.Focus || err != nil {
		t.Errorf("focus is %q, %v", p, err)
	}
	var messages []string
	for _, name := range []string{"", "FOCUS", "partner-center"} {
		_, err := schema.ParseProfile(name)
		if err == nil {
			t.Fatalf("%q is a profile", name)
		}
		messages = append(messages, err.Error())
	}
	golden(t, "faults/profiles.txt", strings.Join(messages, "\n"))
}

// TestProfileIsSaidFirst: what file comes first, the advice to name a profile is before all else that is wrong.
func TestProfileIsSaidFirst(t *testing.T) {
	_, err := Check(t.Context(), find(t, tree(t, map[string]string{
		"azure_usage/month=2024-05/a.csv": strings.Replace(plainUsageHeader, "ACR_USD", "ACR", 1) + "\n",
		"azure_usage/month=2024-06/b.csv": focusHeader + "\n",
	}), Patterns{}).Files(), Options{})
	if !errors.As(err, new(*ContractError)) {
		t.Fatalf("got %v, want a *ContractError", err)
	}
	golden(t, "faults/profile-first.txt", err.Error())
}

func TestAbsentKeyColumns(t *testing.T) {
	c := File{Found: Found{Table: schema.Usage}, Mapping: map[string]schema.Column{"subscription_id": {}, "service_level_3": {}}}
	if diff := cmp.Diff([]string{"service_level_1", "service_level_4", "resource_id"}, c.AbsentKeyColumns()); diff != "" {
		t.Error(diff)
	}
	c.Table = schema.Partners
	if absent := c.AbsentKeyColumns(); absent != nil {
		t.Errorf("partners lack %v", absent)
	}
}
