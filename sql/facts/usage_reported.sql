-- One row is one row that counts of a contested group. consumption_key stands for the whole consumption key of the month: partner, tenant,
-- subscription, service levels 1..4 and resource, where one blank part equals another. It is the MD5 of the parts, which no two different
-- keys share by accident, at a tenth of their width; the separator stands in no label.
CREATE OR REPLACE TEMP TABLE usage_reported AS
SELECT
    u.partner_id, u.customer_tenant_id, u.service_key,
    md5_number(concat_ws(
        chr(31), u.partner_id, u.customer_tenant_id, u.service_key, coalesce(guid(u.subscription_id), ''),
        coalesce(u.service_level_1, ''), coalesce(u.service_level_3, ''), coalesce(u.service_level_4, ''),
        coalesce(resource(u.resource_id), ''))) AS consumption_key,
    u.location_id, u.priority, u.service_level_2, u.customer_name, u.customer_segment, u.acr_usd
FROM usage_judged AS u
SEMI JOIN usage_contested AS c
    ON c.customer_tenant_id = u.customer_tenant_id AND c.service_key = u.service_key AND c.partner_id = u.partner_id
WHERE u.reason IS NULL;
