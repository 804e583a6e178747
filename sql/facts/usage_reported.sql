-- One row is one row that counts of a contested group. consumption_key is the MD5 of the whole consumption key of the month, which no two
-- different ones share by accident, at a tenth of the width.
CREATE OR REPLACE TEMP TABLE usage_reported AS
SELECT u.partner_id, u.customer_tenant_id, u.service_key,
       md5_number(concat_ws(chr(31), u.partner_id, u.customer_tenant_id, u.service_key, u.key_rest)) AS consumption_key,
       u.location_id, u.priority, u.service_level_2, u.customer_name, u.customer_segment, u.acr_usd
FROM usage_judged AS u
SEMI JOIN usage_contested AS c
    ON c.customer_tenant_id = u.customer_tenant_id AND c.service_key = u.service_key AND c.partner_id = u.partner_id
WHERE u.reason IS NULL;
