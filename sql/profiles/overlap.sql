-- Returns the folders of the month's exports of cost that hold usage which another one holds as well, row for row, once this is half of what
-- at least one of them holds: another run of the same export. Folders among which a lake spreads one run have next to nothing in common.
-- $1: first day of the month. Columns: folder, first and last day of what it has in common. Rows that do not count, cost nothing or are not
-- of this month are no usage. A row stands for all that is read of it but the partner, by its MD5.
WITH held AS (
    SELECT DISTINCT
        folder,
        usage_day,
        md5_number(concat(
            guid(customer_tenant_id), chr(10), guid(subscription_id), chr(10), resource(resource_id), chr(10), service_level_1, chr(10),
            service_level_2, chr(10), service_level_3, chr(10), service_level_4, chr(10), acr_usd)) AS line
    FROM usage_raw
    WHERE other_charge IS NULL AND acr_usd <> 0 AND usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE))
),
shared AS (
    SELECT usage_day, line
    FROM held
    GROUP BY usage_day, line
    HAVING count(*) > 1
),
common AS (
    SELECT
        h.folder,
        count(s.line) AS lines,
        2 * count(s.line) >= count(*) AS again,
        min(s.usage_day) AS first_day,
        max(s.usage_day) AS last_day
    FROM held AS h
    LEFT JOIN shared AS s ON s.usage_day = h.usage_day AND s.line = h.line
    GROUP BY h.folder
)
SELECT folder, first_day, last_day
FROM common
WHERE lines > 0 AND (SELECT bool_or(again) FROM common)
ORDER BY folder;
