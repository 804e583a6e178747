-- One row is one row of the month's exports of cost by FOCUS, as a row of usage. A customer with an id there buys from the partner as Cloud
-- Solution Provider; without an offer id the offer is the Azure plan. A row without a reseller belongs to the partner, who issues the invoice.
-- not_usage_reason says why a row is not consumption of Azure: purchases, taxes, credits, adjustments, unused commitments, and other publishers'
-- products. A publisher is Microsoft when name and category, as far as they are given, agree on that.
-- substituted marks usage whose list cost is zero or missing though a cost was charged, as where a reservation covers it: the effective cost
-- counts instead. When it is not given in US dollars, the cost in the billing currency is used if that is US dollars.
CREATE OR REPLACE TEMP VIEW usage_raw AS
SELECT
    usage_day,
    coalesce(nullif(trimmed(partner_location_id), ''), partner_global_id) AS partner_location_id,
    partner_global_id,
    'CSP Tier 1' AS association_type,
    CASE WHEN blank(trimmed(offer_id)) THEN 'Azure plan' END AS offer_type,
    offer_id,
    customer_tenant_id,
    customer_name,
    CAST(NULL AS VARCHAR) AS customer_segment,
    subscription_id,
    service_level_1,
    service_level_2,
    service_level_3,
    service_level_4,
    resource_id,
    CASE
        WHEN coalesce(folded(charge_type), '') <> 'usage' THEN 'charge category'
        WHEN folded(commitment_status) = 'unused' THEN 'unused commitment'
        WHEN blank(folded(publisher_name)) AND blank(folded(publisher_type)) THEN 'publisher'
        WHEN NOT blank(folded(publisher_name)) AND folded(publisher_name) NOT IN ('microsoft', 'microsoft corporation', 'azure') THEN 'publisher'
        WHEN NOT blank(folded(publisher_type)) AND folded(publisher_type) NOT IN ('cloud provider', 'microsoft', 'azure') THEN 'publisher'
    END AS not_usage_reason,
    coalesce(effective_usd, CASE WHEN folded(billing_currency) = 'usd' THEN effective_cost END) AS charged_usd,
    not_usage_reason IS NULL AND (acr_usd = 0 OR blank(trimmed(amount_text))) AND coalesce(charged_usd, 0) <> 0 AS substituted,
    CASE WHEN substituted THEN charged_usd ELSE acr_usd END AS acr_usd,
    amount_text,
    month_text,
    file,
    file_row,
    rows
FROM cost_raw;
