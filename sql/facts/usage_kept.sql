-- One row is one partner × tenant × service of the groups with doubled consumption, of the rows that deduplication leaves.
-- Every such group keeps a row: each key has one winning attribution.
CREATE OR REPLACE TEMP TABLE usage_kept AS
SELECT
    partner_id, customer_tenant_id, service_key,
    min(service_level_2) AS service_level_2,
    min(customer_name) AS customer_name,
    min(customer_segment) AS customer_segment,
    sum(acr_usd) AS acr_usd
FROM usage_doubled
ANTI JOIN usage_losing
    USING (partner_id, customer_tenant_id, service_key,
           subscription_id, service_level_1, service_level_3, service_level_4, resource_id, location_id, priority)
GROUP BY partner_id, customer_tenant_id, service_key;
