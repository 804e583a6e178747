-- One row is one counting row of a contested group. contest and consumption_key together identify the whole consumption key of the
-- month: the group for partner, tenant and service level 2, the rest (subscription, service levels 1, 3 and 4, resource, where one blank part
-- equals another) by the MD5 of its parts, which no two different ones share by accident, at a tenth of their width. The engine's own hash would not
-- do: texts that differ in two digits can share it. Folded labels have no line breaks, ids may have any character: the length of the first of them says
-- where the second begins.
CREATE OR REPLACE TEMP TABLE usage_reported AS
SELECT
    c.contest,
    md5_number(concat(
        u.service_level_1, chr(10), u.service_level_3, chr(10), u.service_level_4, chr(10),
        coalesce(strlen(guid(u.subscription_id)), 0), chr(10), guid(u.subscription_id), resource(u.resource_id))) AS consumption_key,
    coded(u.location_id) AS location,
    u.priority,
    coded(u.service_level_2) AS spelling,
    coded(u.customer_name) AS name,
    coded(u.customer_segment) AS segment,
    u.acr_usd,
    u.rows
FROM usage_classified AS u
JOIN usage_contested AS c
    ON c.tenant = coded(u.customer_tenant_id) AND c.service = coded(u.service_key) AND c.partner = coded(u.partner_id)
WHERE u.reason IS NULL;
