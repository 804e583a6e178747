-- One row is one contested partner × tenant × service, of the rows that deduplication leaves. Every group keeps a row: each key has one
-- winning attribution.
CREATE OR REPLACE TEMP TABLE usage_kept AS
SELECT
    partner_id, customer_tenant_id, service_key,
    min(service_level_2) AS service_level_2,
    min(customer_name) AS customer_name,
    min(customer_segment) AS customer_segment,
    sum(acr_usd) AS acr_usd
FROM usage_reported
ANTI JOIN usage_losing USING (consumption_key, location_id, priority)
GROUP BY partner_id, customer_tenant_id, service_key;
