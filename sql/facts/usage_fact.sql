-- One row is one partner × tenant × service of the month: what counts, each consumption once.
CREATE OR REPLACE TEMP VIEW usage_fact AS
SELECT partner_id, customer_tenant_id, service_key, service_level_2, customer_name, customer_segment, acr_usd
FROM usage_total
ANTI JOIN usage_kept USING (partner_id, customer_tenant_id, service_key)
WHERE reason IS NULL
UNION ALL
SELECT partner_id, customer_tenant_id, service_key, service_level_2, customer_name, customer_segment, acr_usd
FROM usage_kept;
