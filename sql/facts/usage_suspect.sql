-- One row is one contested group in which two attributions report the same consumption key, as the hash of the group.
-- Integers and short ids only, so that a month in which every group is contested still fits the memory limit.
CREATE OR REPLACE TEMP TABLE usage_suspect AS
SELECT DISTINCT group_hash
FROM (
    SELECT
        hash(partner_id, customer_tenant_id, service_key) AS group_hash,
        hash(subscription_id, service_level_1, service_level_3, service_level_4, resource_id) AS rest_hash,
        location_id, priority
    FROM usage_judged
    WHERE reason IS NULL
) AS u
SEMI JOIN usage_contested AS c ON c.group_hash = u.group_hash
GROUP BY group_hash, rest_hash
HAVING min(location_id) <> max(location_id) OR min(priority) <> max(priority);
