-- One row is one losing attribution of a consumption key: the key is partner, tenant, subscription, service levels and resource, where one
-- blank part equals another; the rows of a key under one attribution (a usage row and its credit) are summed; of the attributions of a key
-- the one with the largest |sum| is kept, ties by priority, then by the smallest location id in byte order.
CREATE OR REPLACE TEMP TABLE usage_losing AS
WITH attribution AS (
    SELECT
        partner_id, customer_tenant_id, service_key,
        subscription_id, service_level_1, service_level_3, service_level_4, resource_id,
        location_id, priority, sum(acr_usd) AS acr_usd, count(*) AS rows
    FROM usage_doubled
    GROUP BY ALL
)
SELECT *
FROM attribution
QUALIFY row_number() OVER (
    PARTITION BY partner_id, customer_tenant_id, service_key,
                 subscription_id, service_level_1, service_level_3, service_level_4, resource_id
    ORDER BY abs(acr_usd) DESC, priority, location_id) > 1;
