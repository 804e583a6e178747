-- The rules about usage as one careful statement: what somebody would write who knows them all. Labels are normalised, rules and locations joined,
-- rows that do not count left out; the rest is summed by the whole consumption key under each attribution, the largest attribution kept, and what is
-- left summed by partner, tenant and service. One row is one of these.
-- Variables: usage (the files), first_day (of the month), unknown (what usage without a service is called). Tables: rule_association (label, priority), rule_offer (label), partner_location (location_id, partner_id).
CREATE OR REPLACE TEMP TABLE careful AS
WITH normalised AS (
    SELECT
        identified(MPNID) AS location_id, folded(PartnerAttributionType) AS association, folded(OfferType) AS offer_type,
        guid(CustomerTenantId) AS customer_tenant_id, trimmed(CustomerName) AS customer_name, folded(CustomerSegment) AS customer_segment,
        guid(SubscriptionId) AS subscription_id, folded(ServiceLevel1) AS service_level_1,
        coalesce(nullif(squeezed(ServiceLevel2), ''), getvariable('unknown')) AS service_level_2,
        lower(coalesce(nullif(squeezed(ServiceLevel2), ''), getvariable('unknown'))) AS service_key,
        folded(ServiceLevel3) AS service_level_3, folded(ServiceLevel4) AS service_level_4,
        resource(ResourceId) AS resource_id, ACR_USD AS acr_usd
    FROM read_parquet(getvariable('usage'), hive_partitioning = false)
    WHERE Month BETWEEN getvariable('first_day') AND last_day(getvariable('first_day'))
),
eligible AS (
    SELECT p.partner_id, u.*, a.priority
    FROM normalised AS u
    JOIN rule_association AS a ON a.label = u.association
    JOIN partner_location AS p ON p.location_id = u.location_id
    LEFT JOIN rule_offer AS o ON o.label = u.offer_type
    WHERE o.label IS NULL AND u.offer_type <> '' AND u.acr_usd IS NOT NULL
      AND u.customer_tenant_id <> '' AND u.customer_tenant_id <> '00000000-0000-0000-0000-000000000000'
),
attribution AS (
    SELECT
        partner_id, customer_tenant_id, subscription_id, service_level_1, service_key, service_level_3, service_level_4, resource_id, location_id, priority,
        sum(acr_usd) AS acr_usd, min(service_level_2) AS service_level_2, min(customer_name) AS customer_name,
        min(customer_segment) AS customer_segment
    FROM eligible
    GROUP BY ALL
),
kept AS (
    SELECT *
    FROM attribution
    QUALIFY row_number() OVER (
        PARTITION BY partner_id, customer_tenant_id, subscription_id, service_level_1, service_key, service_level_3, service_level_4, resource_id
        ORDER BY abs(acr_usd) DESC, priority, location_id) = 1
)
SELECT
    partner_id, customer_tenant_id, service_key, sum(acr_usd) AS acr_usd, min(service_level_2) AS service_level_2,
    min(customer_name) AS customer_name, min(customer_segment) AS customer_segment
FROM kept
GROUP BY partner_id, customer_tenant_id, service_key;
