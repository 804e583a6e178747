-- One row is one counting row of a contested group. Together, contest, key_forwards and key_backwards identify the whole consumption key of the
-- month: the group for partner, tenant and service level 2, the rest (service levels 1, 3 and 4, subscription, resource, where one blank part
-- equals another) by two independent hashes of its parts, of the texts and of the texts reversed. No two different keys share both by accident.
CREATE OR REPLACE TEMP TABLE usage_reported AS
SELECT
    c.contest,
    hash(
        coalesce(u.service_level_1, ''), coalesce(u.service_level_3, ''), coalesce(u.service_level_4, ''), coalesce(guid(u.subscription_id), ''),
        coalesce(resource(u.resource_id), '')) AS key_forwards,
    hash(
        coalesce(reverse(u.service_level_1), ''), coalesce(reverse(u.service_level_3), ''), coalesce(reverse(u.service_level_4), ''),
        coalesce(reverse(guid(u.subscription_id)), ''), coalesce(reverse(resource(u.resource_id)), '')) AS key_backwards,
    coded(u.location_id) AS location,
    CAST(u.priority AS TINYINT) AS priority,
    coded(u.service_level_2) AS spelling,
    coded(u.customer_name) AS name,
    coded(u.customer_segment) AS segment,
    u.acr_usd,
    u.rows
FROM usage_classified AS u
JOIN usage_contested AS c
    ON c.tenant = coded(u.customer_tenant_id) AND c.service = coded(u.service_key) AND c.partner = coded(u.partner_id)
WHERE u.reason IS NULL;
