-- One row is one row of the month's exports of cost by the Microsoft Partner Agreement, as a row of usage. These customers buy from the
-- partner as Cloud Solution Provider, under the Azure plan. A row without a reseller belongs to the partner itself.
-- not_usage_reason says why a row is not consumption of Azure: purchases, refunds, unused reservations, roundings, and other publishers' products.
-- substituted marks usage whose cost at pay-as-you-go prices is zero or missing though a cost was charged, as where a reservation covers it: the
-- charged cost (amortised, in exports of amortised cost) counts instead.
CREATE OR REPLACE TEMP VIEW usage_raw AS
SELECT
    usage_day,
    coalesce(nullif(trimmed(partner_location_id), ''), partner_global_id) AS partner_location_id,
    partner_global_id,
    'CSP Tier 1' AS association_type,
    'Azure plan' AS offer_type,
    CAST(NULL AS VARCHAR) AS offer_id,
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
        WHEN coalesce(folded(charge_type), '') <> 'usage' THEN 'charge type'
        WHEN coalesce(folded(publisher_type), '') NOT IN ('microsoft', 'azure') THEN 'publisher'
    END AS not_usage_reason,
    not_usage_reason IS NULL AND (acr_usd = 0 OR blank(trimmed(amount_text))) AND coalesce(effective_usd, 0) <> 0 AS substituted,
    CASE WHEN substituted THEN effective_usd ELSE acr_usd END AS acr_usd,
    amount_text,
    month_text,
    file,
    file_row,
    rows
FROM cost_raw;
