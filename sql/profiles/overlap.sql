-- Returns the folders of the month's exports of cost that hold usage which another one holds as well: of the same subscription on the same
-- day; where a row has no subscription, of the same resource, else tenant. $1: first day of the month.
-- Columns: folder, first and last of these days. Rows that do not count, or not for this month, are no usage.
WITH held AS (
    SELECT DISTINCT
        folder,
        usage_day,
        coalesce(nullif(guid(subscription_id), ''), nullif(resource(resource_id), ''), guid(customer_tenant_id)) AS holder
    FROM usage_raw
    WHERE other_charge IS NULL AND usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE))
),
shared AS (
    SELECT holder, usage_day
    FROM held
    WHERE NOT blank(holder)
    GROUP BY holder, usage_day
    HAVING count(*) > 1
)
SELECT folder, min(usage_day) AS first_day, max(usage_day) AS last_day
FROM held
JOIN shared USING (holder, usage_day)
GROUP BY folder
ORDER BY folder;
