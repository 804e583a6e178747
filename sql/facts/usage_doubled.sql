-- One row is one row that counts of a group in which some consumption is reported twice.
CREATE OR REPLACE TEMP TABLE usage_doubled AS
SELECT
    partner_id, customer_tenant_id, service_key,
    subscription_id, service_level_1, service_level_3, service_level_4, resource_id,
    location_id, priority, service_level_2, customer_name, customer_segment, acr_usd
FROM usage_judged AS u
SEMI JOIN usage_suspect AS s ON s.group_hash = hash(u.partner_id, u.customer_tenant_id, u.service_key)
WHERE reason IS NULL;
